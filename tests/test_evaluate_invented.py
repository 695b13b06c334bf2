"""Values that no label has, and the reasons that are given for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from test_evaluate_measure import LINES, gold_files

from pipeline.evaluate import read_gold
from pipeline.evaluate.invented import invented

TEXT = "\n".join(line for _, line in LINES)


def agent(value: str, *, inherited: bool = False) -> dict[str, Any]:
    return {"value": value, "start": 0, "inherited": inherited}


def task(line: int, assignees: list[dict[str, Any]], deadline: str | None = None) -> dict[str, Any]:
    start = TEXT.index(LINES[line][1])
    found = {"kind": "date", "value": deadline, "start": start} if deadline else None
    end = start + len(LINES[line][1])
    return {"start": start, "end": end, "assignees": assignees, "deadline": found}


def reasons(folder: Path, *tasks: dict[str, Any], **changes: Any) -> list[tuple[str, str, str]]:
    gold_files(folder, **changes)
    record = {"text": TEXT, "source": {"name": "tb-1.txt"}, "tasks": list(tasks)}
    rows = invented(read_gold(folder), [record])
    assert {row.document for row in rows} <= {"tb-1"}
    return [(row.field, row.value, row.reason) for row in rows]


def test_what_the_labels_have_is_not_invented(tmp_path: Path) -> None:
    assert reasons(tmp_path, task(2, [agent("Thanh tra Sở")], "2025-09-15")) == []


def test_a_wrong_assignee_tells_where_it_came_from(tmp_path: Path) -> None:
    found = reasons(
        tmp_path,
        task(
            2,
            [agent("Thanh tra Sở và các xã"), agent("Sở Y tế", inherited=True), agent("Giám đốc")],
        ),
    )
    assert [reason for _, _, reason in found] == [
        "name cut or run on, list joined or split otherwise",
        "inherited from elsewhere",
        "another body of the clause",
    ]


def test_a_wrong_deadline_tells_what_is_wrong(tmp_path: Path) -> None:
    found = reasons(
        tmp_path,
        task(2, [], "2025-09-16"),
        task(3, [], "2025-12-31"),
        task(0, [], "2025-01-31"),
    )
    assert found == [
        ("deadline", "date 2025-09-16", "another kind or value"),
        ("deadline", "date 2025-12-31", "in a task that has none"),
        ("deadline", "date 2025-01-31", "in a sentence that is no task"),
    ]


def test_nobody_in_the_labels_is_a_reason_of_its_own(tmp_path: Path) -> None:
    tasks = [{"units": [2], "kind": "assigned", "assignees": [], "deadline": None}]
    found = reasons(tmp_path, task(2, [agent("Sở Y tế")]), tasks=tasks)
    assert found == [("assignee", "Sở Y tế", "the labels name nobody")]
