import importlib
import json
import os
import pkgutil
import zipfile
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipeline
from pipeline.bulk.ledger import Ledger
from pipeline.cli import app, care, load, process, quarantine
from pipeline.errors import CongvanError
from pipeline.messages import default_language
from pipeline.resources import lexicon

if not app.registered_commands:
    load.register(app)
    process.register(app)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setenv("CONGVAN_TARGET", "bulk_targets:make_record")
    monkeypatch.setenv("CONGVAN_TIME_LIMIT", "30")
    monkeypatch.setenv("CONGVAN_JOBS", "1")
    monkeypatch.setenv("CONGVAN_LANG", "en")
    default_language.cache_clear()
    yield
    default_language.cache_clear()


def _run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def source(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"a.txt": "một", "b.txt": "hai", "x.txt": "!encrypted"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "empty.pdf").touch()
    return folder


def test_load_names_every_file_that_did_not_become_a_record(source, tmp_path):
    out = tmp_path / "out"
    result = _run("load", source, tmp_path / "gone.pdf", "--out", out, "--no-prefect")
    assert result.exit_code == 3
    assert result.stdout == ""
    for part in ("2 loaded", "empty.pdf is empty", "gone.pdf does not exist"):
        assert part in result.stderr
    assert "x.txt needs a password. Save a copy without a password." in result.stderr
    again = _run("load", source, "--out", out, "--no-prefect", "--lang", "vi")
    assert again.exit_code == 3
    assert "Không có gì mới" in again.stderr
    assert "có mật khẩu" in again.stderr


def test_load_of_nothing_that_exists_says_only_that(tmp_path):
    out = tmp_path / "out"
    result = _run("load", tmp_path / "no", "--out", out)
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [f"{tmp_path / 'no'} does not exist. Check the path."]
    assert not out.exists()


def test_load_of_unreadable_files_does_not_say_that_all_were_loaded(source, tmp_path):
    result = _run("load", source / "empty.pdf", "--out", tmp_path / "out", "--no-prefect")
    assert result.exit_code == 3
    assert "Nothing to do" not in result.stderr


def test_load_that_makes_records_of_all_ends_with_zero(source, tmp_path):
    (source / "x.txt").unlink()
    (source / "empty.pdf").unlink()
    result = _run("load", source, "--out", tmp_path / "out", "--no-prefect")
    assert result.exit_code == 0
    assert "all 2 are searchable" in result.stderr


def test_dry_run_writes_nothing(source, tmp_path):
    result = _run("load", source, "--out", tmp_path / "out", "--dry-run")
    assert result.exit_code == 3
    assert "3 documents: would load 3" in result.stderr
    assert "4 files: 3 documents, 1 not readable." in result.stderr
    assert "empty.pdf is empty" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_way_into_quarantine_and_back(source, tmp_path):
    out = tmp_path / "out"
    _run("load", source, "--out", out, "--no-prefect")
    listed = json.loads(_run("quarantine", "list", "--out", out, "--format", "json").stdout)
    assert [(row["reason"], Path(row["path"]).name) for row in listed] == [("encrypted", "x.txt")]
    identity = listed[0]["sha256"]
    shown = _run("quarantine", "show", identity[:8], "--out", out)
    assert "Save a copy without a password" in shown.stdout
    assert _run("quarantine", "show", "zz", "--out", out).exit_code == 4
    assert _run("quarantine", "retry", "--out", out).exit_code == 3
    assert _run("quarantine", "drop", identity[:8], "--out", out).exit_code == 0
    assert "Nothing is in quarantine" in _run("quarantine", "list", "--out", out).stderr


def test_verify_says_what_changed(source, tmp_path):
    out = tmp_path / "out"
    _run("load", source / "a.txt", source / "b.txt", "--out", out, "--no-prefect")
    assert _run("verify", "--out", out).exit_code == 0
    record = next((out / "records").rglob("*.json"))
    record.write_text(
        record.read_text(encoding="utf-8").replace("một", "mốt").replace("hai", "hài")
    )
    (source / "a.txt").write_text("đã sửa", encoding="utf-8")
    result = _run("verify", "--out", out, "--originals", "--format", "json")
    assert result.exit_code == 3
    found = {(row["what"], row["fault"]) for row in json.loads(result.stdout)}
    assert found == {("record", "changed"), ("original", "changed")}


def test_duplicates_shows_files_with_the_same_bytes(source, tmp_path):
    (source / "copy.txt").write_text("một", encoding="utf-8")
    _run("load", source, "--out", tmp_path / "out", "--no-prefect")
    result = _run("duplicates", "--out", tmp_path / "out", "--format", "jsonl")
    row = json.loads(result.stdout)
    assert (row["kind"], Path(row["path"]).name, Path(row["other"]).name) == (
        *("same-bytes", "a.txt", "copy.txt"),
    )


def test_reprocess_does_the_selected_documents_again(source, tmp_path):
    out = tmp_path / "out"
    _run("load", source, "--out", out, "--no-prefect")
    assert "1 documents" in _run("reprocess", "--failed", "--out", out, "--no-prefect").stderr
    result = _run("reprocess", "--older-than", "9.0.0", "--out", out, "--no-prefect")
    assert "2 loaded" in result.stderr
    assert _run("reprocess", "--stage", "guess", "--out", out).exit_code == 2


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("reprocess", "zzz"), 4),
        (("reprocess", "--type", "foo/bar"), 4),
        (("reprocess", "--older-than", "abc"), 2),
        (("quarantine", "retry", "zzz"), 4),
        (("quarantine", "retry", "--reason", "crash"), 4),
    ],
)
def test_what_matches_nothing_is_said_and_leaves_no_run(source, tmp_path, command, code):
    out = tmp_path / "out"
    _run("load", source, "--out", out, "--no-prefect")
    runs = sorted((out / "runs").iterdir())
    result = _run(*command, "--out", out)
    assert result.exit_code == code, result.stderr
    assert "files:" not in result.stderr
    assert sorted((out / "runs").iterdir()) == runs


def test_reprocess_makes_no_store(tmp_path):
    result = _run("reprocess", "--out", tmp_path / "typo")
    assert result.exit_code == 1
    assert "Nothing was ever loaded" in result.stderr
    assert not (tmp_path / "typo").exists()


def test_watch_of_a_folder_that_is_not_there_ends_at_once(source, tmp_path):
    result = _run("watch", source, tmp_path / "typo", "--out", tmp_path / "out", "--no-prefect")
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [f"{tmp_path / 'typo'} does not exist. Check the path."]


@pytest.mark.parametrize(
    ("since", "loaded"),
    [("31/12/2025", 1), ("2025-12-31", 1), ("2025-12-31T10:00", 1), ("1/1/2024", 2)],
)
def test_since_takes_a_day_as_people_type_it(tmp_path, since, loaded):
    for name, day in {"a.txt": datetime(2025, 12, 30), "b.txt": datetime(2026, 1, 2)}.items():
        (tmp_path / name).write_text(name, encoding="utf-8")
        os.utime(tmp_path / name, (day.timestamp(), day.timestamp()))
    result = _run("load", tmp_path, "--since", since, "--out", tmp_path / "out", "--dry-run")
    assert f"would load {loaded} " in result.stderr


def test_since_that_is_no_day_is_a_usage_error_in_the_language_of_the_user(tmp_path):
    result = _run("load", tmp_path, "--since", "hôm qua", "--lang", "vi")
    assert result.exit_code == 2
    assert "hôm qua không phải là ngày" in result.stderr


def test_a_store_that_cannot_be_written_is_said_before_prefect_starts(source, tmp_path):
    (tmp_path / "out").write_text("a file")
    result = _run("load", source, "--out", tmp_path / "out" / "kho")
    assert result.exit_code == 1
    assert "cannot be read or written" in result.stderr
    assert "Prefect" not in result.stderr


def test_a_load_with_nothing_to_do_starts_no_prefect(source, tmp_path):
    out = tmp_path / "out"
    _run("load", source, "--out", out, "--no-prefect")
    result = _run("load", source, "--out", out)
    assert "Nothing to do" in result.stderr
    assert "Prefect" not in result.stderr


def test_originals_are_remarks(source, tmp_path):
    out = tmp_path / "out"
    _run("load", source / "a.txt", "--out", out, "--no-prefect")
    (source / "a.txt").unlink()
    result = _run("verify", "--originals", "--out", out)
    assert result.exit_code == 0
    assert "1 documents are sound, 0 faults" in result.stderr
    assert "a remark only" in result.stderr
    assert "file that was loaded" in result.stdout


def test_two_loads_of_one_store_do_not_mix(source, tmp_path):
    (tmp_path / "out").mkdir()
    ledger = Ledger(tmp_path / "out")
    result = _run("load", source, "--out", tmp_path / "out", "--no-prefect")
    ledger.close()
    assert result.exit_code == 1
    assert "Another load is using the store" in result.stderr


@pytest.mark.parametrize("command", [["verify"], ["duplicates"], ["quarantine", "list"]])
def test_a_store_that_is_not_there_is_said_in_one_sentence(tmp_path, command):
    result = _run(*command, "--out", tmp_path / "none")
    assert result.exit_code == 1
    assert "Nothing was ever loaded" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda p: None, "does not exist", id="missing"),
        pytest.param(lambda p: p.touch(), "is empty", id="empty"),
        pytest.param(
            lambda p: p.mkdir(), "is a folder: congvan process reads one file", id="folder"
        ),
    ],
)
def test_process_says_why_a_file_gives_no_record(tmp_path, make, says):
    make(tmp_path / "x.txt")
    result = _run("process", tmp_path / "x.txt")
    assert result.exit_code == 3
    assert says in result.stderr
    assert result.stdout == ""


NOTICE = (
    "UBND TỈNH AN HẢI\nSố: 7/TB-VP\nTHÔNG BÁO\nGiao Sở Tài chính báo cáo trước ngày 15/3/2026.\n"
)


def test_process_gives_a_record_for_each_document_of_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "gói.zip", "w") as archive:
        archive.writestr("một.txt", NOTICE)
        archive.writestr("hai.txt", NOTICE.replace("7/TB", "8/TB"))
    result = _run("process", tmp_path / "gói.zip")
    assert result.exit_code == 0, result.output
    records = json.loads(result.stdout)
    assert [record["source"]["name"] for record in records] == [
        "gói.zip!/một.txt",
        "gói.zip!/hai.txt",
    ]
    assert "JSON list" in result.stderr


def test_process_says_which_document_of_a_message_gives_no_record(tmp_path):
    message = EmailMessage()
    message["Subject"], message["From"] = "Gửi thông báo", "van-thu@anhai.example"
    message.set_content(NOTICE)
    message.add_attachment(b"%PDF-1.4 broken", "application", "pdf", filename="hỏng.pdf")
    (tmp_path / "thư.eml").write_bytes(message.as_bytes())
    result = _run("process", tmp_path / "thư.eml")
    assert result.exit_code == 3
    assert "hỏng.pdf" in result.stderr
    (record,) = json.loads(result.stdout)
    assert "Sở Tài chính" in record["text"]


@pytest.mark.parametrize(
    "arguments", [["load"], ["load", "x", "--jobs", "0"], ["load", "x", "--lang", "fr"]]
)
def test_a_wrong_call_is_a_usage_error(arguments):
    assert _run(*arguments).exit_code == 2


def _kinds(kind: type[CongvanError] = CongvanError) -> list[type[CongvanError]]:
    return [k for child in kind.__subclasses__() for k in (child, *_kinds(child))]


def test_every_error_has_a_sentence_in_both_languages():
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if module.name != "pipeline.flows" and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    entries = lexicon("messages/common")
    for kind in _kinds():
        if kind.__module__.startswith("pipeline.") and kind.reason != "failure":
            assert {"vi", "en"} <= set(entries[f"error-{kind.reason}"]), kind


def test_every_command_has_help():
    for module in (load, care, quarantine, process):
        assert module.register.__doc__
    listing = _run("--help")
    for command in ("load", "process", "quarantine", "verify", "reprocess", "watch", "serve-flows"):
        assert command in listing.stdout
        assert _run(command, "--help").exit_code == 0
