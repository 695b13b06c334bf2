"""A picture of a page -> printed words: preprocessing by measured need, OCR, quality gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from pipeline.document import Box
from pipeline.readers.again import read_again
from pipeline.readers.correct import corrected, strays
from pipeline.readers.grid import tables_of
from pipeline.readers.ink import Ink, PixelBox, crop, dark_of, moved
from pipeline.readers.labels import is_bullet
from pipeline.readers.notes import Notes
from pipeline.readers.ocr import OcrLine, OcrWord, Pixels, engine_facts, recognise
from pipeline.readers.preprocess import Matrix, Prepared, prepare, turned_over
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord
from pipeline.readers.signature_look import with_signer
from pipeline.text.syllables import is_syllable, vscore, words_of

_MAKES_SENSE = 0.45
_SECOND_LOOKS = 8
_SOUND = 0.8
_NOISE = 0.75
_BLANK = 4
"""Length of a row of underscores from which it is printed."""
_GATE_CONFIDENCE = 0.9
_GATE_DOUBTFUL = 0.08
_GATE_LIKENESS = 0.85
_GATE_UNREAD = 0.1


@dataclass(frozen=True)
class Scan:
    """The pixels of one page, and the page they show: number and size in points."""

    pixels: Pixels
    dpi: int
    number: int
    width: float
    height: float


def read_scan(scan: Scan, notes: Notes) -> PrintedPage:
    """Read one page by OCR."""
    tessdata = notes.limits.tessdata
    page, lines = _recognised(prepare(scan.pixels, scan.dpi), tessdata)
    notes.reading |= engine_facts(tessdata)
    lines = with_signer(page, read_again(page, lines, tessdata), tessdata)
    dark = dark_of(page.pixels)
    lines, unread = _completed(page, dark, lines, tessdata)
    _judge(scan.number, lines, unread, notes)
    legible, noise = without_noise(lines)
    bold = Ink(dark, lines).bold()
    printed = _printed(legible, bold, page, 72 / scan.dpi)
    tables = tables_of(Ink(dark, lines).rules(page.dpi))
    if tables:
        printed = _without_bars(printed)
    return PrintedPage(
        number=scan.number,
        width=scan.width,
        height=scan.height,
        source="ocr",
        lines=corrected(printed, notes.numbering),
        strays=_printed(noise, bold, page, 72 / scan.dpi),
        tables=tables,
        confidence=_mean_confidence(legible),
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


def _completed(
    page: Prepared, dark: Pixels, lines: tuple[OcrLine, ...], tessdata: str | None
) -> tuple[tuple[OcrLine, ...], float]:
    """The lines with those found in a second look where ink was left, and the share still left.

    Layout analysis drops lone page numbers and lines that a stamp touches.
    """
    ink = Ink(dark, lines)
    share, regions = ink.unread()
    found: list[OcrLine] = []
    for box in sorted(regions, key=_filled, reverse=True)[:_SECOND_LOOKS]:
        part, x, y = crop(page.pixels, box, max(4, round(0.3 * ink.size)))
        again = recognise(part, page.dpi, tessdata, layout="line")
        found += [line for line in moved(again, x, y) if _is_sound(line)]
    if found and share > _GATE_UNREAD:
        share, _ = Ink(dark, (*lines, *found)).unread()
    return (*lines, *found), share


def _filled(box: PixelBox) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _is_sound(line: OcrLine) -> bool:
    """Whether a line found in a second look is text: sure, and made of syllables or numbers."""
    if any(word.confidence < _SOUND for word in line.words):
        return False
    text = " ".join(word.text for word in line.words)
    words = words_of(text)
    return text.strip("-–. ").isdigit() or (
        bool(words) and max(map(len, words)) > 1 and all(map(is_syllable, words))
    )


def without_noise(
    lines: tuple[OcrLine, ...],
) -> tuple[tuple[OcrLine, ...], tuple[OcrLine, ...]]:
    """The lines that can be read, and apart from them what stamps and signatures were taken for."""
    legible, noise = [], []
    for line in lines:
        runs: list[list[OcrWord]] = [[]]
        for word in line.words:
            if runs[-1] and word.box[0] - runs[-1][-1].box[2] > 1.2 * line.size:
                runs.append([])
            runs[-1].append(word)
        bullet = line.words[0] if len(line.words) > 1 and is_bullet(line.words[0].text) else None
        noisy = [
            (word, _is_noise(run) or (word is not bullet and _is_stray(word)))
            for run in runs
            for word in run
        ]
        kept = [_trimmed(word) for word, is_noise in noisy if not is_noise]
        lost = [word for word, is_noise in noisy if is_noise]
        legible += [line._replace(words=tuple(kept))] if kept else []
        noise += [line._replace(words=tuple(lost))] if lost else []
    return tuple(legible), tuple(noise)


def _is_noise(run: list[OcrWord]) -> bool:
    """A few marks, none of them a syllable or a number that OCR is sure of."""
    return all(
        len(word.text) <= 3
        and word.confidence < _NOISE
        and not (word.confidence > 0.5 and _has_meaning(word.text))
        for word in run
    )


def _is_stray(word: OcrWord) -> bool:
    """A speck or a stroke taken for a sign; a row of underscores is a blank to be filled in."""
    return len(word.text) < _BLANK and not word.text.strip(strays())


def _trimmed(word: OcrWord) -> OcrWord:
    """A doubtful word without such signs at its edges."""
    text = word.text.strip(strays())
    if word.confidence >= _GATE_CONFIDENCE or text == word.text or not text.isalnum():
        return word
    return word._replace(text=text, raw=word.text if word.raw is None else word.raw)


def _has_meaning(text: str) -> bool:
    return text.isdigit() or (len(text) > 1 and is_syllable(text))


def _judge(number: int, lines: tuple[OcrLine, ...], unread: float, notes: Notes) -> None:
    """The quality gate: what a person should look at."""
    confidence = _mean_confidence(lines) or 0.0
    likeness = vscore(" ".join(word.text for line in lines for word in line.words))
    if not lines:
        notes.add("ocr-empty", "warning", f"page {number}: no text found")
    elif (
        confidence < _GATE_CONFIDENCE
        or _doubtful_share(lines) > _GATE_DOUBTFUL
        or likeness < _GATE_LIKENESS
        or unread > _GATE_UNREAD
    ):
        notes.add(
            "ocr-quality",
            "warning",
            f"page {number}: confidence {confidence:.2f}, syllables {likeness:.2f}, "
            f"unread ink {unread:.2f}",
        )


def _sense(lines: tuple[OcrLine, ...]) -> float:
    """Confidence times likeness to Vietnamese, 0 to 1."""
    text = " ".join(word.text for line in lines for word in line.words)
    return (_mean_confidence(lines) or 0.0) * vscore(text)


def _doubtful_share(lines: tuple[OcrLine, ...]) -> float:
    """Share of words with a confidence below 0.8: 0.01 on good scans, 0.12 on photographs."""
    found = [word.confidence for line in lines for word in line.words]
    return sum(value < 0.8 for value in found) / max(len(found), 1)


def _mean_confidence(lines: tuple[OcrLine, ...]) -> float | None:
    found = [word.confidence for line in lines for word in line.words]
    return round(fmean(found), 3) if found else None


def _printed(
    lines: tuple[OcrLine, ...], bold: Mapping[PixelBox, bool], page: Prepared, scale: float
) -> tuple[PrintedLine, ...]:
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
                bold=bold.get(word.box, False),
                confidence=round(word.confidence, 3),
                raw=word.raw,
                on_page=_scaled(_moved_back(word.box, page.back), scale) if moved else None,
            )
            for word in line.words
        )
        printed.append(PrintedLine(words, line.baseline * level))
    return tuple(printed)


def _without_bars(lines: tuple[PrintedLine, ...]) -> tuple[PrintedLine, ...]:
    """Lines of a page with tables without the rules that OCR took for bars."""
    cleaned = []
    for line in lines:
        words = [
            word._replace(text=text, raw=word.text) if text != word.text else word
            for word in line.words
            if (text := word.text.strip("|"))
        ]
        cleaned += [PrintedLine(tuple(words), line.baseline)] if words else []
    return tuple(cleaned)


def _scaled(box: Sequence[float], scale: float) -> Box:
    x0, y0, x1, y1 = box
    return (
        round(x0 * scale, 2),
        round(y0 * scale, 2),
        round(x1 * scale, 2),
        round(y1 * scale, 2),
    )


def _moved_back(box: Sequence[float], back: Matrix) -> Box:
    """The upright box around `box` on the page as it was given."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, x1, x1, x0], [y0, y0, y1, y1], [1, 1, 1, 1]])
    xs, ys, _ = back @ corners
    return (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
