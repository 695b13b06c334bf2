"""Where the official document begins inside the text that was read."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter

from pipeline.header.anchors import is_rule
from pipeline.header.gazette import parse_gazette
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, Span, is_upper

_WEIGHTS = {
    "national": 3,
    "party": 3,
    "union": 3,
    "motto": 1,
    "number": 3,
    "date": 2,
    "type": 2,
    "dear": 2,
}
_REACH = 1500
_ENOUGH = 5
_GAZETTE = 3
"""What a kind of document weighs more when issuer, number and date are said behind it."""
_ISSUER_LINES = 5
_START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Frame:
    """The marks of one official document: its top and where its header's search must stop."""

    start: int
    marks: tuple[Span, ...]

    def first(self, kind: str, before: int | None = None) -> Span | None:
        """The first mark of `kind` in the header, or None."""
        return next(
            (m for m in self.marks if m.kind == kind and (before is None or m.start < before)), None
        )


def find_frame(sheet: Sheet, spans: tuple[Span, ...], table_end: int) -> Frame | None:
    """The first cluster of marks heavy enough to be a header; None for text that has none.

    `spans` are in order; `table_end` is the end of a portal's table of facts (0 without one), which
    counts as a mark.
    """
    marks = [span for span in spans if span.kind in _WEIGHTS]
    foot = _foot_weight(sheet, spans)
    for mark in marks:
        if table_end and mark.start < table_end:
            continue
        first = bisect_left(marks, mark.start, key=_START)
        near = marks[first : bisect_left(marks, mark.start + _REACH, first, key=_START)]
        weight = sum(_WEIGHTS[kind] for kind in {m.kind for m in near}) + foot
        if mark.kind == "type" and parse_gazette(sheet, mark):
            weight += _GAZETTE
        weight += 2 if table_end and mark.start - table_end < _REACH else 0
        if weight >= _ENOUGH and _is_head(mark, near, weight - foot):
            start = _top(sheet, mark, table_end)
            return Frame(start, tuple(s for s in spans if s.start >= start))
    return None


def _is_head(mark: Span, near: list[Span], weight: int) -> bool:
    """A date or a Kính gửi alone opens no document unless more marks stand beside it."""
    return mark.kind != "motto" and (
        weight >= 4 or mark.kind in ("type", "dear", "number", "national")
    )


def _foot_weight(sheet: Sheet, spans: tuple[Span, ...]) -> int:
    weight = 3 if any(span.kind == "recipients" for span in spans) else 0
    for line in sheet.lines:
        folded = sheet.folded[line.start : line.start + 14].lstrip("*# ")
        if folded.startswith(("dieu 1.", "dieu 1:", "quyet nghi", "quyet dinh:")):
            return weight + 3
    return weight


def _top(sheet: Sheet, mark: Span, table_end: int) -> int:
    """The start of the issuer's lines directly above the first mark."""
    top = mark.start
    above = [line for line in sheet.lines if table_end <= line.start < mark.start]
    names = 0
    for line in reversed(above):
        if line.end > mark.start:
            top = line.start if is_upper(sheet.flat[line.start : mark.start]) else top
        elif names < _ISSUER_LINES and is_issuer_line(sheet, line.start, line.end):
            top = line.start
            names += 1
        elif not is_rule(sheet.flat[line.start : line.end]):
            break
    return top


def is_issuer_line(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a line may be part of the issuer's block: short, capitals, or a body's name."""
    start, end = sheet.trim(start, end)
    text = sheet.flat[start:end]
    if not 2 <= len(text) <= 140 or text.endswith((".", ";", ":")) or text[0].isdigit():
        return False
    if patterns().publisher.search(sheet.folded, start, end):
        return False
    if is_upper(text):
        return True
    named = patterns().agency.match(sheet.folded, start, end)
    return bool(named) and len(text) <= 60 and text[0].isupper() and "," not in text
