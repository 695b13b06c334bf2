"""Every sample is read as a person reads it (samples/*/expected.json).

The values in expected.json are what the document means. Where the program does not get there yet
the value is named in `known_gaps`, and a gap that was closed may not stay listed.
UPDATE_EXPECTED=1 rewrites only these lists.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from sample_check import Sample

from pipeline.errors import ToolMissingError
from pipeline.process import process
from pipeline.record import to_json

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
SLUGS = sorted(path.parent.name for path in SAMPLES.glob("*/expected.json"))
UPDATE = os.environ.get("UPDATE_EXPECTED") == "1"
LARGEST = 300_000


def source(slug: str) -> Path:
    (found,) = (SAMPLES / slug).glob("source.*")
    return found


def expected(slug: str) -> dict[str, Any]:
    content = json.loads((SAMPLES / slug / "expected.json").read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def record_of(slug: str) -> dict[str, Any]:
    path = source(slug)
    try:
        record = process(path.read_bytes(), f"{slug}{path.suffix}")
    except ToolMissingError as error:
        pytest.skip(f"cannot read this sample here: {error}")
    content = json.loads(to_json(record))
    assert isinstance(content, dict)
    return content


def rewrite_gaps(slug: str, gaps: list[str]) -> None:
    path = SAMPLES / slug / "expected.json"
    listed = ",".join(f"\n    {json.dumps(gap, ensure_ascii=False)}" for gap in gaps)
    block = f'"known_gaps": [{listed}{chr(10) + "  " if gaps else ""}]'
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'"known_gaps": \[.*\]', lambda _: block, text, flags=re.S), "utf-8")


def marked(slug: str) -> Any:
    scanned = source(slug).suffix == ".jpg" or "scan" in slug
    return pytest.param(slug, marks=[pytest.mark.ocr] if scanned else [])


@pytest.mark.parametrize("slug", [marked(slug) for slug in SLUGS])
def test_sample_is_read_as_a_person_reads_it(slug: str) -> None:
    wanted = expected(slug)
    problems = Sample(wanted, record_of(slug)).problems()
    if UPDATE:
        rewrite_gaps(slug, sorted(problems))
        return
    gaps = set(wanted["known_gaps"])
    new = {name: text for name, text in problems.items() if name not in gaps}
    assert not new, "\n".join(f"{name}: expected {text}" for name, text in new.items())
    closed = sorted(gaps - problems.keys())
    assert not closed, f"these are right now, take them out of known_gaps: {closed}"


def test_the_flag_that_rewrites_is_off() -> None:
    assert "UPDATE_EXPECTED" not in os.environ


def test_there_is_a_sample_of_every_kind_and_form() -> None:
    assert len(SLUGS) >= 12
    kinds = {expected(slug)["header"]["kind"] for slug in SLUGS}
    assert kinds >= {"TB", "KL", "CT", "CĐ", "CV", "KH", "BC", "QĐ", "NEWS"}
    assert {source(slug).suffix for slug in SLUGS} == {".txt", ".html", ".docx", ".pdf", ".jpg"}


@pytest.mark.parametrize("slug", SLUGS)
def test_sample_is_small_and_explained(slug: str) -> None:
    assert source(slug).stat().st_size < LARGEST
    assert f"`{slug}`" in (SAMPLES / "README.md").read_text("utf-8")


def test_a_wrong_value_is_reported_and_a_right_one_is_not() -> None:
    text = "Số: 12/TB-SYT. Sổ theo dõi còn để trống. 1. Phòng Y tế kiểm tra lại."
    statement = {"label": "shortcoming", "start": 15, "end": 40, "speaker": None}
    task = {"kind": "assigned", "start": 41, "end": 66, "deadline": None, "quote": text[41:],
            **{role: [] for role in ("coordinators", "monitors")},
            "assignees": [{"value": "Phòng Y tế"}]}  # fmt: skip
    record = {"text": text, "family": "state", "header": {"number": {"value": "12"}},
              "statements": [statement], "tasks": [task], "references": [], "issues": [],
              "blocks": [], "sections": []}  # fmt: skip
    right: dict[str, Any] = {
        "header": {"number": "12", "signer": None}, "family": "state",
        "labels": {"shortcoming": ["Sổ theo dõi còn để trống"]},
        "tasks": [{"at": "Phòng Y tế kiểm tra lại", "kind": "assigned",
                   "assignees": ["Phòng Y tế"], "deadline": None}],
        "references": [], "issues": [],
    }  # fmt: skip
    assert Sample(right, record).problems() == {}
    wrong = {**right, "header": {"number": None}, "labels": {"achievement": ["Sổ theo dõi còn"]},
             "tasks": [], "issues": ["number-blank"]}  # fmt: skip
    assert sorted(Sample(wrong, record).problems()) == [
        "extra task: 1. Phòng Y tế kiểm tra lại.",
        "header.number",
        "issue: number-blank",
        "label: Sổ theo dõi còn",
    ]


@pytest.mark.parametrize("slug", SLUGS)
def test_expected_values_are_nfc_and_have_places(slug: str) -> None:
    raw = (SAMPLES / slug / "expected.json").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", raw)
    for task in expected(slug)["tasks"]:
        assert len(task["at"].split()) >= 4
        assert task["kind"] in ("assigned", "commitment")
