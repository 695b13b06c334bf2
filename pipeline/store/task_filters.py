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
from pipeline.store.columns import columns_of
from pipeline.store.filters import select
from pipeline.store.fts import FtsMatcher
from pipeline.store.names import lineage_of_key, party_key, within
from pipeline.store.query import Query
from pipeline.store.search import matching_rows

if TYPE_CHECKING:
    from pipeline.store.tasks import TaskQuery

STATES: dict[DueState, str] = {
    "overdue": "t.due_on < ?",
    "due": "t.due_on >= ?",
    "recurring": "t.due_on IS NULL AND t.deadline_kind = 'recurring'",
    "open": "t.due_on IS NULL AND t.deadline_kind != 'recurring'",
    "none": "t.due_on IS NULL AND t.deadline_kind IS NULL",
}
"""The same distinctions as `pipeline.register.state`, as conditions."""


def task_conditions(connection: sqlite3.Connection, query: TaskQuery) -> tuple[str, list[object]]:
    """The condition on tasks t that the filters of a query make, and its values."""
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


_OPEN = "t.doc NOT IN (SELECT rid FROM documents WHERE secret)"


def _simple_conditions(query: TaskQuery) -> tuple[list[str], list[object]]:
    conditions = ["1"] if query.include_secret else [_OPEN]
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
        conditions.append(f"({' OR '.join(f'({STATES[name]})' for name in query.states)})")
        dated = sum("?" in STATES[name] for name in query.states)
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
    columns = columns_of(connection)
    if search == unfiltered or (
        not search.text
        and select(connection, columns, search) == select(connection, columns, unfiltered)
    ):
        return None
    if not search.text and not search.labels:
        titles = search.model_copy(update={"units": ("title",)})
        table = _of_passages(connection, titles, "passages")  # each document has one
        return f"t.doc IN (SELECT doc FROM {table})"
    table = _of_passages(connection, search, "passage_tasks")
    return f"(t.doc, t.ordinal) IN (SELECT doc, key FROM {table})"


_PLACES = {
    "passages": "SELECT doc, 0 FROM json_each(?) j JOIN passages ON rid = j.value",
    "passage_tasks": "SELECT doc, ordinal FROM json_each(?) j"
    " JOIN passage_tasks ON passage = j.value",
}


def _of_passages(connection: sqlite3.Connection, search: Query, places: str) -> str:
    table, is_new = _temporary(connection, f"{places} {search.model_dump_json()}")
    if is_new:
        columns = columns_of(connection)
        matcher = FtsMatcher(connection, columns)
        rows = matching_rows(connection, columns, matcher, search).tolist()
        sql = f"INSERT OR IGNORE INTO {table} {_PLACES[places]}"
        connection.execute(sql, (json.dumps(rows),))
    return table


def _of_parties(connection: sqlite3.Connection, role: str, names: tuple[str, ...]) -> str:
    table, is_new = _temporary(connection, json.dumps([role, names]))
    if is_new:
        wanted = _wanted(names)
        held = connection.execute(
            "SELECT DISTINCT name_key FROM task_parties WHERE role = ?", (role,)
        )
        keys = [row[0] for row in held]
        sure = [key for key in keys if any(within(key, name) for name in wanted)]
        unsure = [key for key in set(keys).difference(sure) if _may_be(key, wanted)]
        connection.create_function("is_party", 2, party_test(names), deterministic=True)
        chosen = "p.role = ? AND p.name_key IN (SELECT value FROM json_each(?))"
        connection.execute(
            f"INSERT OR IGNORE INTO {table} SELECT p.doc, p.task_id FROM task_parties p"
            f" WHERE {chosen} UNION ALL SELECT p.doc, p.task_id FROM task_parties p"
            f" JOIN documents d ON d.rid = p.doc WHERE {chosen}"
            " AND is_party(p.name_key, d.issuer_key)",
            (role, json.dumps(sure), role, json.dumps(unsure)),
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
    wanted = _wanted(names)

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


def _wanted(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for name in names for key in lineage_of_key(party_key(name)))


def _may_be(party: str, wanted: tuple[str, ...]) -> bool:
    """Whether a party is one of `wanted` if only the right body issued the document."""
    return _is_inner_unit(party) or any(name.startswith(party) for name in wanted)


def _is_inner_unit(party: str) -> bool:
    units = tuple(lexicon("search_words")["inner_units"])
    return party.startswith(units) or party == "van phong"
