"""Document and zones -> sections and units: the order of the structure stages in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

from pipeline.record import Section
from pipeline.structure.draft import Line, Unit, Zone
from pipeline.structure.lines import cut_at
from pipeline.structure.paragraphs import JOINED, paragraphs_of, split_inline_items
from pipeline.structure.sections import build_sections, is_heading, settle_headings
from pipeline.structure.units import units_of


class ZoneLike(Protocol):
    """A span of the text that is not body."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def zone(self) -> Zone: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Structure:
    """The sections and units of a document, in reading order."""

    sections: tuple[Section, ...]
    units: tuple[Unit, ...]


def structure_of(flat: str, lines: Sequence[Line], zones: Sequence[ZoneLike]) -> Structure:
    """Sections and units of a text whose header, footer and furniture are known.

    `flat` is the text with plain spaces for all blanks (`structure.lines.flatten`).
    """
    cut = cut_at(lines, [edge for zone in zones for edge in (zone.start, zone.end)])
    placed: list[Line] = []
    zone_of: list[Zone] = []
    ordered = sorted(zones, key=lambda zone: zone.start)
    position = 0
    for line in cut:
        while position < len(ordered) and ordered[position].end <= line.start:
            position += 1
        inside = position < len(ordered) and ordered[position].start <= line.start
        zone: Zone = ordered[position].zone if inside else _zone_by_kind(line)
        is_list = zone in JOINED and line.kind != "table"
        parts = split_inline_items(line) if is_list else (line,)
        placed += parts
        zone_of += [zone] * len(parts)
    paragraphs = paragraphs_of(flat, placed, zone_of)
    candidates = [
        is_heading(flat[paragraph.start : paragraph.end], paragraph, following)
        for paragraph, following in zip_longest(paragraphs, paragraphs[1:])
    ]
    headings = settle_headings(flat, paragraphs, candidates)
    sections, section_of = build_sections(flat, paragraphs, headings)
    return Structure(sections, units_of(flat, paragraphs, headings, section_of))


def _zone_by_kind(line: Line) -> Zone:
    """The zone of a line outside the header parser's zones, by what its reader saw in it."""
    furniture = ("boilerplate", "page-number", "caption", "footer")
    return "boilerplate" if line.kind in furniture else "body"
