"""What `congvan show` puts on a terminal can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.search import show_record
from pipeline.messages import default_language
from pipeline.process import process

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SAMPLE = SAMPLES / "kl-kiem-tra-thiet-bi" / "source.docx"


def test_no_column_is_squeezed_to_single_letters(capsys: pytest.CaptureFixture[str]) -> None:
    show_record(process(SAMPLE.read_bytes(), SAMPLE.name))
    lines = capsys.readouterr().out.splitlines()
    assert any("Kiểm kê lại" in line and "Giám đốc" in line for line in lines)


@pytest.mark.parametrize(
    ("language", "told", "not_told"),
    [
        ("en", ("Issuer", "Signer", "The document's number was left blank.", "warning"), "Số văn"),
        ("vi", ("Cơ quan ban hành", "Người ký", "Số văn bản để trống.", "cảnh báo"), "Issuer"),
    ],
)
def test_names_of_fields_and_issues_are_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    told: tuple[str, ...],
    not_told: str,
) -> None:
    monkeypatch.setenv("CONGVAN_LANG", language)
    default_language.cache_clear()
    source = next((SAMPLES / "cv-so-de-trong").glob("source.*"))
    show_record(process(source.read_bytes(), source.name))
    shown = capsys.readouterr().out
    default_language.cache_clear()
    assert [words for words in told if words not in shown] == []
    assert not_told not in shown
