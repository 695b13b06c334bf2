"""The task register: which tasks, of whom, due when; listed, grouped and counted as of a day."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

from pydantic import Field

from pipeline.document import Frozen
from pipeline.record import Label
from pipeline.register import DueState, next_day, state
from pipeline.resources import lexicon
from pipeline.store.cursors import read_cursor, write_cursor
from pipeline.store.filters import select
from pipeline.store.fts import FtsMatcher
from pipeline.store.names import lineage_of_key, party_key, within
from pipeline.store.query import Query
from pipeline.store.search import matching_rows

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
    where, values = _where(connection, query)
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
    where, values = _where(connection, query)
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
_STATES: dict[DueState, str] = {
    "overdue": "t.due_on < ?",
    "due": "t.due_on >= ?",
    "recurring": "t.due_on IS NULL AND t.deadline_kind = 'recurring'",
    "open": "t.due_on IS NULL AND t.deadline_kind != 'recurring'",
    "none": "t.due_on IS NULL AND t.deadline_kind IS NULL",
}
"""The same distinctions as `pipeline.register.state`, as conditions."""


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


def _where(connection: sqlite3.Connection, query: TaskQuery) -> tuple[str, list[object]]:
    conditions, values = _simple_conditions(query)
    for role, names in (
        ("assignee", query.assignees),
        ("assigner", query.assigners),
        ("coordinator", query.coordinators),
        ("monitor", query.monitors),
    ):
        if names:
            table = _of_parties(connection, role, names)
            conditions.append(f"(t.doc, t.task_id) IN (SELECT doc, key FROM {table})")
    chosen = _chosen(connection, query)
    if chosen is not None:
        conditions.append(chosen)
    return " AND ".join(conditions), values


def _simple_conditions(query: TaskQuery) -> tuple[list[str], list[object]]:
    conditions = ["1"] if query.include_secret else ["d.secret = 0"]
    values: list[object] = []
    overdue_day = query.as_of.isoformat() if query.overdue else None
    for condition, value in (
        ("t.due_on < ?", overdue_day),
        ("t.due_on < ?", query.due_before and query.due_before.isoformat()),
        ("t.due_on >= ?", query.due_from and query.due_from.isoformat()),
        ("t.kind = ?", None if query.commitment is None else _kind(query.commitment)),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if query.has_deadline:
        conditions.append("t.deadline_kind IS NOT NULL")
    if query.states:
        conditions.append(f"({' OR '.join(f'({_STATES[name]})' for name in query.states)})")
        dated = sum("?" in _STATES[name] for name in query.states)
        values += [query.as_of.isoformat()] * dated
    if query.topics:
        conditions.append(f"t.topic IN ({', '.join('?' * len(query.topics))})")
        values += query.topics
    return conditions, values


def _kind(commitment: bool) -> str:
    return "commitment" if commitment else "assigned"


def _chosen(connection: sqlite3.Connection, query: TaskQuery) -> str | None:
    """The condition that text and document filters make; None when there are none.

    What they find stands in a temporary table, so that a list and its totals look for it once.
    """
    search = Query(
        text=query.text,
        kinds=query.kinds,
        labels=query.labels,
        agencies=query.agencies,
        places=query.places,
        number=query.number,
        document_id=query.document_id,
        dated_from=query.dated_from,
        dated_to=query.dated_to,
        units=("statement",),
        include_secret=True,
    )
    unfiltered = Query(units=("statement",), include_secret=True)
    if search == unfiltered or (
        not search.text and select(connection, search) == select(connection, unfiltered)
    ):
        return None
    if not search.text and not search.labels:
        titles = search.model_copy(update={"units": ("title",)})
        table = _of_passages(connection, titles, _OF_DOCUMENTS)
        return f"t.doc IN (SELECT doc FROM {table})"
    table = _of_passages(connection, search, _OF_STATEMENTS)
    return f"(t.doc, t.ordinal) IN (SELECT doc, key FROM {table})"


_OF_DOCUMENTS = "SELECT p.doc, 0 FROM json_each(?) j JOIN passages p ON p.rid = j.value"
_OF_STATEMENTS = (
    "SELECT w.doc, w.ordinal FROM json_each(?) j"
    " JOIN passages p ON p.rid = j.value AND p.unit = 'statement' JOIN tasks w ON w.doc = p.doc"
    " AND p.span_start < w.span_end AND w.span_start < p.span_end"
)


def _of_passages(connection: sqlite3.Connection, search: Query, sql: str) -> str:
    table, is_new = _temporary(connection, f"{search.model_dump_json()}{sql}")
    if is_new:
        rows = matching_rows(connection, FtsMatcher(connection), search)
        connection.execute(f"INSERT OR IGNORE INTO {table} {sql}", (json.dumps(rows),))
    return table


def _of_parties(connection: sqlite3.Connection, role: str, names: tuple[str, ...]) -> str:
    table, is_new = _temporary(connection, json.dumps([role, names]))
    if is_new:
        connection.create_function("is_party", 2, party_test(names), deterministic=True)
        connection.execute(
            f"INSERT OR IGNORE INTO {table} SELECT p.doc, p.task_id FROM task_parties p"
            " JOIN documents d ON d.rid = p.doc"
            " WHERE p.role = ? AND is_party(p.name_key, d.issuer_key)",
            (role,),
        )
    return table


def _temporary(connection: sqlite3.Connection, question: str) -> tuple[str, bool]:
    """A table of this connection alone for what a question finds, and whether it is new."""
    name = f"chosen_{blake2b(question.encode(), digest_size=8).hexdigest()}"
    known = connection.execute(
        "SELECT 1 FROM temp.sqlite_master WHERE name = ?", (name,)
    ).fetchone()
    if not known:
        connection.execute(
            f"CREATE TEMP TABLE {name} (doc, key, PRIMARY KEY (doc, key)) WITHOUT ROWID"
        )
    return f"temp.{name}", not known


def party_test(names: tuple[str, ...]) -> Callable[[str, str | None], bool]:
    """Whether a party (name key) of a document by an issuer is one of `names` or a unit of it.

    "Sở Y tế" finds "Giám đốc Sở Y tế", and "Văn phòng Sở" in a document that Sở Y tế issued; "Văn
    phòng Sở Y tế" finds that "Văn phòng Sở" too. "Đồng chí" and the like make no difference.
    """
    wanted = tuple(key for name in names for key in lineage_of_key(party_key(name)))

    @lru_cache(maxsize=100_000)
    def test(party: str, issuer: str | None) -> bool:
        for name in wanted:
            if within(party, name):
                return True
            if issuer and within(issuer, name) and _is_inner_unit(party):
                return True
            if issuer and name.endswith(issuer) and name.startswith(party):
                return len(name) <= len(party) + len(issuer) + 1
        return False

    return test


def _is_inner_unit(party: str) -> bool:
    units = tuple(lexicon("search_words")["inner_units"])
    return party.startswith(units) or party == "van phong"


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
