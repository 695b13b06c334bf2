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
    assert "records" in err
