"""What people type finds what they mean, over the samples (bench/search/relevance.tsv)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_recall_of_the_first_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bench" / "search"))
    import relevance

    try:
        relevance.make_store(tmp_path)
        result = relevance.measure(tmp_path)
    finally:
        sys.modules.pop("relevance", None)
    assert len(relevance.questions()) == 100
    assert result.recall >= 0.98, result.misses
    assert result.out_of_order == []
