"""Recipients: the lines of "Nơi nhận:", freed from the signature that columns put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.items import DASH, LABEL, OPEN_DASH, is_full, names_of
from pipeline.header.sheet import Sheet, Span
from pipeline.header.signature import (
    is_capital_line,
    is_name,
    is_name_piece,
    is_note,
    is_wrapped,
    signature_tail,
    starts_capitals,
)
from pipeline.record import Found
from pipeline.structure.draft import Line

_CUT = re.compile(r"(?:[;,.]|(?<=\)))\s*[-–•+]\s*(?=\S)|\s[-–]\s(?=(?:Các|VPCP|Lưu)\b)")
_CLAUSE = re.compile(r";\s*")
_FILED = re.compile(r"luu\b")
_LONGEST_PLAIN = 400


@dataclass(frozen=True, slots=True)
class Recipients:
    """The lines of Nơi nhận, and what stood between them: the pieces of the signature block."""

    names: tuple[Found[str], ...]
    others: tuple[Span, ...]
    end: int


def parse_recipients(sheet: Sheet, mark: Span, stop: int) -> Recipients:
    """The lines after "Nơi nhận:" up to "Lưu: …"; signature lines between them set apart."""
    reader = _Reader(sheet, mark.end)
    for line in sheet.lines:
        if line.end <= mark.end or line.kind == "page-number":
            continue
        if line.start >= stop or not reader.take(line):
            break
    names = names_of(sheet, reader.items, "rule:header.recipients")
    return Recipients(tuple(names), tuple(reader.others), reader.end)


class _Reader:
    """Reads the lines of Nơi nhận one by one; stops after "Lưu" and the signature."""

    def __init__(self, sheet: Sheet, start: int) -> None:
        self.sheet = sheet
        self.start = start
        self.items: list[list[Span]] = []
        self.others: list[Span] = []
        self.end = start
        self.filed = False
        self.named = False
        self.last: Line | None = None
        self.open_dash = False

    def take(self, line: Line) -> bool:
        """Read one line; False when it is no longer part of the block."""
        sheet = self.sheet
        part = Span(*sheet.trim(max(line.start, self.start), line.end))
        if part.start >= part.end or is_rule(sheet.flat[part.start : part.end]):
            return True
        label = LABEL.match(sheet.folded, part.start, part.end)
        if label:
            part = Span(label.end(), part.end)
            if part.start >= part.end:
                self.end = label.end()
                return True
        dash = DASH.match(sheet.flat, part.start, part.end)
        if not dash and self._signature(part, line):
            return True
        if not dash and line.start >= self.start and not self._takes_plain(part, line):
            return False
        return self._item(self._without_signature(part), line)

    def _signature(self, part: Span, line: Line) -> bool:
        """Whether a line without a dash belongs to the signature; it is then set apart."""
        sheet = self.sheet
        begun = bool(self.others) and self.others[-1].end == self.end
        if begun and is_wrapped(sheet, self.last, part):
            self.others[-1] = Span(self.others[-1].start, part.end)
            self.end, self.last = part.end, line
            return True
        name = is_name(sheet, part) and not self._unfinished() and not self.named
        more = begun and (is_capital_line(sheet, part) or is_name_piece(sheet, part))
        capitals = starts_capitals(sheet, part) and not self.open_dash
        if not (name or more or capitals or is_note(sheet, part)):
            return False
        if line.start < self.start and not capitals:
            return False
        self.named = self.named or name
        self.others.append(part)
        self.end, self.last = part.end, line
        return True

    def _without_signature(self, part: Span) -> Span:
        """The line without a signature's words at its end, which are set apart."""
        tail = signature_tail(self.sheet, part) if not self.named else None
        if tail is None or tail == part.start:
            return part
        self.others.append(Span(tail, part.end))
        return Span(*self.sheet.trim(part.start, tail))

    def _unfinished(self) -> bool:
        """Whether the item before lacks its closing mark, so that a plain line may continue it."""
        return bool(self.items) and not self.filed and self._closing() not in ";.,)/"

    def _closing(self) -> str:
        return self.sheet.flat[self.items[-1][-1].end - 1]

    def _takes_plain(self, part: Span, line: Line) -> bool:
        """A line without a dash: an item of an undashed list, or the rest of the item before."""
        text = self.sheet.flat[part.start : part.end]
        if not self.items:
            return len(text) < _LONGEST_PLAIN
        filed = _FILED.match(self.sheet.folded, part.start)
        if text[0].islower() or self.open_dash or filed or (text[0] == "(" and not self.filed):
            return True
        full = is_full(self.sheet, self.last, text)
        if self.filed:
            ends = self._closing() == "," or (full and text[-1:] in ".;)")
            return ends and len(text) < 60
        listed = text.endswith(",") and len(self.items) > 1
        going_on = listed or self._unfinished() or self._closing() == ","
        return full or text.endswith(";") or (going_on and len(text) < 80)

    def _item(self, part: Span, line: Line) -> bool:
        if part.start >= part.end:
            return True
        sheet = self.sheet
        dash = DASH.match(sheet.flat, part.start, part.end)
        new = bool(dash) or self.open_dash or not self.items or line.start < self.start
        self.open_dash = bool(OPEN_DASH.search(sheet.flat, part.start, part.end))
        text = Span(dash.end() if dash else part.start, part.end)
        pieces = list(self._pieces(text, undashed=dash is None))
        if not new and not self._ended(part):
            self.items[-1].append(pieces.pop(0))
        self.items.extend([piece] for piece in pieces)
        self.filed = self.filed or bool(_FILED.match(sheet.folded, self.items[-1][0].start))
        self.end, self.last = part.end, line
        return True

    def _ended(self, part: Span) -> bool:
        first = self.sheet.flat[part.start]
        return self._closing() == ";" and not first.islower() and first != "("

    def _pieces(self, part: Span, *, undashed: bool) -> Iterator[Span]:
        """The items of one line; an undashed first line is cut at its semicolons."""
        flat = self.sheet.flat
        cuts = list(_CUT.finditer(flat, part.start, part.end))
        if undashed and not cuts and not self.items and flat.count(";", part.start, part.end) > 1:
            cuts = list(_CLAUSE.finditer(flat, part.start, part.end))
        start = part.start
        for cut in cuts:
            if cut.end() >= part.end:
                break
            yield Span(start, cut.start() + (cut.group()[0] in ";,."))
            start = cut.end()
        yield Span(start, part.end)
