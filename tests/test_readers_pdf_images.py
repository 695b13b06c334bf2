"""Pixels of scanned PDF pages: the picture as scanned, without what a portal drew over it."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.readers.limits import Limits
from pipeline.readers.pdf_images import page_pixels

SIZE = (595.0, 842.0)


def page_with(paint) -> pdfium.PdfPage:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=SIZE)
    paint(canvas)
    canvas.save()
    return pdfium.PdfDocument(out.getvalue())[0]


def sheet() -> ImageReader:
    """A white scan with one black bar."""
    pixels = np.full((1169, 826), 255, np.uint8)
    pixels[300:320, 100:700] = 0
    return ImageReader(Image.fromarray(pixels))


def watermark(canvas: Canvas) -> None:
    canvas.beginForm("mark")
    canvas.setFillGray(0.5)
    canvas.rect(100, 200, 300, 60, stroke=0, fill=1)
    canvas.endForm()
    canvas.doForm("mark")


def greys(page: pdfium.PdfPage) -> float:
    """Share of the page that is neither black nor white."""
    pixels, _ = page_pixels(page, Limits())
    return float(((pixels > 100) & (pixels < 156)).mean())


@pytest.mark.parametrize("slant", [0.0, 0.4], ids=["level", "askew"])
def test_what_is_drawn_over_a_scan_is_no_part_of_it(slant):
    def paint(canvas):
        canvas.saveState()
        canvas.rotate(slant)
        canvas.drawImage(sheet(), 0, 0, *SIZE)
        canvas.restoreState()
        watermark(canvas)

    page = page_with(paint)
    assert greys(page) < 0.01
    assert (page_pixels(page, Limits())[0] < 100).mean() > 0.005  # the bar is still there


def test_a_drawing_on_a_page_that_is_no_scan_stays():
    assert greys(page_with(watermark)) > 0.02


def test_two_pictures_side_by_side_both_stay():
    def paint(canvas):
        canvas.drawImage(sheet(), 0, 0, SIZE[0], SIZE[1] * 0.85)
        grey = Image.new("L", (100, 100), 128)
        canvas.drawImage(ImageReader(grey), 0, SIZE[1] * 0.87, 595, 100)

    assert greys(page_with(paint)) > 0.05
