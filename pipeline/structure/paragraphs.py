"""Lines -> paragraphs: lists on one line are cut, sentences broken by hand or page are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from pipeline.resources import lexicon
from pipeline.structure.draft import Line, Zone
from pipeline.structure.markers import Marker, find_marker
from pipeline.structure.unwrap import (
    DASHES,
    Numbering,
    changes_look,
    ends_in_comma,
    goes_on_small,
    is_closed,
    is_emphasis_open,
    is_marker_alone,
    leaves_open,
    opens_item,
    opens_plain,
)
from pipeline.text.patterns import compile_pattern
from pipeline.values import value

JOINED = ("body", "attachment")
"""Zones whose lines are put together: a header or footer line means something by itself."""


@value
class Paragraph:
    """Lines that belong together. Offsets are into the document's text."""

    start: int
    end: int
    zone: Zone
    lines: tuple[Line, ...]
    marker: Marker | None


@cache
def _inline_items() -> re.Pattern[str]:
    return compile_pattern(lexicon("structure")["inline_item"])


@cache
def _inline_min() -> int:
    return int(lexicon("structure")["inline_min"])


def split_inline_items(line: Line) -> tuple[Line, ...]:
    """One line that holds a whole list ("…sau: 1. Rà soát…; 2. Báo cáo…") as one line an item."""
    if len(line.text) < _inline_min():
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


def _run_over(lines: Sequence[Line]) -> tuple[int, int]:
    """How many sentences run over the end of a line, and how many lines that end one stand right
    above another without a marker."""
    running = apart = 0
    for before, after in pairwise(lines):
        if after.blank_before:
            continue
        if not is_closed(before.text):
            running += goes_on_small(after)
        elif find_marker(after.text) is None:
            apart += 1
    return running, apart


def _continues(
    group: Sequence[Line], after: Line, *, blocks: bool, broken: bool, ragged: bool
) -> bool:
    """Whether `after`, which opens no item, goes on with the sentence that `group` left open.

    A line broken by hand, or by a page, ends open and the next begins small, or cannot be the last.
    """
    before = group[-1]
    if before.kind != after.kind:
        return False
    if is_emphasis_open(group, after):
        return True
    if is_closed(before.text) and not (blocks and _runs_past_semicolon(before, after)):
        return (broken or blocks) and not after.blank_before and is_marker_alone(before)
    goes_on = goes_on_small(after) or leaves_open(group, after)
    goes_on = goes_on or (opens_plain(group) and not after.blank_before)
    if not after.blank_before and before.page == after.page:
        if blocks and not goes_on:
            return not changes_look(before, after)
        if broken and ends_in_comma(before) and not changes_look(before, after):
            return True
        if (goes_on and (broken or blocks)) or (ragged and _is_running(group, after)):
            return True
        if goes_on_small(after) and ends_in_comma(before):
            return True
    return goes_on and before.end - before.start >= _open_min()


def _is_running(group: Sequence[Line], after: Line) -> bool:
    """Whether a line of broken text that ends in the middle stands in running text.

    What may be a heading is left: a single line, numbered ones of two, other letters below it.
    """
    before, marker = group[-1], find_marker(group[0].text)
    rows = sum(line.rows for line in group)
    least = 2 if marker is None or marker.name in DASHES else 3
    return (
        rows >= least
        and before.end - before.start >= _open_min()
        and before.bold is not True
        and not before.text.rstrip(" *_").endswith((")", "]"))
        and not after.text.startswith(("*", "(", "[", *_openings()))
        and not changes_look(before, after)
        and not (before.text.isupper() or after.text.isupper())
    )


@cache
def _openings() -> tuple[str, ...]:
    return tuple(lexicon("structure")["wrap"]["openings"])


def _runs_past_semicolon(before: Line, after: Line) -> bool:
    """Whether a line ends in ";" only because it was full: what stands below begins small."""
    ends = before.text.rstrip(" *_").endswith(";")
    return ends and goes_on_small(after) and not after.blank_before


@cache
def _open_min() -> int:
    return int(lexicon("structure")["wrap"]["open_min"])


def paragraphs_of(
    flat: str, lines: Sequence[Line], zone_of: Sequence[Zone]
) -> tuple[Paragraph, ...]:
    """Paragraphs of the whole text; `zone_of[i]` is the zone of `lines[i]`."""
    inner = [line for line, zone in zip(lines, zone_of, strict=True) if zone in JOINED]
    least = int(lexicon("structure")["wrap"]["breaks_min"])
    parted = sum(line.blank_before for line in inner) >= least
    broken = any(line.rows > 1 for line in lines)
    running, apart = _run_over(inner) if parted or broken else (0, 0)
    # blank lines part the paragraphs, and sentences run over the lines within them
    blocks = parted and running >= max(least, apart + 1)
    # no column says where the lines were broken
    ragged = broken and running >= least
    groups: list[tuple[Zone, list[Line], Marker | None]] = []
    numbering = Numbering()
    for line, zone in zip(lines, zone_of, strict=True):
        marker = find_marker(line.text) if zone in JOINED else None
        if groups and zone in JOINED and groups[-1][0] == zone:
            group = groups[-1][1]
            if marker is not None and not opens_item(group, line, marker, numbering, full=False):
                marker = None
            if marker is None and _continues(
                group, line, blocks=blocks, broken=broken, ragged=ragged
            ):
                group.append(line)
                continue
        numbering.add(marker)
        groups.append((zone, [line], marker))
    return tuple(_paragraph(flat, *group) for group in groups)


def _paragraph(flat: str, zone: Zone, lines: Sequence[Line], marker: Marker | None) -> Paragraph:
    """Lines as one paragraph; its marker may have been broken too ("Điều | 2. Phạm vi")."""
    start, end = lines[0].start, lines[-1].end
    if len(lines) > 1:
        marker = find_marker(flat[start:end])
    return Paragraph(start, end, zone, tuple(lines), marker)
