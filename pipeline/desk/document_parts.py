"""A long document cut into parts that are one page of the desk each: whole pages where it has them.

A part also shows the end of what begins in it, so no evidence is ever cut in two.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from pipeline.record import Record

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

    def holds(self, offset: int) -> bool:
        """Whether a value that begins there belongs to this part."""
        return self.start <= offset < self.end or offset == self.start

    def shows(self, start: int, end: int) -> bool:
        """Whether some of a span can be seen in this part."""
        return start < self.shown and end > self.start


def parts_of(record: Record) -> tuple[Part, ...]:
    """The parts of a document, one for all but long ones."""
    cuts = [*_cuts(record), len(record.text)]
    return tuple(
        Part(number, start, end, _shown(record, start, end), _pages(record, start, end))
        for number, (start, end) in enumerate(pairwise(cuts), start=1)
    )


def part_at(parts: tuple[Part, ...], offset: int) -> Part:
    """The part in which a character stands."""
    return parts[max(0, bisect_right(parts, offset, key=itemgetter(1)) - 1)]


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


def _shown(record: Record, start: int, end: int) -> int:
    spans = [(s.start, s.end) for s in record.statements] + [(t.start, t.end) for t in record.tasks]
    return max([end, *(last for first, last in spans if start <= first < end)])


def _pages(record: Record, start: int, end: int) -> tuple[int, int] | None:
    held = [page.number for page in record.pages if page.start < end and page.end > start]
    return (held[0], held[-1]) if held and len(record.pages) > 1 else None
