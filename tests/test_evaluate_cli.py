"""`congvan evaluate` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from test_evaluate_measure import gold_files, perfect_record
from typer.testing import CliRunner

from pipeline.cli import assemble
from pipeline.cli.common import Commands

APP = assemble(typer.Typer(cls=Commands))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold").mkdir()
    gold_files(tmp_path / "gold")
    (tmp_path / "records").mkdir()
    record = json.dumps(perfect_record(tmp_path / "gold"), ensure_ascii=False)
    (tmp_path / "records" / "1.json").write_text(record, "utf-8")
    return tmp_path


def call(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(APP, ["evaluate", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_stored_records_are_scored_as_json(folder: Path) -> None:
    code, out, _ = call(folder / "gold", "--records", folder / "records", "--json")
    assert code == 0
    content = json.loads(out)
    assert content["groups"]["official"]["m3"] == 1.0
    assert content["docs"]["tb-1.docx"]["wrong_units"] == 0


@pytest.mark.parametrize(
    ("lang", "words"),
    [("vi", ("văn bản thật", "Nhãn đúng")), ("en", ("official", "Right label"))],
)
def test_tables_speak_the_language_asked_for(
    folder: Path, lang: str, words: tuple[str, ...]
) -> None:
    code, out, _ = call(folder / "gold", "--records", folder / "records", "--lang", lang)
    assert code == 0
    assert all(word in out for word in words)


def test_texts_are_read_when_no_records_are_named(folder: Path) -> None:
    code, out, _ = call(folder / "gold", "--per-doc", "--lang", "en")
    assert code == 0
    assert "tb-1.txt" in out


@pytest.mark.parametrize("missing", ["gold", "records"])
def test_a_folder_that_is_not_there_is_named(folder: Path, missing: str) -> None:
    words: list[object] = [folder / "gold", "--records", folder / "records"]
    words[0 if missing == "gold" else 2] = folder / "nowhere"
    code, out, err = call(*words)
    assert code == 3
    assert out == ""
    assert "nowhere" in err


def test_a_folder_without_labels_is_told_from_a_missing_one(folder: Path) -> None:
    code, _, err = call(folder / "records")
    assert code == 1
    assert "records không có văn bản đã gán nhãn" in err or "holds no labelled documents" in err


@pytest.mark.parametrize("content", ["{", "[]", '{"units": []}'])
def test_a_file_that_holds_no_labels_is_named(folder: Path, content: str) -> None:
    (folder / "gold" / "tb-2.txt").write_text("Một câu.", "utf-8")
    (folder / "gold" / "tb-2.json").write_text(content, "utf-8")
    code, out, err = call(folder / "gold", "--lang", "en")
    assert (code, out) == (1, "")
    assert "tb-2.json does not hold the labels" in err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nowhere",), 3, "Không tìm thấy"),
        (("records",), 1, "không có văn bản đã gán nhãn"),
        (("unlabelled",), 1, "không có văn bản đã gán nhãn"),
        (("gold", "--archive", "nowhere"), 3, "Không tìm thấy"),
    ],
)
def test_training_stops_at_once_where_there_is_nothing_to_learn_from(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    models = folder / "models"
    (models / "trained").mkdir(parents=True)
    monkeypatch.setattr("pipeline.train.models_dir", lambda: models)
    (folder / "unlabelled").mkdir()
    gold_files(folder / "unlabelled", units=[], labels=[], tasks=[])
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(APP, ["train", *words, "--lang", "vi"])
    assert result.exit_code == code
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert list((models / "trained").iterdir()) == []
