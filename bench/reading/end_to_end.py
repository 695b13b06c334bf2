"""Labels of documents read from Word files, PDF and scans beside those of their plain text.

`python -m bench.reading.end_to_end --gold DIR [--forms docx,pdf,scan] [--limit N] [--worst N]`:
each labelled text is laid out again, read in each form, understood and scored by
`pipeline.evaluate`. The model has seen the texts; only the differences count.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.reading.degrade import as_tiff, pages, scan
from bench.reading.sheets import Sheet, as_docx, as_pdf, sheet_of
from pipeline.evaluate.counts import Counts
from pipeline.evaluate.gold import GoldDocument, Json, read_gold
from pipeline.evaluate.measure import CORE, Evaluation, evaluate
from pipeline.process import understand
from pipeline.readers import read
from pipeline.record import Record, to_json

DPI = 200
_HEADER = ("kind", "number", "symbol", "issued_on", "place", "issuer", "title", "signer")


def as_scan(sheet: Sheet) -> bytes:
    """The printed sheet scanned in grey at 200 dpi, with a little blur and noise."""
    import numpy as np

    random = np.random.default_rng(1)
    return as_tiff([scan(made, DPI, random) for made in pages(as_pdf(sheet), DPI)], DPI)


FORMS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "docx": ("docx", as_docx),
    "pdf": ("pdf", as_pdf),
    "scan": ("tif", as_scan),
}


def sample(gold: Sequence[GoldDocument], limit: int) -> list[GoldDocument]:
    """Every so-manyth document: names sort by kind, so each kind keeps its share."""
    step = max(1.0, len(gold) / limit) if limit else 1.0
    return [gold[int(index * step)] for index in range(int(len(gold) / step))]


def plain_records(gold: Sequence[GoldDocument]) -> list[Record]:
    """Records of the labelled texts themselves."""
    return [understand(read(one.text.encode(), f"{one.name}.txt")) for one in gold]


def read_again(records: Sequence[Record], form: str) -> Iterator[Json]:
    """Records of the same texts read from another form."""
    suffix, make = FORMS[form]
    for record in records:
        name = record.source.name.removesuffix("txt") + suffix
        yield json.loads(to_json(understand(read(make(sheet_of(record)), name))))


def macro(result: Evaluation, group: str) -> float:
    """Mean F1 of achievement, shortcoming and task."""
    counts = result.groups[group].counts  # type: ignore[index]
    return sum(counts.get(f"labels/{label}", Counts()).f1 or 0.0 for label in CORE) / len(CORE)


def header_f1(result: Evaluation) -> float:
    """F1 over the fields of the header, all documents."""
    total = Counts()
    for field in _HEADER:
        total.merge(result.groups["all"].counts.get(f"fields/{field}", Counts()))
    return total.f1 or 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--limit", type=int, default=0, help="documents; 0 takes all")
    parser.add_argument("--worst", type=int, default=0, help="documents to name for each form")
    options = parser.parse_args()
    gold = sample(read_gold(options.gold), options.limit)
    records = plain_records(gold)
    base = evaluate(gold, [json.loads(to_json(record)) for record in records])
    groups = list(base.groups)
    print(f"{len(gold)} documents; macro-F1 of achievement, shortcoming and task")
    print(f"{'form':8} " + " ".join(f"{group:>9}" for group in groups) + "   all-text  header  s")
    for form in ("text", *options.forms.split(",")):
        start = time.process_time()
        result = base if form == "text" else evaluate(gold, read_again(records, form))
        row = " ".join(f"{macro(result, group):9.4f}" for group in groups)
        lost = macro(result, "all") - macro(base, "all")
        spent = time.process_time() - start
        print(f"{form:8} {row}   {lost:+.4f}  {header_f1(result):.4f}  {spent:.0f}", flush=True)
        for line in worst(base, result, options.worst):
            print("   ", line)


def worst(base: Evaluation, result: Evaluation, count: int) -> list[str]:
    """The documents that lost most units, with the first of them."""
    before = {score.name.rsplit(".", 1)[0]: score for score in base.documents}
    rows = []
    for score in result.documents:
        other = before[score.name.rsplit(".", 1)[0]]
        known = {(m.measure, m.text) for m in other.mistakes}
        new = [m for m in score.mistakes if (m.measure, m.text) not in known]
        labels = [m for m in new if m.measure.startswith("labels/")]
        rows.append((score.wrong_units - other.wrong_units, score.name, labels))
    rows.sort(key=lambda row: -row[0])
    return [
        f"{lost:+d} {name} " + " | ".join(f"{m.wanted}>{m.got}: {m.text[:70]}" for m in labels[:4])
        for lost, name, labels in rows[:count]
        if lost > 0
    ]


if __name__ == "__main__":
    main()
