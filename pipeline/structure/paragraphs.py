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


def _stands_in_blocks(lines: Sequence[Line]) -> bool:
    """Whether blank lines part the paragraphs and sentences run over the lines within them."""
    least = int(lexicon("structure")["wrap"]["breaks_min"])
    if sum(line.blank_before for line in lines) < least:
        return False
    running = apart = 0
    for before, after in pairwise(lines):
        if after.blank_before:
            continue
        if not is_closed(before.text):
            running += goes_on_small(after)
        elif find_marker(after.text) is None:
            apart += 1
    return running >= max(least, apart + 1)


def _continues(group: Sequence[Line], after: Line, *, blocks: bool, broken: bool) -> bool:
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
        if goes_on and (broken or blocks):
            return True
        if goes_on_small(after) and ends_in_comma(before):
            return True
    return goes_on and before.end - before.start >= _open_min()


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
    blocks = _stands_in_blocks(
        [line for line, zone in zip(lines, zone_of, strict=True) if zone in JOINED]
    )
    broken = any(line.rows > 1 for line in lines)
    groups: list[tuple[Zone, list[Line], Marker | None]] = []
    numbering = Numbering()
    for line, zone in zip(lines, zone_of, strict=True):
        marker = find_marker(line.text) if zone in JOINED else None
        if groups and zone in JOINED and groups[-1][0] == zone:
            group = groups[-1][1]
            if marker is not None and not opens_item(group, line, marker, numbering, full=False):
                marker = None
            if marker is None and _continues(group, line, blocks=blocks, broken=broken):
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
