import io
import json
import os
import re
import threading
import zipfile
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bulk import engine
from pipeline.bulk.chunks import CHUNK_DOCUMENTS, WINDOW, cut_chunks
from pipeline.bulk.dry_run import has_work, plan
from pipeline.bulk.engine import load, run
from pipeline.bulk.fixity import Finding, check
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.report import count_lines
from pipeline.bulk.run import Counts, LoadOptions, Run, new_run_id
from pipeline.bulk.select import Selection, gather
from pipeline.bulk.task import Job, TaskOptions
from pipeline.bulk.workers import Pool, WorkerOptions
from pipeline.errors import ExitCode
from pipeline.store import files, index


def _options(out: Path, target: str = "make_record", **changes) -> LoadOptions:
    worker = {
        "time_limit": 1.5,
        "memory_limit_mb": 400,
        "recycle_after": 1000,
        "recycle_seconds": 0.0,
    }
    worker |= {k: changes.pop(k) for k in list(changes) if k in worker}
    task = TaskOptions(str(out), durable=False)
    return LoadOptions(
        out, WorkerOptions(task, f"bulk_targets:{target}", **worker), **{"jobs": 1} | changes
    )


def _write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _good(count: int, start: int = 0) -> dict[str, str]:
    return {f"{i:03}.txt": f"Thông báo số {i}" for i in range(start, start + count)}


POISON = {
    "x1.txt": ("!crash", "crash", "SIGSEGV", 2),
    "x2.txt": ("!exit", "crash", "exit 7", 2),
    "x3.txt": ("!hang", "timeout", "SIGKILL", 2),
    "x4.txt": ("!memory", "memory", "SIGKILL", 2),
    "x5.txt": ("!error", "error", "", 2),
    "x6.txt": ("!encrypted", "encrypted", "", 1),
}


@pytest.mark.slow
def test_poison_is_quarantined_with_its_reason_and_all_others_are_records(tmp_path):
    texts = _good(40) | {name: text for name, (text, *_) in POISON.items()}
    source = _write(tmp_path / "in", texts)
    options = _options(tmp_path / "out", jobs=2, time_limit=4.0)
    report = load([source, tmp_path / "nowhere"], options)
    assert report.counts["done"] == 40 == len(list(files.record_ids(tmp_path / "out")))
    found = {Path(p.path).name: (p.reason, p.exit, p.attempts) for p in report.problems}
    expected = {name: (reason, exit, tries) for name, (_, reason, exit, tries) in POISON.items()}
    assert found == expected | {"nowhere": ("missing", "", 0)}
    assert report.exit_code is ExitCode.SOME_FAILED
    assert report.searchable == report.stored == 40
    written = json.loads(files.run_path(tmp_path / "out", report.run).read_text(encoding="utf-8"))
    assert written["counts"] == report.counts
    markdown = files.run_path(tmp_path / "out", report.run, ".md").read_text(encoding="utf-8")
    assert all(name in markdown for name in [*POISON, "nowhere"])


def test_a_second_run_does_nothing_and_still_names_what_is_in_quarantine(tmp_path):
    source = _write(tmp_path / "in", _good(5) | {"x.txt": "!error"})
    load([source], _options(tmp_path / "out"))
    report = load([source], _options(tmp_path / "out", target="last_words"))
    assert not (tmp_path / "out" / "attempts.txt").exists()
    assert (report.counts["done"], report.counts["skipped"]) == (0, 5)
    assert [p.earlier for p in report.problems] == [True]
    assert report.exit_code is ExitCode.SOME_FAILED


def test_a_worker_that_dies_by_accident_costs_nothing_but_a_second_try(tmp_path):
    source = _write(tmp_path / "in", _good(20) | {"y.txt": "!once", "z.txt": "!once more"})
    report = load([source], _options(tmp_path / "out", target="fail_once"))
    assert report.counts["done"] == 22
    assert report.exit_code is ExitCode.OK


def test_only_the_document_in_hand_is_blamed_and_few_are_done_twice(tmp_path):
    source = _write(tmp_path / "in", _good(60) | {"030x.txt": "!exit"})
    (tmp_path / "out").mkdir()
    report = load([source], _options(tmp_path / "out", target="last_words"))
    assert report.counts["done"] == 60
    assert [Path(p.path).name for p in report.problems] == ["030x.txt"]
    attempts = Counter((tmp_path / "out" / "attempts.txt").read_text().split())
    # answers that a dying worker had not sent yet are done again: at most one batch
    assert len(attempts) == 61
    assert sum(attempts.values()) <= 60 + 2 + WINDOW


def test_workers_are_replaced_after_so_many_documents(tmp_path):
    source = _write(tmp_path / "in", _good(300))
    pids = set()

    @contextmanager
    def watch(run):
        spawn = run.pool.spawn
        run.pool.spawn = lambda: (lambda worker: (pids.add(worker.pid), worker)[1])(spawn())
        yield

    report = load([source], _options(tmp_path / "out", recycle_after=10), watch=watch)
    assert report.counts["done"] == 300
    assert len(pids) >= 3


@pytest.mark.slow
def test_no_worker_is_left_behind(tmp_path):
    source = _write(tmp_path / "in", _good(6) | {"x.txt": "!hang"})
    pids: list[int] = []

    @contextmanager
    def watch(run):
        yield
        pids.extend(run.pool.pids())

    load([source], _options(tmp_path / "out"), watch=watch)
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_same_bytes_are_one_document_and_a_changed_file_is_a_new_version(tmp_path):
    source = _write(tmp_path / "in", {"a.txt": "một", "b.txt": "một", "c.txt": "hai"})
    report = load([source], _options(tmp_path / "out"))
    assert (report.counts["done"], report.counts["duplicate_paths"]) == (2, 1)
    (source / "c.txt").write_text("ba", encoding="utf-8")
    report = load([source], _options(tmp_path / "out"))
    assert (report.counts["done"], report.counts["new_versions"]) == (1, 1)
    texts = [
        files.read_record(tmp_path / "out", i).text for i in files.record_ids(tmp_path / "out")
    ]
    assert sorted(texts) == ["ba", "hai", "một"]
    with closing(Ledger(tmp_path / "out")) as ledger:  # the older version lies nowhere any more
        found = list(check(ledger, tmp_path / "out", originals=True))
    assert not any(isinstance(finding, Finding) for finding in found)


def test_a_full_store_stops_cleanly_and_the_next_run_goes_on(tmp_path):
    source = _write(tmp_path / "in", _good(10) | {"005x.txt": "!full"})
    report = load([source], _options(tmp_path / "out"))
    assert report.status == "failed"
    assert report.exit_code is ExitCode.FAILURE
    assert "No space left" in report.problem
    assert report.counts["left"] > 0
    (source / "005x.txt").unlink()
    report = load([source], _options(tmp_path / "out"))
    assert len(list(files.record_ids(tmp_path / "out"))) == 10
    assert report.exit_code is ExitCode.OK


@pytest.mark.slow
def test_stop_finishes_what_is_in_hand_and_a_later_run_does_the_rest(tmp_path):
    source = _write(tmp_path / "in", {n: f"!slow {t}" for n, t in _good(12).items()})

    @contextmanager
    def watch(run):
        def stop_at_the_first_record() -> None:
            while not run.stop.wait(0.05) and not list(files.record_ids(tmp_path / "out")):
                pass
            run.stop.set()

        thread = threading.Thread(target=stop_at_the_first_record)
        thread.start()
        yield
        thread.join()

    report = load([source], _options(tmp_path / "out"), watch=watch)
    assert report.exit_code is ExitCode.INTERRUPTED
    assert 0 < report.counts["left"] < 12
    second = load([source], _options(tmp_path / "out"))
    assert second.counts["done"] == report.counts["left"]
    assert len(list(files.record_ids(tmp_path / "out"))) == 12


@pytest.mark.slow
def test_workers_that_cannot_start_are_not_the_documents_fault(tmp_path):
    source = _write(tmp_path / "in", _good(3))
    report = load([source], _options(tmp_path / "out", target="no_such_function"))
    assert report.exit_code is ExitCode.FAILURE
    assert "no_such_function" in report.problem
    assert report.counts["left"] == 3
    assert not report.problems


def test_what_is_no_document_is_skipped_and_said(tmp_path):
    source = _write(tmp_path / "in", _good(2) | {"README.md": "về thư mục", "x.json": "{}"})
    assert plan([source], _options(tmp_path / "out")).counts.ignored == 2
    report = load([source], _options(tmp_path / "out"))
    assert (report.counts["done"], report.counts["ignored"], report.counts["failed"]) == (2, 2, 0)
    assert report.exit_code is ExitCode.OK
    markdown = files.run_path(tmp_path / "out", report.run, ".md").read_text(encoding="utf-8")
    assert f"{source}/README.md" in markdown
    assert f"{source}/x.json" in markdown


def test_the_report_shows_what_is_the_same_notice(tmp_path):
    text = "Thông báo kết luận cuộc họp giao ban " + " ".join(f"việc số {i}" for i in range(40))
    source = _write(tmp_path / "in", {"a.txt": text, "b.txt": text + " (bản thảo)"})
    report = load([source], _options(tmp_path / "out"))
    assert [(Path(a).name, Path(b).name, kind) for a, b, kind in report.links] in (
        [("a.txt", "b.txt", "near-text")],
        [("b.txt", "a.txt", "near-text")],
    )
    assert report.stored == 2
    assert load([source], _options(tmp_path / "out")).links == ()


def test_limit_force_and_dry_run(tmp_path, monkeypatch):
    source = _write(tmp_path / "in", _good(6))
    out = tmp_path / "out"
    assert plan([source], _options(out)).counts.total == 6
    assert not out.exists()
    assert load([source], _options(out, limit=4)).counts["done"] == 4
    assert plan([source], _options(out)).counts.total == 2
    assert has_work([source], _options(out))
    with monkeypatch.context() as patched:  # what is known is not read again
        read = []
        patched.setattr(
            "pipeline.bulk.dry_run.place_sha256", lambda path: read.append(path) or path
        )
        assert plan([source], _options(out)).counts.skipped == 4
        assert read == []
    assert load([source], _options(out)).counts["done"] == 2
    assert not has_work([source], _options(out))
    assert has_work([source], _options(out, force=True))
    assert load([source], _options(out, force=True)).counts["done"] == 6
    assert plan([source], _options(out, force=True)).counts.total == 6


@pytest.mark.slow
def test_a_quarantined_document_comes_back_when_retried(tmp_path):
    source = _write(tmp_path / "in", _good(2) | {"x.txt": "!hang"})
    out = tmp_path / "out"
    load([source], _options(out))
    selection = Selection(status="quarantine", reason="timeout")
    report = run("reprocess", _options(out, target="fail_once"), gather(selection))
    assert report.counts["quarantined"] == 1
    (source / "x.txt").write_text("khỏi rồi", encoding="utf-8")
    assert load([source], _options(out)).counts["done"] == 1


SELECTIONS = [
    (Selection(), 4),
    (Selection(status="quarantine"), 1),
    (Selection(older_than="0.1.0"), 1),
    (Selection(older_than="0.2.0", status="done"), 3),
    (Selection(media_type="application/pdf"), 0),
    (Selection(media_type="text/plain"), 3),
    (Selection(reason="encrypted"), 1),
    (Selection(ids=("zz",)), 0),
]


def test_reprocess_takes_what_was_selected(tmp_path):
    source = _write(tmp_path / "in", _good(3) | {"x.txt": "!encrypted"})
    load([source], _options(tmp_path / "out"))
    taken = []
    for selection, _ in SELECTIONS:
        with closing(Ledger(tmp_path / "out")) as ledger:
            counts = Run(_options(tmp_path / "out"), ledger, cast(Pool, None))
            gather(selection)(counts)
            taken.append(sum(ledger.scope_counts().values()))
    assert taken == [count for _, count in SELECTIONS]
    report = run("reprocess", _options(tmp_path / "out"), gather(Selection(status="done")))
    assert report.counts["done"] == 3


def test_doing_some_again_leaves_the_others_as_they_are(tmp_path):
    source, out = _write(tmp_path / "in", _good(5)), tmp_path / "out"
    load([source], _options(out))
    report = run("reprocess", _options(out, limit=2), gather(Selection()))
    assert (report.counts["done"], report.counts["skipped"]) == (2, 3)
    assert report.stored == report.searchable == 5
    assert load([source], _options(out, force=True, limit=1)).exit_code is ExitCode.OK
    with closing(Ledger(out)) as ledger:
        assert list(ledger.left()) == []


def test_a_document_that_fails_when_done_again_keeps_its_record(tmp_path):
    source, out = _write(tmp_path / "in", _good(3)), tmp_path / "out"
    load([source], _options(out))
    report = run("reprocess", _options(out, target="always_fail"), gather(Selection()))
    assert report.counts["quarantined"] == 3
    assert report.stored == report.searchable == 3
    assert report.exit_code is ExitCode.SOME_FAILED
    with closing(Ledger(out)) as ledger:
        assert not any(isinstance(finding, Finding) for finding in check(ledger, out))
        ledger.drop([entry.document for entry in ledger.entries()])
        assert (ledger.count("done"), ledger.count("quarantine")) == (3, 0)


def test_the_records_survive_the_loss_of_their_sources(tmp_path):
    source = _write(tmp_path / "in", _good(3))
    load([source], _options(tmp_path / "out"))
    for path in source.iterdir():
        path.unlink()
    report = run("reprocess", _options(tmp_path / "out"), gather(Selection()))
    assert report.counts["done"] == 3  # from the bytes that the store keeps


def test_the_documents_inside_archives_become_records_of_their_own(tmp_path):
    source = _write(tmp_path / "in", _good(1))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("thư/b.txt", "Nội dung văn bản hai")
    with zipfile.ZipFile(source / "gói.zip", "w") as archive:
        archive.writestr("a.txt", "Nội dung văn bản một")
        archive.writestr("same.txt", "Thông báo số 0")  # the bytes of 000.txt
        archive.writestr("inner.zip", inner.getvalue())
    out = tmp_path / "out"
    report = load([source], _options(out, target="open_or_record"))
    assert (report.counts["done"], report.counts["unpacked"]) == (3, 1)
    assert report.stored == report.searchable == 3
    with closing(Ledger(out)) as ledger:
        places = {path for entry in ledger.entries() for path in ledger.paths(entry.document)}
    assert f"{source}/gói.zip!/inner.zip!/thư/b.txt" in places
    assert f"{source}/gói.zip!/same.txt" in places
    again = load([source], _options(out, target="open_or_record"))
    assert (again.counts["done"], again.counts["skipped"]) == (0, 3)
    line = "3 documents (2 of them from archives or messages): {} loaded, {} there before"
    for counts, first in ((report.counts, line.format(3, 0)), (again.counts, line.format(0, 3))):
        told = count_lines(counts, language="en")
        assert told[0].startswith(first)
        assert told[1] == "2 files: 1 documents, 1 archives or messages."
    known = plan([source], _options(out)).counts
    assert (known.total, known.skipped, known.inside, known.opened_before) == (0, 3, 2, 1)


def test_the_originals_of_what_came_out_of_an_archive_are_the_archive(tmp_path):
    source = _write(tmp_path / "in", {})
    folder = _write(source / "thư!", {"c.txt": "Nội dung văn bản ba"})
    with zipfile.ZipFile(source / "gói.zip", "w") as archive:
        archive.writestr("a.txt", "Nội dung văn bản một")
        archive.writestr("b.txt", "Nội dung văn bản hai")
    out = tmp_path / "out"
    load([source], _options(out, target="open_or_record"))

    def findings() -> list[tuple[str, str]]:
        with closing(Ledger(out, write=False)) as ledger:
            results = list(check(ledger, out, originals=True))
        assert sum(isinstance(result, str) for result in results) == 3
        return [(f.fault, Path(f.path).name) for f in results if isinstance(f, Finding)]

    assert findings() == []
    (folder / "c.txt").unlink()
    with (source / "gói.zip").open("ab") as file:
        file.write(b"more")
    assert sorted(findings()) == [("changed", "gói.zip"), ("missing", "c.txt")]


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Counts)]), st.integers(0, 99)))
def test_what_is_told_of_a_run_adds_up(counts):
    counts["files"] = sum(counts.values())  # never fewer than its parts
    for line in count_lines({**counts, "left": 3}, language="en"):
        total, *parts = map(int, re.findall(r"\d+", re.sub(r"\(.*?\)", "", line)))
        assert total == sum(parts)


def test_what_cannot_be_taken_out_is_named_each_time(tmp_path):
    source = _write(tmp_path / "in", {})
    with zipfile.ZipFile(source / "gói.zip", "w") as archive:
        archive.writestr("a.txt", "Nội dung văn bản một " * 50)
        archive.writestr("b.txt", "Nội dung văn bản hai " * 50)
    content = bytearray((source / "gói.zip").read_bytes())
    place = content.find("văn bản hai".encode())
    content[place] ^= 0xFF
    (source / "gói.zip").write_bytes(content)
    for _ in range(2):
        report = load([source], _options(tmp_path / "out", target="open_or_record"))
        assert [(p.path, p.reason) for p in report.problems] == [
            (f"{source}/gói.zip!/b.txt", "corrupt")
        ]
        assert report.exit_code is ExitCode.SOME_FAILED
    assert report.stored == 1


def test_what_is_empty_in_an_archive_is_named(tmp_path):
    source = _write(tmp_path / "in", {})
    with zipfile.ZipFile(source / "gói.zip", "w") as archive:
        archive.writestr("a.txt", "Nội dung văn bản một")
        archive.writestr("rỗng.pdf", b"")
    report = load([source], _options(tmp_path / "out", target="open_or_record"))
    assert [(p.path, p.reason) for p in report.problems] == [
        (f"{source}/gói.zip!/rỗng.pdf", "empty")
    ]
    assert report.exit_code is ExitCode.SOME_FAILED


def test_a_file_that_goes_away_before_its_turn(tmp_path):
    source, out = _write(tmp_path / "in", _good(3)), tmp_path / "out"
    load([source], _options(out, limit=2))
    with closing(Ledger(out, write=False)) as ledger:
        (waiting,) = ledger.column(
            "SELECT path FROM paths JOIN work USING(document) WHERE status = 'new'"
        )
    assert has_work([source], _options(out))
    Path(waiting).unlink()
    assert not has_work([source], _options(out))
    with closing(Ledger(out, write=False)) as ledger:
        found = [f for f in check(ledger, out, originals=True) if isinstance(f, Finding)]
    assert [(f.what, f.fault, f.path) for f in found] == [("original", "missing", waiting)]


def test_workers_that_cannot_be_started_are_an_error_of_ours(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("no-python")

    monkeypatch.setattr("pipeline.bulk.template.start", refuse)
    report = load([_write(tmp_path / "in", _good(1))], _options(tmp_path / "out"))
    assert "no-python" in report.problem
    assert report.exit_code is ExitCode.FAILURE


def test_what_a_killed_run_had_begun_to_write_is_removed(tmp_path):
    source, out = _write(tmp_path / "in", _good(2)), tmp_path / "out"
    load([source], _options(out))
    part = out / "records" / "ab" / f".{'ab' * 32}.json.77.part"
    part.parent.mkdir(exist_ok=True)
    part.write_text("{")
    load([source], _options(out))
    assert part.exists()  # nothing tells of a kill: the folders are not searched
    with closing(Ledger(out)) as ledger:
        ledger.start_run("killed", "load")
    load([source], _options(out))
    assert not part.exists()


def test_a_lost_index_is_made_again_by_the_next_run(tmp_path):
    source = _write(tmp_path / "in", _good(4))
    load([source], _options(tmp_path / "out"))
    for path in (tmp_path / "out" / "index").iterdir():
        path.unlink()
    assert load([source], _options(tmp_path / "out")).searchable == 4
    assert index.count(tmp_path / "out") == 4


@pytest.mark.slow
def test_a_failing_orchestrator_does_not_stop_the_load(tmp_path, caplog):
    source = _write(tmp_path / "in", _good(30))

    def broken(run, chunks):
        run.run_chunk(chunks[0])
        raise ConnectionError("the server is gone")

    report = load([source], _options(tmp_path / "out"), map_chunks=broken)
    assert report.counts["done"] == 30
    assert "going on without it" in caplog.text


def _jobs(count: int, suffix: str) -> list[Job]:
    return [Job(i, "0" * 64, f"{i}{suffix}", 1, ()) for i in range(count)]


def test_chunks_follow_what_documents_cost():
    sizes = {
        cost: max(len(c.jobs) for c in cut_chunks(_jobs(2000, ".x"), {".x": cost}, 2))
        for cost in (0.005, 0.05, 2.0)
    }
    assert sizes == {0.005: 251, 0.05: 250, 2.0: 15}
    assert max(len(c.jobs) for c in cut_chunks(_jobs(20_000, ".x"), {".x": 0.005}, 2)) == (
        CHUNK_DOCUMENTS
    )
    sizes_in_order = [len(c.jobs) for c in cut_chunks(_jobs(2000, ".x"), {".x": 0.1}, 2)]
    assert sizes_in_order[0] == 250
    assert all(a >= b for a, b in pairwise(sizes_in_order))
    assert sizes_in_order[-2] in (10, 11)  # one second: nobody waits long for the last worker
    chunks = cut_chunks(_jobs(12, ".x"), {".x": 5.0}, 2, first=7)
    assert [job.document for c in chunks for job in c.jobs] == list(range(12))
    assert [c.number for c in chunks] == list(range(7, 7 + len(chunks)))
    assert len(chunks) >= 4


def test_a_large_load_keeps_to_so_many_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.bulk.run.RUN_CHUNKS", 10)
    monkeypatch.setattr("pipeline.bulk.chunks.CHUNK_SECONDS", 4.0)  # two of unknown cost
    source = _write(tmp_path / "in", {f"{i}.x": f"Thông báo số {i}" for i in range(60)})
    chunks = []

    def map_chunks(run, wave):
        chunks.extend(wave)
        engine.map_threads(run, wave)

    report = load([source], _options(tmp_path / "out"), map_chunks=map_chunks)
    assert report.counts["done"] == 60
    assert [len(chunk.jobs) for chunk in chunks] == [6] * 10


def test_run_ids_sort_by_time_and_name_the_process():
    assert new_run_id().endswith(f"-{os.getpid()}")


def test_left_lists_what_is_neither_record_nor_quarantined(tmp_path):
    source = _write(tmp_path / "in", _good(5) | {"x.txt": "!error"})
    load([source], _options(tmp_path / "out", limit=3))
    ledger = Ledger(tmp_path / "out", write=False)
    assert len(list(ledger.left())) + ledger.count("done") + ledger.count("quarantine") == 6
    assert len(list(ledger.left())) == 3
    ledger.close()


def test_good_documents_do_not_wait_behind_hanging_ones(tmp_path):
    """One worker and three documents that hang: all others are done long before their limit."""
    hanging = {f"{i:03}x.txt": f"!hang {i}" for i in (3, 20, 40)}
    source = _write(tmp_path / "in", _good(60) | hanging)

    @contextmanager
    def watch(run):
        run.lane.costs[".txt"], run.lane.places = 0.01, 3

        def stop_when_the_good_ones_are_done() -> None:
            while not run.stop.wait(0.05) and run.counts.done < 60:
                pass
            run.stop.set()

        thread = threading.Thread(target=stop_when_the_good_ones_are_done)
        thread.start()
        yield
        run.stop.set()
        thread.join()

    report = load([source], _options(tmp_path / "out", time_limit=90), watch=watch)
    assert (report.counts["done"], report.counts["left"]) == (60, 3)
    assert report.exit_code is ExitCode.INTERRUPTED
    assert report.problems == ()


def test_a_load_that_ends_with_a_slow_document_is_done(tmp_path):
    source = _write(tmp_path / "in", {"x.txt": "!slow một"})

    @contextmanager
    def watch(run):
        run.lane.patience = lambda job: 0.1
        yield

    report = load([source], _options(tmp_path / "out"), watch=watch)
    assert (report.counts["done"], report.exit_code) == (1, ExitCode.OK)


def test_what_is_set_aside_and_never_answers_is_done_at_the_end(tmp_path):
    """No place in the lane: what only waits is stopped, and gets its whole time at the end."""
    source = _write(tmp_path / "in", _good(10) | {"005x.txt": "!slow một"})

    @contextmanager
    def watch(run):
        run.lane.places = 0
        run.lane.patience = lambda job: 0.1
        yield

    report = load([source], _options(tmp_path / "out", time_limit=20), watch=watch)
    assert (report.counts["done"], report.exit_code) == (11, ExitCode.OK)
    assert report.problems == ()
