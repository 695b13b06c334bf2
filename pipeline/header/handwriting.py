"""Numbers and days written by hand on a printed form: OCR is unsure of them amid words it is not.

What is read there is a guess, so the value becomes null, with the reason.
"""

from __future__ import annotations

import re
from statistics import median

from pipeline.document import Document, Word
from pipeline.header.sheet import Sheet
from pipeline.record import Found, Header
from pipeline.structure.draft import Line

_GUESSED = 0.6
"""Confidence of OCR below which a figure is a guess: printed ones have 0.7 and more."""
_WELL_READ = 0.8
"""Confidence of the other words of a line from which the guess is a matter of handwriting."""
_HEAD_LINES = 16
_HEAD_PAGES = 2
"""The head is on the first page, or on the second behind a cover; others need no look."""
_NUMBER_LINE = re.compile(r"(?:[s5]\w{0,2}\s*[:.;]|.{0,12}/\s*(?:19|20)\d\d\s*/).*")
_DATE_LINE = re.compile(r".{0,60}ng\wy.{1,25}n\wm.{0,8}")


def without_handwriting(sheet: Sheet, header: Header) -> Header:
    """`header` without number, code and date that OCR guessed; the same when nothing was OCR."""
    if not any(page.source == "ocr" for page in sheet.document.pages[:_HEAD_PAGES]):
        return header
    changes: dict[str, object] = {}
    nulls = dict(header.nulls)
    for field, pattern in (("number", _NUMBER_LINE), ("issued_on", _DATE_LINE)):
        value: Found[str] | None = getattr(header, field)
        reason = _doubt(sheet, value) if value else _doubtful_line(sheet, pattern)
        if reason:
            nulls[field] = reason
            changes[field] = None
    if "number" in changes:
        changes["code"] = None
    return header.model_copy(update={**changes, "nulls": nulls}) if changes else header


def _doubt(sheet: Sheet, value: Found[str]) -> str | None:
    """Why a value is a guess, or None when OCR was sure of it."""
    words = _words(sheet.document, value.start, value.end)
    if all(_is_sure(word) for word in words if _has_figure(sheet.document, word)):
        return None
    line = next((li for li in sheet.lines if li.start <= value.start < li.end), None)
    return _reason(sheet.document, line) if line else "unreadable"


def _doubtful_line(sheet: Sheet, pattern: re.Pattern[str]) -> str | None:
    """Why the line on which a value should stand gave none, or None when it was read well."""
    for line in sheet.lines[:_HEAD_LINES]:
        words = _words(sheet.document, line.start, line.end)
        if not all(map(_is_sure, words)) and pattern.fullmatch(sheet.folded, line.start, line.end):
            return _reason(sheet.document, line)
    return None


def _reason(document: Document, line: Line) -> str:
    sure = [word.confidence or 0.0 for word in _words(document, line.start, line.end)]
    sure = [value for value in sure if value >= _GUESSED]
    return "handwritten" if sure and median(sure) >= _WELL_READ else "unreadable"


def _is_sure(word: Word) -> bool:
    return word.confidence is None or word.confidence >= _GUESSED


def _has_figure(document: Document, word: Word) -> bool:
    return any(map(str.isdigit, document.text[word.start : word.end]))


def _words(document: Document, start: int, end: int) -> list[Word]:
    return [word for word in document.words if word.end > start and word.start < end]
