"""Number and date lines of scans whose figures OCR could not read: mostly written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.header.sheet import Sheet, Span
from pipeline.structure.draft import Line

TORN_NUMBER = re.compile(
    r"(?:[s5]\w{0,2}\W{0,3}.{0,14}?\s*[/\u2044]\s*|so\s*:\s*)(?P<symbol>(?:(?:18|19|20)\d\d\s*[/\u2044]\s*)?"
    r"[a-z][\w&]*(?:\s?[-–]\s?[a-z0-9][\w&.]*)+)\W{0,3}"
)
TORN_DATE = re.compile(
    r"(?P<place>[a-z][a-z .-]{2,40}?)\s?[,.]\s*ng\w.{1,30}?n\wm\s*(?:19|20)\d\d\W{0,3}"
)
_FORMS = {"number": TORN_NUMBER, "date": TORN_DATE}
HEAD_LINES = 16
"""Lines in which number and date of a scan are looked for."""
_HEAD_PAGES = 2
"""The head is on the first page, or on the second behind a cover; others need no look."""
_CAPITALS = 3


def is_scanned(sheet: Sheet) -> bool:
    """Whether the head of the document was read by OCR."""
    return any(page.source == "ocr" for page in sheet.document.pages[:_HEAD_PAGES])


def torn_lines(sheet: Sheet, known: Sequence[Span]) -> Iterator[Span]:
    """The first number and date line in the head of a scan, unless `known` marks have it."""
    if not is_scanned(sheet):
        return
    for kind in _FORMS:
        line = torn_line(sheet, kind)
        if line and not any(mark.kind == kind and mark.start < line.end for mark in known):
            yield Span(*sheet.trim(line.start, line.end), kind)


def torn_line(sheet: Sheet, kind: str) -> Line | None:
    """The first line in the head that has the form of a number or a date line, figures aside."""
    for line in sheet.lines[:HEAD_LINES]:
        start, end = sheet.trim(line.start, line.end)
        match = _FORMS[kind].fullmatch(sheet.folded, start, end)
        if match and _is_printed_so(sheet, match):
            return line
    return None


def _is_printed_so(sheet: Sheet, match: re.Match[str]) -> bool:
    """A symbol has capitals, a place begins with one."""
    group = "symbol" if "symbol" in match.groupdict() else "place"
    printed = sheet.flat[slice(*match.span(group))]
    return printed[0].isupper() if group == "place" else sum(map(str.isupper, printed)) >= _CAPITALS
