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
from pipeline.bulk.engine import LoadOptions, Run, Watch, load
from pipeline.bulk.ledger import Found, Ledger
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.vitals import resident_mb
from pipeline.bulk.workers import WorkerOptions


def options(out: Path, target: str) -> LoadOptions:
    task = TaskOptions(str(out), keep_sources="none", durable=False)
    workers = WorkerOptions(
        task, f"bench.bulk.targets:{target}", time_limit=6.0, memory_limit_mb=400
    )
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
                load, [source], options(folder / name, "timed_record"), watch=noting(runs, name)
            )
            for name, source in sources.items()
        }
        while len(runs) < 2 or max(run.counts.done for run in runs.values()) < good:
            time.sleep(0.02)
        done = {name: run.counts.done for name, run in runs.items()}
        report = futures["with poison"].result()
    wrong = [p for p in report.problems if p.reason != Path(p.path).name.split("-")[0]]
    reasons = Counter(p.reason for p in report.problems)
    print(
        f"good {report.counts['done']}/{good}, quarantined {report.counts['quarantined']}/{bad} "
        f"{dict(reasons)}, wrong reason {len(wrong)}"
    )
    print(
        f"good documents done in the same time: {done} = "
        f"{100 * done['with poison'] / done['clean']:.0f} %; the whole run {report.seconds:.0f} s"
    )


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
    """Resident memory of the parent and of a worker along a long run."""
    samples: list[tuple[int, float, float]] = []

    def look(run: Run) -> None:
        workers = [resident_mb(pid) for pid in run.pool.pids()]
        samples.append((run.counts.done, resident_mb(os.getpid()), max(workers, default=0)))

    source = make_corpus(folder / "in", good)
    report = load([source], options(folder / "out", "small_record"), watch=watching(look, 1.0))
    print(f"{report.counts['done']} documents, {report.documents_per_second:.0f}/s")
    for mark in (1000, good // 10, good // 2, good - good // 50):
        done, parent, worker = min(samples, key=lambda s: abs(s[0] - mark))
        print(f"  at document {done}: parent {parent:.0f} MB, largest worker {worker:.0f} MB")


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
        started = time.perf_counter()
        left = list(book.left())
        print(f"all {len(left)} left: listed in {time.perf_counter() - started:.2f} s")
        with book.transaction() as db:
            db.execute("UPDATE work SET status = 'done' WHERE document % 100 != 0")
        started = time.perf_counter()
        left = list(book.left())
        print(f"{len(left)} of {rows} left: listed in {time.perf_counter() - started:.2f} s")


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
