"""Recall of the first ten answers to 100 questions about the samples.

python bench/search/relevance.py        prints the misses and the figures
"""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.process import process
from pipeline.store import index
from pipeline.store.files import write_record
from pipeline.store.query import Query
from pipeline.store.search import Hits, searcher
from pipeline.text.fold import fold

ROOT = Path(__file__).resolve().parents[2]
SCANS = ("tb-hop-scan", "cd-mua-lu")
"""Samples that need OCR are left out: their words are not those of search."""
ACCENTED = ("phrase", "words", "number")


@dataclass
class Result:
    """Figures over all questions."""

    wanted: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.wanted


def questions() -> list[dict[str, str]]:
    lines = (ROOT / "bench" / "search" / "relevance.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def make_store(out: Path) -> None:
    ids = []
    for folder in sorted((ROOT / "samples").iterdir()):
        sources = sorted(folder.glob("source.*")) if folder.name not in SCANS else []
        for source in sources:
            record = process(source.read_bytes(), source.name)
            write_record(out, record, durable=False)
            ids.append(record.id)
    index.update(out, ids)


def measure(out: Path) -> Result:
    result = Result()
    engine = searcher(out)
    for row in questions():
        hits = engine.search(Query(text=row["query"], limit=10))
        for wanted in row["wanted"].split(" | "):
            result.wanted += 1
            if _has(hits, wanted):
                result.found += 1
            else:
                result.misses.append(f"{row['query']} -> {wanted}")
        if _accents_late(hits):
            result.out_of_order.append(row["query"])
    engine.close()
    return result


def _has(hits: Hits, wanted: str) -> bool:
    if wanted.startswith("code:"):
        code = wanted.removeprefix("code:")
        return bool(hits.items) and hits.items[0].code == code
    text = fold(wanted)
    return any(text in fold(" ".join(hit.text.split())) for hit in hits.items)


def _accents_late(hits: Hits) -> bool:
    """Whether a match with the accents of the query stands below one without."""
    tiers = [hit.tier in ACCENTED for hit in hits.items]
    return tiers != sorted(tiers, reverse=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        make_store(Path(temporary))
        figures = measure(Path(temporary))
    print(*figures.misses, sep="\n")
    print(f"recall@10 {figures.recall:.3f} ({figures.found} of {figures.wanted})")
    print(f"accented matches below others: {len(figures.out_of_order)}")
