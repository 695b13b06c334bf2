"""Lines that OCR doubts, read again at a larger scale: the better of two readings of each word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from statistics import fmean

import cv2
import numpy as np

from pipeline.readers.correct import core_of, gain_of, is_misfit
from pipeline.readers.ink import PixelBox, crop, moved
from pipeline.readers.ocr import OcrLine, OcrWord, recognise
from pipeline.readers.preprocess import Prepared
from pipeline.readers.printed import around
from pipeline.resources import lexicon_rows
from pipeline.text.syllables import is_syllable

_SCALE = 1.5
_DOUBTED = 0.82
"""Confidence of a word from which its line needs no second reading."""
_MISFIT = 0.5
"""What a word counts that does not fit its neighbours, however sure OCR is of it."""
_WEIGHT = 12.0
"""Natural logarithms of likelihood that a difference of 1 in confidence is worth."""
_BETTER = 0.05
_CLEARLY_BETTER = 0.1
_SURE = 0.75
_MOST_LINES = 16
"""Lines of a page that are read again at most, the most doubtful ones."""
_ALIKE = 0.5


def read_again(
    page: Prepared, lines: tuple[OcrLine, ...], tessdata: str | None
) -> tuple[OcrLine, ...]:
    """The lines of a page, doubtful ones with the better words of a second reading."""
    doubts = sorted((doubt, i) for i, line in enumerate(lines) if (doubt := _doubt(line)) < 1)
    chosen = list(lines)
    for _, index in doubts[:_MOST_LINES]:
        if _stands_apart(index, lines):
            chosen[index] = better_of(lines[index], _second_reading(page, lines[index], tessdata))
    return tuple(chosen)


def _stands_apart(index: int, lines: Sequence[OcrLine]) -> bool:
    """Whether a cut-out of a line has no word of another line, as near a stamp it may have."""
    x0, y0, x1, y1 = _box(lines[index].words)
    middles = (
        ((word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2)
        for place, line in enumerate(lines)
        for word in (line.words if place != index else ())
    )
    return not any(x0 < x < x1 and y0 < y < y1 for x, y in middles)


def _doubt(line: OcrLine) -> float:
    """The lowest confidence of a word worth a second look; 1 for a line without one."""
    texts = [word.text for word in line.words]
    found = [
        _MISFIT if is_misfit(texts, index) else word.confidence
        for index, word in enumerate(line.words)
        if any(map(str.isalnum, word.text))
    ]
    return min((value for value in found if value < _DOUBTED), default=1.0)


def _second_reading(page: Prepared, line: OcrLine, tessdata: str | None) -> tuple[OcrWord, ...]:
    """The words of a line read alone and larger, in pixels of the page."""
    part, x, y = crop(page.pixels, _box(line.words), max(4, round(0.3 * line.size)))
    large = cv2.resize(part, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC)
    found = recognise(
        np.asarray(large, np.uint8), round(page.dpi * _SCALE), tessdata, layout="line"
    )
    return tuple(word for again in moved(found, x, y, 1 / _SCALE) for word in again.words)


def _box(words: Sequence[OcrWord]) -> PixelBox:
    x0, y0, x1, y1 = around([word.box for word in words])
    return (int(x0), int(y0), int(x1), int(y1))


def better_of(line: OcrLine, second: Sequence[OcrWord]) -> OcrLine:
    """The line with each word as the better reading has it; what was read first is its `raw`."""
    texts, others = [word.text for word in line.words], [word.text for word in second]
    matcher = SequenceMatcher(None, texts, others, autojunk=False)
    if matcher.ratio() < _ALIKE and len(texts) > 3:
        return line  # the cut-out shows something else
    words: list[OcrWord] = []
    for _, start, end, from_, to in matcher.get_opcodes():
        words += _better_part(line.words, range(start, end), second[from_:to])
    return line._replace(words=tuple(words))


def _better_part(
    words: Sequence[OcrWord], places: range, second: Sequence[OcrWord]
) -> Iterator[OcrWord]:
    """The better reading of a part on which the two agree, or do not."""
    first = [words[place] for place in places]
    if len(first) == len(second):
        for place, other in zip(places, second, strict=True):
            yield _better_word(words, place, other)
    elif first and second and _is_clearly_better(first, second):
        raws = [" ".join(word.text for word in first), *[""] * (len(second) - 1)]
        for word, raw in zip(second, raws, strict=True):
            yield word._replace(raw=raw)
    else:
        yield from first


def _is_clearly_better(first: Sequence[OcrWord], second: Sequence[OcrWord]) -> bool:
    mean = fmean(word.confidence for word in second)
    sure = all(word.confidence > _SURE and _is_word(word.text) for word in second)
    return sure and mean > fmean(word.confidence for word in first) + _CLEARLY_BETTER


def _better_word(words: Sequence[OcrWord], place: int, other: OcrWord) -> OcrWord:
    """The word at `place` or the other reading of it, by confidence and by its neighbours."""
    word = words[place]
    confidence = max(word.confidence, other.confidence)
    if other.text == word.text:
        return word._replace(confidence=confidence)
    if any(map(str.isdigit, word.text + other.text)):
        confidence = min(word.confidence, other.confidence)
    if _is_symbol(word.text) and not _is_symbol(other.text):
        return word
    gain = _WEIGHT * (other.confidence - word.confidence)
    old, new = core_of(word.text), core_of(other.text)
    if old.isalpha() and new.isalpha() and old.lower() != new.lower():
        gain += gain_of([item.text for item in words], place, new)
    if gain < _WEIGHT * (_BETTER if _is_word(other.text) else _CLEARLY_BETTER):
        return word
    if _is_word(word.text) and not _is_word(other.text):
        return word
    return word._replace(
        text=other.text, confidence=min(confidence, other.confidence), raw=word.text
    )


def _is_symbol(text: str) -> bool:
    """Whether a text is the code of a document whose abbreviations are all known ("02/CT-BCT")."""
    _, slash, rest = text.strip("();,.").rpartition("/")
    return bool(slash) and all(part in _abbreviations() for part in rest.split("-"))


@cache
def _abbreviations() -> frozenset[str]:
    """Abbreviations of kinds of documents and of bodies."""
    rows = (*lexicon_rows("document_symbols"), *lexicon_rows("symbols"))
    return frozenset(row["symbol"] for row in rows)


def _is_word(text: str) -> bool:
    """Whether a text may be printed so: a syllable, a figure, an abbreviation."""
    core = core_of(text)
    return is_syllable(core) or core.isdigit() or (core.isupper() and len(core) > 1)
