"""Where on the pages the words of a span stand: one box a line of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.bulk.readings import kept_reading
from pipeline.document import Box, Word
from pipeline.record import Record, RecordBlock


class PageBox(NamedTuple):
    """A box on a page, in points from the top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Layout:
    """What is known of the places of words: the words of a kept reading, else whole blocks."""

    record: Record
    words: tuple[Word, ...]
    starts: tuple[int, ...]

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """The boxes of `text[start:end]`, one a line, in reading order."""
        if self.words:
            return tuple(_lines(self._of_words(start, end)))
        return tuple(self._of_blocks(start, end))

    def _of_words(self, start: int, end: int) -> Iterator[PageBox]:
        for word in self.words[max(0, bisect_right(self.starts, start) - 1) :]:
            if word.start >= end:
                break
            if word.end > start and word.box is not None:
                yield PageBox(self.page(word.start), *word.box)

    def _of_blocks(self, start: int, end: int) -> Iterator[PageBox]:
        for block in self.record.blocks:
            if block.box and block.page and block.start < end and start < block.end:
                yield PageBox(block.page, *_part(block, block.box, start, end))

    def page(self, offset: int) -> int:
        """The number of the page on which a character stands."""
        starts = [page.start for page in self.record.pages]
        at = max(0, bisect_right(starts, offset) - 1)
        return self.record.pages[at].number if self.record.pages else 1


def layout_of(out: Path, record: Record) -> Layout:
    """The layout of a record; of a scan to the word, as its reading is kept."""
    reading = kept_reading(out, record.id)
    words: tuple[Word, ...] = ()
    if reading is not None and reading.text == record.text:
        words = tuple(word for word in reading.words if word.box is not None)
    return Layout(record, words, tuple(word.start for word in words))


def _lines(boxes: Iterator[PageBox]) -> Iterator[PageBox]:
    """Boxes of neighbouring words on one line, joined."""
    last: PageBox | None = None
    for box in boxes:
        if last is not None and _same_line(last, box):
            last = PageBox(
                last.page,
                min(last.x0, box.x0),
                min(last.y0, box.y0),
                max(last.x1, box.x1),
                max(last.y1, box.y1),
            )
            continue
        if last is not None:
            yield last
        last = box
    if last is not None:
        yield last


def _same_line(a: PageBox, b: PageBox) -> bool:
    middle = (b.y0 + b.y1) / 2
    return a.page == b.page and a.y0 <= middle <= a.y1 and b.x0 >= a.x0 - 1


def _part(block: RecordBlock, box: Box, start: int, end: int) -> Box:
    """The part of a block's height in which a span of it stands, where only blocks are known."""
    size = max(1, block.end - block.start)
    first, last = (max(start, block.start) - block.start), (min(end, block.end) - block.start)
    height = box[3] - box[1]
    if height < _TWO_LINES:
        return box
    return (
        box[0],
        box[1] + height * max(0.0, first / size - _SLACK),
        box[2],
        box[1] + height * min(1.0, last / size + _SLACK),
    )


_TWO_LINES = 24.0
"""Points of height from which a block has more than one line."""
_SLACK = 0.06
