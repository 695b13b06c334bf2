"""Folders that are looked at again and again."""

from itertools import islice

from pipeline.bulk.run import LoadOptions
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.watch import watch_folders
from pipeline.bulk.workers import WorkerOptions


def test_only_looks_that_found_something_leave_a_report(tmp_path):
    source, out = tmp_path / "den", tmp_path / "kho"
    source.mkdir()
    (source / "a.txt").write_text("Thông báo số 1")
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            (source / "b.txt").write_text("Thông báo số 2")
        if len(looks) == 4:
            (source / "trong.pdf").touch()

    workers = WorkerOptions(TaskOptions(str(out), durable=False), "bulk_targets:make_record")
    options = LoadOptions(out, workers, jobs=1, quiet=True)
    reports = list(islice(watch_folders([source], options, every=7, sleep=sleep), 3))
    assert [report.counts["done"] for report in reports] == [1, 1, 0]
    assert [[p.reason for p in report.problems] for report in reports] == [[], [], ["empty"]]
    assert looks == [7] * 4
    assert len(list((out / "runs").glob("*.json"))) == 3


def test_a_file_that_waits_for_a_tool_is_told_once(tmp_path):
    source, out = tmp_path / "den", tmp_path / "kho"
    source.mkdir()
    (source / "a.doc").write_text("Thông báo số 1")
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            (source / "b.txt").write_text("Thông báo số 2")
            (tmp_path / "tool").touch()

    target = "test_readers_tool_later:read_with_tool"
    workers = WorkerOptions(TaskOptions(str(out), durable=False), target)
    options = LoadOptions(out, workers, jobs=1, quiet=True)
    first, second = islice(watch_folders([source], options, every=7, sleep=sleep), 2)
    assert [problem.reason for problem in first.problems] == ["needs-tool"]
    assert (second.counts["done"], looks) == (1, [7] * 3)
