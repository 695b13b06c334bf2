"""Words drawn in the type of a page, to be laid over ink that is only half to be seen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from pipeline.readers.ink import PixelBox
from pipeline.readers.ocr import OcrWord, Pixels
from pipeline.resources import lexicon

_MARGIN = 4
"""Paper beside a drawn letter, in pixels."""
_PARTS = 4
"""Parts of a pixel at which letters are drawn."""
_SIZES = np.linspace(0.95, 1.05, 9)
"""Sizes of type that are tried, as multiples of the one that gives words their width."""
_LEAST = 12.0
"""Smallest size of type, in pixels."""
_OFF = 8
"""How far from its box a word is looked for, in pixels."""
_SOFT = 0.8
"""Blur under which drawn and printed words are compared, in pixels."""
_HALF = 0.5
_LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

Grey = npt.NDArray[np.float32]
"""How much of each pixel is ink, from 0 to 1."""


class Face(NamedTuple):
    """A font, its size in pixels, and the share of a pixel from which it is printed as ink."""

    path: str
    size: float
    level: float = _HALF


class Shape(NamedTuple):
    """The ink of a word (1 where it is dark), and its corner from where the pen begins."""

    ink: Pixels
    left: int
    top: int


class Place(NamedTuple):
    """Where words stand: their face, the pen at their start, the baseline; from 0 to 1 how like."""

    face: Face
    left: int
    baseline: int
    likeness: float


@cache
def font_paths() -> tuple[str, ...]:
    """The fonts of this computer that are like those official documents are set in, if any."""
    families = lexicon("print_fonts")["families"]
    return next((tuple(paths) for paths in families if all(map(os.path.isfile, paths))), ())


@lru_cache(maxsize=64)
def _font(path: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def advance(text: str, face: Face) -> float:
    """Length of a text with the blank behind it, in pixels, letters set as offices do: apart."""
    return sum(_width(char, face.path, face.size) for char in text + " ")


@lru_cache(maxsize=4096)
def _width(char: str, path: str, size: float) -> float:
    return _font(path, size).getlength(char)


@lru_cache(maxsize=4096)
def shape_of(text: str, face: Face) -> Shape:
    """A text as it is printed in a face."""
    grey, left, top = _drawn(text, face)
    ink = (grey >= face.level).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(ink)
    return Shape(ink[y : y + height, x : x + width], left + x, top + y)


def _drawn(text: str, face: Face) -> tuple[Grey, int, int]:
    """A text, and its corner from the pen on the baseline."""
    above, below = _height(face.size)
    width = round(advance(text, face)) + 4 * _MARGIN
    paper, pen = np.zeros((above + below, width), np.float32), float(_MARGIN)
    for char in text:
        x, part = divmod(round(pen * _PARTS), _PARTS)
        letter = _letter(char, face.path, face.size, part)
        place = paper[:, x - _MARGIN :][:, : letter.shape[1]]
        np.maximum(place, letter, out=place)
        pen += _width(char, face.path, face.size)
    return paper, -_MARGIN, -above


def _height(size: float) -> tuple[int, int]:
    """Room above and below the baseline for letters with their marks."""
    return round(1.2 * size), round(0.4 * size)


@lru_cache(maxsize=2048)
def _letter(char: str, path: str, size: float, part: int) -> Grey:
    """A letter whose pen is `_MARGIN` pixels in and `part` parts of a pixel further."""
    above, below = _height(size)
    width = round(_width(char, path, size)) + 2 * _MARGIN
    image = Image.new("L", (width, above + below), 0)
    pen = (_MARGIN + part / _PARTS, above)
    ImageDraw.Draw(image).text(pen, char, 255, _font(path, size), anchor="ls")
    return np.asarray(image, np.float32) / np.float32(255)


def place_of(ink: Pixels, words: Sequence[OcrWord]) -> Place | None:
    """Where and in which face words are printed that were surely read; None without fonts."""
    text = " ".join(word.text for word in words)
    box = (
        min(word.box[0] for word in words),
        min(word.box[1] for word in words),
        max(word.box[2] for word in words),
        max(word.box[3] for word in words),
    )
    found = [
        place
        for path in font_paths()
        for share in _SIZES
        if (place := _laid_over(ink, text, box, _sized(path, text, box, float(share))))
    ]
    best = max(found, key=lambda place: place.likeness, default=None)
    return best and best._replace(face=_as_heavy(ink, text, best))


def _sized(path: str, text: str, box: PixelBox, share: float) -> Face:
    """A face in which a text is `share` times as wide as its box."""
    columns = np.flatnonzero(_drawn(text, Face(path, 100.0))[0].max(axis=0) >= _HALF)
    return Face(path, round(100 * share * (box[2] - box[0]) / (columns[-1] - columns[0] + 1), 2))


def _laid_over(ink: Pixels, text: str, box: PixelBox, face: Face) -> Place | None:
    """The place near its box where a text lies best on the ink."""
    if face.size < _LEAST:
        return None
    drawn, left, top = _drawn(text, face)
    x0, y0 = max(box[0] - _OFF, 0), max(box[1] - _OFF, 0)
    window = ink[y0 : box[3] + _OFF, x0 : box[2] + _OFF].astype(np.float32)
    right, down, width, height = cv2.boundingRect((drawn >= face.level).astype(np.uint8))
    part = drawn[down : down + height, right : right + width]
    if part.shape[0] > window.shape[0] or part.shape[1] > window.shape[1]:
        return None
    soft = [cv2.GaussianBlur(picture, (0, 0), _SOFT) for picture in (window, part)]
    likeness = cv2.matchTemplate(soft[0], soft[1], cv2.TM_CCOEFF_NORMED)
    _, most, _, (x, y) = cv2.minMaxLoc(likeness)
    return Place(face, x0 + x - right - left, y0 + y - down - top, float(most))


def _as_heavy(ink: Pixels, text: str, place: Place) -> Face:
    """The face at the level at which a text has as much ink as is printed there."""
    drawn, left, top = _drawn(text, place.face)
    x, y = place.left + left, place.baseline + top
    printed = ink[max(y, 0) : y + drawn.shape[0], max(x, 0) : x + drawn.shape[1]].sum()
    level = min(_LEVELS, key=lambda level: abs(int((drawn >= level).sum()) - int(printed)))
    return place.face._replace(level=level)
