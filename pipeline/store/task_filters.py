"""From the filters of a task query to SQL: who, when, and which documents."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from pipeline.register import DueState
from pipeline.resources import lexicon
from pipeline.store.filters import select
from pipeline.store.fts import FtsMatcher
from pipeline.store.names import lineage_of_key, party_key, within
from pipeline.store.query import Query
from pipeline.store.search import matching_rows

if TYPE_CHECKING:
    from pipeline.store.tasks import TaskQuery

_STATES: dict[DueState, str] = {
    "overdue": "t.due_on < ?",
    "due": "t.due_on >= ?",
    "recurring": "t.due_on IS NULL AND t.deadline_kind = 'recurring'",
    "open": "t.due_on IS NULL AND t.deadline_kind != 'recurring'",
    "none": "t.due_on IS NULL AND t.deadline_kind IS NULL",
}
"""The same distinctions as `pipeline.register.state`, as conditions."""


def task_conditions(connection: sqlite3.Connection, query: TaskQuery) -> tuple[str, list[object]]:
    """The condition on tasks t and documents d that the filters of a query make, and its values."""
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
