"""The straight rules drawn on a PDF page: lines, edges of boxes, and boxes as thin as lines."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Box
from pipeline.readers.grid import Rules

_MOST_POINTS = 20_000
"""A page with more points in its paths is a drawing; its rules are not looked at."""
_DEPTH = 4

Point = tuple[float, float]


def rules_of(page: pdfium.PdfPage, place: Callable[[float, float, float, float], Box]) -> Rules:
    """The level and upright rules of `page`, in the frame of `place`; none of a drawing."""
    rules = Rules()
    points = 0
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEPTH):
        points += raw.FPDFPath_CountSegments(path)
        if points > _MOST_POINTS:
            return Rules()
        for box in _strokes(path):
            rules.add(place(*box))
    return rules


def _strokes(path: pdfium.PdfObject) -> Iterator[Box]:
    """Boxes around the straight strokes of a path; a filled path is one stroke if it is thin."""
    fill, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroked)
    for part in _parts(path):
        if stroked.value:
            for (x0, y0), (x1, y1) in pairwise(part):
                yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        elif fill.value:
            xs, ys = [x for x, _ in part], [y for _, y in part]
            yield (min(xs), min(ys), max(xs), max(ys))


def _parts(path: pdfium.PdfObject) -> Iterator[list[Point]]:
    """The points of each unbroken part of a path, in the space of the page; curves are broken."""
    matrix = path.get_matrix()
    around = path.container
    while around is not None:
        matrix = matrix.multiply(around.get_matrix())
        around = around.container
    x, y = ctypes.c_float(), ctypes.c_float()
    part: list[Point] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) != raw.FPDF_SEGMENT_LINETO:
            if len(part) > 1:
                yield part
            part = []
        part.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            part.append(part[0])
    if len(part) > 1:
        yield part
