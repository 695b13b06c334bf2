"""CPU that a load costs beyond its documents, and the speed-up of two workers.

The documents read, hash and write a record and use a known CPU time in all. A load of them is
compared with a plain loop in one process over the same files that does what nobody can do without:
list, hash, read, write. All that the load uses beyond it is overhead: the ledger, the messages, the
supervision, the bar, the report. The slope between a small and a large load leaves out what
starting costs. Loads and loops take turns, and the median of the rounds counts.

python -m bench.bulk.overhead 5 50 2000        # milliseconds a document
python -m bench.bulk.overhead --prefect 5      # inside a flow, with its temporary server
python -m bench.bulk.overhead --speedup 50
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console

from bench.bulk.corpus import make_corpus
from bench.bulk.kills import servers
from bench.bulk.results import note
from bench.bulk.targets import timed_record
from pipeline.bulk.chunks import Chunk
from pipeline.bulk.engine import Watch, load, map_threads
from pipeline.bulk.report import Report
from pipeline.bulk.run import LoadOptions, Run
from pipeline.bulk.scan import Seen, scan
from pipeline.bulk.task import Job, TaskOptions
from pipeline.bulk.vitals import cpu_seconds
from pipeline.bulk.workers import WorkerOptions
from pipeline.cli.bar import watch
from pipeline.store.files import file_sha256


class Plan(NamedTuple):
    """Documents of the small load, the large load and the plain loop of one round."""

    few: int
    many: int
    plain: int
    rounds: int


PLANS = {5: Plan(500, 4500, 1000, 5), 50: Plan(20, 240, 100, 5), 2000: Plan(2, 10, 3, 3)}


class Cost(NamedTuple):
    """CPU seconds of this process and of its children."""

    own: float
    children: float

    @classmethod
    def now(cls) -> Cost:
        """What was used so far; by children, those that ended and the Prefect server."""
        used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        own, children = (u.ru_utime + u.ru_stime for u in used)
        return cls(own, children + sum(map(cpu_seconds, servers(os.getpid()))))

    def since(self, before: Cost, documents: int = 1) -> Cost:
        """What was used meanwhile, for each document."""
        return Cost(*((n - b) / documents for n, b in zip(self, before, strict=True)))


@contextmanager
def store() -> Iterator[Path]:
    """A place for a store, for one run."""
    folder = Path(tempfile.mkdtemp(prefix="congvan-bench-"))
    try:
        yield folder / "out"
    finally:
        shutil.rmtree(folder)


def load_all(
    source: Path, count: int, jobs: int = 2, do: Callable[..., Report] = load
) -> tuple[Cost, float]:
    """CPU and seconds of a load of `count` files, with a bar that nobody sees."""
    with store() as out, open(os.devnull, "w") as nobody:  # noqa: PTH123
        task = TaskOptions(str(out), keep_sources="none", durable=False)
        workers = WorkerOptions(task, "bench.bulk.targets:timed_record")
        options = LoadOptions(out, workers, jobs=jobs, searchable=False)
        bar = partial(watch, console=Console(file=nobody, force_terminal=True))
        before, started = Cost.now(), time.perf_counter()
        report = do([source], options, watch=bar)
        assert report.counts["done"] == count, report.counts
        return Cost.now().since(before), time.perf_counter() - started


def load_in_flow(paths: Sequence[Path], options: LoadOptions, *, watch: Watch) -> Report:
    """A load inside a Prefect flow: a task a chunk."""
    from prefect import flow

    from pipeline.flows import _PrefectMap

    @flow(name="bench", persist_result=False)
    def in_flow() -> list[Report]:
        return [load(paths, options, map_chunks=_PrefectMap(options.jobs), watch=watch)]

    return in_flow()[0]


def loop(source: Path, count: int) -> float:
    """CPU seconds a document of a plain loop over `count` files."""
    with store() as out:
        options = TaskOptions(str(out), keep_sources="none", durable=False)
        before = time.process_time()
        for number, seen in enumerate(scan([source])):
            assert isinstance(seen, Seen)
            name = Path(seen.path).name
            job = Job(number, file_sha256(seen.path), name, seen.size, [seen.path])
            timed_record(job, options)
        return (time.process_time() - before) / count


def overhead(milliseconds: int, do: Callable[..., Report]) -> tuple[float, float]:
    """(share of overhead in the CPU of a load, seconds of it a document)."""
    plan = PLANS[milliseconds]
    rounds = []
    with store() as folder:
        few, many, plain = (
            make_corpus(folder / f"{n}", n, prefix=f"c{milliseconds * 1000}us") for n in plan[:3]
        )
        loop(few, plan.few)  # what is imported at first
        for number in range(plan.rounds):
            alone = loop(plain, plan.plain)
            small = load_all(few, plan.few, do=do)[0]
            large = load_all(many, plan.many, do=do)[0]
            each = large.since(small, plan.many - plan.few)
            rounds.append(((sum(each) - alone), alone, each, sum(small) - plan.few * sum(each)))
            print(
                f"  round {number + 1}: load {1e6 * sum(each):.0f} us a document "
                f"({1e6 * each.own:.0f} in the parent), loop {1e6 * alone:.0f}, "
                f"start {rounds[-1][-1]:.1f} s",
                flush=True,
            )
    extra = median(r[0] for r in rounds)
    return extra / (extra + median(r[1] for r in rounds)), extra


def speedup(milliseconds: int, seconds: int) -> None:
    """Documents that take one worker so many seconds, with one and with two; start included.

    Left out is the time in which workers were ready to run and other programs had the cores.
    """
    count = seconds * 1000 // milliseconds
    times, clocks = [], []
    with store() as folder:
        source = make_corpus(folder, count, prefix=f"c{milliseconds * 1000}us")
        for jobs in (1, 2):
            waited: dict[int, float] = {}
            do = partial(load, map_chunks=partial(_note_waiting, waited))
            used, clock = load_all(source, count, jobs, do)
            # waiting for our own parent is not the fault of others
            others = max(0.0, sum(waited.values()) / jobs - used.own)
            times.append(clock - others)
            clocks.append(clock)
    print(
        "{} ms x {}: by the clock {:.1f} s and {:.1f} s".format(milliseconds, count, *clocks)
        + ", without the waiting for other programs {:.1f} s and {:.1f} s".format(*times)
    )
    gained = times[0] / times[1]
    measured = f"{gained:.2f} ({clocks[0] / clocks[1]:.2f} by the clock)"
    what = f"speed-up of two workers at {milliseconds} ms"
    note(what, ">= 1.9", measured, reached=gained >= 1.9)


def _note_waiting(waited: dict[int, float], run: Run, chunks: Sequence[Chunk]) -> None:
    """Run chunks; note the seconds in which each worker was ready to run and had no core."""
    map_threads(run, chunks)
    for pid in run.pool.pids():
        waited[pid] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("milliseconds", nargs="*", type=int, default=[])
    parser.add_argument("--prefect", action="store_true", help="loads inside a flow")
    parser.add_argument("--speedup", type=int, help="milliseconds a document")
    parser.add_argument("--seconds", type=int, default=120, help="work of the speed-up")
    arguments = parser.parse_args()
    if arguments.speedup:
        speedup(arguments.speedup, arguments.seconds)
    for milliseconds in arguments.milliseconds:
        share, extra = overhead(milliseconds, load_in_flow if arguments.prefect else load)
        measured = f"{100 * share:.2f} %, {1e6 * extra:.0f} µs"
        what = f"overhead at {milliseconds} ms" + (" with Prefect" if arguments.prefect else "")
        note(what, "< 2 % of CPU", measured, reached=share < 0.02)


if __name__ == "__main__":
    main()
