"""Digital PDF: exactness, speed beside pdfplumber and memory: `python -m bench.reading.pdf`."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2 as pdfium

from bench.reading.render import notices, render
from bench.reading.score import character_and_word_edits, without_page_numbers
from pipeline.document import Document
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf
from pipeline.readers.pdf_words import read_words

PAGES = 300
_CHILD = """
import resource, sys
from pathlib import Path
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf
data = Path(sys.argv[1]).read_bytes()
document = read_pdf(data, name="a.pdf", media_type="application/pdf", limits=Limits())
print(len(document.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def whole(data: bytes) -> Document:
    return read_pdf(data, name="a.pdf", media_type="application/pdf", limits=Limits())


def words_only(data: bytes) -> None:
    for page in pdfium.PdfDocument(data):
        read_words(page)


def plumbed_words(data: bytes) -> str:
    import pdfplumber

    words = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            words += [word["text"] for word in page.extract_words()]
            page.close()
    return " ".join(words)


def pace(reader: Callable[[bytes], object], files: list[bytes], pages: int) -> float:
    """Milliseconds of CPU a page."""
    for data in files:
        reader(data)
    start = time.process_time()
    for data in files:
        reader(data)
    return 1000 * (time.process_time() - start) / pages


def many_pages(files: list[bytes]) -> bytes:
    book = pdfium.PdfDocument.new()
    while len(book) < PAGES:
        for data in files:
            book.import_pages(pdfium.PdfDocument(data))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    rendered = [
        render(notice, family=family) for family in ("serif", "dejavu") for notice in notices()
    ]
    for name, read in (
        ("congvan", lambda data: without_page_numbers(whole(data))),
        ("pdfplumber", plumbed_words),
    ):
        edits = [character_and_word_edits("\n".join(one.body), read(one.pdf)) for one in rendered]
        length = sum(row[1] for row in edits)
        print(f"{name:12} CER {100 * sum(row[0] for row in edits) / length:.4f} % of {length}")
    files = [one.pdf for one in rendered]
    pages = sum(one.pages for one in rendered)
    paces = {read.__name__: pace(read, files, pages) for read in (words_only, whole, plumbed_words)}
    for name, value in paces.items():
        ratio = paces["plumbed_words"] / value
        print(f"{name:14} {value:7.2f} ms a page, {ratio:.1f} times as fast as pdfplumber's words")
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book.pdf"
        book.write_bytes(many_pages(files))
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(book)], capture_output=True, text=True, check=True
        )
    print("pages, peak memory in MB:", done.stdout.strip())


if __name__ == "__main__":
    main()
