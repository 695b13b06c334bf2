"""Whether the text layer of a PDF page can be trusted, needs decoding, or must be read by OCR."""

from __future__ import annotations

from enum import StrEnum

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.readers.pdf_words import PdfText
from pipeline.text.syllables import vscore

_LITTLE_TEXT = 400
"""Fewer characters over a picture of the page are a stamp or a note, not its text."""
_IMAGE_SHARE = 0.5
_BROKEN_SHARE = 0.1
_GARBAGE_SCORE = 0.6


class Verdict(StrEnum):
    """What the text layer of a page is."""

    TEXT = "text"
    OCR_LAYER = "ocr-layer"
    """Invisible text over a picture of the page, made by someone else's OCR."""
    LEGACY = "legacy"
    """Letters of a TCVN3 or VNI font."""
    GARBAGE = "garbage"
    SCAN = "scan"
    EMPTY = "empty"


def judge(page: pdfium.PdfPage, text: PdfText) -> Verdict:
    """The verdict on one page."""
    pictured = text.characters < _LITTLE_TEXT or text.invisible
    share = largest_image_share(page) if pictured else 0.0
    if share > _IMAGE_SHARE:
        return Verdict.OCR_LAYER if text.invisible else Verdict.SCAN
    if not text.characters:
        return Verdict.EMPTY
    if text.broken > _BROKEN_SHARE * text.characters:
        return Verdict.GARBAGE
    return Verdict.TEXT


def score(text: PdfText) -> float:
    """How Vietnamese the text layer looks, 0 to 1."""
    return vscore(" ".join(line.text for line in text.lines))


def largest_image_share(page: pdfium.PdfPage) -> float:
    """Share of the page that its largest picture covers."""
    width, height = page.get_size()
    largest = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
    return float(min(1.0, largest / max(width * height, 1.0)))
