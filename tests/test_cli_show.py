"""What `congvan show` puts on a terminal can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli.search import show_record
from pipeline.process import process

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "kl-kiem-tra-thiet-bi" / "source.docx"


def test_no_column_is_squeezed_to_single_letters(capsys: pytest.CaptureFixture[str]) -> None:
    show_record(process(SAMPLE.read_bytes(), SAMPLE.name))
    lines = capsys.readouterr().out.splitlines()
    assert any("Kiểm kê lại" in line and "Giám đốc" in line for line in lines)
