"""Addressees (Kính gửi) and recipients (Nơi nhận) as lists of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, Span, tidy
from pipeline.record import Found
from pipeline.structure.draft import Line

_DASH = re.compile(r"[-–—+•*·]\s*(?=[^\s\d])|[-–—+•·]\s*(?=\d)")
_NEXT_ITEM = re.compile(r"[;,.]\s*[-–—+•]\s*(?=\S)")
_NEXT_CLAUSE = re.compile(r"[;.]\s*[-–—+•]\s*(?=\S)")
_ABBREVIATED = re.compile(r"(?<!\w)(?:TP|Tp|P|Q|TX|TT|T|Ư|H|X|ThS|TS|Đ/c|KCN|CT|St|No)\.$")
_OPEN_DASH = re.compile(r"[;,.)]\s*[-–—+•]$")
_LABEL = re.compile(r"(?:dong (?:kinh )?gui|noi nhan)\s*:\s*")
_ADDRESS = re.compile(r"\s*\((?:d/c|dia chi)\s*:?[^()]*(?:\([^()]*\)[^()]*)*\)")
_SENTENCE_END = re.compile(r"[.:]\s+(?=[^\W\d_])|\)\s+(?=[^\W\d_])")
_FILED = re.compile(r"l[uư]u\b")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a list and where the list ends in the text."""

    names: tuple[Found[str], ...]
    end: int


def parse_addressees(sheet: Sheet, mark: Span, stop: int) -> Names:
    """The bodies a document is addressed to, from "Kính gửi:" up to the body's first line."""
    items: list[list[Span]] = []
    end = mark.end
    last: Line | None = None
    open_dash = False
    for line in sheet.lines:
        if line.end <= mark.end or line.start >= stop:
            continue
        part = Span(*sheet.trim(max(line.start, mark.end), min(line.end, stop)))
        label = _LABEL.match(sheet.folded, part.start, part.end) or _salutation(sheet, part)
        if label:
            part = Span(label, part.end) if isinstance(label, int) else Span(label.end(), part.end)
        if part.start >= part.end or is_rule(sheet.flat[part.start : part.end]):
            if not label and items and line.start >= mark.end:
                break
            continue
        dash = _DASH.match(sheet.flat, part.start, part.end)
        if (
            items
            and not dash
            and not open_dash
            and not _continues(sheet, items[-1][-1], last, line, part)
        ):
            break
        opened = open_dash
        open_dash = bool(_OPEN_DASH.search(sheet.flat, part.start, part.end))
        body = _body_in_line(sheet, part)
        part = Span(dash.end() if dash else part.start, body or part.end)
        pieces = list(_cut(sheet, part))
        if items and not dash and not label and not opened:
            items[-1].append(pieces.pop(0))
        items.extend([piece] for piece in pieces)
        end, last = part.end, line
        if body or len(items) > 60:
            break
    return Names(tuple(_named(sheet, items, "rule:header.addressees")), end)


def _salutation(sheet: Sheet, part: Span) -> int | None:
    match = re.match(r"(?:dong )?kinh (?:gui|trinh)\s*:?\s*", sheet.folded[part.start : part.end])
    return part.start + match.end() if match else None


def _continues(sheet: Sheet, before: Span, last: Line | None, line: Line, part: Span) -> bool:
    """Whether a line without a dash goes on with the addressee before it."""
    text = sheet.flat[part.start : part.end]
    ended = sheet.flat[before.start : before.end].endswith((".", ";"))
    if text[0].islower():
        return not ended or sheet.flat[before.end - 1] == ";"
    if ended or line.blank_before or patterns().opening.match(sheet.folded, part.start, part.end):
        return False
    return _full(sheet, last, text)


def _full(sheet: Sheet, last: Line | None, text: str) -> bool:
    if not sheet.width or last is None:
        return False
    return last.end - last.start + 1 + len(text.split()[0]) > sheet.width


def _body_in_line(sheet: Sheet, part: Span) -> int | None:
    """Where the addressees end when the body follows on the same line."""
    for match in _SENTENCE_END.finditer(sheet.flat, part.start, part.end):
        rest = match.end()
        if not sheet.flat[rest].isupper() or _ABBREVIATED.search(
            sheet.flat, part.start, match.start() + 1
        ):
            continue
        if patterns().opening.match(sheet.folded, rest, part.end) or (
            match.group()[0] == "." and part.end - rest > 80
        ):
            return match.start() + 1
    return None


def _cut(sheet: Sheet, part: Span) -> Iterator[Span]:
    """The items of a line: "A; - B; - C" and, for bodies' names, "- A - B"."""
    start = part.start
    text = sheet.flat[part.start : part.end]
    separators = _NEXT_ITEM if _NEXT_CLAUSE.search(text) is None else _NEXT_CLAUSE
    for match in separators.finditer(sheet.flat, part.start, part.end):
        yield Span(start, match.start())
        start = match.end()
    if start == part.start:
        for match in re.finditer(r"\s-\s(?=[^\W\d_])", text):
            at = part.start + match.start()
            if sheet.flat[part.start + match.end()].isupper() and _names_body(
                sheet, at, match, part
            ):
                yield Span(start, at)
                start = part.start + match.end()
    yield Span(start, part.end)


def _names_body(sheet: Sheet, at: int, match: re.Match[str], part: Span) -> bool:
    company = re.compile(r"cong ty|thue |so |bo |ubnd|uy ban|cuc |chi cuc |ngan hang|cac ")
    before = sheet.folded[part.start : at]
    return bool(company.match(sheet.folded, part.start + match.end())) and not before.startswith(
        ("bo truong", "pho", "chu tich", "giam doc")
    )


def _named(sheet: Sheet, items: list[list[Span]], origin: str) -> Iterator[Found[str]]:
    for spans in items:
        start, end = spans[0].start, spans[-1].end
        address = _ADDRESS.search(sheet.folded[start:end]) if "addressees" in origin else None
        value_end = start + address.start() if address and address.start() > 3 else end
        text = tidy(
            " ".join(
                sheet.flat[s.start : min(s.end, value_end)] for s in spans if s.start < value_end
            )
        )
        text = re.sub(r"(?<=,) - ", " ", text).strip(" -–;,.")
        value = sheet.found(start, value_end, origin, value=text, extra=";,.-–")
        if value is not None and text:
            yield value


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
        if line.end <= mark.end:
            continue
        if line.start >= stop or not reader.take(line):
            break
    return Recipients(
        tuple(_named(sheet, reader.items, "rule:header.recipients")),
        tuple(reader.others),
        reader.end,
    )


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
        from pipeline.header.signature import (
            is_capital_line,
            is_name,
            is_name_piece,
            is_note,
            is_wrapped,
            signature_tail,
        )

        sheet = self.sheet
        part = Span(*sheet.trim(max(line.start, self.start), line.end))
        if part.start >= part.end or is_rule(sheet.flat[part.start : part.end]):
            return True
        label = _LABEL.match(sheet.folded, part.start, part.end)
        if label:
            part = Span(label.end(), part.end)
            if part.start >= part.end:
                self.end = label.end()
                return True
        dash = _DASH.match(sheet.flat, part.start, part.end)
        if self.others and self.others[-1].end == self.end and is_wrapped(sheet, self.last, part):
            self.others[-1] = Span(self.others[-1].start, part.end)
            self.end, self.last = part.end, line
            return True
        if (
            not dash
            and not self.open_dash
            and not self.items
            and signature_tail(sheet, part) == part.start
        ):
            return self._other(part, line)
        if not dash and line.start >= self.start:
            if is_note(sheet, part) or signature_tail(sheet, part) == part.start:
                return self._other(part, line)
            if is_name(sheet, part) and not self._unfinished() and not self.named:
                self.named = True
                return self._other(part, line)
            begun = bool(self.others) and self.others[-1].end == self.end
            if begun and (is_capital_line(sheet, part) or is_name_piece(sheet, part)):
                return self._other(part, line)
            if not self._takes_plain(part, line):
                return False
        tail = signature_tail(sheet, part) if not self.named else None
        if tail is not None and tail > part.start:
            self.others.append(Span(tail, part.end))
            part = Span(*sheet.trim(part.start, tail))
            dash = _DASH.match(sheet.flat, part.start, part.end)
        return self._item(part, dash, line)

    def _other(self, part: Span, line: Line) -> bool:
        self.others.append(part)
        self.end, self.last = part.end, line
        return True

    def _unfinished(self) -> bool:
        """Whether the item before lacks its closing mark, so that a plain line may continue it."""
        if not self.items or self.filed:
            return False
        span = self.items[-1][-1]
        return self.sheet.flat[span.end - 1] not in ";.,)/"

    def _takes_plain(self, part: Span, line: Line) -> bool:
        """A line without a dash: an item of an undashed list, or the rest of the item before."""
        text = self.sheet.flat[part.start : part.end]
        if not self.items:
            return len(text) < 400
        if text[0].islower():
            return True
        full = _full(self.sheet, self.last, text)
        if self.open_dash:
            return True
        if self.filed and sheet_ends(self.sheet, self.items[-1][-1], ","):
            return len(text) < 60
        if self.filed:
            return full and len(text) < 60 and text[-1:] in ".;)"
        return full or text.endswith(";") or (self._unfinished() and len(text) < 80)

    def _item(self, part: Span, dash: re.Match[str] | None, line: Line) -> bool:
        if part.start >= part.end:
            return True
        sheet = self.sheet
        start = dash.end() if dash else part.start
        pieces = list(self._pieces(Span(start, part.end), undashed=dash is None))
        opened, self.open_dash = (
            self.open_dash,
            bool(_OPEN_DASH.search(sheet.flat, part.start, part.end)),
        )
        if (
            not dash
            and not opened
            and self.items
            and line.start >= self.start
            and not self._ended(part)
        ):
            self.items[-1].append(pieces[0])
            pieces = pieces[1:]
        self.items.extend([piece] for piece in pieces)
        filed = _FILED.match(self.sheet.folded, self.items[-1][0].start)
        self.filed = self.filed or bool(filed)
        self.end, self.last = part.end, line
        return True

    def _ended(self, part: Span) -> bool:
        span = self.items[-1][-1]
        return self.sheet.flat[span.end - 1] == ";" and not self.sheet.flat[part.start].islower()

    def _pieces(self, part: Span, undashed: bool) -> Iterator[Span]:
        sheet = self.sheet
        cuts = list(
            re.finditer(
                r"(?:[;,.]|(?<=\)))\s*[-–•+]\s*(?=\S)|\s[-–]\s(?=(?:Các|VPCP|Lưu)\b)",
                sheet.flat[part.start : part.end],
            )
        )
        if (
            undashed
            and not cuts
            and not self.items
            and sheet.flat[part.start : part.end].count(";") > 1
        ):
            cuts = list(re.finditer(r";\s*", sheet.flat[part.start : part.end]))
        start = part.start
        for cut in cuts:
            if part.start + cut.end() >= part.end:
                break
            closing = 1 if cut.group()[0] in ";,." else 0
            yield Span(start, part.start + cut.start() + closing)
            start = part.start + cut.end()
        yield Span(start, part.end)


def sheet_ends(sheet: Sheet, part: Span, mark: str) -> bool:
    """Whether the span's last character is `mark`."""
    return sheet.flat[part.end - 1] == mark
