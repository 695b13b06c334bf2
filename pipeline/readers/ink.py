"""The ink of a scanned page: how heavy letters are, and what OCR left unread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.document import Box
from pipeline.readers.grid import Rule, Rules
from pipeline.readers.ocr import OcrLine, Pixels

PixelBox = tuple[int, int, int, int]

_HEAVY = 1.22
"""Thickness of strokes, as a multiple of the usual one of the page, from which type is bold."""
_LETTER_HEIGHTS = (0.2, 1.5)
"""Height of a letter as a multiple of the size of the type."""
_RULE = 8.0
"""A component this many times wider than high is a rule."""
_GRID = 4
"""Pixels by which letters near each other are told, across and down."""
_LEVEL_RULE, _UPRIGHT_RULE = 0.35, 0.22
"""Shortest rules of tables in inches: longer than the strokes of letters."""


def dark_of(pixels: Pixels) -> Pixels:
    """1 where there is ink on a grey page."""
    _, ink = cv2.threshold(pixels, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return np.asarray(ink, np.uint8)


@dataclass(frozen=True)
class Ink:
    """The ink of a page (1 where it is dark) with the lines that were read on it."""

    dark: Pixels
    lines: tuple[OcrLine, ...]

    @cached_property
    def size(self) -> float:
        """Usual size of the type in pixels."""
        return median([line.size for line in self.lines] or [30.0])

    @cached_property
    def _sums(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Running sums of ink and of its edges."""
        inner = cv2.erode(self.dark, np.ones((3, 3), np.uint8))
        return cv2.integral(self.dark), cv2.integral(self.dark - inner)

    def thickness(self, box: PixelBox) -> float:
        """Ink by length of its edge: grows with the thickness of the strokes."""
        ink, edge = (_sum(sums, box) for sums in self._sums)
        return ink / edge if edge else 0.0

    def bold(self) -> dict[PixelBox, bool]:
        """Which words are bold, by their box."""
        measured = {
            word.box: self.thickness(word.box)
            for line in self.lines
            for word in line.words
            if any(map(str.isalnum, word.text))
        }
        usual = median(measured.values()) if measured else 0.0
        return {box: value > _HEAVY * usual for box, value in measured.items()}

    def unread(self) -> tuple[float, tuple[PixelBox, ...]]:
        """Share of the ink of letters that lies outside all words, and the boxes it fills.

        Rules, pictures, stamps and dust are no letters.
        """
        covered = np.zeros_like(self.dark)
        margin = round(0.15 * self.size)
        for line in self.lines:
            for x0, y0, x1, y1 in (word.box for word in line.words):
                covered[max(y0 - margin, 0) : y1 + margin, max(x0 - margin, 0) : x1 + margin] = 1
        left = self.dark & (1 - covered)
        letters = self._letters(left)
        lost = float(letters[:, cv2.CC_STAT_AREA].sum())
        total = int(self.dark.sum()) - int(left.sum()) + lost
        return (lost / total if total else 0.0), self._regions(letters)

    def rules(self, dpi: int) -> Rules:
        """The straight rules of the page, in points; none where too few are level for a table."""
        rules = Rules()
        for box in _long_runs(self.dark, round(_LEVEL_RULE * dpi), upright=False):
            rules.add(_thin(box, 72 / dpi, upright=False))
        if _share_columns(rules.level):
            for box in _long_runs(self.dark, round(_UPRIGHT_RULE * dpi), upright=True):
                rules.add(_thin(box, 72 / dpi, upright=True))
        return rules

    def _letters(self, ink: Pixels) -> npt.NDArray[Any]:
        """Measures (x, y, width, height, pixels) of the components of the height of letters."""
        _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        measures = np.asarray(stats)[1:]
        heights, widths = measures[:, cv2.CC_STAT_HEIGHT], measures[:, cv2.CC_STAT_WIDTH]
        low, high = (share * self.size for share in _LETTER_HEIGHTS)
        kept = (heights >= low) & (heights <= high) & (widths < _RULE * heights)
        return np.asarray(measures[kept])

    def _regions(self, letters: npt.NDArray[Any]) -> tuple[PixelBox, ...]:
        """Boxes around groups of letters that stand near each other on a line."""
        across = max(3, round(0.8 * self.size)) // 2
        down = max(1, across // 3)
        grid = np.zeros([side // _GRID + 2 for side in self.dark.shape], np.uint8)
        for x, y, width, height, _ in letters.tolist():
            rows = slice(max(y - down, 0) // _GRID, (y + height + down) // _GRID + 1)
            grid[rows, max(x - across, 0) // _GRID : (x + width + across) // _GRID + 1] = 1
        count, _, stats, _ = cv2.connectedComponentsWithStats(grid, connectivity=4)
        boxes = [
            tuple(_GRID * edge for edge in stats[index, :4].tolist()) for index in range(1, count)
        ]
        return tuple(
            (x, y, x + width, y + height) for x, y, width, height in boxes if height < 3 * self.size
        )


def _long_runs(ink: Pixels, shortest: int, *, upright: bool) -> Iterator[PixelBox]:
    """Boxes of straight strokes of at least `shortest` pixels, much longer than thick."""
    slack, line = ((1, 3), (shortest, 1)) if upright else ((3, 1), (1, shortest))
    grown = cv2.dilate(ink, np.ones(slack, np.uint8))  # so that a slight slant breaks no rule
    found = np.asarray(cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones(line, np.uint8)))
    rows = np.flatnonzero(found.any(axis=1))
    if not rows.size:
        return
    top = int(rows[0])
    count, _, stats, _ = cv2.connectedComponentsWithStats(found[top : rows[-1] + 1], connectivity=8)
    for x, y, width, height, _ in stats[1:count].tolist():
        thick, long = sorted((width, height))
        if _RULE * thick < long:
            yield (x, top + y, x + width, top + y + height)


def _share_columns(level: Sequence[Rule]) -> bool:
    """Whether one level rule lies under another, as in a table and not in the head of a letter."""
    spans = sorted((rule.start, rule.end) for rule in level)
    return any(right[0] < left[1] for left, right in pairwise(spans))


def _thin(box: PixelBox, scale: float, *, upright: bool) -> Box:
    """A rule as the line through its middle, in points."""
    x0, y0, x1, y1 = (edge * scale for edge in box)
    if upright:
        return ((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
    return (x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)


def _sum(sums: npt.NDArray[Any], box: PixelBox) -> float:
    x0, y0, x1, y1 = box
    return float(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])


def crop(pixels: Pixels, box: PixelBox, margin: int) -> tuple[Pixels, int, int]:
    """The part of a page in `box` with paper around it, and the offset of its corner."""
    height, width = pixels.shape
    x0, y0 = max(box[0] - margin, 0), max(box[1] - margin, 0)
    part = pixels[y0 : min(box[3] + margin, height), x0 : min(box[2] + margin, width)]
    paper = int(np.percentile(part, 90)) if part.size else 255
    framed = cv2.copyMakeBorder(
        part, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(paper,)
    )
    return np.asarray(framed, np.uint8), x0 - margin, y0 - margin


def moved(lines: Sequence[OcrLine], x: int, y: int, scale: float = 1.0) -> tuple[OcrLine, ...]:
    """Lines read on a part of a page, in pixels of the page; `scale` is theirs by one of these."""

    def back(box: PixelBox) -> PixelBox:
        x0, y0, x1, y1 = (round(edge * scale) for edge in box)
        return (x0 + x, y0 + y, x1 + x, y1 + y)

    return tuple(
        OcrLine(
            tuple(word._replace(box=back(word.box)) for word in line.words),
            line.baseline * scale + y,
            line.size * scale,
        )
        for line in lines
    )
