"""The issuing body and the body above it, from the block at the top left."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from pipeline.header.frame import is_issuer_line
from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, Span, is_upper, tidy
from pipeline.record import Found
from pipeline.resources import lexicon
from pipeline.text.fold import fold

_SESSION = re.compile(r"[,\s]+khoa\s+[ivxlcdm\d]+\b.*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued the document, and the superior body printed above, when there is one."""

    issuer: Found[str] | None
    parent: Found[str] | None


def parse_issuer(sheet: Sheet, start: int, end: int, marks: tuple[Span, ...]) -> Issuer:
    """The bodies named between `start` and `end`, the lines of other marks left out.

    The last name is the issuer: "UBND TỈNH HÀ NAM" above "SỞ XÂY DỰNG". What stands below the
    number (a stamp of arrival) counts only where no name stands above it.
    """
    number = next((mark.start for mark in marks if mark.kind == "number"), end)
    bodies = _bodies(sheet, start, number, marks) or _bodies(sheet, start, end, marks)
    if not bodies:
        return Issuer(None, None)
    return Issuer(bodies[-1], bodies[-2] if len(bodies) > 1 else None)


def _bodies(sheet: Sheet, start: int, end: int, marks: tuple[Span, ...]) -> list[Found[str]]:
    """The names of bodies, wrapped ones put together."""
    names: list[list[Span]] = []
    for piece in _pieces(sheet, start, end, marks):
        for part in _split(sheet, piece):
            if names and _goes_on(sheet, names[-1][-1], part):
                names[-1].append(part)
            else:
                names.append([part])
    found = [_join(sheet, name) for name in names]
    return [body for body in found if body is not None]


def _pieces(sheet: Sheet, start: int, end: int, marks: tuple[Span, ...]) -> list[Span]:
    """Runs of issuer's text: lines with the other marks cut out."""
    pieces: list[Span] = []
    for line in sheet.lines:
        if line.end <= start or line.start >= end:
            continue
        at = max(line.start, start)
        for mark in [m for m in marks if m.start < line.end and m.end > at] + [
            Span(line.end, line.end)
        ]:
            piece_start, piece_end = sheet.trim(at, min(mark.start, line.end), extra="-–,")
            if patterns().type_name.fullmatch(sheet.folded, piece_start, piece_end):
                return pieces
            if piece_end > piece_start and is_issuer_line(sheet, piece_start, piece_end):
                pieces.append(Span(piece_start, piece_end))
            if mark.kind == "subject":
                return pieces
            at = max(at, mark.end)
    return pieces


def _split(sheet: Sheet, piece: Span) -> list[Span]:
    """A line that names a superior and its subordinate, cut between them.

    "BỘ TÀI CHÍNH CỤC HẢI QUAN" is two names; "VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH" is one.
    """
    first = patterns().superior.match(sheet.folded, piece.start, piece.end)
    if first is None or not is_upper(sheet.flat[piece.start : piece.end]):
        return [piece]
    low = sheet.lower(piece.start, piece.end)
    compounds = [match.span() for match in patterns().not_heads_in.finditer(low)]
    for head in patterns().subordinate.finditer(low, first.end() - piece.start):
        before = low[first.end() - piece.start : head.start()].split()
        if not before or before[-1] in patterns().not_heads_after or before[-1][-1] in ",-–":
            continue
        if _is_nameless(head) or any(_part_of(head, *span) for span in compounds):
            continue
        cut = piece.start + head.start()
        return [Span(*sheet.trim(piece.start, cut)), *_split(sheet, Span(cut, piece.end))]
    return [piece]


def _is_nameless(head: re.Match[str]) -> bool:
    """Whether a head of one syllable ends the line: a name of a place ("HUYỆN XUÂN TRƯỜNG")."""
    return " " not in head.group() and not head.string[head.end() :].strip()


def _part_of(head: re.Match[str], start: int, end: int) -> bool:
    """Whether a head is a syllable of a longer word from `start` to `end` ("quốc phòng")."""
    if head.start() <= start and end <= head.end():
        return False
    return head.start() < end and start < head.end()


def _goes_on(sheet: Sheet, last: Span, part: Span) -> bool:
    """Whether `part` continues the name before it ("ỦY BAN NHÂN DÂN" / "HUYỆN Ý YÊN")."""
    if patterns().link.search(sheet.lower(last.start, last.end).rstrip(" ,")):
        return True
    if _is_cut_head(sheet, last, part):
        return True
    if patterns().bare_head.fullmatch(sheet.folded, last.start, last.end):
        return True
    if patterns().title.fullmatch(sheet.folded, last.start, last.end):
        return True  # "CHỦ TỊCH" above "ỦY BAN NHÂN DÂN TỈNH": who issues is its head
    if patterns().agency.match(sheet.folded, part.start, part.end):
        return False
    if patterns().goes_on.match(sheet.folded, part.start, part.end):
        return True
    return not _head_like(sheet, part)


def _is_cut_head(sheet: Sheet, last: Span, part: Span) -> bool:
    """Whether the wrap cut the head of a name itself ("ỦY" / "BAN NHÂN DÂN")."""
    before = sheet.folded[last.start : last.end]
    head = patterns().agency.match(f"{before} {sheet.folded[part.start : part.end]}")
    return head is not None and head.end() > len(before)


def _head_like(sheet: Sheet, part: Span) -> bool:
    """Whether a line begins like a body's name with one letter misread ("PHÒNT GIÁO DỤC")."""
    line = sheet.folded[part.start : part.end].split()
    for count in range(1, min(len(line), 3)):  # a head alone is no name: "THÔNG" ends one
        words = " ".join(line[:count])
        near = any(
            abs(len(head) - len(words)) <= 1 and Levenshtein.distance(head, words) <= 1
            for head in _heads()
        )
        if len(words) >= 5 and near:
            return True
    return False


@cache
def _heads() -> tuple[str, ...]:
    return tuple(
        fold(head) for head in lexicon("header_patterns")["agency_heads"] if len(head) >= 5
    )


def _join(sheet: Sheet, parts: list[Span]) -> Found[str] | None:
    value = sheet.plain[parts[0].start : parts[0].end]
    for last, part in pairwise(parts):
        link = sheet.plain[last.end : part.start].strip(" *|")
        value += (link if link == "," else f" {link}" if link in ("-", "–") else "") + " "
        value += sheet.plain[part.start : part.end]
    value = tidy(value)
    return sheet.found(parts[0].start, parts[-1].end, "rule:header.issuer", value=value)


def issuer_in_title(sheet: Sheet, start: int, end: int) -> Found[str] | None:
    """The body that speaks between title and legal bases, its term and session left out."""
    folded = sheet.folded[start:end]
    session = _SESSION.search(folded)
    if session:
        end = start + session.start()
    office = patterns().title.match(sheet.folded, start, end)
    if office:
        start = (
            office.end()
            + len(sheet.flat[office.end() : end])
            - len(sheet.flat[office.end() : end].lstrip())
        )
    if patterns().agency.match(sheet.folded, start, end) is None:
        return None
    return sheet.found(start, end, "rule:header.authority-line", extra=",.-–")
