"""The figures of an evaluation on a small labelled document made here."""

from __future__ import annotations

import copy
import io
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.errors import MissingFileError
from pipeline.evaluate import evaluate, read_gold, stored
from pipeline.evaluate.align import align, same_name, tokens
from pipeline.evaluate.counts import match_names
from pipeline.evaluate.gold import NoGoldError
from pipeline.evaluate.measure import not_verbatim, summary
from pipeline.evaluate.report import as_json, costs, render

LINES = (
    ("ACH", "Phòng đã tiếp nhận 120 hồ sơ, trả đúng hạn 118 hồ sơ."),
    ("SHO", "Sổ theo dõi còn để trống nhiều cột."),
    ("TASK", "1. Thanh tra Sở phối hợp với Văn phòng Sở kiểm tra lại trước ngày 15/9/2025."),
    ("TASK", "2. Văn phòng Sở công khai kết quả, báo cáo hằng quý."),
    ("CTX", "Trên đây là kết luận của Giám đốc Sở."),
)
LABEL = {"ACH": "achievement", "SHO": "shortcoming", "TASK": "task", "CTX": "context"}


def gold_files(folder: Path, **changes: Any) -> dict[str, Any]:
    text = "\n".join(line for _, line in LINES)
    units, start = [], 0
    for number, (_, line) in enumerate(LINES):
        units.append({"i": number, "start": start, "end": start + len(line)})
        start += len(line) + 1
    dated = {"raw": "trước ngày 15/9/2025", "kind": "date", "value": "2025-09-15"}
    gold = {
        "doc": "tb-1",
        "units": units,
        "labels": [label for label, _ in LINES],
        "alt": {},
        "tasks": [
            {"units": [2], "kind": "assigned", "assignees": ["Thanh tra Sở"],
             "coordinators": ["Văn phòng Sở"], "monitors": [], "deadline": dated},
            {"units": [3], "kind": "assigned", "assignees": ["Văn phòng Sở"], "coordinators": [],
             "monitors": [], "deadline": None},
        ],
        "header": {"doc_type": "TB", "number": "12", "symbol": "TB-SYT", "date": "2025-09-01",
                   "references": [{"code": "7/KH-SYT"}]},
        "figures": [{"start": 19, "end": 22, "value": "120"}],
        **changes,
    }  # fmt: skip
    (folder / "tb-1.txt").write_text(text, encoding="utf-8")
    (folder / "tb-1.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return gold


def perfect_record(folder: Path) -> dict[str, Any]:
    """What a program that makes no mistake writes."""
    text = (folder / "tb-1.txt").read_text("utf-8")
    gold = json.loads((folder / "tb-1.json").read_text("utf-8"))
    spans = [(u["start"], u["end"]) for u in gold["units"]]

    def found(value: str) -> dict[str, Any]:
        return {"value": value, "start": 0, "end": 5, "quote": text[:5], "origin": "rule:test"}

    return {
        "text": text,
        "source": {"name": "tb-1.docx"},
        "header": {"kind": found("TB"), "number": found("12"), "symbol": found("TB-SYT"),
                   "issued_on": found("2025-09-01"), "addressees": [], "recipients": []},
        "statements": [
            {"label": LABEL[label], "start": s, "end": e, "quote": text[s:e]}
            for (label, _), (s, e) in zip(LINES, spans, strict=True)
        ],
        "tasks": [
            {**task, "start": spans[task["units"][0]][0], "end": spans[task["units"][0]][1],
             "quote": text[slice(*spans[task["units"][0]])],
             "assignees": [found(name) for name in task["assignees"]],
             "coordinators": [found(name) for name in task["coordinators"]]}
            for task in gold["tasks"]
        ],
        "references": [{"code": "7/KH-SYT"}],
        "figures": [{"start": 19, "end": 22, "value": "120", "value_max": None}],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gold_files(tmp_path)
    return tmp_path


def figures(folder: Path, record: dict[str, Any], group: str = "official") -> dict[str, Any]:
    result = evaluate(read_gold(folder), [record])
    return summary(result.groups[group])  # type: ignore[index]


def test_a_perfect_record_scores_one_everywhere(folder: Path) -> None:
    got = figures(folder, perfect_record(folder))
    assert got["m3"] == 1.0
    for measure in (
        "task",
        "assignee",
        "coordinator",
        "deadline",
        "header",
        "references",
        "figures",
    ):
        assert got[measure]["f1"] == 1.0, measure
    assert got["invented"] == [0, 4]
    assert got["not_verbatim"][0] == 0
    assert got["header_exact"] == 1.0


def test_line_breaks_and_letter_marks_apart_do_not_count(folder: Path) -> None:
    record = perfect_record(folder)
    spread = unicodedata.normalize("NFD", record["text"].replace(" ", "\n  "))
    ratio = {}  # offsets move: find every quote again in the changed text
    for item in (*record["statements"], *record["tasks"]):
        quote = unicodedata.normalize("NFD", item["quote"].replace(" ", "\n  "))
        start = spread.index(quote)
        ratio[item["quote"]] = item
        item.update(start=start, end=start + len(quote), quote=quote)
    record["text"] = spread
    got = figures(folder, record)
    assert got["m3"] == 1.0
    assert got["task"]["f1"] == 1.0


def change_label(record: dict[str, Any]) -> None:
    record["statements"][0]["label"] = "shortcoming"


def drop_task(record: dict[str, Any]) -> None:
    del record["tasks"][1]


def other_assignee(record: dict[str, Any]) -> None:
    record["tasks"][0]["assignees"][0]["value"] = "Phòng Kế hoạch - Tài chính"


def invent_deadline(record: dict[str, Any]) -> None:
    record["tasks"][1]["deadline"] = {"kind": "date", "value": "2025-10-01", "raw": "x"}


def invent_signer(record: dict[str, Any]) -> None:
    record["header"]["signer"] = dict(record["header"]["number"], value="Ai Đó")


def other_number(record: dict[str, Any]) -> None:
    record["header"]["number"]["value"] = "13"


def miss_reference(record: dict[str, Any]) -> None:
    record["references"] = []


@pytest.mark.parametrize(
    ("spoil", "measure", "f1"),
    [
        (drop_task, "task", 2 / 3),
        (other_assignee, "assignee", 0.5),
        (invent_deadline, "deadline", 2 / 3),
        (other_number, "header", 0.75),
        (invent_signer, "header", 8 / 9),
        (miss_reference, "references", 0.0),
    ],
)
def test_each_kind_of_mistake_lowers_its_own_figure(
    folder: Path, spoil: Any, measure: str, f1: float
) -> None:
    record = perfect_record(folder)
    spoil(record)
    assert figures(folder, record)[measure]["f1"] == pytest.approx(f1, abs=1e-4)


def test_a_wrong_label_stands_in_the_confusions_and_costs_points(folder: Path) -> None:
    record = perfect_record(folder)
    change_label(record)
    result = evaluate(read_gold(folder), [record])
    assert result.groups["all"].confusion["achievement", "shortcoming"] == 1
    measures = {cost.measure for cost in costs(result)}
    assert measures == {"labels/achievement", "labels/shortcoming"}
    assert "120" in next(m.text for s in result.documents for m in s.mistakes)


def test_what_the_gold_accepts_as_well_is_no_mistake(tmp_path: Path) -> None:
    gold_files(tmp_path, alt={"0": ["SHO"]})
    record = perfect_record(tmp_path)
    change_label(record)
    assert figures(tmp_path, record)["m3"] == pytest.approx(2 / 3, abs=1e-4)  # no achievement left
    assert figures(tmp_path, record)["labels"]["shortcoming"]["f1"] == 1.0


def test_another_reading_of_a_deadline_is_right_too(tmp_path: Path) -> None:
    gold = gold_files(tmp_path)
    tasks = copy.deepcopy(gold["tasks"])
    tasks[1]["deadline_also"] = [{"kind": "recurring", "value": "FREQ=MONTHLY;INTERVAL=3"}]
    gold_files(tmp_path, tasks=tasks)
    record = perfect_record(tmp_path)
    assert figures(tmp_path, record)["deadline"]["f1"] == 1.0
    record["tasks"][1]["deadline"] = {"kind": "recurring", "value": "FREQ=MONTHLY;INTERVAL=3"}
    assert figures(tmp_path, record)["deadline"]["f1"] == 1.0


def test_a_missing_record_finds_nothing_and_is_named(folder: Path) -> None:
    result = evaluate(read_gold(folder), [])
    got = summary(result.groups["all"])
    assert got["missing"] == ["tb-1"]
    assert got["m3"] == 0
    assert got["task"] == {"p": None, "r": 0.0, "f1": 0.0, "n": 2}


def test_quotes_that_are_not_in_the_text_are_counted(folder: Path) -> None:
    record = perfect_record(folder)
    record["statements"][0]["quote"] = "không có"
    total, paths = not_verbatim(record)
    assert paths == [".statements[0]"]
    assert total == 5 + 2 + 4 + 3


def test_records_are_found_by_name_whatever_else_lies_in_the_folder(folder: Path) -> None:
    store = folder / "store" / "ab"
    store.mkdir(parents=True)
    (store / "1.json").write_text(json.dumps(perfect_record(folder)), encoding="utf-8")
    (store / "report.json").write_text("[1, 2]", encoding="utf-8")
    (store / "broken.json").write_bytes(b"\xff{")
    gold = read_gold(folder)
    records = list(stored(folder / "store")(gold))
    assert len(records) == 1
    assert summary(evaluate(gold, records).groups["all"])["missing"] == []


def test_report_names_the_documents_and_json_holds_everything(folder: Path) -> None:
    record = perfect_record(folder)
    drop_task(record)
    result = evaluate(read_gold(folder), [record])
    console = Console(width=160, file=io.StringIO())
    console.print(render(result, per_document=True, worst=5))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "tb-1.docx" in shown
    assert "1/2 (+0)" in shown
    content = as_json(result)
    assert content["docs"]["tb-1.docx"]["tasks"] == "1/2 (+0)"
    assert content["costs"][0]["measure"] in ("task", "assignee")
    json.dumps(content)


def test_folders_without_gold_or_records_say_so(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        read_gold(tmp_path / "none")
    with pytest.raises(NoGoldError):
        read_gold(tmp_path)
    with pytest.raises(MissingFileError):
        stored(tmp_path / "none")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Sở Tài chính", "sở tài  chính", True),
        ("Ủy ban nhân dân các xã, phường", "Ủy ban nhân dân các xã và phường", True),
        ("Sở Tài chính", "Sở Y tế", False),
        ("", "", False),
    ],
)
def test_names_are_compared_by_their_syllables(left: str, right: str, same: bool) -> None:
    assert same_name(left, right) is same


def test_optional_names_are_neither_asked_for_nor_held_against() -> None:
    assert match_names(["Sở Y tế"], ["Sở Y tế", "Bệnh viện tỉnh"], ["Bệnh viện tỉnh"]) == (1, 0, 0)
    assert match_names(["Sở Y tế"], ["Công an xã"]) == (0, 1, 1)


@given(st.text(alphabet="aăâeêđ ẫ.12\n", max_size=60))
def test_a_text_is_aligned_with_itself(text: str) -> None:
    words = [token.text for token in tokens(text)]
    assert align(words, words) == list(range(len(words)))


@given(
    st.lists(st.sampled_from("abcd"), max_size=20), st.lists(st.sampled_from("abcd"), max_size=20)
)
def test_alignment_keeps_the_order(left: list[str], right: list[str]) -> None:
    places = [place for place in align(left, right) if place is not None]
    assert places == sorted(set(places))
    assert all(0 <= place < len(right) for place in places)
