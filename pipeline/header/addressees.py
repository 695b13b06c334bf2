"""Addressees: the bodies after "Kính gửi:", or after "điện:" of a dispatch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.header.anchors import is_rule
from pipeline.header.items import DASH, LABEL, OPEN_DASH, is_full, names_of
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, Span
from pipeline.record import Found
from pipeline.structure.draft import Line

_NEXT_ITEM = re.compile(r"[;,.]\s*[-–—+•]\s*(?=\S)")
_NEXT_CLAUSE = re.compile(r"[;.]\s*[-–—+•]\s*(?=\S)")
_BARE_DASH = re.compile(r"\s-\s(?=[^\W\d_])")
_ABBREVIATED = re.compile(r"(?<!\w)(?:TP|Tp|P|Q|TX|TT|T|Ư|H|X|ThS|TS|Đ/c|KCN|CT|St|No)\.$")
_SENTENCE_END = re.compile(r"[.:]\s+(?=[^\W\d_])|\)\s+(?=[^\W\d_])")
_BODY = re.compile(r"cong ty|thue |so |bo |ubnd|uy ban|cuc |chi cuc |ngan hang|cac ")
_OFFICE = ("bo truong", "pho", "chu tich", "giam doc")
_MOST = 60
_REST_OF_NAME = 5


@dataclass(frozen=True, slots=True)
class Addressees:
    """The names and where their list ends in the text."""

    names: tuple[Found[str], ...]
    end: int


@dataclass
class _List:
    """The items read so far.

    `open_dash`: a line ended in the dash of the next item; `after_rule`: a rule of the table that
    holds the list, or a blank cell, was the last line.
    """

    items: list[list[Span]]
    end: int
    last: Line | None = None
    open_dash: bool = False
    after_rule: bool = False


def parse_addressees(sheet: Sheet, mark: Span, stop: int) -> Addressees:
    """The bodies a document is addressed to, from the mark up to the body's first line."""
    read = _List([], mark.end)
    for line in sheet.lines:
        if line.end <= mark.end or line.start >= stop:
            continue
        part = Span(*sheet.trim(max(line.start, mark.end), min(line.end, stop)))
        if (
            not _take(sheet, read, line, part, inside=line.start < mark.end)
            or len(read.items) > _MOST
        ):
            break
    names = names_of(sheet, read.items, "rule:header.addressees", without_address=True)
    return Addressees(tuple(names), read.end)


def _take(sheet: Sheet, read: _List, line: Line, part: Span, *, inside: bool) -> bool:
    """Read one line; False when the list has ended."""
    label = LABEL.match(sheet.folded, part.start, part.end)
    part = Span(label.end(), part.end) if label else part
    if part.start >= part.end or is_rule(sheet.flat[part.start : part.end]):
        read.after_rule = bool(read.items) and not (label or inside)
        return True
    dash = DASH.match(sheet.flat, part.start, part.end)
    listed = bool(dash or label or read.open_dash)
    if read.items and not listed and not _continues(sheet, read, line, part):
        return False
    body = _body_in_line(sheet, part, line)
    text = Span(dash.end() if dash else part.start, body or part.end)
    pieces = list(_cut(sheet, text))
    if read.items and not listed:
        read.items[-1].append(pieces.pop(0))
    read.items.extend([piece] for piece in pieces)
    read.open_dash = bool(OPEN_DASH.search(sheet.flat, part.start, part.end))
    read.end, read.last, read.after_rule = text.end, line, False
    return body is None


def _continues(sheet: Sheet, read: _List, line: Line, part: Span) -> bool:
    """Whether a line without a dash goes on with the addressee before it."""
    text = sheet.flat[part.start : part.end]
    before = read.items[-1][-1]
    closing = sheet.flat[before.end - 1]
    if closing == ":" or (text[0].islower() and not read.after_rule):
        return closing != "."
    if closing in ".;" or line.blank_before or read.after_rule:
        return False
    if _is_office(sheet, before):
        return True
    if patterns().opening.match(sheet.folded, part.start, part.end):
        return False
    return is_full(sheet, read.last, text) or _is_open(sheet, before, part)


def _is_office(sheet: Sheet, before: Span) -> bool:
    """Whether an addressee ends with an office, its body still to come ("Bộ trưởng")."""
    titles = patterns().title.finditer(sheet.folded, before.start, before.end)
    return any(title.end() == before.end for title in titles)


def _is_open(sheet: Sheet, before: Span, part: Span) -> bool:
    """Whether the words at a line break want more: a comma, "các", a name cut in two."""
    text = sheet.flat[part.start : part.end]
    if text[0] == "(":
        return False
    if sheet.flat[before.end - 1] == "," or text.endswith(";"):
        return True
    if patterns().link.search(sheet.lower(before.start, before.end)):
        return True
    if _is_one_word(sheet, before, part):
        return True
    named = patterns().agency.match(sheet.folded, part.start, part.end)
    return named is None and len(text.split()) <= _REST_OF_NAME


def _is_one_word(sheet: Sheet, before: Span, part: Span) -> bool:
    """Whether the break stands inside a word that holds a body's head ("Hải" / "Phòng")."""
    last = sheet.lower(before.start, before.end).split()[-1]
    first = sheet.lower(part.start, part.end).split()[0].rstrip(".;,")
    return patterns().not_heads_in.fullmatch(f"{last} {first}") is not None


def _body_in_line(sheet: Sheet, part: Span, line: Line) -> int | None:
    """Where the addressees end when the body follows on the same line."""
    for match in _SENTENCE_END.finditer(sheet.flat, part.start, part.end):
        rest, stop = match.end(), match.start() + 1
        if not sheet.flat[rest].isupper() or _ABBREVIATED.search(sheet.flat, part.start, stop):
            continue
        long_rest = match.group()[0] == "." and (part.end - rest > 80 or _at_wrap(sheet, line))
        if long_rest or patterns().opening.match(sheet.folded, rest, part.end):
            return stop
    return None


def _at_wrap(sheet: Sheet, line: Line) -> bool:
    """Whether a line reaches the column of hard wraps, so that its last sentence goes on."""
    return bool(sheet.width) and line.end - line.start >= sheet.width * 0.85


def _cut(sheet: Sheet, part: Span) -> Iterator[Span]:
    """The items of a line: "A; - B; - C" and, for bodies' names, "- A - B"."""
    start = part.start
    clauses = _NEXT_CLAUSE.search(sheet.flat, part.start, part.end)
    for match in (_NEXT_CLAUSE if clauses else _NEXT_ITEM).finditer(
        sheet.flat, part.start, part.end
    ):
        yield Span(start, match.start())
        start = match.end()
    if start == part.start:
        for match in _BARE_DASH.finditer(sheet.flat, part.start, part.end):
            if _names_body(sheet, match, part):
                yield Span(start, match.start())
                start = match.end()
    yield Span(start, part.end)


def _names_body(sheet: Sheet, match: re.Match[str], part: Span) -> bool:
    """Whether a dash stands between two bodies, not between a person's two offices."""
    if not sheet.flat[match.end()].isupper() or not _BODY.match(sheet.folded, match.end()):
        return False
    return not sheet.folded[part.start : match.start()].startswith(_OFFICE)
