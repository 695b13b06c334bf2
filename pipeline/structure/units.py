"""Lines -> unwrapped paragraphs -> sentences and items with their markers, offsets kept.

Administrative Vietnamese breaks general splitters: "1." opens an item, "TP." and "TT." end nothing,
"./." ends a document, "1.713" is a number and a list runs over ";" (docs/structure.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from pipeline.resources import lexicon
from pipeline.structure.draft import Line, Unit, UnitKind, Zone
from pipeline.text.patterns import compile_pattern

_END = compile_pattern(
    r"[.!?…]+(?:/\.)?(?:[\"”’»)\]]*(?= +[\"“‘«(\[]*[<U>\d]| *$)|(?= +[-–+] ?<U>))"
)
_LAST_WORD = re.compile(r"([\w/]+)\.$")
_TERMINAL = re.compile(r"[.;:!?…][\"”’)\]]*$|\./\.?$")


_ALONE = 4
"""Markers down to this level (Phần, Chương, Mục, Điều) may stand on a line of their own."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A printed item marker: its text, its kind and its level (1 is the highest)."""

    text: str
    name: str
    level: int
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. Offsets are into the document's text."""

    start: int
    end: int
    zone: Zone
    lines: tuple[Line, ...]
    marker: Marker | None


@cache
def _markers() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    rows = lexicon("structure")["markers"]
    return tuple((row["name"], row["level"], compile_pattern(row["pattern"])) for row in rows)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(lexicon("sentences")["abbreviations"])


def find_marker(text: str) -> Marker | None:
    """The item marker at the start of `text` (leading Markdown marks aside), or None.

    >>> find_marker("a) Rà soát hồ sơ").text
    'a)'
    """
    offset = len(text) - len(text.lstrip("*_# |"))
    if offset and text[:offset].strip() in ("", "*") and text.startswith(("* ", "- ")):
        offset = 0
    for name, level, pattern in _markers():
        match = pattern.match(text, offset)
        if match and (match.end() < len(text) or level <= _ALONE):
            return Marker(match.group().strip(), name, level, match.end())
    return None


@cache
def _inline_items() -> re.Pattern[str]:
    return compile_pattern(lexicon("structure")["inline_item"])


def split_inline_items(line: Line) -> tuple[Line, ...]:
    """One line that holds a whole list ("…sau: 1. Rà soát…; 2. Báo cáo…") as one line an item."""
    if len(line.text) < lexicon("structure")["inline_min"]:
        return (line,)
    cuts = [0, *(match.end() for match in _inline_items().finditer(line.text)), len(line.text)]
    if len(cuts) == 2:
        return (line,)
    return tuple(
        replace(
            line,
            start=line.start + start,
            end=line.start + start + len(line.text[start:end].rstrip()),
            text=line.text[start:end].rstrip(),
            blank_before=line.blank_before if start == 0 else False,
        )
        for start, end in pairwise(cuts)
        if line.text[start:end].strip()
    )


def _wrap_width(lines: Sequence[Line]) -> int | None:
    """The column at which the lines of a text were broken, or None when they were not."""
    lengths = sorted(line.end - line.start for line in lines)
    if len(lengths) < 4:
        return None
    width = lengths[int(len(lengths) * 0.97)]
    return (
        lengths[-1]
        if width <= lexicon("structure")["wrap_max"] and lengths[-1] <= width * 1.3
        else None
    )


def _continues(before: Line, after: Line, width: int | None, marker: Marker | None) -> bool:
    """Whether `after` goes on with the sentence that `before` left open.

    A line broken at a column had no room for the next word; one broken by hand, or by a page, ends
    open and the next begins small.
    """
    if marker is not None or before.kind != after.kind:
        return False
    goes_on = not _TERMINAL.search(before.text) and after.text[:1].islower()
    length = before.end - before.start
    if width is None or before.page != after.page or after.blank_before:
        return goes_on and length >= 40
    first_word = after.text.split(" ", 1)[0]
    if len(before.text) + 1 + len(first_word) > width:
        return True
    return goes_on and (length >= width / 2 or before.text.endswith(","))


def paragraphs_of(lines: Sequence[Line], zone_of: Sequence[Zone]) -> tuple[Paragraph, ...]:
    """Paragraphs of the whole text; `zone_of[i]` is the zone of `lines[i]`.

    Only body and attachment lines are joined: a header or footer line means something by itself.
    """
    joined = ("body", "attachment")
    width = _wrap_width([line for line, zone in zip(lines, zone_of, strict=True) if zone in joined])
    groups: list[tuple[Zone, list[Line], Marker | None]] = []
    for line, zone in zip(lines, zone_of, strict=True):
        marker = find_marker(line.text) if zone in joined else None
        if groups and zone in joined and groups[-1][0] == zone:
            before = groups[-1][1][-1]
            if _continues(before, line, width, marker):
                groups[-1][1].append(line)
                continue
        groups.append((zone, [line], marker))
    return tuple(
        Paragraph(group[0].start, group[-1].end, zone, tuple(group), marker)
        for zone, group, marker in groups
    )


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of one paragraph (blanks already plain spaces).

    A full stop ends a sentence when a capital or a digit follows, unless an abbreviation, an item
    marker or a single capital stands before it.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        head = text[start : match.end()]
        if (
            match.group().startswith(".")
            and not match.group().endswith("./.")
            and _is_open(head, text, match.end())
        ):
            continue
        if head.strip():
            spans.append((start, match.end()))
            start = match.end()
            while start < len(text) and text[start] == " ":
                start += 1
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return spans


def _is_open(head: str, text: str, end: int) -> bool:
    word = _LAST_WORD.search(head)
    if word is None:
        return False
    last = word.group(1)
    if last in _abbreviations() and end < len(text):
        return True
    before = head[: word.start()].strip(' *_"“(').strip("0123456789.")  # "4.2." as well
    if not before and len(last) <= 4 and (last.isdigit() or len(last) == 1 or last.isupper()):
        return True  # "1." or "II." opens the item
    next_char = text[end:].lstrip()[:1]
    if next_char.isdigit() and (last.isdigit() or not text[end : end + 1].isspace()):
        return True
    return len(last) == 1 and last.isupper() and last.isalpha()


def _says_something(text: str) -> bool:
    """Whether a paragraph holds words: not only rules, empty table cells or their numbers."""
    if text.startswith("|"):
        return sum(map(str.isalpha, text)) >= int(lexicon("structure")["row_letters_min"])
    return any(char.isalnum() for char in text)


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
        for number, (start, end, own_kind) in enumerate(_parts(text, paragraph.marker, kind)):
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


def _parts(text: str, marker: Marker | None, kind: UnitKind) -> list[tuple[int, int, UnitKind]]:
    """Units of one paragraph: "Điều 3." is a heading of its own, what it says are statements."""
    if kind != "statement":
        return [(0, len(text), kind)]
    start = 0
    parts: list[tuple[int, int, UnitKind]] = []
    if marker is not None and marker.level <= _ALONE:
        parts.append((0, marker.end, "heading"))
        start = marker.end + len(text[marker.end :]) - len(text[marker.end :].lstrip())
    for left, right in split_sentences(text[start:]):
        parts.append((start + left, start + right, kind))
    return parts
