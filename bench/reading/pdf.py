"""Digital PDF: exactness, speed beside pdfplumber and memory: `python -m bench.reading.pdf`."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
ROUNDS = 5
_CHILD = """
import sys
from pathlib import Path
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf
data = Path(sys.argv[1]).read_bytes()
document = read_pdf(data, name="a.pdf", media_type="application/pdf", limits=Limits())
status = Path("/proc/self/status").read_text()
print(len(document.pages), int(status.split("VmHWM:")[1].split()[0]) // 1024)
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


def paces(readers: Sequence[Callable[[bytes], object]], files: list[bytes]) -> list[float]:
    """Seconds of CPU that each reader takes for all files: the best of some rounds in turn."""
    best = [[float("inf")] * len(files) for _ in readers]
    for _ in range(ROUNDS):
        for number, data in enumerate(files):
            for row, reader in zip(best, readers, strict=True):
                start = time.process_time()
                reader(data)
                row[number] = min(row[number], time.process_time() - start)
    return [sum(row) for row in best]


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
    readers = (words_only, whole, plumbed_words)
    seconds = dict(zip(readers, paces(readers, files), strict=True))
    for reader, value in seconds.items():
        print(
            f"{reader.__name__:14} {1000 * value / pages:7.2f} ms a page, "
            f"{seconds[plumbed_words] / value:.1f} times as fast as pdfplumber's words"
        )
    with TemporaryDirectory() as folder:
        book = Path(folder) / "book.pdf"
        book.write_bytes(many_pages(files))
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(book)], capture_output=True, text=True, check=True
        )
    print("pages, peak memory in MB:", done.stdout.strip())


if __name__ == "__main__":
    main()
