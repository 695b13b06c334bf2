"""Time the questions people ask, for our index, plain FTS5 and tantivy.

    python bench/search/run.py /var/tmp/bench [--rounds 20] [--no-tantivy] [--clock cpu]

Prints a Markdown table of p50/p95 in milliseconds; each round asks for another word or page.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

from pipeline.store import columns
from pipeline.store.fts import FtsIndex
from pipeline.store.query import Facet, Query
from pipeline.store.search import SearchIndex
from pipeline.store.tantivy_index import TantivyIndex, build, is_built, tantivy_path

DAY = dt.date(2024, 6, 30)
COMMON, RARE = '"cải cách hành chính"', '"đường dây nóng"'
FACETS: tuple[Facet, ...] = get_args(Facet)
WORDS = ("hồ sơ quá hạn", "rà soát", "khắc phục ngay", "triển khai đồng bộ", "niêm yết", "kiểm tra",
         "chưa kịp thời", "giải quyết đúng hạn", "đại diện", "đẩy mạnh")  # fmt: skip
QUESTIONS: dict[str, Callable[[int], Query]] = {
    "exact phrase, common": lambda n: Query(text='"cải cách hành chính"'),
    "exact phrase, rare": lambda n: Query(text='"đường dây nóng"', labels=()),
    "plain accented words": lambda n: Query(text="hồ sơ quá hạn"),
    "accent-free words": lambda n: Query(text="khac phuc ngay ton tai"),
    "mixed filters": lambda n: Query(
        text='"cải cách hành chính"', labels=("task",), agencies=("Sở Y tế",),
        dated_from=str(2012 + n % 8), dated_to=str(2014 + n % 8),
    ),
    "overdue with filters": lambda n: Query(
        text="rà soát", agencies=("Sở Nội vụ",), overdue_on=DAY, dated_from=str(2012 + n % 8),
    ),
    "overdue, no text": lambda n: Query(overdue_on=DAY, sort="due", labels=("task",), limit=20,
                                        agencies=("Sở Tư pháp",)),
    "facets, common": lambda n: Query(text=COMMON, facets=FACETS),
    "facets, rare": lambda n: Query(text=RARE, facets=FACETS),
    "facets, other words each time": lambda n: Query(text=WORDS[n % len(WORDS)], facets=FACETS),
    "facets of filters alone": lambda n: Query(
        labels=("shortcoming",), dated_from=str(2010 + n % 12), facets=FACETS,
    ),
    "newest first": lambda n: Query(text=WORDS[n % len(WORDS)], sort="newest"),
    "all titles, newest first": lambda n: Query(units=("title",), sort="newest"),
    "prefix": lambda n: Query(text="khac ph*"),
    "document number": lambda n: Query(text=f"{100 + n}/TB-SO"),
}  # fmt: skip


CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
clock = time.perf_counter


def timed(ask: Callable[[], Any]) -> float:
    start = clock()
    ask()
    return (clock() - start) * 1000


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} / {ordered[int(len(ordered) * 0.95) - 1]:.1f}"


def ask_all(engine: SearchIndex, rounds: int) -> dict[str, str]:
    columns._open.clear()  # as in a process that has just begun
    first = timed(lambda: engine.search(QUESTIONS["facets, common"](0)))
    found = {"first question of a process, with facets": f"{first:.1f}"}
    for name, make in QUESTIONS.items():
        engine.search(make(0))
        found[name] = percentiles(
            [timed(lambda m=make, n=n: engine.search(m(n))) for n in range(rounds)]
        )
    found["paging, 10 pages on"] = percentiles(_paging(engine, rounds))
    return found


def _paging(engine: SearchIndex, rounds: int) -> list[float]:
    times: list[float] = []
    query = Query(text="hồ sơ quá hạn")
    for _ in range(max(rounds, 10)):
        start = clock()
        hits = engine.search(query)
        times.append((clock() - start) * 1000)
        if hits.cursor is None:
            break
        query = query.model_copy(update={"cursor": hits.cursor})
    return times


def plain_fts5(out: Path, rounds: int) -> tuple[dict[str, str], float, int]:
    """The stock way: one column, remove_diacritics 2, ranked by bm25."""
    path = out / "plain.sqlite"
    fresh = not path.exists()
    with closing(sqlite3.connect(path)) as connection:
        start = time.perf_counter()
        if fresh:
            connection.execute("ATTACH ? AS source", (str(out / "index" / "store.sqlite"),))
            connection.execute(
                "CREATE VIRTUAL TABLE plain USING"
                " fts5(text, tokenize='unicode61 remove_diacritics 2')"
            )
            connection.execute(
                "INSERT INTO plain (rowid, text) SELECT rid, exact FROM source.passage_text"
            )
            connection.commit()
        built = time.perf_counter() - start if fresh else 0.0
        found = {}
        for name, match in (
            ("exact phrase, common", '"cai cach hanh chinh"'),
            ("exact phrase, rare", '"duong day nong"'),
            ("plain accented words", "ho AND so AND qua AND han"),
            ("accent-free words", "khac AND phuc AND ngay AND ton AND tai"),
            ("prefix", '"khac ph" *'),
        ):
            times = [timed(lambda m=match: _plain(connection, m)) for _ in range(rounds)]
            found[name] = percentiles(times)
    return found, built, path.stat().st_size


def _plain(connection: sqlite3.Connection, match: str) -> list[Any]:
    sql = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT 20"
    return connection.execute(sql, (match,)).fetchall()


def size(path: Path) -> float:
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(p.stat().st_size for p in files) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--no-tantivy", action="store_true")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu on a busy machine")
    arguments = parser.parse_args()
    globals()["clock"] = CLOCKS[arguments.clock]
    out, rounds = arguments.out, arguments.rounds
    found: dict[str, dict[str, str]] = {}
    engine = FtsIndex.reader(out)
    statements = engine.connection.execute("SELECT count(*) FROM statements").fetchone()[0]
    found["congvan (FTS5)"] = ask_all(engine, rounds)
    engine.close()
    print(f"statements {statements}, index {size(out / 'index' / 'store.sqlite'):.0f} MB")
    plain, seconds, length = plain_fts5(out, rounds)
    found["plain FTS5, remove_diacritics 2"] = plain
    built = f"built in {seconds:.1f} s, " if seconds else ""
    print(f"plain FTS5: {built}{length / 1e6:.0f} MB")
    if not arguments.no_tantivy:
        if not is_built(out):
            start = time.perf_counter()
            build(out)
            print(f"tantivy: built in {time.perf_counter() - start:.1f} s")
        print(f"tantivy: {size(tantivy_path(out)):.0f} MB")
        reader = TantivyIndex.reader(out)
        found["tantivy"] = ask_all(reader, rounds)
        reader.close()
    names = list(found["congvan (FTS5)"])
    print("| question (p50 / p95 ms) | " + " | ".join(found) + " |")
    print("|---" * (len(found) + 1) + "|")
    for name in names:
        print(f"| {name} | " + " | ".join(times.get(name, "–") for times in found.values()) + " |")


if __name__ == "__main__":
    main()
