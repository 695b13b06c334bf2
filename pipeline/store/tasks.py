"""The task register: which tasks, of whom, due when; listed, grouped and counted as of a day."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from pipeline.document import Frozen
from pipeline.record import Label
from pipeline.register import DueState, next_day, state
from pipeline.store.cursors import read_cursor, write_cursor
from pipeline.store.task_filters import task_conditions

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
PartyRole = Literal["assigner", "assignee", "coordinator", "monitor", "report_to"]


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
    dated_from: str | None = Field(None, pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    dated_to: str | None = Field(None, pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
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
    " t.span_start, t.span_end, t.doc, t.ordinal"
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
        counted = connection.execute(f"SELECT count(*) FROM {_FROM} WHERE {where}", values)
        total = int(counted.fetchone()[0])
    key = "coalesce(t.due_on, '9999')" if query.sort == "due" else "coalesce(d.dated_on, '')"
    order, sign = ("ASC", ">") if query.sort == "due" else ("DESC", "<")
    if query.cursor:
        mark = read_cursor(query.cursor, _fingerprint(query), (str, int, int))
        where += f" AND ({key}, t.doc, t.ordinal) {sign} (?, ?, ?)"
        values += mark
    rows = connection.execute(
        f"SELECT {_COLUMNS}, {key} AS sort_key FROM {_FROM} WHERE {where}"
        f" ORDER BY sort_key {order}, t.doc {order}, t.ordinal {order} LIMIT ?",
        (*values, query.limit + 1),
    ).fetchall()
    page, cursor = rows[: query.limit], None
    if len(rows) > query.limit:
        last = page[-1]
        place = [last["sort_key"], last["doc"], last["ordinal"]]
        cursor = write_cursor(_fingerprint(query), place)
    return TaskPage(items=tuple(_items(connection, page, query.as_of)), total=total, cursor=cursor)


def count_tasks(
    connection: sqlite3.Connection, query: TaskQuery, group_by: GroupBy, *, limit: int = -1
) -> tuple[TaskCount, ...]:
    """Tasks by group, most first, at most `limit` groups (-1: all). A task with two assignees
    counts in both groups."""
    where, values = task_conditions(connection, query)
    if group_by == "state":
        return _by_state(connection, where, values, query.as_of)
    party = group_by if group_by in ("assignee", "assigner", "monitor") else None
    source, column = _FROM, _GROUP_COLUMNS.get(group_by, "NULL")
    if party:
        source += (
            " LEFT JOIN task_parties g ON g.doc = t.doc AND g.task_id = t.task_id"
            f" AND g.role = '{party}'"
        )
        column = "g.name_key"
    shown = "min(g.value)" if party else column
    day = query.as_of.isoformat()
    overdue = "sum(t.due_on IS NOT NULL AND t.due_on < ?)"
    due = "sum(t.due_on IS NOT NULL AND t.due_on >= ?)"
    rows = connection.execute(
        f"SELECT {shown} AS value, count(*), sum(t.deadline_kind IS NOT NULL), {overdue}, {due}"
        f" FROM {source} WHERE {where} GROUP BY {column} ORDER BY 2 DESC, 1 LIMIT ?",
        (day, day, *values, limit),
    ).fetchall()
    return tuple(
        TaskCount(value=None if r[0] is None else str(r[0]), tasks=r[1], with_deadline=r[2],
                  overdue=r[3], due=r[4])
        for r in rows
    )  # fmt: skip


_FROM = "tasks t JOIN documents d ON d.rid = t.doc"
_GROUP_COLUMNS = {
    "agency": "d.issuer",
    "document": "d.document_id",
    "month": "substr(t.due_on, 1, 7)",
    "topic": "t.topic",
    "year": "d.year",
    "kind": "d.kind",
}


def _by_state(
    connection: sqlite3.Connection, where: str, values: list[object], as_of: dt.date
) -> tuple[TaskCount, ...]:
    rows = connection.execute(
        "SELECT t.deadline_kind, CASE WHEN t.due_on < ? THEN '0' WHEN t.due_on >= ? THEN '9' END,"
        f" count(*) FROM {_FROM} WHERE {where} GROUP BY 1, 2",
        (as_of.isoformat(), as_of.isoformat(), *values),
    )
    counts: Counter[DueState] = Counter()
    for kind, side, number in rows:
        counts[state(kind, side, as_of)] += number
    return tuple(
        TaskCount(
            value=name,
            tasks=number,
            with_deadline=0 if name == "none" else number,
            overdue=number if name == "overdue" else 0,
            due=number if name == "due" else 0,
        )
        for name, number in counts.most_common()
    )


def _items(
    connection: sqlite3.Connection, rows: list[sqlite3.Row], as_of: dt.date
) -> Iterator[TaskItem]:
    parties = _parties(connection, {row["doc"] for row in rows})
    for row in rows:
        values = {name: row[name] for name in row.keys()}  # noqa: SIM118
        held = parties.get((row["doc"], row["task_id"]), {})
        for name in ("doc", "ordinal", "sort_key"):
            values.pop(name)
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
