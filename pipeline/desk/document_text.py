"""The text of a document cut where values begin and end, so that each piece can be marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Mark(NamedTuple):
    """A span of the text that shows a value. `dom` is the value on the page, `look` its class."""

    start: int
    end: int
    dom: str
    look: str
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters with the same marks: `anchors` are the evidence that begins here, `dom`
    the smallest value that covers it, `looks` the classes of all of them. `at` is part of the place
    that a link asks for, `opens` its beginning."""

    start: int
    text: str
    dom: str | None
    name: str
    looks: tuple[str, ...]
    anchors: tuple[str, ...]
    at: bool
    opens: bool


def pieces(
    text: str,
    marks: Sequence[Mark],
    at: tuple[int, int] | None = None,
    within: tuple[int, int] | None = None,
) -> Iterator[Piece]:
    """All of `text` (or what is `within` two offsets) in pieces; `at` is what a link asks for."""
    first, last = within or (0, len(text))
    marks = [m._replace(start=max(m.start, first), end=min(m.end, last)) for m in marks]
    spans = [(mark.start, mark.end) for mark in marks] + ([at] if at else [])
    edges = sorted({first, last, *(e for span in spans for e in span if first < e < last)})
    opening: dict[int, list[Mark]] = {}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
    active: list[Mark] = []
    for start, end in pairwise(edges):
        new = opening.get(start, [])
        active = [mark for mark in active if mark.end > start] + new
        smallest = min(active, key=lambda mark: mark.end - mark.start, default=None)
        yield Piece(
            start=start,
            text=text[start:end],
            dom=smallest.dom if smallest else None,
            name=smallest.name if smallest else "",
            looks=tuple(dict.fromkeys(mark.look for mark in active)),
            anchors=tuple(dict.fromkeys(mark.dom for mark in new)),
            at=bool(at and at[0] <= start < at[1]),
            opens=bool(at and at[0] == start),
        )
