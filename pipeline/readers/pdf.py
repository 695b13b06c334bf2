"""PDF: digital text by geometry, scanned pages by OCR, decided page by page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Document, ReadIssue
from pipeline.errors import CorruptFileError, EncryptedFileError
from pipeline.readers.compose import Composer
from pipeline.readers.limits import Limits, within
from pipeline.readers.pdf_verdict import Verdict, judge
from pipeline.readers.pdf_words import PdfText, read_words
from pipeline.readers.printed import PrintedPage
from pipeline.readers.scan import Scan, read_scan
from pipeline.text.assemble import Assembler

_DPI = 200
_PASSWORD_ERRORS = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def read_pdf(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """Read every page, its text layer where that is sound and OCR where it is not.

    Raises EncryptedFileError, CorruptFileError, LimitError.
    """
    out = Assembler()
    composer = Composer(out)
    issues: list[ReadIssue] = []
    reading: dict[str, str] = {}
    with _opened(data) as pdf:
        within("max_pages", len(pdf), limits.max_pages)
        for number in range(1, len(pdf) + 1):
            composer.add(_read_page(pdf, number, limits, issues, reading))
        composer.finish()
    return out.document(data, name=name, media_type=media_type, issues=issues, reading=reading)


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


def _read_page(
    pdf: pdfium.PdfDocument,
    number: int,
    limits: Limits,
    issues: list[ReadIssue],
    reading: dict[str, str],
) -> PrintedPage:
    try:
        page = pdf[number - 1]
    except pdfium.PdfiumError as error:
        issues.append(_issue("page-unreadable", "error", f"page {number}: {error}"))
        return PrintedPage(number, 595.0, 842.0, "text")
    try:
        text = read_words(page)
        verdict = judge(page, text)
        if verdict in (Verdict.TEXT, Verdict.OCR_LAYER):
            return _text_page(page, number, text, verdict)
        return _ocr_page(page, number, text, limits, issues, reading)
    finally:
        page.close()


def _text_page(page: pdfium.PdfPage, number: int, text: PdfText, verdict: Verdict) -> PrintedPage:
    width, height = page.get_size()
    return PrintedPage(
        number=number,
        width=width,
        height=height,
        source="text" if verdict is Verdict.TEXT else "ocr-layer",
        lines=text.lines,
        strays=text.strays,
        confidence=1.0 if verdict is Verdict.TEXT else None,
    )


def _ocr_page(
    page: pdfium.PdfPage,
    number: int,
    text: PdfText,
    limits: Limits,
    issues: list[ReadIssue],
    reading: dict[str, str],
) -> PrintedPage:
    width, height = page.get_size()
    if not limits.ocr:
        issues.append(_issue("ocr-off", "error", f"page {number} is a scan and OCR is off"))
        return PrintedPage(number, width, height, "text")
    pixels = width * height * (_DPI / 72) ** 2
    within("max_pixels", pixels, limits.max_pixels)
    image = page.render(scale=_DPI / 72, rev_byteorder=True).to_numpy()
    scan = Scan(image[:, :, :3], _DPI, number, width, height)
    return read_scan(scan, limits, issues, reading)


def _issue(code: str, severity: str, message: str) -> ReadIssue:
    return ReadIssue.model_validate({"code": code, "severity": severity, "message": message})
