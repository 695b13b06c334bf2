"""Ruled tables of a PDF page, found by pdfplumber on pages that have rules in both directions."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.readers.printed import RuledTable

_THIN = 2.5
_LONG = 12.0
_ENOUGH_RULES = 3


def ruled_tables(
    pdf: pdfium.PdfDocument, page: pdfium.PdfPage, number: int
) -> tuple[RuledTable, ...]:
    """The tables of `page`, the `number`th (from 1) of `pdf`; boxes as the page is shown."""
    if page.get_rotation() or not _has_grid(page):
        return ()
    import pdfplumber

    with pdfplumber.open(_alone(pdf, number)) as plumber:
        plumbed = plumber.pages[0]
        try:
            left, top = plumbed.bbox[0], plumbed.bbox[1]
            found = [
                RuledTable(
                    _moved(table.bbox, left, top),
                    tuple(
                        tuple(_moved(cell, left, top) for cell in row.cells if cell)
                        for row in table.rows
                    ),
                )
                for table in plumbed.find_tables()
            ]
        finally:
            plumbed.close()
    return tuple(table for table in found if _is_table(table))


def _alone(pdf: pdfium.PdfDocument, number: int) -> io.BytesIO:
    """One page as a PDF of its own: pdfplumber would parse the whole file for each table."""
    single = pdfium.PdfDocument.new()
    try:
        single.import_pages(pdf, [number - 1])
        out = io.BytesIO()
        single.save(out)
    finally:
        single.close()
    return out


def _moved(
    box: tuple[float, float, float, float], left: float, top: float
) -> tuple[float, float, float, float]:
    return (box[0] - left, box[1] - top, box[2] - left, box[3] - top)


def _is_table(table: RuledTable) -> bool:
    """Frames around a text and rules under a heading are no tables."""
    return len(table.rows) >= 2 and max(map(len, table.rows)) >= 2


def _has_grid(page: pdfium.PdfPage) -> bool:
    """Whether there are several level and several upright rules, or boxes that make them."""
    level = upright = 0
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        left, bottom, right, top = path.get_bounds()
        width, height = right - left, top - bottom
        boxed = width > _LONG and height > _LONG
        level += boxed or (width > _LONG and height < _THIN)
        upright += boxed or (height > _LONG and width < _THIN)
        if level >= _ENOUGH_RULES and upright >= _ENOUGH_RULES:
            return True
    return False
