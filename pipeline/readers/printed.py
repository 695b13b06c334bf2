"""What stands on a page before it becomes text: printed words, lines and pages, in points.

Plain values, not pydantic: a page has hundreds of words and none of these leaves the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import NamedTuple

from pipeline.document import Box, PageSource
from pipeline.text.fold import fold


class PrintedWord(NamedTuple):
    """One word; `box` is in the frame in which the lines of its page are level.

    `on_page` is the box on the page as it was given, where that is another frame (a skewed scan).
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    italic: bool = False
    font: str = ""
    confidence: float | None = None
    raw: str | None = None
    on_page: Box | None = None


@dataclass(frozen=True)
class PrintedLine:
    """Words on one baseline, left to right."""

    words: tuple[PrintedWord, ...]
    baseline: float

    @cached_property
    def box(self) -> Box:
        """The box around the words."""
        return around([word.box for word in self.words])

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].box[0]

    @cached_property
    def x1(self) -> float:
        """Right edge."""
        return max(word.box[2] for word in self.words)

    @property
    def centre(self) -> float:
        """Middle of the line, horizontally."""
        return (self.x0 + self.x1) / 2

    @cached_property
    def size(self) -> float:
        """Size of the type in points, as most of the line has it."""
        return median(word.size for word in self.words)

    @cached_property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def folded(self) -> str:
        """The text in small letters without marks."""
        return fold(self.text)

    @cached_property
    def bold(self) -> bool:
        """Whether most letters are bold."""
        return _mostly([word.text for word in self.words if word.bold], self.words)

    @cached_property
    def italic(self) -> bool:
        """Whether most letters are italic."""
        return _mostly([word.text for word in self.words if word.italic], self.words)


@dataclass(frozen=True)
class PrintedPage:
    """One page as read: its level lines, and what it took to read them."""

    number: int
    width: float
    height: float
    source: PageSource
    lines: tuple[PrintedLine, ...] = ()
    strays: tuple[PrintedLine, ...] = ()
    """Lines that run across the page at another angle: watermarks, stamps typed over the text."""
    tables: tuple[RuledTable, ...] = ()
    confidence: float | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuledTable:
    """A table with printed rules: the boxes of its cells, row by row."""

    box: Box
    rows: tuple[tuple[Box, ...], ...]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around `boxes` (at least one)."""
    if len(boxes) == 1:
        return boxes[0]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _mostly(some: Sequence[str], words: Sequence[PrintedWord]) -> bool:
    """Whether `some` of the texts of `words` have most of their letters."""
    return bool(some) and 2 * len("".join(some)) > sum(len(word.text) for word in words)
