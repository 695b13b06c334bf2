"""Floors rise, and fall only with a written reason."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SPEC = importlib.util.spec_from_file_location("floors", HERE / "quality" / "floors.py")
assert SPEC
assert SPEC.loader
floors = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(floors)


def baseline() -> dict[str, Any]:
    content = json.loads(floors.BASELINE.read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def falls(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Floors that are lower than in `old` without a reason."""
    reasons = {
        (entry["floor"], entry["to"]): entry["reason"].strip() for entry in new.get("lowered", [])
    }
    return [
        name
        for name, floor in old["floors"].items()
        if new["floors"].get(name, 0.0) < floor
        and len(reasons.get((name, new["floors"].get(name, 0.0)), "")) < 20
    ]


def test_floors_are_figures_between_zero_and_one() -> None:
    for name, floor in baseline()["floors"].items():
        group, _, measure = name.partition(".")
        assert group in ("official", "written", "news", "all"), name
        assert measure in (*floors.MEASURES, "verbatim"), name
        assert 0 <= floor <= 1, name


def test_no_floor_fell_since_the_last_commit_without_a_reason() -> None:
    command = ["git", "show", "HEAD:tests/quality/baseline.json"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if shown.returncode:
        pytest.skip("no git history here to compare with")
    assert falls(json.loads(shown.stdout), baseline()) == []


LABELS_CORRECTED = "the gold labels of 12 news items were corrected"


@pytest.mark.parametrize(
    ("lowered", "fallen"),
    [
        ([], ["news.task"]),
        ([{"floor": "news.task", "to": 0.6, "reason": "oops"}], ["news.task"]),
        ([{"floor": "news.task", "to": 0.6, "reason": LABELS_CORRECTED}], []),
        ([{"floor": "news.task", "to": 0.5, "reason": LABELS_CORRECTED}], ["news.task"]),
        ([{"floor": "news.labels", "to": 0.6, "reason": LABELS_CORRECTED}], ["news.task"]),
    ],
)
def test_a_fall_needs_its_own_reason(lowered: list[dict[str, Any]], fallen: list[str]) -> None:
    old = {"floors": {"news.task": 0.7, "news.labels": 0.6}}
    new = {"floors": {"news.task": 0.6, "news.labels": 0.65}, "lowered": lowered}
    assert falls(old, new) == fallen


def test_a_floor_that_is_left_out_has_fallen() -> None:
    assert falls({"floors": {"news.task": 0.7}}, {"floors": {}}) == ["news.task"]


def test_raised_floors_never_go_down_and_stay_below_what_was_measured() -> None:
    got = floors.raised({"a": 0.9, "b": 0.5}, {"a": 0.8, "b": 0.7, "all.verbatim": 1.0})
    assert got == {"a": 0.9, "b": 0.69, "all.verbatim": 1.0}
    assert floors.compare(got, {"a": 0.8, "b": 0.7, "all.verbatim": 0.99999}) == [
        "a",
        "all.verbatim",
    ]
    assert floors.compare({"a": 0.9}, {}) == ["a"]
