"""The ink of a scanned page: how heavy letters are, and what OCR left unread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.document import Box
from pipeline.readers.grid import Rules
from pipeline.readers.ocr import OcrLine, Pixels

PixelBox = tuple[int, int, int, int]

_HEAVY = 1.22
"""Thickness of strokes, as a multiple of the usual one of the page, from which type is bold."""
_LETTER_HEIGHTS = (0.2, 1.5)
"""Height of a letter as a multiple of the size of the type."""
_RULE = 8.0
"""A component this many times wider than high is a rule."""
_LEVEL_RULE, _UPRIGHT_RULE = 0.35, 0.22
"""Shortest rules of tables in inches: longer than the strokes of letters."""


@dataclass(frozen=True)
class Ink:
    """The dark pixels of a page with the lines that were read on it."""

    pixels: Pixels
    lines: tuple[OcrLine, ...]

    @cached_property
    def dark(self) -> Pixels:
        """1 where there is ink."""
        _, ink = cv2.threshold(self.pixels, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
        return np.asarray(ink, np.uint8)

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
        left = self._letters(self.dark & (1 - covered))
        total = int((self.dark & covered).sum()) + int(left.sum())
        share = float(left.sum()) / total if total else 0.0
        return share, self._regions(left)

    def rules(self, dpi: int) -> Rules:
        """The straight rules of the page, in points; none where too few are level for a table."""
        rules = Rules()
        for box in _long_runs(self.dark, round(_LEVEL_RULE * dpi), upright=False):
            rules.add(_thin(box, 72 / dpi, upright=False))
        if len(rules.level) > 1:
            for box in _long_runs(self.dark, round(_UPRIGHT_RULE * dpi), upright=True):
                rules.add(_thin(box, 72 / dpi, upright=True))
        return rules

    def _letters(self, ink: Pixels) -> Pixels:
        """Only components of the height of letters."""
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
        low, high = (share * self.size for share in _LETTER_HEIGHTS)
        kept = (heights >= low) & (heights <= high) & (widths < _RULE * heights)
        kept[0] = False
        return np.asarray(kept[labels], np.uint8)

    def _regions(self, ink: Pixels) -> tuple[PixelBox, ...]:
        """Boxes around groups of letters that stand near each other on a line."""
        reach = max(3, round(0.8 * self.size))
        joined = cv2.dilate(ink, np.ones((max(3, reach // 3), reach), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        boxes = [tuple(map(int, stats[index, :4])) for index in range(1, count)]
        return tuple(
            (x, y, x + width, y + height) for x, y, width, height in boxes if height < 3 * self.size
        )


def _long_runs(ink: Pixels, shortest: int, *, upright: bool) -> Iterator[PixelBox]:
    """Boxes of straight strokes of at least `shortest` pixels, much longer than thick."""
    slack, line = ((1, 3), (shortest, 1)) if upright else ((3, 1), (1, shortest))
    grown = cv2.dilate(ink, np.ones(slack, np.uint8))  # so that a slight slant breaks no rule
    found = cv2.morphologyEx(grown, cv2.MORPH_OPEN, np.ones(line, np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    for x, y, width, height, _ in stats[1:count].tolist():
        thick, long = sorted((width, height))
        if _RULE * thick < long:
            yield (x, y, x + width, y + height)


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
