"""Documents as Word file and as scan: `python -m bench.reading.pairs_real FOLDER [--files n]`.

The Word file, converted by LibreOffice, is the truth. Only the body counts (from the first
"Căn cứ"), on the first pages of each scan: heads and feet of file and signed paper differ.
"first" is the reading without second looks and corrections of words.
"""

from __future__ import annotations

import argparse
import io
import subprocess
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pypdfium2 as pdfium

from bench.reading.__main__ import Tally, bare, timed
from bench.reading.score import cut_out, unified, without_page_numbers
from pipeline.document import Document
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf

_BODY = "Căn cứ"


def truths(files: list[Path]) -> dict[str, str]:
    """The text of Word files by the stem of their names."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", folder),
                *map(str, files),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return {
            path.stem: path.read_text(encoding="utf-8-sig", errors="replace")
            for path in Path(folder).glob("*.txt")
        }


def first_pages(path: Path, count: int) -> bytes:
    source, part, out = pdfium.PdfDocument(path), pdfium.PdfDocument.new(), io.BytesIO()
    part.import_pages(source, list(range(min(count, len(source)))))
    part.save(out)
    return out.getvalue()


def rendered(data: bytes) -> list[np.ndarray]:
    return [
        np.ascontiguousarray(page.render(scale=200 / 72, rev_byteorder=True).to_numpy()[:, :, :3])
        for page in pdfium.PdfDocument(data)
    ]


def ours(data: bytes) -> Document:
    return read_pdf(data, name="a.pdf", media_type="application/pdf", limits=Limits())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--pages", type=int, default=3)
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.doc"))[: options.files]
    known = truths(files)
    total = {name: Tally() for name in ("congvan", "first", "bare")}
    for path in files:
        data = first_pages(path.with_suffix(".pdf"), options.pages)
        pages = rendered(data)
        document, seconds = timed(partial(ours, data))
        read = {
            "congvan": (without_page_numbers(document), seconds),
            "first": (without_page_numbers(document, corrected=False), 0.0),
            "bare": timed(partial(bare, 200, pages)),
        }
        truth = unified(known[path.stem])
        body = cut_out(unified(read["congvan"][0]), truth)
        body = body[body.find(_BODY) :] if _BODY in body else body
        for name, (text, seconds) in read.items():
            tally = Tally()
            for one in (tally, total[name]):
                one.add(body, text, seconds, len(pages))
            print(f"{path.stem} {name:8} CER {tally.cer:6.2f} WER {tally.wer:6.2f}", flush=True)
    for name, tally in total.items():
        print(f"all {name:8} CER {tally.cer:6.2f} WER {tally.wer:6.2f}, {tally.pace:.2f} s a page")


if __name__ == "__main__":
    main()
