"""Heads and signatures of scans: `python -m bench.reading.heads FOLDER TRUTH.tsv`.

Of each scan the first page and that of the signature are read and understood. The truth has a line
for each scan, values apart by tabs: path in FOLDER, number of the page with the signature, then
what is printed as issuer, number, date, place and signer; `-` where it is written by hand.
Anything but the printed value or null is wrong.
"""

from __future__ import annotations

import argparse
import csv
import io
import time
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium

from pipeline.process import understand
from pipeline.readers import read
from pipeline.record import Header

FIELDS = ("issuer", "number", "issued_on", "place", "signer")


def head_and_foot(path: Path, signed: int) -> bytes:
    """A PDF with the first page of another and page `signed` (from 1); a picture as it is."""
    if path.suffix != ".pdf":
        return path.read_bytes()
    source, part, out = pdfium.PdfDocument(path), pdfium.PdfDocument.new(), io.BytesIO()
    part.import_pages(source, sorted({0, signed - 1}))
    part.save(out)
    return out.getvalue()


def values_of(header: Header) -> dict[str, str]:
    """The value of each field as text, or the reason why it is null in angle brackets."""
    found = {}
    for field in FIELDS:
        value = getattr(header, field)
        found[field] = str(value.value) if value else f"<{header.nulls.get(field, 'absent')}>"
    return found


def verdict(read_value: str, truth: str) -> str:
    """What a value counts as: a value that is written by hand may be null."""
    if read_value == truth or (truth == "-" and read_value == "<handwritten>"):
        return "right"
    return "null" if read_value.startswith("<") else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    options = parser.parse_args()
    with options.truth.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if row]
    counts = {field: Counter[str]() for field in FIELDS}
    for name, signed, *printed in rows:
        path = options.folder / name
        start = time.process_time()
        record = understand(read(head_and_foot(path, int(signed)), path.name))
        print(f"{name} ({time.process_time() - start:.1f} s)")
        found = values_of(record.header)
        for field, truth in zip(FIELDS, printed, strict=True):
            kind = verdict(found[field], truth)
            counts[field][kind] += 1
            print(f"  {kind:5} {field:10} {found[field]}" + f"  ({truth})" * (kind != "right"))
    for field, count in counts.items():
        print(f"{field:10} {dict(count)} of {len(rows)}")


if __name__ == "__main__":
    main()
