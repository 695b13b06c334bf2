"""A file that waits for a tool: nothing is lost, and it is read by the load after the tool came."""

from __future__ import annotations

from pathlib import Path

from bulk_targets import make_record

from pipeline.bulk.engine import load
from pipeline.bulk.run import LoadOptions
from pipeline.bulk.task import Job, Outcome, TaskOptions
from pipeline.bulk.workers import WorkerOptions
from pipeline.errors import ToolMissingError


def read_with_tool(job: Job, options: TaskOptions) -> Outcome:
    """Reads nothing until a file says that the tool is there."""
    if not (Path(options.out).parent / "tool").exists():
        raise ToolMissingError("no office", tool="LibreOffice")
    return make_record(job, options)


def test_what_waits_for_a_tool_is_read_when_it_is_there(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.doc").write_text("Thông báo", encoding="utf-8")
    task = TaskOptions(str(out), durable=False)
    worker = WorkerOptions(task, "test_readers_tool_later:read_with_tool", time_limit=5)
    options = LoadOptions(out, worker, jobs=1)
    first, second = load([source], options), load([source], options)
    for report in (first, second):
        assert [p.reason for p in report.problems] == ["needs-tool"]
    (tmp_path / "tool").touch()
    third = load([source], options)
    assert (third.counts["done"], third.problems) == (1, ())
