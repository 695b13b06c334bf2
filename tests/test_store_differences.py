"""What a new processing changed: every value once, with its cause; nothing when nothing did."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.record import Record, to_json
from pipeline.store.differences import (
    KEPT,
    combined,
    compare,
    differences_path,
    held_record,
    note_differences,
    read_differences,
)
from pipeline.store.files import write_record
from tests.stores import plain


def edited(record: Record, what: str) -> Record:
    """The record as an earlier version might have made it."""
    statement, task = record.statements[0], record.tasks[0]
    header = record.header
    changes: dict[str, dict[str, object]] = {
        "signer": {"header": header.model_copy(update={"signer": None})},
        "label": {
            "statements": (
                statement.model_copy(update={"label": "cause", "origin": "rule:old"}),
                *record.statements[1:],
            )
        },
        "statement": {"statements": record.statements[1:]},
        "assignees": {"tasks": (task.model_copy(update={"assignees": ()}),)},
        "deadline": {"tasks": (task.model_copy(update={"deadline": None}),)},
        "task": {"tasks": ()},
    }
    return record.model_copy(update=changes[what])


@pytest.mark.parametrize(
    ("what", "part", "old", "new"),
    [
        ("signer", "header.signer", None, "Lê Thị Hạnh"),
        ("label", "statement", "cause", "achievement"),
        ("statement", "statement", None, "achievement"),
        ("assignees", "task.assignees", None, "Văn phòng Sở"),
        ("deadline", "task.deadline", None, "2025-06-30 (trước ngày 30/6/2025)"),
        ("task", "task", None, plain(1).record().tasks[0].action),
    ],
)
def test_each_value_that_differs(what: str, part: str, old: str | None, new: str) -> None:
    record = plain(1).record()
    (found,) = compare(edited(record, what), record)
    assert (found.part, found.old, found.new) == (part, old, new)
    (back,) = compare(record, edited(record, what))
    assert (back.old, back.new) == (new, old)


def test_the_origin_says_why() -> None:
    record = plain(1).record()
    (found,) = compare(edited(record, "label"), record)
    assert found.old_origin == "rule:old"
    assert found.new_origin == record.statements[0].origin
    assert found.about == record.statements[0].quote


def test_kept_beside_the_records_until_processed_again(tmp_path: Path) -> None:
    record = plain(1).record()
    assert held_record(tmp_path, record.id) is None
    assert not note_differences(tmp_path, None, record)
    write_record(tmp_path, edited(record, "signer"))
    before = held_record(tmp_path, record.id)
    output = write_record(tmp_path, record)
    assert note_differences(tmp_path, before, record)
    (found,) = read_differences(tmp_path, record.id)
    assert found.after == output
    assert found.cause == "rule"
    assert [change.part for change in found.changes] == ["header.signer"]
    assert not note_differences(tmp_path, held_record(tmp_path, record.id), record)
    assert read_differences(tmp_path, record.id) == (found,)


def test_several_processings_are_put_together(tmp_path: Path) -> None:
    """What came and went again is no change; what changed twice changed once."""
    record = plain(1).record()
    steps = [record, edited(record, "signer"), edited(record, "label"), record]
    for old, new in pairwise(steps):
        assert note_differences(tmp_path, to_json(old), new)
    kept = read_differences(tmp_path, record.id)
    assert [len(step.changes) for step in kept] == [1, 2, 1]
    assert [change.part for change in combined(kept[:2]).changes] == ["statement"]
    assert combined(kept).changes == ()
    damaged = differences_path(tmp_path, record.id).read_bytes().replace(b"{", b"", 1)
    differences_path(tmp_path, record.id).write_bytes(damaged)
    assert read_differences(tmp_path, record.id) == kept[1:]


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    record = plain(1).record()
    other = edited(record, "signer")
    for _ in range(KEPT):
        note_differences(tmp_path, to_json(record), other)
        note_differences(tmp_path, to_json(other), record)
    assert len(read_differences(tmp_path, record.id)) == KEPT


@pytest.mark.parametrize(
    ("update", "cause"),
    [
        ({"text": "khác"}, "text"),
        (
            {"provenance": plain(1).record().provenance.model_copy(update={"congvan": "0"})},
            "version",
        ),
    ],
)
def test_causes(tmp_path: Path, update: dict[str, object], cause: str) -> None:
    record = plain(1).record()
    before = to_json(record.model_copy(update=update))
    assert note_differences(tmp_path, before, record)
    (found,) = read_differences(tmp_path, record.id)
    assert found.cause == cause


@pytest.mark.parametrize("before", [b"", b"{", b'{"schema": "other"}', b"\xff"])
def test_a_damaged_record_before_is_no_obstacle(tmp_path: Path, before: bytes) -> None:
    record = plain(1).record()
    assert not note_differences(tmp_path, before, record)
    assert not differences_path(tmp_path, record.id).exists()
