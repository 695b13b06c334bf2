"""What layout works with: blocks, margins, and the signs by which lines are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.document import Align, BlockKind
from pipeline.readers.printed import PrintedLine
from pipeline.resources import lexicon

_MOTTO_LIKENESS = 82
_EDGE_ZONE = 0.11
"""Share of the page at top and bottom in which a lone number is a page number."""
INDENTED = 0.8
"""Indent that begins a paragraph, in ems."""
CENTRED = 0.035
"""How far the middle of a centred line may be off, as a share of the width of the page."""


@dataclass(frozen=True)
class PrintedBlock:
    """Lines that belong together: one paragraph if `whole`, else each is a line of its own."""

    kind: BlockKind
    lines: tuple[PrintedLine, ...]
    page: int
    whole: bool = True
    note: str | None = None
    align: Align | None = None
    label: str | None = None
    cells: tuple[tuple[PrintedLine, ...], ...] = ()
    """Of a table row: the lines of each cell."""


@dataclass(frozen=True)
class Margins:
    """Left and right edge of the body text in points, and where its paragraphs begin."""

    left: float
    right: float
    indent: float | None = None
    """Left edge of the first lines of paragraphs; None where they are not set in."""

    @property
    def centre(self) -> float:
        """Middle of the body text."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """Width of the body text."""
        return max(self.right - self.left, 1.0)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern of models/lexicons/layout.yaml."""
    return re.compile(lexicon("layout")[name])


@cache
def word_list(name: str) -> tuple[str, ...]:
    """A list of models/lexicons/layout.yaml."""
    return tuple(lexicon("layout")[name])


def label_of(text: str) -> str | None:
    """The printed number or bullet at the start of `text`."""
    found = pattern("label").match(text)
    return found.group().strip() if found else None


def is_page_number(line: PrintedLine, height: float) -> bool:
    """A lone number near the upper or lower edge."""
    edge = line.box[3] < _EDGE_ZONE * height or line.box[1] > (1 - _EDGE_ZONE) * height
    return edge and bool(pattern("page_number").match(line.text.lower()))


def is_motto(folded: str) -> bool:
    """Whether a folded line is the motto of the state or the name of the Party, also misread."""
    if len(folded) < 15:
        return False
    return any(fuzz.ratio(folded, motto) >= _MOTTO_LIKENESS for motto in word_list("mottos"))


def margins_of(lines: Sequence[PrintedLine], width: float) -> Margins | None:
    """Margins from the wide lines of a page; None where there are too few."""
    wide = [line for line in lines if line.x1 - line.x0 > 0.55 * width]
    if len(wide) < 3:
        return None
    left, right = _edges(wide)
    return Margins(left, right, _indent_of(lines, left))


def margins_of_column(lines: Sequence[PrintedLine]) -> Margins:
    """Margins of a column from all its lines (at least one)."""
    left, right = _edges(lines)
    return Margins(left, right, _indent_of(lines, left))


def _edges(lines: Sequence[PrintedLine]) -> tuple[float, float]:
    """Left and right edge that at most a tenth of `lines` pass."""
    lefts = sorted(line.x0 for line in lines)
    rights = sorted(line.x1 for line in lines)
    return lefts[len(lefts) // 10], rights[-1 - len(rights) // 10]


def _indent_of(lines: Sequence[PrintedLine], left: float) -> float | None:
    """The place, right of `left`, from which most lines come back to `left` on the next line."""
    starts = sorted(
        line.x0
        for line, under in pairwise(lines)
        if line.x0 - left > INDENTED * line.size and abs(under.x0 - left) < 0.3 * line.size
    )
    middle = starts[len(starts) // 2] if starts else left
    alike = [x for x in starts if abs(x - middle) < 3]
    return middle if len(alike) > 1 and 2 * len(alike) > len(starts) else None


def followed(first: PrintedLine, second: PrintedLine) -> PrintedLine:
    """Two printed lines that are one line of text."""
    return PrintedLine(first.words + second.words, first.baseline)


def rows_of(segments: Iterable[PrintedLine]) -> list[PrintedLine]:
    """Segments on one baseline put together again, top to bottom."""
    rows: list[PrintedLine] = []
    for line in sorted(segments, key=lambda line: (line.baseline, line.x0)):
        if rows and abs(line.baseline - rows[-1].baseline) < 0.35 * min(line.size, rows[-1].size):
            words = tuple(sorted(rows[-1].words + line.words, key=lambda word: word.box[0]))
            rows[-1] = PrintedLine(words, rows[-1].baseline)
        else:
            rows.append(line)
    return rows
