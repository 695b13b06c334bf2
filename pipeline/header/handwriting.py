"""Numbers and days written by hand on a printed form: OCR is unsure of them amid words it is not.

What is read there is a guess, so the value becomes null, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pipeline.document import Document, Word
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet
from pipeline.header.torn import HEAD_LINES, is_scanned, torn_line
from pipeline.record import Found, Header
from pipeline.structure.draft import Line
from pipeline.text.fold import fold
from pipeline.text.surnames import surnames

_GUESSED = 0.6
"""Confidence of OCR below which a figure is a guess: printed ones have 0.7 and more."""
_WELL_READ = 0.8
"""Confidence of the words around it from which the guess is a matter of handwriting."""
_READ = 0.7
"""Confidence from which a word of a name counts as read."""
_FORMS = {"number": "number", "issued_on": "date"}
_SIGNED = ("signer", "signer_title")


def without_handwriting(sheet: Sheet, header: Header) -> Header:
    """`header` without number, code, date and signer that OCR guessed; the same without OCR.

    A signature of which OCR read only a part is unreadable, not absent: stamps cover it.
    """
    if not is_scanned(sheet):
        return header
    changes: dict[str, object] = {}
    nulls = dict(header.nulls)
    for field, form in _FORMS.items():
        value: Found[str] | None = getattr(header, field)
        reason = _doubt(sheet, value) if value else _torn(sheet, form, nulls.get(field) == "blank")
        if reason:
            nulls[field] = reason
            changes[field] = None
    if "number" in changes:
        changes["code"] = None
    if header.signer and not _is_read(sheet, header.signer):
        changes["signer"] = None
        nulls["signer"] = "unreadable"
    if header.recipients or header.authority or header.signer:
        missing = {name: "unreadable" for name in _SIGNED if getattr(header, name) is None}
        nulls = {**missing, **nulls}
    return header.model_copy(update={**changes, "nulls": nulls})


def _is_read(sheet: Sheet, name: Found[str]) -> bool:
    """Whether OCR read a name whole: a stamp over it leaves half words and wrong marks.

    A first word that has the letters of a known surname and other marks is such a one.
    """
    words = _words(sheet.document, name.start, name.end)
    if any(word.confidence is not None and word.confidence < _READ for word in words):
        return False
    first = name.value.split()[0].lower()
    return first in surnames() or fold(first) not in patterns().surnames


def _doubt(sheet: Sheet, value: Found[str]) -> str | None:
    """Why a value is a guess, or None when OCR was sure of it."""
    words = _words(sheet.document, value.start, value.end)
    if all(_is_sure(word) for word in words if _has_figure(sheet.document, word)):
        return None
    line = next((li for li in sheet.lines if li.start <= value.start < li.end), None)
    return _reason(sheet.document, [line] if line else [])


def _torn(sheet: Sheet, form: str, is_blank: bool) -> str | None:
    """Why the line on which a value should stand gave none, or None when there is no such line."""
    line = torn_line(sheet, form)
    if line is None:
        return None
    if is_blank and all(map(_is_sure, _words(sheet.document, line.start, line.end))):
        return None
    return _reason(sheet.document, sheet.lines[:HEAD_LINES])


def _reason(document: Document, lines: Sequence[Line]) -> str:
    words = [word for line in lines for word in _words(document, line.start, line.end)]
    sure = [word.confidence or 0.0 for word in words if _is_sure(word)]
    return "handwritten" if sure and median(sure) >= _WELL_READ else "unreadable"


def _is_sure(word: Word) -> bool:
    return word.confidence is None or word.confidence >= _GUESSED


def _has_figure(document: Document, word: Word) -> bool:
    return any(map(str.isdigit, document.text[word.start : word.end]))


def _words(document: Document, start: int, end: int) -> list[Word]:
    return [word for word in document.words if word.end > start and word.start < end]
