"""CPU that a load costs beyond its documents, and the speed-up of two workers.

What the documents themselves used is measured in the workers and subtracted; the slope between a
small and a large run leaves out what starting costs.

python -m bench.bulk.overhead 5 50 2000        # milliseconds a document
python -m bench.bulk.overhead --speedup 50
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

from pipeline.bulk.engine import LoadOptions, load
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.workers import WorkerOptions

COUNTS = {5: (500, 3500), 50: (100, 500), 2000: (4, 16)}
"""Documents of the small and of the large run: the slope leaves out what starting costs."""


def cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def run(milliseconds: float, count: int, jobs: int) -> tuple[float, float]:
    """(CPU seconds beyond the documents, wall seconds) of a load of documents of a known cost."""
    folder = Path(tempfile.mkdtemp(prefix="congvan-bench-"))
    source = folder / "in"
    source.mkdir()
    for i in range(count):
        (source / f"c{int(milliseconds * 1000)}us-{i}.txt").write_text(f"{i}")
    task = TaskOptions(str(folder / "out"), keep_sources="none", durable=False)
    workers = WorkerOptions(task, "bench.bulk.targets:spin")
    options = LoadOptions(folder / "out", workers, jobs=jobs, searchable=False)
    before, started = cpu(), time.perf_counter()
    report = load([source], options)
    used, wall = cpu() - before, time.perf_counter() - started
    with closing(Ledger(folder / "out", write=False)) as ledger:
        used -= ledger.query("SELECT sum(seconds) FROM work")[0][0]
    assert report.counts["done"] == count, report.counts
    shutil.rmtree(folder)
    return used, wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("milliseconds", nargs="*", type=int, default=[5, 50, 2000])
    parser.add_argument("--speedup", type=int, help="milliseconds a document")
    arguments = parser.parse_args()
    if arguments.speedup:
        count = 30_000 // arguments.speedup
        one, two = run(arguments.speedup, count, 1)[1], run(arguments.speedup, count, 2)[1]
        print(
            f"{arguments.speedup} ms x {count}: 1 worker {one:.1f} s, 2 workers {two:.1f} s, "
            f"speed-up {one / two:.2f}"
        )
        return
    for milliseconds in arguments.milliseconds:
        few, many = COUNTS.get(milliseconds, (100, 400))
        small, large = run(milliseconds, few, 2)[0], run(milliseconds, many, 2)[0]
        extra = (large - small) / (many - few)
        print(
            f"{milliseconds} ms: {1e6 * extra:.0f} us CPU a document more, "
            f"{100 * extra / (milliseconds / 1000):.2f} %  (start {small - extra * few:.1f} s CPU)"
        )


if __name__ == "__main__":
    main()
