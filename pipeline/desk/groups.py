"""The register by group: how many tasks a body, a document or a month has."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.desk.address import Links
from pipeline.desk.view import day_text
from pipeline.desk.words import value_name
from pipeline.document import Frozen
from pipeline.messages import Language, say
from pipeline.store.copies import Row
from pipeline.store.tasks import TaskCount, TaskQuery, count_tasks

DeskGroup = Literal["assignee", "document", "month", "agency", "assigner", "monitor", "topic"]
GROUPS: tuple[DeskGroup, ...] = get_args(DeskGroup)
MOST = 300
"""Groups on a page; the file has all."""
_PARAMETERS: dict[DeskGroup, str] = {
    "assignee": "assignee",
    "assigner": "assigner",
    "monitor": "monitor",
    "agency": "agency",
    "topic": "topic",
    "document": "document",
}


class GroupRow(TaskCount):
    """A group with a name for people."""

    name: str


class Grouping(Frozen):
    """All groups."""

    group: DeskGroup
    items: tuple[GroupRow, ...]


@dataclass(frozen=True)
class LinkedGroup:
    """A group, and the addresses of its tasks and of the overdue ones."""

    row: GroupRow
    address: str | None
    overdue_address: str | None


def group_rows(
    connection: sqlite3.Connection,
    query: TaskQuery,
    group: DeskGroup,
    limit: int = -1,
    again: Collection[Row] = (),
) -> tuple[GroupRow, ...]:
    """The groups: months in order, all others by how many tasks they have.

    Tasks that copies say `again` count once; by document each counts its own.
    """
    without = () if group == "document" else again
    counts = count_tasks(connection, query, group, limit=limit, without=without)
    names = _documents(connection, counts) if group == "document" else {}
    if group == "month":
        names = {count.value: day_text(count.value) for count in counts if count.value}
    rows = [
        GroupRow(**count.model_dump(), name=names.get(count.value or "", count.value or ""))
        for count in counts
    ]
    if group == "month":
        rows.sort(key=lambda row: row.value or "9999")
    return tuple(rows)


def grouping(
    connection: sqlite3.Connection,
    query: TaskQuery,
    group: DeskGroup,
    links: Links,
    language: Language,
    again: Collection[Row] = (),
) -> list[LinkedGroup]:
    """The groups of a page, with links to their tasks."""
    found = []
    for row in group_rows(connection, query, group, MOST, again):
        named = row.model_copy(update={"name": _name(row, group, language)})
        chosen = _filter(group, row.value)
        if chosen is None:
            found.append(LinkedGroup(named, None, None))
            continue
        plain = links.set(group=None, **chosen)
        overdue = links.set(group=None, state="overdue", overdue=None, **chosen)
        found.append(LinkedGroup(named, plain, overdue if row.overdue else None))
    return found


def _name(row: GroupRow, group: DeskGroup, language: Language) -> str:
    if row.value is None:
        return say(f"desk.group-none-{'month' if group == 'month' else 'other'}", language)
    return value_name(group, row.name, language)


def _filter(group: DeskGroup, value: str | None) -> dict[str, str] | None:
    if value is None:
        return None
    if group != "month":
        return {_PARAMETERS[group]: " ".join(value.split()) if group != "topic" else value}
    first = dt.date.fromisoformat(f"{value}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return {"due_from": first.isoformat(), "due_before": after.isoformat()}


def _documents(connection: sqlite3.Connection, counts: tuple[TaskCount, ...]) -> dict[str, str]:
    """What documents are called: number and day, or the name of the file."""
    rows = connection.execute(
        "SELECT document_id, coalesce(code, title, source_name), dated_on FROM documents"
        " WHERE document_id IN (SELECT value FROM json_each(?))",
        (json.dumps([count.value for count in counts]),),
    )
    return {key: f"{name} · {day_text(day)}" if day else name for key, name, day in rows}
