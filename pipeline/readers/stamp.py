"""Round stamps in the colour of the print: where they are, and the page without their rings.

A red stamp is taken off by its colour (`preprocess`). A black one, on photocopies and on pages
scanned in black and white, runs into the letters it touches. Its rings are circles, and letters
are not: seen from the centre of the stamp, a ring is a long level stroke.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.readers.ink import dark_of
from pipeline.readers.ocr import Pixels

_RADII = (0.55, 0.95)
"""Smallest and largest radius of the outer ring of a stamp, in inches: 36 to 42 mm across."""
_SEEN_AT = 100
"""Dots per inch at which circles are looked for."""
_ROUND = 0.6
"""How nearly a ring must be a circle, from 0 to 1."""
_ARC = 0.2
"""Shortest piece of a ring in inches: longer than the level strokes of letters."""
_GAP = 5
"""Breaks in a ring that count for nothing, in pixels."""
_STROKE, _THICK = 3, 15
"""Ink on both sides from which a letter runs through a ring, and the thickest ring, in pixels."""
_INNER, _OUTER = 0.62, 1.2
"""Between which multiples of its radius a stamp has rings."""


class Stamp(NamedTuple):
    """The outer ring of a stamp, in pixels."""

    x: float
    y: float
    radius: float


def stamp_on(pixels: Pixels, dpi: int) -> Stamp | None:
    """The largest round stamp on a grey page or a part of one."""
    scale = _SEEN_AT / dpi
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    least, most = (round(radius * _SEEN_AT) for radius in _RADII)
    found = cv2.HoughCircles(
        cv2.GaussianBlur(small, (3, 3), 0),
        cv2.HOUGH_GRADIENT_ALT,
        dp=1.5,
        minDist=least,
        param1=200,
        param2=_ROUND,
        minRadius=least,
        maxRadius=most,
    )
    if found is None:
        return None
    circles = (np.asarray(found, np.float64).reshape(-1, np.shape(found)[-1]) / scale).tolist()
    return max((Stamp(x, y, radius) for x, y, radius, *_ in circles), key=lambda it: it.radius)


def without_rings(pixels: Pixels, dpi: int, stamp: Stamp) -> Pixels:
    """A grey page whose stamp has no rings; letters that run through them stay whole."""
    dark = dark_of(pixels)
    rows, columns = _seen_from_centre(stamp, pixels.shape)
    ink, ring = dark[rows, columns], _rings(dark[rows, columns], dpi, stamp)
    letters = cv2.morphologyEx(ink & (1 - ring), cv2.MORPH_OPEN, np.ones((1, _STROKE), np.uint8))
    through = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, _THICK), np.uint8))
    gone = (ring > 0) & (np.asarray(through) == 0)
    erased, kept = np.zeros_like(dark), np.zeros_like(dark)
    erased[rows[gone], columns[gone]] = 1
    other = ink.astype(bool) & ~gone
    kept[rows[other], columns[other]] = 1
    around = cv2.dilate(erased, np.ones((3, 3), np.uint8))
    paper = np.percentile(pixels[::7, ::7], 80)
    return np.where((around > 0) & (kept == 0), paper, pixels).astype(np.uint8)


def rings_on(pixels: Pixels, dpi: int, stamp: Stamp) -> Pixels:
    """1 on the rings of a stamp and next to them, where nobody can tell what is under them."""
    rows, columns = _seen_from_centre(stamp, pixels.shape)
    dark = dark_of(pixels)
    found = _rings(dark[rows, columns], dpi, stamp) > 0
    rings = np.zeros_like(dark)
    rings[rows[found], columns[found]] = 1
    return np.asarray(cv2.dilate(rings, np.ones((3, 3), np.uint8)), np.uint8)


def _rings(ink: Pixels, dpi: int, stamp: Stamp) -> Pixels:
    """The rings in the ink as it is seen from the centre."""
    ring = _arcs(ink, round(_ARC * dpi))
    ring[:, : round(_INNER * stamp.radius)] = 0
    return ring


def _seen_from_centre(
    stamp: Stamp, shape: tuple[int, ...]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Row and column of the pixel in each direction (down) and at each distance (across)."""
    angles = np.linspace(0, 2 * np.pi, round(7.5 * stamp.radius), endpoint=False)[:, None]
    reach = np.arange(round(_OUTER * stamp.radius))[None]
    rows = np.rint(stamp.y + reach * np.sin(angles)).astype(np.intp)
    columns = np.rint(stamp.x + reach * np.cos(angles)).astype(np.intp)
    return rows.clip(0, shape[0] - 1), columns.clip(0, shape[1] - 1)


def _arcs(ink: Pixels, shortest: int) -> Pixels:
    """The long strokes that keep their distance from the centre, all the way round."""
    wrapped = np.vstack([ink[-2 * shortest :], ink, ink[: 2 * shortest]])
    thicker = cv2.dilate(wrapped, np.ones((1, 2), np.uint8))  # a circle is never quite one
    whole = cv2.morphologyEx(thicker, cv2.MORPH_CLOSE, np.ones((_GAP, 1), np.uint8))
    arcs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((shortest, 1), np.uint8))
    return np.asarray(arcs, np.uint8)[2 * shortest : -2 * shortest].copy()
