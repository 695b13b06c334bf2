"""The task register: which tasks, of whom, due when; listed, grouped and counted as of a day."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Literal

from pydantic import Field

from pipeline.document import Frozen
from pipeline.record import Label
from pipeline.register import DueState, next_day, state
from pipeline.store.copies import Row, not_in
from pipeline.store.cursors import read_cursor, write_cursor
from pipeline.store.query import DayPart
from pipeline.store.task_filters import STATES, task_conditions

GroupBy = Literal[
    "assignee",
    "assigner",
    "monitor",
    "agency",
    "document",
    "month",
    "topic",
    "year",
    "state",
    "kind",
]
"""month: in which the task is due; document: by its id."""


class TaskQuery(Frozen):
    """Which tasks. Names find what succeeded them and the units below them; dates are ISO 8601."""

    text: str = Field("", max_length=2000)
    assignees: tuple[str, ...] = ()
    assigners: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    topics: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    commitment: bool | None = None
    number: str | None = None
    document_id: str | None = None
    dated_from: DayPart | None = None
    dated_to: DayPart | None = None
    due_from: dt.date | None = None
    due_before: dt.date | None = None
    has_deadline: bool = False
    overdue: bool = False
    states: tuple[DueState, ...] = ()
    as_of: dt.date
    include_secret: bool = False
    sort: Literal["due", "newest"] = "due"
    limit: int = Field(50, ge=1, le=100_000)
    cursor: str | None = Field(None, max_length=400)


class TaskItem(Frozen):
    """A task with its document. `state` is as of the day asked about; `due_basis` says how the day
    was worked out, or why there is none."""

    task_id: str
    action: str
    kind: str
    assigner: str | None
    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    monitors: tuple[str, ...]
    report_to: tuple[str, ...]
    deadline_raw: str | None
    deadline_kind: str | None
    deadline_value: str | None
    due_on: str | None
    due_basis: str | None
    next_on: str | None
    state: DueState
    urgency: str | None
    product: str | None
    topic: str | None
    document_refs: str | None
    quote: str
    document_id: str
    code: str | None
    title: str | None
    document_kind: str | None
    issuer: str | None
    place: str | None
    dated_on: str | None
    source_name: str
    page: int | None
    span_start: int
    span_end: int


class TaskPage(Frozen):
    """A page of tasks and how many there are in all."""

    items: tuple[TaskItem, ...]
    total: int
    cursor: str | None = None


class TaskCount(Frozen):
    """How many tasks one group has."""

    value: str | None
    tasks: int
    with_deadline: int
    overdue: int
    due: int


_COLUMNS = (
    "t.task_id, t.action, t.kind, t.deadline_raw, t.deadline_kind, t.deadline_value, t.due_on,"
    " t.due_basis, t.urgency, t.product, t.topic, t.document_refs, t.quote, d.document_id, d.code,"
    " d.title, d.kind AS document_kind, d.issuer, d.place, d.dated_on, d.source_name, t.page,"
    " t.span_start, t.span_end"
)
_ROLE_FIELDS: dict[str, str] = {
    "assignee": "assignees",
    "coordinator": "coordinators",
    "monitor": "monitors",
    "report_to": "report_to",
}


def list_tasks(
    connection: sqlite3.Connection, query: TaskQuery, total: int | None = None
) -> TaskPage:
    """A page of tasks, soonest due first (tasks without a day last), or newest document first.

    `total` is how many there are, where the caller has counted them.

    Raises:
        QueryError: the text, a filter or the cursor cannot be understood.
    """
    where, values = task_conditions(connection, query)
    if total is None:
        counted = connection.execute(f"SELECT count(*) FROM tasks t WHERE {where}", values)
        total = int(counted.fetchone()[0])
    if query.sort == "due":
        source, key, order, sign = "tasks t", "coalesce(t.due_on, '9999')", "ASC", ">"
    else:
        source, key, order, sign = _WITH_DOCUMENTS, "coalesce(d.dated_on, '')", "DESC", "<"
    if query.cursor:
        mark = read_cursor(query.cursor, _fingerprint(query), (str, int, int))
        where += f" AND ({key}, t.doc, t.ordinal) {sign} (?, ?, ?)"
        values += mark
    places = connection.execute(
        f"SELECT {key}, t.doc, t.ordinal FROM {source} WHERE {where}"
        f" ORDER BY {key} {order}, t.doc {order}, t.ordinal {order} LIMIT ?",
        (*values, query.limit + 1),
    ).fetchall()
    page, cursor = places[: query.limit], None
    if len(places) > query.limit:
        cursor = write_cursor(_fingerprint(query), list(page[-1]))
    return TaskPage(items=tuple(_items(connection, page, query.as_of)), total=total, cursor=cursor)


def count_tasks(
    connection: sqlite3.Connection,
    query: TaskQuery,
    group_by: GroupBy,
    *,
    limit: int = -1,
    without: Collection[Row] = (),
) -> tuple[TaskCount, ...]:
    """Tasks by group, most first, at most `limit` groups (-1: all). A task with two assignees
    counts in both groups; those in `without` (`store.copies`) in none."""
    where, values = task_conditions(connection, query)
    where += not_in(without)
    if group_by == "state":
        states = _by_state(connection, where, values, query.as_of)
        return states if limit < 0 else states[:limit]
    source, column, value = _grouping(group_by)
    day = query.as_of.isoformat()
    overdue = "sum(t.due_on IS NOT NULL AND t.due_on < ?)"
    due = "sum(t.due_on IS NOT NULL AND t.due_on >= ?)"
    rows = connection.execute(
        f"SELECT {value} AS value, count(*), sum(t.deadline_kind IS NOT NULL), {overdue}, {due}"
        f" FROM {source} WHERE {where} GROUP BY {column} ORDER BY 2 DESC, 1 LIMIT ?",
        (day, day, *values, limit),
    ).fetchall()
    return tuple(
        TaskCount(value=None if r[0] is None else str(r[0]), tasks=r[1], with_deadline=r[2],
                  overdue=r[3], due=r[4])
        for r in rows
    )  # fmt: skip


_WITH_DOCUMENTS = "tasks t JOIN documents d ON d.rid = t.doc"
_OF_TASKS = {"month": "substr(t.due_on, 1, 7)", "topic": "t.topic"}
_OF_DOCUMENTS = {"agency": "d.issuer", "year": "d.year", "kind": "d.kind"}


def _grouping(group_by: GroupBy) -> tuple[str, str, str]:
    """Where groups are counted, the column that makes them, and the value that each shows."""
    if group_by == "document":
        return "tasks t", "t.doc", "(SELECT document_id FROM documents WHERE rid = t.doc)"
    if column := _OF_TASKS.get(group_by):
        return "tasks t", column, column
    if column := _OF_DOCUMENTS.get(group_by):
        return _WITH_DOCUMENTS, column, column
    parties = "ON g.doc = t.doc AND g.task_id = t.task_id AND g.role ="
    return f"tasks t LEFT JOIN task_parties g {parties} '{group_by}'", "g.name_key", "min(g.value)"


def _by_state(
    connection: sqlite3.Connection, where: str, values: list[object], as_of: dt.date
) -> tuple[TaskCount, ...]:
    sums = ", ".join(f"coalesce(sum({condition}), 0)" for condition in STATES.values())
    days = [as_of.isoformat()] * sums.count("?")
    found = connection.execute(f"SELECT {sums} FROM tasks t WHERE {where}", (*days, *values))
    counts = Counter(dict(zip(STATES, found.fetchone(), strict=True)))
    return tuple(
        TaskCount(
            value=name,
            tasks=number,
            with_deadline=0 if name == "none" else number,
            overdue=number if name == "overdue" else 0,
            due=number if name == "due" else 0,
        )
        for name, number in counts.most_common()
        if number
    )


def _items(
    connection: sqlite3.Connection, places: list[sqlite3.Row], as_of: dt.date
) -> Iterator[TaskItem]:
    """The tasks at `places` (sort key, document, ordinal), in their order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, t.doc FROM json_each(?) j"
        " JOIN tasks t ON t.doc = json_extract(j.value, '$[1]')"
        " AND t.ordinal = json_extract(j.value, '$[2]')"
        " JOIN documents d ON d.rid = t.doc ORDER BY j.key",
        (json.dumps([tuple(place) for place in places]),),
    ).fetchall()
    parties = _parties(connection, {row["doc"] for row in rows})
    for row in rows:
        values = {name: row[name] for name in row.keys() if name != "doc"}  # noqa: SIM118
        held = parties.get((row["doc"], row["task_id"]), {})
        yield TaskItem(
            **values,
            assigner=next(iter(held.get("assigner", ())), None),
            **{field: tuple(held.get(role, ())) for role, field in _ROLE_FIELDS.items()},
            next_on=next_day(row["deadline_kind"], row["deadline_value"], as_of),
            state=state(row["deadline_kind"], row["due_on"], as_of),
        )


def _parties(
    connection: sqlite3.Connection, documents: set[int]
) -> dict[tuple[int, str], dict[str, list[str]]]:
    found: dict[tuple[int, str], dict[str, list[str]]] = {}
    rows = connection.execute(
        "SELECT doc, task_id, role, value FROM task_parties"
        " WHERE doc IN (SELECT value FROM json_each(?)) ORDER BY doc, ordinal",
        (json.dumps(sorted(documents)),),
    )
    for doc, task_id, role, value in rows:
        found.setdefault((doc, task_id), {}).setdefault(role, []).append(value)
    return found


def _fingerprint(query: TaskQuery) -> str:
    return query.model_dump_json(exclude={"cursor", "limit"})
