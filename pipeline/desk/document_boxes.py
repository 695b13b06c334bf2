"""Where on the pages the words of a span stand: one box a line of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.document import Box
from pipeline.record import Record, RecordBlock

Words = NDArray[np.float64]
"""Shape (n, 6): start, end, x0, y0, x1, y1 of each word, in the order of the text."""


class PageBox(NamedTuple):
    """A box on a page, in points from the top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class Word(NamedTuple):
    """A word of the text and its box."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    page: int


class TextLine(NamedTuple):
    """A printed line as text that can be selected: where it stands in the text, its foot and
    height on the page, and its words with the place where each begins."""

    start: int
    y: float
    size: float
    words: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Layout:
    """What is known of the places of words: the words themselves, else only whole blocks."""

    record: Record
    words: tuple[Word, ...]
    _lines: dict[tuple[int, int], dict[int, list[TextLine]]] = field(default_factory=dict)

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """The boxes of `text[start:end]`, one a line, in reading order."""
        if self.words:
            return tuple(_joined(line) for line in _lines(self._words_in(start, end)))
        return tuple(self._of_blocks(start, end))

    def text_lines(self, start: int, end: int) -> dict[int, list[TextLine]]:
        """The printed lines of a span by page, so that words can be selected on a picture."""
        if (start, end) not in self._lines:
            found: dict[int, list[TextLine]] = {}
            for line in _lines(self._words_in(start, end)):
                found.setdefault(line[0].page, []).append(_text_line(self.record.text, line))
            self._lines[start, end] = found
        return self._lines[start, end]

    def _words_in(self, start: int, end: int) -> tuple[Word, ...]:
        first = bisect_right(self.words, start, key=_END)
        return self.words[first : bisect_left(self.words, end, lo=first, key=_START)]

    def _of_blocks(self, start: int, end: int) -> Iterator[PageBox]:
        blocks = self.record.blocks
        for block in blocks[bisect_right(blocks, start, key=attrgetter("end")) :]:
            if block.start >= end:
                break
            if block.box and block.page:
                yield PageBox(block.page, *_part(block, block.box, start, end))


_START, _END = itemgetter(0), itemgetter(1)


def layout_of(record: Record, words: Words) -> Layout:
    """The layout of a record whose words are known, or none of them."""
    starts, numbers = [p.start for p in record.pages], [p.number for p in record.pages]
    at = np.searchsorted(starts, words[:, 0], "right") - 1
    pages = [numbers[max(0, k)] if numbers else 1 for k in at]
    rows = (Word._make((*row, page)) for row, page in zip(words.tolist(), pages, strict=True))
    return Layout(record, tuple(w._replace(start=int(w.start), end=int(w.end)) for w in rows))


def _lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Neighbouring words that stand on one line."""
    line: list[Word] = []
    for word in words:
        if line and not _same_line(line[-1], word):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _same_line(a: Word, b: Word) -> bool:
    middle = (b.y0 + b.y1) / 2
    return a.page == b.page and a.y0 <= middle <= a.y1 and b.x0 >= a.x0 - 1


def _joined(line: list[Word]) -> PageBox:
    x0, y0 = min(word.x0 for word in line), min(word.y0 for word in line)
    return PageBox(line[0].page, x0, y0, max(w.x1 for w in line), max(w.y1 for w in line))


def _text_line(text: str, line: list[Word]) -> TextLine:
    ends = [*(word.start for word in line[1:]), line[-1].end]
    words = [
        (word.x0, text[word.start : end].replace("\n", " "))
        for word, end in zip(line, ends, strict=True)
    ]
    box = _joined(line)
    size = round(box.y1 - box.y0, 1)
    return TextLine(line[0].start, round(box.y1 - size * _DESCENT, 1), size, tuple(words))


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
_DESCENT = 0.2
"""Share of the height of a line that is below its foot."""
