"""Where on the pages the words of a span stand: one box a line of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from pipeline.desk.document_svg import PageBox, TextLine, text_layer
from pipeline.document import Box
from pipeline.record import Record, RecordBlock

Numbers = NDArray[np.int64]
Words = NDArray[np.float64]
"""Shape (n, 6): start, end, x0, y0, x1, y1 of each word, in the order of the text."""


class Word(NamedTuple):
    """A word of the text and its box."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    page: int


@dataclass(frozen=True, eq=False)
class Layout:
    """What is known of the places of words: the words themselves, else only whole blocks."""

    record: Record
    words: Words
    _boxes: dict[tuple[int, int], tuple[PageBox, ...]] = field(default_factory=dict)
    _layers: dict[tuple[int, int], dict[int, Markup]] = field(default_factory=dict)

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """The boxes of `text[start:end]`, one a line, in reading order."""
        if (start, end) not in self._boxes:
            lines = _lines(self._words_in(start, end))
            found = map(_joined, lines) if len(self.words) else self._of_blocks(start, end)
            self._boxes[start, end] = tuple(found)
        return self._boxes[start, end]

    def text_layers(self, start: int, end: int) -> dict[int, Markup]:
        """The printed lines of a span by page, so that words can be selected on a picture."""
        if (start, end) not in self._layers:
            found: dict[int, list[TextLine]] = {}
            for line in _lines(self._words_in(start, end)):
                found.setdefault(line[0].page, []).append(_text_line(self.record.text, line))
            self._layers[start, end] = {page: text_layer(lines) for page, lines in found.items()}
        return self._layers[start, end]

    def _words_in(self, start: int, end: int) -> Iterator[Word]:
        starts, ends, pages = self._columns
        here = slice(np.searchsorted(ends, start, "right"), np.searchsorted(starts, end, "left"))
        boxes = self.words[here, 2:].T.tolist()
        return map(Word, starts[here].tolist(), ends[here].tolist(), *boxes, pages[here].tolist())

    @cached_property
    def _columns(self) -> tuple[Numbers, Numbers, Numbers]:
        """Start, end and page of each word."""
        starts, ends = self.words[:, :2].astype(np.int64).T.copy()
        known = self.record.pages
        at = np.searchsorted([page.start for page in known], starts, "right") - 1
        numbers = np.array([page.number for page in known] or [1])
        return starts, ends, numbers[np.maximum(at, 0)]

    def _of_blocks(self, start: int, end: int) -> Iterator[PageBox]:
        blocks = self.record.blocks
        for block in blocks[bisect_right(blocks, start, key=attrgetter("end")) :]:
            if block.start >= end:
                break
            if block.box and block.page:
                yield PageBox(block.page, *_part(block, block.box, start, end))


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
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
