"""The straight rules drawn on a PDF page: lines, edges of boxes, and boxes as thin as lines."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Box
from pipeline.readers.grid import Rules
from pipeline.readers.pdf_words import Place

_MOST_POINTS = 20_000
"""A page with more points in its paths is a drawing; its rules are not looked at."""
_DEPTH = 4

_Path = tuple[Any, pdfium.PdfMatrix]
"""A path of pdfium and the way from its space to that of the page."""


def rules_of(page: pdfium.PdfPage, place: Place) -> Rules:
    """The level and upright rules of `page`, in the frame of `place`; none of a drawing."""
    rules = Rules()
    points = 0
    drawn = (raw.FPDFPage_GetObject(page, i) for i in range(raw.FPDFPage_CountObjects(page)))
    for path, matrix in _paths(drawn, pdfium.PdfMatrix(), _DEPTH):
        points += raw.FPDFPath_CountSegments(path)
        if points > _MOST_POINTS:
            return Rules()
        for box in _strokes(path, matrix):
            rules.add(place(*box))
    return rules


def _paths(drawn: Iterator[Any], outer: pdfium.PdfMatrix, depth: int) -> Iterator[_Path]:
    """The paths among objects, also inside forms; pypdfium2's own walk takes ten times as long."""
    for item in drawn:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield item, _matrix_of(item).multiply(outer)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth > 1:
            count = raw.FPDFFormObj_CountObjects(item)
            inner = (raw.FPDFFormObj_GetObject(item, index) for index in range(count))
            yield from _paths(inner, _matrix_of(item).multiply(outer), depth - 1)


def _matrix_of(item: Any) -> pdfium.PdfMatrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return pdfium.PdfMatrix.from_raw(matrix)


def _strokes(path: Any, matrix: pdfium.PdfMatrix) -> Iterator[Box]:
    """Boxes around the straight strokes of a path; a filled path is one stroke if it is thin."""
    fill, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroked)
    for part in _parts(path, matrix):
        if stroked.value:
            for (x0, y0), (x1, y1) in pairwise(part):
                yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        elif fill.value:
            xs, ys = zip(*part, strict=True)
            yield (min(xs), min(ys), max(xs), max(ys))


def _parts(path: Any, matrix: pdfium.PdfMatrix) -> Iterator[list[tuple[float, float]]]:
    """The points of each unbroken part of a path, in the space of the page; curves are broken."""
    x, y = ctypes.c_float(), ctypes.c_float()
    part: list[tuple[float, float]] = []
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
