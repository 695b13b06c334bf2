"""A long document cut into parts that are one page of the desk each: whole pages where it has them.

A part also shows the end of what begins in it, so no evidence is ever cut in two.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, TypeVar

from pipeline.record import Figure, Issue, Record, Reference, Statement, Task

Item = TypeVar("Item", Statement, Task, Figure, Reference, Issue)

WHOLE = 20_000
"""Characters up to which a document is one part: some eight printed pages."""
SIZE = 12_000
"""Characters of a part of a longer one."""


class Part(NamedTuple):
    """A part: values that begin in `text[start:end]`, shown up to `shown`; its printed pages."""

    number: int
    start: int
    end: int
    shown: int
    pages: tuple[int, int] | None = None

    def shows(self, start: int, end: int) -> bool:
        """Whether some of a span can be seen in this part."""
        return start < self.shown and end > self.start


def parts_of(record: Record) -> tuple[Part, ...]:
    """The parts of a document, one for all but long ones."""
    cuts = [*_cuts(record), len(record.text)]
    parts = [Part(n, start, end, end) for n, (start, end) in enumerate(pairwise(cuts), start=1)]
    shown = [part.end for part in parts]
    for k, part in enumerate(parts):
        ends = [statement.end for statement in beginning_in(part, record.statements)]
        ends += [task.end for task in beginning_in(part, record.tasks)]
        shown[k] = max([part.end, *ends])
    pages = _pages(record, parts)
    return tuple(
        part._replace(shown=end, pages=held)
        for part, end, held in zip(parts, shown, pages, strict=True)
    )


def part_at(parts: Sequence[Part], offset: int) -> Part:
    """The part in which a character stands."""
    return parts[max(0, bisect_right(parts, offset, key=itemgetter(1)) - 1)]


def beginning_in(part: Part, items: Sequence[Item]) -> Sequence[Item]:
    """Those of `items`, in reading order, that begin in a part; what stands nowhere begins at 0."""
    first = bisect_left(items, part.start, key=_start)
    return items[first : bisect_left(items, max(part.end, part.start + 1), lo=first, key=_start)]


def _start(item: Item) -> int:
    return item.start or 0


def _cuts(record: Record) -> list[int]:
    """Where parts begin."""
    cuts = [0]
    length = len(record.text)
    if length <= WHOLE:
        return cuts
    pages = [page.start for page in record.pages[1:]]
    for start, end in pairwise([*pages, length] if pages else [length, length]):
        if end - cuts[-1] > SIZE and start > cuts[-1]:
            _cut_lines(record.text, cuts, start)
            cuts.append(start)
    _cut_lines(record.text, cuts, length)
    return [cut for cut in cuts if cut < length]


def _cut_lines(text: str, cuts: list[int], end: int) -> None:
    """Cut what is still too long (a sheet, a text without pages) at the ends of lines."""
    while end - cuts[-1] > 2 * SIZE:
        wanted = cuts[-1] + SIZE
        line = text.find("\n", wanted, wanted + SIZE // 2)
        cuts.append(line + 1 if line >= 0 else wanted)


def _pages(record: Record, parts: Sequence[Part]) -> list[tuple[int, int] | None]:
    """The first and last printed page of each part, where there are several."""
    if len(record.pages) < 2:
        return [None] * len(parts)
    starts = [page.start for page in record.pages]
    at = [bisect_right(starts, part.start) - 1 for part in parts]
    until = [bisect_left(starts, max(part.end, part.start + 1)) - 1 for part in parts]
    numbers = [page.number for page in record.pages]
    return [(numbers[max(a, 0)], numbers[max(u, 0)]) for a, u in zip(at, until, strict=True)]
