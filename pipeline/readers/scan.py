"""A picture of a page -> printed words: preprocessing by measured need, OCR, quality gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Literal

import numpy as np

from pipeline.document import Box, ReadIssue
from pipeline.readers.limits import Limits
from pipeline.readers.ocr import OcrLine, Pixels, engine_version, recognise
from pipeline.readers.preprocess import Matrix, Prepared, prepare, turned_over
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord
from pipeline.text.syllables import vscore

_MAKES_SENSE = 0.45


@dataclass(frozen=True)
class Scan:
    """The pixels of one page, and the page they show: number and size in points."""

    pixels: Pixels
    dpi: int
    number: int
    width: float
    height: float


@dataclass
class Notes:
    """What is written down while a document is read: doubts, and how it was read."""

    limits: Limits
    issues: list[ReadIssue] = field(default_factory=list)
    reading: dict[str, str] = field(default_factory=dict)

    def add(self, code: str, severity: Literal["info", "warning", "error"], message: str) -> None:
        """Something doubtful."""
        self.issues.append(ReadIssue(code=code, severity=severity, message=message))


def read_scan(scan: Scan, notes: Notes) -> PrintedPage:
    """Read one page by OCR."""
    tessdata = notes.limits.tessdata
    page, lines = _recognised(prepare(scan.pixels, scan.dpi), tessdata)
    notes.reading["ocr"] = engine_version(tessdata)
    return PrintedPage(
        number=scan.number,
        width=scan.width,
        height=scan.height,
        source="ocr",
        lines=_printed(lines, page, 72 / scan.dpi),
        confidence=_mean_confidence(lines),
        steps=page.steps,
    )


def _recognised(page: Prepared, tessdata: str | None) -> tuple[Prepared, tuple[OcrLine, ...]]:
    """The lines of a page; one that makes no sense is tried upside down too."""
    lines = recognise(page.pixels, page.dpi, tessdata)
    score = _sense(lines)
    if score > _MAKES_SENSE:
        return page, lines
    other = turned_over(page)
    turned = recognise(other.pixels, other.dpi, tessdata)
    return (other, turned) if _sense(turned) > score + 0.1 else (page, lines)


def _sense(lines: tuple[OcrLine, ...]) -> float:
    """Confidence times likeness to Vietnamese, 0 to 1."""
    text = " ".join(word.text for line in lines for word in line.words)
    return (_mean_confidence(lines) or 0.0) * vscore(text)


def _mean_confidence(lines: tuple[OcrLine, ...]) -> float | None:
    found = [word.confidence for line in lines for word in line.words]
    return round(fmean(found), 3) if found else None


def _printed(lines: tuple[OcrLine, ...], page: Prepared, scale: float) -> tuple[PrintedLine, ...]:
    """Recognised lines in points; sizes that differ little from the usual one are made equal.

    `scale` is points a pixel of the page as it was given.
    """
    usual = median([line.size for line in lines] or [0.0])
    level = 72 / page.dpi
    moved = bool(page.back[0, 1]) or page.back[0, 0] < 0
    printed = []
    for line in lines:
        size = usual if 0.72 * usual < line.size < 1.35 * usual else line.size
        words = tuple(
            PrintedWord(
                text=word.text,
                box=_scaled(word.box, level),
                size=round(size * level, 1),
                confidence=round(word.confidence, 3),
                on_page=_scaled(_moved_back(word.box, page.back), scale) if moved else None,
            )
            for word in line.words
        )
        printed.append(PrintedLine(words, line.baseline * level))
    return tuple(printed)


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (x0 * scale, y0 * scale, x1 * scale, y1 * scale)


def _moved_back(box: Sequence[float], back: Matrix) -> Box:
    """The upright box around `box` on the page as it was given."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1, 1, 1, 1]])
    xs, ys, _ = back @ corners
    return (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
