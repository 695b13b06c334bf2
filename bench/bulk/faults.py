"""What misfortune costs: poison files, long runs, a ledger of a million rows.

python -m bench.bulk.faults poison --good 20000 --bad 1000
python -m bench.bulk.faults memory --good 100000
python -m bench.bulk.faults ledger --rows 1000000
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from bench.bulk.corpus import make_corpus
from bench.bulk.results import note
from pipeline.bulk.engine import Watch, load
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.run import LoadOptions, Run
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.vitals import resident_mb
from pipeline.bulk.workers import WorkerOptions


def options(out: Path, target: str) -> LoadOptions:
    task = TaskOptions(str(out), keep_sources="none", durable=False)
    workers = WorkerOptions(task, f"bench.bulk.{target}", time_limit=6.0, memory_limit_mb=400)
    return LoadOptions(out, workers, jobs=2, searchable=False)


def poison(folder: Path, good: int, bad: int) -> None:
    """All good ones done, all poison in quarantine with the right reason; what that costs.

    A clean load and one with poison run side by side: whatever else the machine does, it does to
    both. Compared is how many good documents each has done when the first has done all of its own.
    """
    sources = {
        "clean": make_corpus(folder / "clean-in", good),
        "with poison": make_corpus(folder / "poison-in", good, bad=bad, seed=2),
    }
    runs: dict[str, Run] = {}
    with ThreadPoolExecutor(2) as threads:
        futures = {
            name: threads.submit(
                load,
                [source],
                options(folder / name, "targets:timed_record"),
                watch=noting(runs, name),
            )
            for name, source in sources.items()
        }
        while len(runs) < 2 or max(run.counts.done for run in runs.values()) < good:
            time.sleep(0.02)
        done = {name: run.counts.done for name, run in runs.items()}
        report = futures["with poison"].result()
    wrong = [p for p in report.problems if p.reason != Path(p.path).name.split("-")[0]]
    counts, reasons = report.counts, Counter(p.reason for p in report.problems)
    print(
        f"{dict(reasons)}; good ones done in the same time: {done}; {report.seconds:.0f} s in all"
    )
    note("good documents done", f"{good}", f"{counts['done']}", reached=counts["done"] == good)
    measured = f"{counts['quarantined']}, {len(wrong)} with a wrong reason"
    is_right = counts["quarantined"] == bad and not wrong
    note("poison in quarantine with its reason", f"{bad}", measured, reached=is_right)
    share = done["with poison"] / done["clean"]
    note("throughput beside poison", ">= 90 %", f"{100 * share:.0f} %", reached=share >= 0.9)


def noting(runs: dict[str, Run], name: str) -> Watch:
    """Puts a run into `runs` while it lasts."""

    @contextmanager
    def watch(run: Run) -> Iterator[None]:
        runs[name] = run
        yield

    return watch


def watching(look: Callable[[Run], None], every: float) -> Watch:
    @contextmanager
    def watch(run: Run) -> Iterator[None]:
        ended = threading.Event()

        def keep_looking() -> None:
            while not ended.wait(every):
                look(run)

        thread = threading.Thread(target=keep_looking)
        thread.start()
        yield
        ended.set()
        thread.join()

    return watch


def memory(folder: Path, good: int) -> None:
    """Resident memory of the parent and of the largest worker from document 1,000 to the end."""
    samples: list[tuple[int, float, float]] = []

    def look(run: Run) -> None:
        workers = [resident_mb(pid) for pid in run.pool.pids()]
        if run.phase == "work" and run.counts.done >= 1000 and workers:
            samples.append((run.counts.done, resident_mb(os.getpid()), max(workers)))

    source = make_corpus(folder / "in", good)
    report = load(
        [source], options(folder / "out", "whole:small_record"), watch=watching(look, 0.5)
    )
    print(f"{report.counts['done']} documents, {report.documents_per_second:.0f}/s")
    for sample in samples[:: max(1, len(samples) // 10)]:
        print("  at document {}: parent {:.1f} MB, largest worker {:.1f} MB".format(*sample))
    for name, place in (("parent", 1), ("workers", 2)):
        sizes = [sample[place] for sample in samples]
        change = max(abs(size / sizes[0] - 1) for size in sizes)
        measured = f"{100 * change:.1f} %, {sizes[0]:.0f} to {sizes[-1]:.0f} MB"
        what = f"memory of the {name}, document {samples[0][0]} to {samples[-1][0]}"
        note(what, "within 5 %", measured, reached=change <= 0.05)


def ledger(folder: Path, rows: int) -> None:
    """Listing what is left of a large ledger."""
    with closing(Ledger(folder / "out")) as book:
        started = time.perf_counter()
        for first in range(0, rows, 5000):
            book.add(
                [
                    Found(
                        Seen(f"/a/{i}.pdf", 1, 1), hashlib.sha256(b"%d" % i).hexdigest(), f"{i}.pdf"
                    )
                    for i in range(first, min(rows, first + 5000))
                ]
            )
        print(
            f"{rows} rows entered in {time.perf_counter() - started:.1f} s, "
            f"{book.path.stat().st_size / 1e6:.0f} MB"
        )
        for _ in range(3):
            _list(book, rows)
        with book.transaction() as db:
            db.execute("UPDATE work SET status = 'done' WHERE document % 100 != 0")
        _list(book, rows)


def _list(book: Ledger, rows: int) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    left = len(list(book.left()))
    cpu, clock = time.process_time() - cpu, time.perf_counter() - started
    measured = f"{clock:.2f} s by the clock, {cpu:.2f} s CPU"
    note(f"listing {left} left of {rows} rows", "< 2 s", measured, reached=clock < 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["poison", "memory", "ledger"])
    parser.add_argument("--good", type=int, default=20_000)
    parser.add_argument("--bad", type=int, default=1_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="congvan-bench-"))
    try:
        match arguments.what:
            case "poison":
                poison(folder, arguments.good, arguments.bad)
            case "memory":
                memory(folder, arguments.good)
            case _:
                ledger(folder, arguments.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
