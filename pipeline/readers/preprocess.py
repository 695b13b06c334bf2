"""Repairs of a scanned page before OCR, each made only when a measurement asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.readers.ocr import Pixels

Matrix = npt.NDArray[np.float64]
"""3 by 3, from pixels of the prepared page to pixels of the page as it was given."""

_RED_EXCESS = 35
"""Red above green and blue, of 255, that makes a pixel stamp ink."""
_RED_SHARE = 0.0004
_SAMPLE = 4
"""Of how many rows and columns one is looked at for colour: stamps have thousands of pixels."""
_SKEW_DEGREES = 0.3
_MAX_SKEW = 6.0
_LOW_DPI = 130
_RAISED_DPI = 300
_HIGH_DPI = 260
_LOWERED_DPI = 200
_SPECKS_TO_LETTERS = 0.6
_SHADE_RANGE = 40
"""Darkest to lightest paper, of 255, from which the paper is made even."""
_SIDEWAYS = 1.6
_STRIP = 32
"""Width in pixels of the strips of a page at 100 dots per inch that are moved to find its skew."""

cv2.setNumThreads(1)  # one process a core


@dataclass(frozen=True)
class Prepared:
    """A page ready for OCR: grey pixels, their resolution, what was done and the way back."""

    pixels: Pixels
    dpi: int
    steps: tuple[str, ...] = ()
    back: Matrix = field(default_factory=lambda: np.eye(3))

    def done(self, step: str, pixels: Pixels, forward: Matrix | None = None) -> Prepared:
        """The page after `step`; `forward` maps old pixels to new ones where they moved."""
        back = self.back if forward is None else self.back @ np.linalg.inv(forward)
        return replace(self, pixels=pixels, steps=(*self.steps, step), back=back)


def prepare(pixels: Pixels, dpi: int) -> Prepared:
    """All repairs that the page asks for."""
    grey, stamped = _without_red(pixels)
    page = Prepared(grey, dpi, ("red-stamp",) if stamped else ())
    bilevel = is_bilevel(grey)
    if not bilevel:
        page = _evened(page)
    page = _resized(page, bilevel=bilevel)
    page = _unspeckled(page)
    ink = _small_ink(page)
    upright = _upright(page, ink)
    return _levelled(upright, ink if upright is page else _small_ink(upright))


def turned_over(page: Prepared) -> Prepared:
    """The page turned by 180°."""
    height, width = page.pixels.shape
    forward = np.array([[-1.0, 0, width], [0, -1.0, height], [0, 0, 1]])
    return page.done("turn-180", np.ascontiguousarray(page.pixels[::-1, ::-1]), forward)


def is_bilevel(grey: Pixels) -> bool:
    """Whether the page has (almost) only black and white."""
    sample = grey[:: max(1, grey.shape[0] // 400), :: max(1, grey.shape[1] // 400)]
    return bool(((sample < 8) | (sample > 247)).mean() > 0.995)


def _without_red(pixels: Pixels) -> tuple[Pixels, bool]:
    """Grey pixels; where there is red ink, the red channel, in which that ink is light."""
    if pixels.ndim == 2:
        return pixels, False
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    if not _has_colour(pixels[::_SAMPLE, ::_SAMPLE]):
        return grey, False
    red, green, blue = cv2.split(pixels)
    excess = cv2.subtract(red, cv2.max(green, blue))
    mask = cv2.threshold(excess, _RED_EXCESS, 255, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(mask) < _RED_SHARE * mask.size:
        return grey, False
    near = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    paper = float(np.percentile(grey[::7, ::7], 80))
    ink = float(np.percentile(red[mask > 0], 40))
    lighter = np.clip(red.astype(np.float32) * (paper / max(min(ink, paper), 60.0)), 0, paper)
    cleaned = np.where(near > 0, np.maximum(lighter.astype(np.uint8), grey), grey)
    return np.ascontiguousarray(cleaned), True


def _has_colour(sample: Pixels) -> bool:
    """Whether any pixel is far from grey."""
    return bool((sample[:, :, 0].astype(int) - sample[:, :, 1:].max(axis=2) > _RED_EXCESS).any())


def _evened(page: Prepared) -> Prepared:
    """Divide by the paper where its shade changes over the page."""
    height, width = page.pixels.shape
    small = cv2.resize(page.pixels, (max(width // 8, 1), max(height // 8, 1)), interpolation=3)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    low, high = np.percentile(paper, (2, 98))
    if high - low < _SHADE_RANGE:
        return page
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    even = np.asarray(cv2.divide(page.pixels, np.maximum(full, 1), scale=245), np.uint8)
    return page.done("even-paper", even)


def _resized(page: Prepared, *, bilevel: bool) -> Prepared:
    """Raise a low resolution, lower a needlessly high one."""
    if page.dpi < _LOW_DPI and not bilevel:
        target, step, how = _RAISED_DPI, "upscale", cv2.INTER_CUBIC
    elif page.dpi > _HIGH_DPI:
        target, step, how = _LOWERED_DPI, "downscale", cv2.INTER_AREA
    else:
        return page
    scale = target / page.dpi
    pixels = _scaled(page.pixels, scale, how)
    return replace(page.done(step, pixels, np.diag([scale, scale, 1.0])), dpi=target)


def _scaled(pixels: Pixels, scale: float, how: int) -> Pixels:
    height, width = pixels.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _unspeckled(page: Prepared) -> Prepared:
    """Wipe out lone dots smaller than any mark of a letter, when there are many."""
    _, dark = cv2.threshold(page.pixels, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = np.asarray(dark, np.uint8)
    largest = max(4, round(4 * (page.dpi / 200) ** 2))
    quarter = ink.shape[0] // 4
    if not _is_dusty(ink[quarter : ink.shape[0] - quarter], largest):
        return page
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tiny = np.asarray(stats)[:, cv2.CC_STAT_AREA] <= largest
    small = tiny[labels] & (ink > 0)
    reach = max(3, round(page.dpi * 0.02)) | 1
    big = ((ink > 0) & ~small).astype(np.uint8)
    near = cv2.dilate(big, np.ones((reach, reach), np.uint8))
    lone = small & (near == 0)
    wide = cv2.dilate(lone.astype(np.uint8), np.ones((3, 3), np.uint8))
    paper = int(np.median(page.pixels))
    return page.done("specks", np.where(wide & (big == 0), paper, page.pixels).astype(np.uint8))


def _is_dusty(ink: Pixels, largest: int) -> bool:
    """Whether dots of at most `largest` pixels are many, beside the letters of half a page."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = np.asarray(stats)[1:, cv2.CC_STAT_AREA]
    letters = int((areas > 6 * largest).sum())
    return bool((areas <= largest).sum() >= _SPECKS_TO_LETTERS * max(letters, 25))


def _small_ink(page: Prepared) -> npt.NDArray[np.float32]:
    """The ink of the page at about 100 dots per inch."""
    small = _scaled(page.pixels, 100 / page.dpi, cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return np.asarray(ink, np.float32)


def _stripes(rows: npt.NDArray[Any]) -> float:
    """How sharply lines of text alternate with blanks, from the ink of each row."""
    return float((np.diff(rows) ** 2).sum())


def _upright(page: Prepared, ink: npt.NDArray[np.float32]) -> Prepared:
    """Turn by 90° when the lines run from top to bottom; which end is up shows only in OCR."""
    across = _stripes(ink.sum(axis=1)) / max(ink.shape[1], 1)
    down = _stripes(ink.sum(axis=0)) / max(ink.shape[0], 1)
    if down < _SIDEWAYS * across or _stripes_when_level(ink.T) < _stripes_when_level(ink):
        return page  # the lines run across, level or skewed
    height, _ = page.pixels.shape
    forward = np.array([[0, -1.0, height], [1.0, 0, 0], [0, 0, 1]])
    return page.done("turn-90", np.ascontiguousarray(np.rot90(page.pixels, -1)), forward)


def _stripes_when_level(ink: npt.NDArray[Any]) -> float:
    """The stripes of a page once its skew is taken back, for each pixel of its width."""
    return float(_stripes(_rows_when_turned(_strips(ink), _skew(ink))) / max(ink.shape[1], 1))


def skew_of(page: Prepared) -> float:
    """Degrees by which the page must be turned anticlockwise to make its lines level."""
    return _skew(_small_ink(page))


def _skew(ink: npt.NDArray[Any]) -> float:
    """The turn with the sharpest lines."""
    strips, best = _strips(ink), 0.0
    for step, reach in ((1.0, _MAX_SKEW), (0.25, 1.0), (0.05, 0.25)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _stripes(_rows_when_turned(strips, angle))))
    return best


def _strips(ink: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """The ink of each row (across) of each strip of columns (down)."""
    height, width = ink.shape
    count = max(width // _STRIP, 1)
    whole = np.ascontiguousarray(ink[:, : count * _STRIP])
    narrow = cv2.resize(whole, (count, height), interpolation=cv2.INTER_AREA)
    return np.asarray(np.asarray(narrow).T * (whole.shape[1] / count), np.float32)


def _rows_when_turned(strips: npt.NDArray[np.float32], degrees: float) -> npt.NDArray[np.float32]:
    """The ink of each row of the page turned anticlockwise.

    Strips are moved up and down in place of turning every pixel: at the few degrees that scans are
    skewed by, that is the same.
    """
    count, height = strips.shape
    middles = _STRIP * (np.arange(count) + 0.5 - count / 2)
    rows = np.zeros(height, np.float32)
    for strip, move in zip(strips, np.rint(np.tan(np.radians(degrees)) * middles), strict=True):
        shift = int(move)
        if abs(shift) < height:
            rows[max(-shift, 0) : height - max(shift, 0)] += strip[
                max(shift, 0) : height + min(shift, 0)
            ]
    return rows


def _rotated(
    pixels: npt.NDArray[Any], degrees: float, fill: int = 0
) -> tuple[npt.NDArray[Any], Matrix]:
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    how = cv2.INTER_CUBIC if pixels.dtype == np.uint8 else cv2.INTER_NEAREST
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=how, borderValue=fill)
    return np.asarray(turned), np.vstack([matrix, [0, 0, 1]])


def _levelled(page: Prepared, ink: npt.NDArray[np.float32]) -> Prepared:
    """Turn skewed lines level."""
    degrees = _skew(ink)
    if not _SKEW_DEGREES < abs(degrees) <= _MAX_SKEW:
        return page
    fill = int(np.percentile(page.pixels[::7, ::7], 80))
    pixels, forward = _rotated(page.pixels, degrees, fill)
    return page.done("deskew", np.asarray(pixels, np.uint8), forward)
