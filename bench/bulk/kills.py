"""kill -9 of the parent, of a worker and of the Prefect server at random moments of a load.

python -m bench.bulk.kills --good 40000 --parents 22 --workers 20 --servers 8
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
from pathlib import Path

from bench.bulk.corpus import make_corpus
from pipeline.bulk.chunks import WINDOW
from pipeline.bulk.engine import MARK_DOCUMENTS
from pipeline.bulk.ledger import Ledger
from pipeline.store.files import record_ids

TARGET = "bench.bulk.targets:counted_record"
JOBS = 2
START_SECONDS = 240.0


class Load:
    """One `congvan load` in a process of its own."""

    def __init__(self, source: Path, out: Path, *, prefect: bool) -> None:
        settings = {
            "CONGVAN_TARGET": TARGET,
            "CONGVAN_DURABLE": "false",
            "CONGVAN_KEEP_SOURCES": "none",
            "CONGVAN_ATTEMPTS": "4",
            "PREFECT_CLIENT_MAX_RETRIES": "1",
        }
        settings["PREFECT_HOME"] = str(out.parent / "prefect")
        command = ["load", str(source), "--out", str(out), "--jobs", str(JOBS)]
        self.out = out
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from pipeline.cli import main; main()"),
                *(*command, *([] if prefect else ["--no-prefect"])),
            ],
            env={**os.environ, **settings, "PYTHONPATH": str(Path.cwd())},
            stderr=(out.parent / "said.txt").open("w"),
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


def kill_at_random(source: Path, out: Path, plan: list[str]) -> tuple[Counter[str], int]:
    """(kills by victim, orphan processes) of loads that were killed as planned."""
    chance = random.Random(20201)
    killed: Counter[str] = Counter()
    orphans = 0
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
        killed[victim] += load.kill(victim, chance)
        if victim == "parent":
            orphans += count_orphans(out)
        print(f"  {victim} killed, {attempts(out)} attempts so far", flush=True)
    if load is not None and load.is_running:
        load.process.wait()
    return killed, orphans


def count_orphans(out: Path) -> int:
    ends = time.monotonic() + 10.0
    while workers(out) and time.monotonic() < ends:
        time.sleep(0.1)
    return len(workers(out))


def attempts(out: Path) -> int:
    with suppress(OSError):
        return (out / "attempts.txt").stat().st_size // 65
    return 0


def workers(out: Path) -> list[int]:
    return [p for p, c, _ in processes() if b"pipeline.bulk.child" in c and str(out).encode() in c]


def servers(parent: int) -> list[int]:
    return [p for p, command, of in processes() if of == parent and b"uvicorn" in command]


def processes() -> list[tuple[int, bytes, int]]:
    """(process id, command line, parent) of all that run."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, IndexError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            found.append((int(entry.name), (entry / "cmdline").read_bytes(), parent))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=40_000)
    for victim, count in (("parents", 22), ("workers", 20), ("servers", 8)):
        parser.add_argument(f"--{victim}", type=int, default=count)
    arguments = parser.parse_args()
    plan = ["parent"] * arguments.parents + ["worker"] * arguments.workers
    random.Random(7).shuffle(plan)
    folder = Path(tempfile.mkdtemp(prefix="congvan-bench-"))
    try:
        source, out = make_corpus(folder / "in", arguments.good), folder / "out"
        killed, orphans = kill_at_random(source, out, plan + ["server"] * arguments.servers)
        started = time.perf_counter()
        last = Load(source, out, prefect=False)
        code = last.process.wait()
        print((folder / "said.txt").read_text()[-600:])
        print(
            f"kills {dict(killed)}, orphan processes {orphans}; exit code of the last load {code}"
        )
        print(f"the last load took {time.perf_counter() - started:.0f} s")
        with closing(Ledger(out, write=False)) as ledger:
            counts = {status: ledger.count(status) for status in ("done", "quarantine", "new")}
        again = attempts(out) - arguments.good
        most = sum(killed.values()) * JOBS * (MARK_DOCUMENTS + WINDOW)
        print(f"records {sum(1 for _ in record_ids(out))}/{arguments.good}, ledger {counts}")
        print(f"documents done again {again} (at most {most})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
