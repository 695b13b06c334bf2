"""A disk that is full, records that cannot be written any more, an output that is read-only.

The output lies on a small disk in memory, which only root can mount: python -m bench.bulk.disks
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.bulk.corpus import make_corpus
from bench.bulk.kills import Load, count_orphans
from bench.bulk.results import note
from pipeline.bulk.indexing import searchable_count
from pipeline.bulk.ledger import Ledger
from pipeline.store.files import record_ids

TARGET = "bench.bulk.targets:timed_record"


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """Something mounted at a place for a while."""
    subprocess.run(["mount", *options, str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remount(place: Path, options: str) -> None:
    """Change what is mounted at a place."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Let nobody write below a place, whoever has other files of its disk open."""
    with mounted(place, "--bind", str(place)):
        remount(place, "bind,ro")
        yield


def stopped(what: str, load: Load) -> None:
    """The load ends by itself with exit code 1, leaves no process, and says why."""
    code, left = load.process.wait(), count_orphans(load.out)
    said = load.said.read_text().strip().splitlines()
    reasons = ("No space left", "disk is full", "Read-only", "readonly", "unable to open")
    why = next((line for line in said if any(reason in line for reason in reasons)), "")
    note(
        f"{what}: exit code, processes left",
        "1, 0",
        f"{code}, {left}",
        reached=(code, left) == (1, 0),
    )
    note(f"{what}: the reason is said", "yes", why[:100] or "no", reached=bool(why))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--good", type=int, default=3000)
    good = parser.parse_args().good
    if os.geteuid() != 0:
        sys.exit("only root can mount a disk")
    with tempfile.TemporaryDirectory(prefix="congvan-bench-") as name:
        disk = Path(name, "disk")
        disk.mkdir()
        source, out = make_corpus(Path(name, "in"), good), disk / "out"
        with mounted(disk, "-t", "tmpfs", "-o", "size=6m", "tmpfs"):
            stopped("full disk", Load(source, out, target=TARGET))
            remount(disk, "size=1g")
            load = Load(source, out, target=TARGET)
            while load.is_running and stored(out) < good // 2:
                time.sleep(0.05)
            with read_only(out / "records"):
                stopped("records read-only in the middle", load)
            remount(disk, "ro")
            stopped("output read-only", Load(source, out, target=TARGET))
            remount(disk, "rw")
            code = Load(source, out, target=TARGET).process.wait()
            found, counts = searchable_count(out), (stored(out), len(list(record_ids(out))))
            measured = f"exit code {code}, {counts[0]} done, {counts[1]} records, {found} found"
            is_whole = code == 0 and {*counts, found} == {good}
            note("resumed after all that", f"{good} documents", measured, reached=is_whole)


def stored(out: Path) -> int:
    """Documents that the ledger calls done."""
    if not (out / "ledger.sqlite").exists():
        return 0
    with closing(Ledger(out, write=False)) as ledger:
        return ledger.count("done")


if __name__ == "__main__":
    main()
