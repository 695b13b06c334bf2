"""Paragraphs -> sentences and items with their markers, offsets kept.

Administrative Vietnamese breaks general splitters: "1." opens an item, "TP." and "TT." end nothing,
"./." ends a document, "1.713" is a number and a list runs over ";" (docs/structure.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.resources import lexicon
from pipeline.structure.draft import Unit, UnitKind
from pipeline.structure.markers import ALONE
from pipeline.structure.paragraphs import Paragraph
from pipeline.text.patterns import compile_pattern

_BEHIND = r"(?:/\.)?(?:[\"”’»)\]]*(?= +(?:[“‘«] ?|[\"(\[])*[<U>\d]| *$)|(?= +[-–+] ?<U>))"
_END = compile_pattern(rf"[.!?…](?<![.!?…].)[.!?…]*+{_BEHIND}")
"""A whole run of marks, tried once: forms have lines of dots."""
_END_IN_STOP = compile_pattern(rf"\.(?<!\..)\.*+{_BEHIND}")
"""The same where no other mark stands: a single letter is found far sooner."""
_NUMBER_BEFORE = re.compile(r"[ *_\"“(]*+[0-9.]*+[ *_\"“(]*+")
"""What may stand before the last part of a number that opens an item."""
_FOLLOWING = re.compile(r"\s*+(\S)")
_MARKS = ".!?…"
_CLOSING = _MARKS + ' /"”’»)]'
"""What the last sentence of a text may end with."""
_NEAR = 20
"""Characters before a number in which the word that it counts is looked for."""


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(lexicon("sentences")["abbreviations"])


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of one paragraph (blanks already plain spaces).

    A full stop ends a sentence when a capital or a digit follows, unless an abbreviation, an item
    marker or a single capital stands before it.
    """
    bare = text.rstrip(_CLOSING)
    if any(mark in bare for mark in _MARKS):
        return _cut(text)
    return [(0, len(text.rstrip()))] if text.strip() else []


def _cut(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text that may hold several."""
    spans: list[tuple[int, int]] = []
    start = 0
    pattern = _END if any(mark in text for mark in _MARKS[1:]) else _END_IN_STOP
    for match in pattern.finditer(text):
        mark, end = match.span()
        is_stop = text[mark] == "." and not text.endswith("./.", mark, end)
        if is_stop and _is_open(text, start, end):
            continue
        spans.append((start, end))
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return spans


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether the full stop that closes `text[start:end]` is part of a word or number."""
    last = _last_word(text, start, end)
    if not last:
        return False
    if last in _abbreviations() and end < len(text):
        return True
    is_number = len(last) <= 4 and (last.isdigit() or len(last) == 1 or last.isupper())
    if is_number and _NUMBER_BEFORE.fullmatch(text, start, end - len(last) - 1):
        return True  # "1.", "II." or the last of "4.2." opens the item
    joins = last.isdigit() or not text[end : end + 1].isspace()
    following = _FOLLOWING.match(text, end) if joins else None
    if following and following[1].isdigit():
        return True
    return len(last) == 1 and last.isupper() and not _is_number(text, start, end)


def _last_word(text: str, start: int, end: int) -> str:
    """The letters, digits and slashes before a full stop at the end of `text[start:end]`."""
    if text[end - 1] != ".":
        return ""
    first = end - 1
    while first > start and (text[first - 1].isalnum() or text[first - 1] in "_/"):
        first -= 1
    return text[first : end - 1]


def _is_number(text: str, start: int, end: int) -> bool:
    """Whether the capital before a full stop is a Roman number after a word that is counted:
    "học kỳ I."."""
    if text[end - 2] not in "IVX":
        return False
    return bool(_counted().search(text, max(start, end - _NEAR), end - 2))


@cache
def _counted() -> re.Pattern[str]:
    words = "|".join(lexicon("sentences")["counted"])
    return re.compile(rf"\b(?:{words}) $", re.IGNORECASE)


def _says_something(text: str) -> bool:
    """Whether a paragraph holds words: not only rules, empty table cells or their numbers."""
    if text.startswith("|"):
        return sum(map(str.isalpha, text)) >= int(lexicon("structure")["row_letters_min"])
    return any(map(str.isalnum, text))


def units_of(
    flat: str,
    paragraphs: Sequence[Paragraph],
    headings: Sequence[bool],
    sections: Sequence[str | None],
) -> tuple[Unit, ...]:
    """Units of all paragraphs: header, footer and boilerplate lines are one unit each."""
    units: list[Unit] = []
    for index, paragraph in enumerate(paragraphs):
        text = flat[paragraph.start : paragraph.end]
        in_body = paragraph.zone in ("body", "attachment") and _says_something(text)
        kind: UnitKind = "heading" if headings[index] else "statement" if in_body else "meta"
        for number, (start, end, own_kind) in enumerate(_parts(text, paragraph, kind)):
            marker = paragraph.marker if number == 0 else None
            units.append(
                Unit(
                    start=paragraph.start + start,
                    end=paragraph.start + end,
                    kind=own_kind,
                    zone=paragraph.zone,
                    paragraph=index,
                    marker=marker.text if marker else None,
                    words_start=paragraph.start + min(marker.end if marker else start, end),
                    section=sections[index],
                    bold=paragraph.lines[0].bold,
                )
            )
    return tuple(units)


def _parts(text: str, paragraph: Paragraph, kind: UnitKind) -> list[tuple[int, int, UnitKind]]:
    """Units of one paragraph: "Điều 3." is a heading of its own, what it says are statements.

    A row of a table is one item, whatever its cells hold.
    """
    marker = paragraph.marker
    if kind != "statement" or paragraph.lines[0].kind == "table":
        return [(0, len(text), kind)]
    start = 0
    parts: list[tuple[int, int, UnitKind]] = []
    if marker is not None and marker.level <= ALONE:
        parts.append((0, marker.end, "heading"))
        start = marker.end + len(text[marker.end :]) - len(text[marker.end :].lstrip())
    for left, right in split_sentences(text[start:]):
        parts.append((start + left, start + right, kind))
    return parts
