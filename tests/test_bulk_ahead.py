"""Office files of a load are read together: LibreOffice starts once for many of them."""

import hashlib
from pathlib import Path

import pytest

from pipeline.bulk.ahead import AHEAD_BYTES, AHEAD_FILES, read_ahead, together
from pipeline.bulk.chunks import DEFAULT_COSTS, OTHER_COST
from pipeline.bulk.engine import load
from pipeline.bulk.lane import SlowLane
from pipeline.bulk.readings import kept_reading
from pipeline.bulk.run import LoadOptions
from pipeline.bulk.task import Job, TaskOptions
from pipeline.bulk.workers import WorkerOptions


def _job(number: int, name: str, size: int = 1000, attempts: int = 0) -> Job:
    return Job(number, "0" * 64, name, size, (), attempts)


def test_office_files_never_tried_are_grouped_and_all_others_stay_alone():
    jobs = [
        _job(0, "a.txt"),
        _job(1, "b.DOC"),
        _job(2, "c.pdf"),
        _job(3, "d.rtf"),
        _job(4, "e.doc", attempts=1),
        _job(5, "g.odt"),
    ]
    grouped = together(jobs)
    assert [job._replace(along=()) for job in grouped] == jobs
    assert {job.document: [row[0] for row in job.along] for job in grouped if job.along} == {
        1: [3, 5]
    }


@pytest.mark.parametrize(
    ("count", "size", "groups"),
    [
        (AHEAD_FILES, 1, [AHEAD_FILES]),
        (AHEAD_FILES + 1, 1, [AHEAD_FILES, 1]),
        (5, AHEAD_BYTES // 2, [2, 2, 1]),
        (0, 1, []),
    ],
)
def test_groups_have_an_end(count, size, groups):
    grouped = together([_job(i, f"{i}.doc", size) for i in range(count)])
    led = {row[0] for job in grouped for row in job.along}
    assert [1 + len(job.along) for job in grouped if job.document not in led] == groups


def test_a_group_may_take_as_long_as_all_its_files():
    lane = SlowLane(None, 2, lambda outcomes: None, dict(DEFAULT_COSTS), OTHER_COST)  # type: ignore[arg-type]
    alone, *others = [_job(i, f"{i}.doc") for i in range(10)]
    assert lane.patience(alone._replace(along=others)) == 10 * lane.patience(alone)


def _rtf(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    paths = [folder / f"{i}.rtf" for i in range(count)]
    for number, path in enumerate(paths):
        text = f"Thong bao so {number}: giao Phong Tong hop bao cao."
        path.write_bytes(rb"{\rtf1\ansi {\pard " + text.encode() + rb"\par}}")
    return paths


@pytest.mark.slow
@pytest.mark.office
def test_all_of_a_group_are_read_at_once_and_a_broken_one_harms_no_other(tmp_path):
    paths, out = _rtf(tmp_path / "in", 3), tmp_path / "out"
    paths[1].write_bytes(b"{\\rtf1 \x00\x01")
    shas = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    jobs = [
        Job(number, sha256, path.name, path.stat().st_size, [str(path)])
        for number, (path, sha256) in enumerate(zip(paths, shas, strict=True))
    ]
    read_ahead(together(jobs)[0], TaskOptions(str(out)))
    for number in (0, 2):
        kept = kept_reading(out, shas[number])
        assert kept is not None
        assert f"so {number}:" in kept.text
        assert kept.sha256 == shas[number]


@pytest.mark.slow
@pytest.mark.office
def test_a_load_of_office_files_starts_libreoffice_for_groups(tmp_path):
    _rtf(tmp_path / "in", 30)
    out = tmp_path / "out"
    options = LoadOptions(out, WorkerOptions(TaskOptions(str(out), durable=False)), jobs=1)
    seconds: list[float] = []
    report = load([tmp_path / "in"], options, map_chunks=_noting(seconds))
    assert report.counts["done"] == 30
    # chunks get small towards the end of a load: the others find themselves read
    assert sum(s < max(seconds) / 3 for s in seconds) >= 15, seconds


def _noting(seconds):
    def run_all(run, chunks):
        for chunk in chunks:
            run.run_chunk(chunk)
        seconds.extend(s for (s,) in run.ledger.query("SELECT seconds FROM work ORDER BY document"))

    return run_all
