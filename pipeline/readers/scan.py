"""A picture of a page -> printed words: preprocessing by measured need, OCR, quality gate."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from pipeline.document import ReadIssue
from pipeline.readers.limits import Limits
from pipeline.readers.ocr import OcrLine, Pixels, engine_version, recognise
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord


@dataclass(frozen=True)
class Scan:
    """The pixels of one page, and the page they show: number and size in points."""

    pixels: Pixels
    dpi: int
    number: int
    width: float
    height: float


def read_scan(
    scan: Scan, limits: Limits, issues: list[ReadIssue], reading: dict[str, str]
) -> PrintedPage:
    """Read one page by OCR."""
    pixels = scan.pixels
    if pixels.ndim == 3:
        pixels = (pixels @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    lines = recognise(pixels, scan.dpi, limits.tessdata)
    reading["ocr"] = engine_version(limits.tessdata)
    return PrintedPage(
        number=scan.number,
        width=scan.width,
        height=scan.height,
        source="ocr",
        lines=_printed(lines, 72 / scan.dpi),
        confidence=_mean_confidence(lines),
    )


def _mean_confidence(lines: tuple[OcrLine, ...]) -> float | None:
    found = [word.confidence for line in lines for word in line.words]
    return round(fmean(found), 3) if found else None


def _printed(lines: tuple[OcrLine, ...], scale: float) -> tuple[PrintedLine, ...]:
    """Recognised lines in points; sizes that differ little from the usual one are made equal."""
    usual = median([line.size for line in lines] or [0.0])
    printed = []
    for line in lines:
        size = usual if 0.72 * usual < line.size < 1.35 * usual else line.size
        words = tuple(
            PrintedWord(
                text=word.text,
                box=tuple(edge * scale for edge in word.box),  # type: ignore[arg-type]
                size=round(size * scale, 1),
                confidence=round(word.confidence, 3),
            )
            for word in line.words
        )
        printed.append(PrintedLine(words, line.baseline * scale))
    return tuple(printed)
