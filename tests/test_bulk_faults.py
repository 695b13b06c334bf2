"""Processes killed at random moments, full disks: nothing is lost and nothing done twice."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.bulk.chunks import WINDOW
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.task import Job, TaskOptions, attempt
from pipeline.store import files, index

SCRIPT = """
import resource, sys
from pathlib import Path
from pipeline.bulk.engine import load
from pipeline.bulk.run import LoadOptions
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.workers import WorkerOptions
source, out, limit, attempts = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
workers = WorkerOptions(TaskOptions(out, durable=False), "bulk_targets:last_words", time_limit=20)
options = LoadOptions(Path(out), workers, jobs=2, attempts=int(attempts))
report = load([Path(source)], options)
print(report.status, report.problem)
sys.exit(int(report.exit_code))
"""


def _start(source: Path, out: Path, limit: int = 0, attempts: int = 2) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(source), str(out), str(limit), str(attempts)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _corpus(folder: Path, count: int) -> Path:
    folder.mkdir()
    for i in range(count):
        (folder / f"{i:04}.txt").write_text(f"!slow {i}" if i % 10 == 0 else f"văn bản {i}")
    return folder


def _workers_of(out: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes()
        except (OSError, NotADirectoryError):
            continue
        if b"pipeline.bulk.child" in command and str(out).encode() in command:
            found.append(int(entry.name))
    return found


def _wait_until(condition, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(condition())


def _check_whole(out: Path, count: int) -> None:
    with closing(Ledger(out)) as ledger:
        assert (ledger.count("done"), list(ledger.left())) == (count, [])
    assert len(list(files.record_ids(out))) == count == index.count(out)
    assert not list(out.rglob("*.part"))


@pytest.mark.slow
def test_the_parent_killed_at_random_moments_loses_nothing(tmp_path):
    count, kills = 300, 4
    source, out = _corpus(tmp_path / "in", count), tmp_path / "out"
    out.mkdir()
    chance = random.Random(6)
    for _ in range(kills):
        process = _start(source, out)
        _wait_until(lambda: (out / "attempts.txt").exists(), 20)
        time.sleep(chance.uniform(0.1, 1.2))
        process.kill()
        process.communicate()
        assert _wait_until(lambda: not _workers_of(out)), "orphan workers"
    last = _start(source, out)
    said, _ = last.communicate(timeout=120)
    assert last.returncode == 0, said
    _check_whole(out, count)
    # what a worker had done and the ledger had not heard of is done again, nothing else
    attempts = Counter((out / "attempts.txt").read_text().split())
    assert len(attempts) == count
    assert sum(attempts.values()) - count <= kills * 2 * WINDOW


@pytest.mark.slow
def test_workers_killed_at_random_moments_lose_nothing(tmp_path):
    count = 150
    source, out = _corpus(tmp_path / "in", count), tmp_path / "out"
    out.mkdir()
    chance = random.Random(7)
    kills = 4
    # one document may be in hand at every kill: that is no fault of its own
    process = _start(source, out, attempts=kills + 1)
    for kill in range(kills):
        wanted = 10 * (kill + 1)  # some work between two kills: else nothing ever starts
        if _wait_until(lambda: len(list(files.record_ids(out))) > wanted, 30):  # noqa: B023
            time.sleep(chance.uniform(0.0, 0.3))
            for pid in chance.sample(_workers_of(out), 1):
                os.kill(pid, signal.SIGKILL)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    _check_whole(out, count)


@pytest.mark.slow
def test_a_full_disk_stops_cleanly_and_resumes(tmp_path):
    source, out = _corpus(tmp_path / "in", 40), tmp_path / "out"
    out.mkdir()
    (source / "big.txt").write_text("dài " * 200_000)
    full = _start(source, out, limit=600_000)
    said, _ = full.communicate(timeout=120)
    assert full.returncode == 1, said
    assert "failed" in said
    assert "File too large" in said
    again = _start(source, out)
    said, _ = again.communicate(timeout=120)
    assert again.returncode == 0, said
    _check_whole(out, 41)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "halt"),
        (OSError(errno.EROFS, "Read-only file system"), "halt"),
        (OSError(errno.EINVAL, "Invalid argument"), "retry"),
        (ValueError("a defect"), "retry"),
    ],
)
def test_a_disk_without_space_is_not_the_documents_fault(tmp_path, error, status):
    def target(job, options):
        raise error

    job = Job(1, "0" * 64, "a.pdf", 1, ["/a.pdf"])
    outcome = attempt(target, TaskOptions(str(tmp_path)), job)
    assert (outcome.status, outcome.document) == (status, 1)
    assert str(error) in outcome.detail


def test_a_store_that_cannot_be_written_is_said_at_once(tmp_path):
    source = _corpus(tmp_path / "in", 1)
    (tmp_path / "file").write_text("x")
    process = _start(source, tmp_path / "file" / "out")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "StoreError" in said


@pytest.mark.slow
def test_interrupt_from_the_terminal_ends_in_order(tmp_path):
    source, out = _corpus(tmp_path / "in", 60), tmp_path / "out"
    out.mkdir()
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "CONGVAN_TARGET": "bulk_targets:last_words"}
    command = "from pipeline.cli import main; main()"
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", command, "load", str(source), "--out", str(out)),
            *("--no-prefect", "--lang", "en", "--jobs", "1"),
        ],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert _wait_until(lambda: (out / "attempts.txt").exists(), 30)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Run the same command again" in said
    report = json.loads(next((out / "runs").glob("*.json")).read_text(encoding="utf-8"))
    assert report["status"] == "interrupted"
    assert report["counts"]["done"] == len(list(files.record_ids(out)))
    assert not _workers_of(out)
