"""Names that are not UTF-8 or hold line breaks: files like all others, found by their path."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from test_bulk_engine import _options
from typer.testing import CliRunner

from pipeline.bulk.engine import load
from pipeline.bulk.fixity import check
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.places import place_sha256
from pipeline.bulk.scan import scan
from pipeline.cli import app, process
from pipeline.cli import load as load_commands
from pipeline.store import files

if not app.registered_commands:
    load_commands.register(app)
    process.register(app)

STRANGE = os.fsdecode(b"ten-hong-\xff\xe1.txt")
BROKEN = "hai\ndòng.txt"
ESCAPED = {r"ten-hong-\xff\xe1.txt", r"hai\x0adòng.txt"}


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / os.fsdecode(b"th\xb0-m\xfac")
    folder.mkdir()
    (folder / STRANGE).write_text("Thông báo số 1", encoding="utf-8")
    (folder / BROKEN).write_text("Thông báo số 2", encoding="utf-8")
    (folder / "a.txt").write_text("Thông báo số 3", encoding="utf-8")
    return folder


def _run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_they_are_loaded_known_again_done_again_and_verified(folder, tmp_path):
    out = tmp_path / "out"
    report = load([folder], _options(out))
    assert (report.counts["done"], report.problems) == (3, ())
    names = {files.read_record(out, sha256).source.name for sha256 in files.record_ids(out)}
    assert names == ESCAPED | {"a.txt"}
    again = load([folder], _options(out))
    assert (again.counts["done"], again.counts["skipped"]) == (0, 3)
    forced = load([folder], _options(out, force=True))
    assert (forced.counts["done"], forced.counts["new_versions"]) == (3, 0)
    with closing(Ledger(out, write=False)) as ledger:
        paths = {path for entry in ledger.entries() for path in ledger.paths(entry.document)}
        findings = list(check(ledger, out, originals=True))
    assert {path.rpartition("/")[2] for path in paths} == ESCAPED | {"a.txt"}
    assert all("th\\xb0-m\\xfac/" in path and path.isprintable() for path in paths)
    assert all(isinstance(found, str) for found in findings)
    (folder / STRANGE).unlink()
    with closing(Ledger(out, write=False)) as ledger:
        lost = [f for f in check(ledger, out, originals=True) if not isinstance(f, str)]
    assert [(f.fault, f.path.rpartition("/")[2]) for f in lost] == [
        ("missing", r"ten-hong-\xff\xe1.txt")
    ]


def test_one_named_on_the_command_line_is_loaded(folder, tmp_path):
    report = load([folder / STRANGE], _options(tmp_path / "out"))
    assert report.counts["done"] == 1


def test_they_are_found_by_url_too(folder):
    found = {file.path: place_sha256(file.path) for file in scan([f"file://{folder}"])}
    assert {path.rpartition("/")[2] for path in found} == ESCAPED | {"a.txt"}
    assert len(set(found.values())) == 3


def test_reports_and_quarantine_name_them_on_one_line(folder, tmp_path):
    out = tmp_path / "out"
    (folder / STRANGE).write_text("!encrypted", encoding="utf-8")
    (folder / os.fsdecode(b"r\xfang\n.pdf")).touch()
    report = load([folder], _options(out))
    assert {p.path.rpartition("/")[2] for p in report.problems} == {
        r"ten-hong-\xff\xe1.txt",
        r"r\xfang\x0a.pdf",
    }
    run = json.loads(files.run_path(out, report.run).read_bytes())
    assert any(p["path"].endswith(r"r\xfang\x0a.pdf") for p in run["problems"])
    assert r"ten-hong-\xff\xe1.txt" in files.run_path(out, report.run, ".md").read_text()
    listed = _run("quarantine", "list", "--out", out, "--format", "csv")
    rows = list(csv.reader(io.StringIO(listed.stdout.lstrip("\ufeff"))))
    assert len(listed.stdout.splitlines()) == len(rows) == 2
    assert r"ten-hong-\xff\xe1.txt" in listed.stdout


def test_copies_are_listed_on_one_line_each(folder, tmp_path):
    out = tmp_path / "out"
    (folder / "b\r\nc.txt").write_bytes((folder / "a.txt").read_bytes())
    load([folder], _options(out))
    listed = _run("duplicates", "--out", out, "--format", "csv")
    assert len(listed.stdout.splitlines()) == 2
    assert r"b\x0d\x0ac.txt" in listed.stdout


def _archive(names: list[bytes]) -> bytes:
    """An archive whose names are these bytes, and that says of each that it is UTF-8."""
    stand_ins = [f"{n}{'x' * (len(name) - 4)}ế" for n, name in enumerate(names)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number, stand_in in enumerate(stand_ins):
            archive.writestr(stand_in, f"Thông báo số {number}")
    content = target.getvalue()
    for stand_in, name in zip(stand_ins, names, strict=True):
        assert content.count(stand_in.encode()) == 2
        content = content.replace(stand_in.encode(), name)
    return content


def test_names_inside_an_archive_do_not_cost_the_others(folder, tmp_path):
    out = tmp_path / "out"
    content = _archive([b"a-\x8d\xff.txt", "thư số 2.txt".encode(), b"dong\n3.txt"])
    (folder / os.fsdecode(b"g\xf3i.zip")).write_bytes(content)
    report = load([folder], _options(out, target="open_or_record"))
    assert (report.counts["done"], report.problems) == (4, ())  # two of six hold bytes of others
    with closing(Ledger(out, write=False)) as ledger:
        paths = [path for entry in ledger.entries() for path in ledger.paths(entry.document)]
    inside = {path.rpartition("!/")[2] for path in paths if "!/" in path}
    assert inside == {r"a-\x8dÿ.txt", "thư số 2.txt", r"dong\x0a3.txt"}
    again = load([folder], _options(out, target="open_or_record"))
    assert (again.counts["done"], again.problems) == (0, ())


def test_process_prints_the_record_of_such_a_file(folder):
    result = _run("process", folder / STRANGE)
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert record["source"]["name"] == r"ten-hong-\xff\xe1.txt"
    assert "file-name-unreadable" in [issue["code"] for issue in record["issues"]]


@pytest.mark.parametrize("command", ["process", "load"])
def test_one_that_is_not_there_is_said(tmp_path, command):
    result = _run(command, tmp_path / os.fsdecode(b"kh\xf4ng.txt"))
    assert result.exit_code == 3
    assert r"kh\xf4ng.txt" in result.stderr
