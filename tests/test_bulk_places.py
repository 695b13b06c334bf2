import io
import zipfile
from contextlib import closing
from pathlib import Path

import fsspec
import pytest

from pipeline.bulk.engine import load
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.places import fetch, is_url, place_sha256, publish, url_bytes, url_files
from pipeline.bulk.remote import run_jobs
from pipeline.bulk.run import LoadOptions
from pipeline.bulk.scan import NO_DOCUMENT, Refused, Seen, scan
from pipeline.bulk.task import Job, TaskOptions, find_bytes
from pipeline.bulk.workers import WorkerOptions
from pipeline.errors import ExitCode, InputError, StoreError
from pipeline.store import files

TEXTS = {"a.txt": "Thông báo số 1", "b/c.txt": "Kết luận số 2"}


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    for name, text in {**TEXTS, "README.md": "x", "leer.pdf": "", "b/.hidden": "x"}.items():
        system.pipe_file(f"/kho/{name}", text.encode())
    yield system
    system.rm("/kho", recursive=True)


def _options(out: Path, share: str = "") -> LoadOptions:
    task = TaskOptions(str(out), durable=False, share=share)
    return LoadOptions(out, WorkerOptions(task, "bulk_targets:make_record", time_limit=20), jobs=1)


def test_urls_are_told_from_paths():
    assert is_url("s3://kho/a.pdf")
    assert is_url("zip://a.txt::file:///kho.zip")
    assert not is_url("/kho/a.pdf")
    assert not is_url("thu.eml!/a.pdf")


def test_files_below_a_url_are_found_with_what_is_no_document(memory):
    found = {f.path: getattr(f, "reason", "read") for f in scan(["memory://kho"])}
    assert found == {
        "memory:///kho/README.md": NO_DOCUMENT,
        "memory:///kho/a.txt": "read",
        "memory:///kho/b/c.txt": "read",
        "memory:///kho/leer.pdf": "empty",
    }
    assert url_bytes("memory://kho/a.txt").decode() == TEXTS["a.txt"]


def test_the_stamp_of_a_url_changes_with_its_file(memory):
    before = list(url_files("memory://kho/a.txt"))
    assert before == list(url_files("memory://kho/a.txt"))
    memory.pipe_file("/kho/a.txt", b"other bytes")
    assert before != list(url_files("memory://kho/a.txt"))


@pytest.mark.parametrize(
    ("url", "reason"),
    [("memory://nowhere", "missing"), ("noscheme://x", "permission"), ("gdrive://x", "needs-tool")],
)
def test_a_url_that_cannot_be_read_is_named(url, reason):
    assert [(f.path, f.reason) for f in scan([url]) if isinstance(f, Refused)] == [(url, reason)]


def test_an_archive_by_url_gives_its_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "kho.zip", "w") as archive:
        for name, text in TEXTS.items():
            archive.writestr(name, text)
    url = f"zip://::file://{tmp_path}/kho.zip"
    found = [f for f in scan([url]) if isinstance(f, Seen)]
    assert [f.path.partition("::")[0] for f in found] == ["zip://a.txt", "zip://b/c.txt"]
    assert url_bytes(found[1].path).decode() == TEXTS["b/c.txt"]


def test_sources_by_url_become_records_that_are_also_put_at_the_shared_url(tmp_path):
    source, share, out = tmp_path / "in", tmp_path / "share", tmp_path / "out"
    for name, text in TEXTS.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    report = load([f"file://{source}"], _options(out, f"file://{share}"))
    assert (report.counts["done"], report.exit_code) == (2, ExitCode.OK)
    ids = sorted(files.record_ids(out))
    assert ids == sorted(files.record_ids(share))
    assert all(files.source_path(place, sha256) for sha256 in ids for place in (out, share))
    assert not list(share.rglob("*.part"))
    assert load([f"file://{source}"], _options(out)).counts["skipped"] == 2
    with closing(Ledger(out, write=False)) as ledger:
        assert ledger.path_of(ids[0]).startswith("file:///")


def _job(source: Path) -> Job:
    url = f"file://{source}"
    return Job(1, place_sha256(url), source.name, source.stat().st_size, (url,))


def test_a_machine_without_the_store_hands_its_records_over_by_url(tmp_path):
    source, share, out = tmp_path / "a.txt", tmp_path / "share", tmp_path / "out"
    source.write_text("Thông báo", encoding="utf-8")
    job, options = _job(source), _options(tmp_path / "not here", f"file://{share}")
    (outcome,) = run_jobs([job], options.workers, 2)
    assert outcome.status == "done"
    assert not (tmp_path / "not here").exists()
    fetch(out, [job.sha256], f"file://{share}")
    assert files.read_record(out, job.sha256).text == "Thông báo"
    source.unlink()
    found, content = find_bytes(job, tmp_path / "elsewhere", f"file://{share}")
    assert (found, content.decode()) == (None, "Thông báo")
    with pytest.raises(InputError):
        find_bytes(job, tmp_path / "elsewhere", f"file://{tmp_path}/nothing")


def test_a_shared_url_that_cannot_be_written_stops_the_load(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("Thông báo", encoding="utf-8")
    (tmp_path / "file").write_text("x")
    report = load([source], _options(tmp_path / "out", f"file://{tmp_path}/file/share"))
    assert report.exit_code is ExitCode.FAILURE
    assert report.counts["left"] == 1
    with pytest.raises(StoreError):
        publish(tmp_path / "out", list(files.record_ids(tmp_path / "out")), "file:///proc/none")


def test_a_member_of_an_archive_is_handed_over_too(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "Nội dung một " * 20)
    source, share = tmp_path / "kho.zip", tmp_path / "share"
    source.write_bytes(packed.getvalue())
    options = _options(tmp_path / "out", f"file://{share}").workers
    target = WorkerOptions(options.task, "bulk_targets:open_or_record", time_limit=20)
    (opened,) = run_jobs([_job(source)], target, 2)
    assert opened.status == "unpacked"
    (sha256, name, size), *_ = opened.members
    member = Job(2, sha256, name, size, (f"{source}!/a.txt",))
    _, content = find_bytes(member, tmp_path / "another machine", f"file://{share}")
    assert content.decode().startswith("Nội dung một")
