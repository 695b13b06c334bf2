"""PDF: digital text by geometry, scanned pages by OCR, decided page by page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Document, PageSource
from pipeline.errors import CorruptFileError, EncryptedFileError
from pipeline.readers.compose import Composer
from pipeline.readers.grid import tables_of
from pipeline.readers.limits import Limits, within
from pipeline.readers.notes import Notes
from pipeline.readers.open_tables import open_tables
from pipeline.readers.pdf_images import page_pixels
from pipeline.readers.pdf_rules import rules_of
from pipeline.readers.pdf_verdict import Verdict, judge
from pipeline.readers.pdf_words import PdfText, place_on, read_words
from pipeline.readers.printed import PrintedLine, PrintedPage
from pipeline.text.assemble import Assembler
from pipeline.text.syllables import vscore

_A4 = (595.0, 842.0)
_PASSWORD_ERRORS = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
_AT_ONCE = 50
"""Pages after which a file is closed and opened again: pdfium keeps all it has parsed till then."""
_TRUSTED_LAYER = 0.85
"""Likeness to Vietnamese from which a foreign OCR layer is kept."""


def read_pdf(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """Read every page, its text layer where that is sound and OCR where it is not.

    Raises EncryptedFileError, CorruptFileError, LimitError.
    """
    out = Assembler()
    composer = Composer(out)
    notes = Notes(limits)
    for page in _pages(data, notes):
        composer.add(page)
    composer.finish()
    return out.document(
        data, name=name, media_type=media_type, issues=notes.issues, reading=notes.reading
    )


def _pages(data: bytes, notes: Notes) -> Iterator[PrintedPage]:
    """Every page, in order; the file is opened anew for every `_AT_ONCE` of them."""
    first, total = 0, 1
    while first < total:
        with _opened(data) as pdf:
            total = len(pdf)
            within("max_pages", total, notes.limits.max_pages)
            for index in range(first, min(first + _AT_ONCE, total)):
                yield _read_page(pdf, index + 1, notes)
        first += _AT_ONCE


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS or "password" in str(error).lower():
            raise EncryptedFileError("the PDF needs a password") from error
        raise CorruptFileError(f"not a readable PDF: {error}") from error
    try:
        yield pdf
    finally:
        pdf.close()


def _read_page(pdf: pdfium.PdfDocument, number: int, notes: Notes) -> PrintedPage:
    try:
        page = pdf[number - 1]
    except pdfium.PdfiumError as error:
        notes.add("page-unreadable", "error", f"page {number}: {error}")
        return PrintedPage(number, *_A4, "text")
    try:
        verdict, text = judge(page, read_words(page))
        if verdict in (Verdict.TEXT, Verdict.LEGACY, Verdict.EMPTY):
            sound = _text_page(page, number, text, "text", verdict)
            rules = rules_of(page, place_on(page, text.turn))
            return replace(sound, tables=tables_of(rules) or open_tables(pdf, number, rules))
        return _doubtful_page(page, number, text, verdict, notes)
    finally:
        page.close()


def _text_page(
    page: pdfium.PdfPage, number: int, text: PdfText, source: PageSource, verdict: Verdict
) -> PrintedPage:
    width, height = page.get_size()
    return PrintedPage(
        number=number,
        width=width,
        height=height,
        source=source,
        lines=text.lines,
        strays=text.strays,
        confidence=1.0 if source == "text" else None,
        steps=("legacy-font",) if verdict is Verdict.LEGACY else (),
    )


def _doubtful_page(
    page: pdfium.PdfPage, number: int, text: PdfText, verdict: Verdict, notes: Notes
) -> PrintedPage:
    """A page whose text layer is missing or not to be trusted: OCR, or the better of both."""
    source: PageSource = "ocr-layer" if verdict is Verdict.OCR_LAYER else "text"
    layer = _text_page(page, number, text, source, verdict)
    likeness = _likeness(layer.lines)
    if verdict is Verdict.OCR_LAYER and (likeness >= _TRUSTED_LAYER or not notes.limits.ocr):
        notes.add("ocr-layer", "info", f"page {number}: text of the OCR layer in the file is kept")
        return layer
    if not notes.limits.ocr:
        notes.add("ocr-off", "error", f"page {number} needs OCR, which is switched off")
        return layer
    from pipeline.readers.scan import Scan, read_scan  # OpenCV: only when a page needs it

    pixels, dpi = page_pixels(page, notes.limits)
    scanned = read_scan(Scan(pixels, dpi, number, layer.width, layer.height), notes)
    if verdict is not Verdict.SCAN and likeness >= _likeness(scanned.lines) - 0.1:
        return layer
    return scanned


def _likeness(lines: tuple[PrintedLine, ...]) -> float:
    return vscore(" ".join(line.text for line in lines))
