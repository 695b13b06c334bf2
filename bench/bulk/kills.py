"""kill -9 of the parent, of a worker and of the Prefect server at random moments of a load.

python -m bench.bulk.kills --good 24000 --parents 22 --workers 20 --servers 8
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.bulk.corpus import make_corpus
from bench.bulk.results import note
from pipeline.bulk.chunks import WINDOW
from pipeline.bulk.indexing import searchable_count
from pipeline.bulk.ledger import Ledger
from pipeline.store.files import file_sha256, record_ids

TARGET = "bench.bulk.targets:counted_record"
JOBS = 2
START_SECONDS = 240.0
LINE = 65
"""Bytes that each attempt leaves in a file."""


@dataclass
class Toll:
    """What the kills did so far: who was killed, who was left, what must be done again."""

    killed: Counter[str] = field(default_factory=Counter)
    orphans: int = 0
    worst: int = 0
    """Documents that one kill of the parent made undone, at most: done, and not in the ledger."""


class Load:
    """One `congvan load` in a process of its own."""

    def __init__(
        self, source: Path, out: Path, *, prefect: bool = False, target: str = TARGET
    ) -> None:
        settings = {
            "CONGVAN_TARGET": target,
            "CONGVAN_DURABLE": "false",
            "CONGVAN_KEEP_SOURCES": "none",
            "CONGVAN_ATTEMPTS": "4",
            "PREFECT_CLIENT_MAX_RETRIES": "1",
            "PREFECT_HOME": str(source.parent / "prefect"),
            "PYTHONPATH": str(Path.cwd()),
        }
        command = ["load", str(source), "--out", str(out), "--jobs", str(JOBS)]
        self.out, self.said, self.first = out, source.parent / "said.txt", attempts(out)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from pipeline.cli import main; main()"),
                *(*command, *([] if prefect else ["--no-prefect"])),
            ],
            env={**os.environ, **settings},
            stderr=self.said.open("w"),
        )

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def wait_for_work(self) -> bool:
        """Wait until documents are being done; False when the load is over."""
        before, ends = attempts(self.out), time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < ends:
            if attempts(self.out) > before:
                return True
            time.sleep(0.05)
        return False

    def kill(self, victim: str, chance: random.Random) -> bool:
        """End the parent, a worker or the server; False when there is none."""
        pids = {"parent": [self.process.pid], "worker": workers(self.out)}.get(victim)
        pids = servers(self.process.pid) if pids is None else pids
        if not pids:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(pids), signal.SIGKILL)
        if victim == "parent":
            self.process.wait()
        return True


def kill_at_random(source: Path, out: Path, plan: list[str]) -> Toll:
    """Loads that are killed as planned, each where the one before was."""
    chance = random.Random(20201)
    toll = Toll()
    load: Load | None = None
    for victim in plan:
        is_flow = victim == "server"
        if load is None or not load.is_running or is_flow:
            if load is not None and load.is_running:
                load.process.terminate()
                load.process.wait()
            load = Load(source, out, prefect=is_flow)
        if not load.wait_for_work():
            break
        time.sleep(chance.uniform(0.0, 1.5))
        toll.killed[victim] += load.kill(victim, chance)
        if victim == "parent":
            toll.orphans += count_orphans(out)
            toll.worst = max(toll.worst, undone(out, load.first))
        print(f"  {victim} killed, {attempts(out)} attempts so far", flush=True)
    if load is not None and load.is_running:
        load.process.wait()
    return toll


def count_orphans(out: Path) -> int:
    """Workers that live on ten seconds after their parent."""
    ends = time.monotonic() + 10.0
    while workers(out) and time.monotonic() < ends:
        time.sleep(0.1)
    return len(workers(out))


def attempts(out: Path) -> int:
    """How often documents were begun."""
    with suppress(OSError):
        return (out / "attempts.txt").stat().st_size // LINE
    return 0


def undone(out: Path, first: int) -> int:
    """Documents begun from attempt number `first` on, of which the ledger does not know."""
    with closing(Ledger(out, write=False)) as ledger:
        done = ledger.column(
            "SELECT sha256 FROM work JOIN documents ON id = document WHERE status = 'done'"
        )
    return len(set((out / "attempts.txt").read_text().split()[first:]) - set(done))


def workers(out: Path) -> list[int]:
    """Process ids of the workers of a store, and of their template."""
    return [p for p, c, _ in processes() if b"pipeline.bulk.child" in c and str(out).encode() in c]


def servers(parent: int) -> list[int]:
    """Process ids of the Prefect server of a load."""
    return [p for p, command, of in processes() if of == parent and b"uvicorn" in command]


def processes() -> list[tuple[int, bytes, int]]:
    """(process id, command line, parent) of all that run."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            found.append((int(entry.name), (entry / "cmdline").read_bytes(), parent))
    return found


def judge(source: Path, out: Path, toll: Toll, planned: int) -> None:
    """Compare the store with its sources when all is done."""
    kills = sum(toll.killed.values())
    note("kills", f"{planned}", f"{kills}: {dict(toll.killed)}", reached=kills == planned)
    wanted = {file_sha256(path) for path in source.rglob("*.txt")}
    stored = list(record_ids(out))
    with closing(Ledger(out, write=False)) as ledger:
        rows = Counter(ledger.column("SELECT sha256 FROM documents"))
        counts = {status: ledger.count(status) for status in ("done", "quarantine", "new")}
    lost = len(wanted - set(stored)) - counts["quarantine"]
    note("documents lost", "0", f"{lost}; ledger {counts}", reached=lost == 0 == counts["new"])
    found = searchable_count(out)
    twice = len(stored) - len(set(stored)) + sum(rows.values()) - len(rows) + found - len(stored)
    measured = f"{twice}; {len(stored)} records, {found} can be found"
    note("documents twice", "0", measured, reached=twice == 0)
    again, most = attempts(out) - len(wanted), JOBS * WINDOW
    measured = f"{toll.worst} after one kill, {again} in all"
    what = "documents done again when the parent is killed"
    note(what, f"<= {most} (one batch a worker)", measured, reached=toll.worst <= most)
    left = toll.orphans + count_orphans(out)
    note("processes left", "0", f"{left}", reached=left == 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=24_000)
    for victim, count in (("parents", 22), ("workers", 20), ("servers", 8)):
        parser.add_argument(f"--{victim}", type=int, default=count)
    arguments = parser.parse_args()
    plan = ["parent"] * arguments.parents + ["worker"] * arguments.workers
    random.Random(7).shuffle(plan)
    plan += ["server"] * arguments.servers
    folder = Path(tempfile.mkdtemp(prefix="congvan-bench-"))
    try:
        source, out = make_corpus(folder / "in", arguments.good), folder / "out"
        toll = kill_at_random(source, out, plan)
        last = Load(source, out)
        code = last.process.wait()
        print(last.said.read_text()[-600:])
        print(f"exit code of the last load {code}")
        judge(source, out, toll, len(plan))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
