"""What several copies of one document say, so that it is counted once.

Nothing is left out for being in a copy: only a sentence that stands in a better copy too.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.text.fold import fold, nfc

Pairs = Collection[tuple[str, str]]
SAME_WORDS = "regexp_replace(lower(strip_accents(translate(t, 'ĐđÐ', 'ddd'))), '[^a-z]', '', 'g')"
"""The same as `same_words`, of a text t in the SQL of DuckDB."""


class _Letters(dict[int, str | None]):
    """Letters without case and accents; digits, blanks and punctuation fall away."""

    def __missing__(self, code: int) -> str | None:
        folded = fold(chr(code))
        self[code] = kept = folded if "a" <= folded <= "z" else None
        return kept


_LETTERS = _Letters()


def same_words(text: str) -> str:
    """What two sentences share that count as one: their letters without case and accents."""
    return nfc(text).translate(_LETTERS)


class Row(NamedTuple):
    """A row of a table: its document in the index, its id, and its place there."""

    doc: int
    document_id: str
    ordinal: int


def not_in(rows: Collection[Row]) -> str:
    """The condition that leaves out rows of a table t; nothing when there are none."""
    if not rows:
        return ""
    places = json.dumps([(row.doc, row.ordinal) for row in rows])
    listed = f"json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each('{places}')"
    return f" AND (t.doc, t.ordinal) NOT IN (SELECT {listed})"


@dataclass(frozen=True, slots=True)
class Copies:
    """How many documents are a copy of another one, and the rows that stand in it too."""

    count: int = 0
    statements: tuple[Row, ...] = ()
    tasks: tuple[Row, ...] = ()


def copies(connection: sqlite3.Connection, pairs: Pairs, *, include_secret: bool) -> Copies:
    """Of documents linked by `pairs` of ids: which sentences and tasks are said again.

    Two documents of different days are different notices, however alike they are.
    """
    groups = _groups(connection, pairs, include_secret)
    statements, tasks = (
        tuple(row for group in groups for row in _said_again(connection, table, group))
        for table in _TABLES
    )
    return Copies(sum(len(group) - 1 for group in groups), statements, tasks)


_Table = Literal["statements", "tasks"]
_TABLES: dict[_Table, str] = {"statements": "text", "tasks": "quote"}
_Document = tuple[int, str]


def _groups(
    connection: sqlite3.Connection, pairs: Pairs, include_secret: bool
) -> list[list[_Document]]:
    """Documents that are copies of one another, the best first: whole, not scanned, longest."""
    rows = connection.execute(
        "SELECT document_id, rid, dated_on FROM documents WHERE secret <= ?"
        " AND document_id IN (SELECT value FROM json_each(?))"
        " ORDER BY status <> 'success', ocr_pages, characters DESC, document_id",
        (int(include_secret), json.dumps(sorted({name for pair in pairs for name in pair}))),
    ).fetchall()
    days = {name: day for name, _, day in rows}
    above = {name: name for name in days}
    for a, b in pairs:
        if a in days and b in days and not (days[a] and days[b] and days[a] != days[b]):
            above[_top(above, a)] = _top(above, b)
    groups: dict[str, list[_Document]] = defaultdict(list)
    for name, rid, _ in rows:
        groups[_top(above, name)].append((rid, name))
    return [group for group in groups.values() if len(group) > 1]


def _top(above: dict[str, str], name: str) -> str:
    while above[name] != name:
        above[name] = name = above[above[name]]
    return name


def _said_again(
    connection: sqlite3.Connection, table: _Table, group: Sequence[_Document]
) -> list[Row]:
    """Rows whose words stand in a better copy, as often as they do there."""
    seen: Counter[str] = Counter()
    again = []
    for doc, name in group:
        own: Counter[str] = Counter()
        for ordinal, text in connection.execute(
            f"SELECT ordinal, {_TABLES[table]} FROM {table} WHERE doc = ? ORDER BY ordinal", (doc,)
        ):
            words = same_words(text)
            own[words] += 1
            if words and own[words] <= seen[words]:
                again.append(Row(doc, name, ordinal))
        seen |= own
    return again
