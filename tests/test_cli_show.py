"""What `congvan show` puts on a terminal can be read at the width of a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.search import show_record
from pipeline.process import process

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "kl-kiem-tra-thiet-bi" / "source.docx"


@pytest.mark.parametrize("width", [80, 118, 160])
def test_no_column_is_squeezed_to_single_letters(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("CONGVAN_LANG", "en")
    show_record(process(SAMPLE.read_bytes(), SAMPLE.name))
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= width for line in lines)
    tasks = lines[next(n for n, line in enumerate(lines) if "Assignee" in line) :]
    assert any("Kiểm kê lại" in line and "Giám đốc" in line for line in tasks)
