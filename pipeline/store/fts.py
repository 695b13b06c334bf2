"""The default search engine: SQLite FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.record import Record
from pipeline.store import index
from pipeline.store.columns import Columns, Integers, columns_of
from pipeline.store.filters import Selection
from pipeline.store.order import Test, day_test
from pipeline.store.query import Expression, Query, Term
from pipeline.store.schema import open_reader, open_writer
from pipeline.store.search import Hits, answer


class FtsIndex:
    """The SQLite index as a `SearchIndex`. Open it for writing only where documents change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """`connection` comes from `open_reader` or `open_writer`."""
        self.connection = connection

    @classmethod
    def reader(cls, out: Path) -> FtsIndex:
        """Read-only."""
        return cls(open_reader(out))

    @classmethod
    def writer(cls, out: Path) -> FtsIndex:
        """For changing documents; made when it does not exist."""
        return cls(open_writer(out))

    def upsert(self, record: Record, digest: str) -> None:
        """Index a record in place of what was there under its id."""
        index.put(self.connection, record, digest)

    def delete(self, document_id: str) -> int:
        """Remove a document; 1 when it was there."""
        return index.delete(self.connection, document_id)

    def search(self, query: Query) -> Hits:
        """One page of matches, all parts of it from one state of the index."""
        self.connection.execute("BEGIN")
        try:
            columns = columns_of(self.connection)
            return answer(self.connection, columns, FtsMatcher(self.connection, columns), query)
        finally:
            self.connection.execute("ROLLBACK")

    def count(self) -> int:
        """Documents held."""
        return int(self.connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class FtsMatcher:
    """Row numbers of matching passages: words and tags by FTS5, days and documents by columns."""

    def __init__(self, connection: sqlite3.Connection, columns: Columns) -> None:
        """`connection` is to an index, `columns` are of its store."""
        self.connection = connection
        self.columns = columns

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> Integers:
        """At most `limit` (-1: all) matching row numbers in falling order, below `below`."""
        test = day_test(self.connection, self.columns, selection)
        match = match_string(selection)
        if not match:
            rows = self._of_documents(selection, below)
            return _first(rows if test is None else test(rows), limit)
        found = self.connection.cursor()
        found.row_factory = None
        found.execute(
            "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? AND rowid < ?"
            " ORDER BY rowid DESC LIMIT ?",
            (match, _LAST if below is None else below, limit if test is None else -1),
        )
        if test is None:
            return _numbers(found.fetchall())
        return self._tested(found, test, limit)

    def _tested(self, found: sqlite3.Cursor, test: Test, limit: int) -> Integers:
        held: list[Integers] = [_numbers([])]
        number = 0
        while (rows := found.fetchmany(BLOCK)) and (limit < 0 or number < limit):
            held.append(test(_numbers(rows)))
            number += len(held[-1])
        return _first(np.concatenate(held), limit)

    def count(self, selection: Selection, limit: int) -> int:
        """How many match, at most `limit`."""
        match = match_string(selection)
        if not match or day_test(self.connection, self.columns, selection) is not None:
            return len(self.latest(selection, limit))
        found = self.connection.execute(
            "SELECT count(*) FROM"
            " (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)",
            (match, limit),
        )
        return int(found.fetchone()[0])

    def _of_documents(self, selection: Selection, below: int | None) -> Integers:
        """All passages, or those of documents that are not secret."""
        where = " WHERE secret = 0" if selection.without_tags else ""
        documents = self.connection.execute(f"SELECT rid FROM documents{where}").fetchall()
        rows = self.columns.passages(self.connection).of_documents(_numbers(documents))
        return rows if below is None else rows[rows < below]


BLOCK = 5_000
"""Matches that are tested at once."""
_LAST = 2**63 - 1


def _numbers(rows: Sequence[tuple[int]]) -> Integers:
    return np.fromiter((row[0] for row in rows), np.int64, len(rows))


def _first(rows: Integers, limit: int) -> Integers:
    return rows if limit < 0 else rows[:limit]


def match_string(selection: Selection) -> str:
    """The FTS5 query of a selection; empty when it has neither text nor tags."""
    parts = [f"({_expression(*selection.text)})"] if selection.text else []
    if selection.any_of:
        parts.append(f"({' OR '.join(f'({_expression(*clause)})' for clause in selection.any_of)})")
    for choices in selection.tags:
        parts.append("{tags} : (" + " OR ".join(f'"{tag}"' for tag in choices) + ")")
    if not parts:
        return ""
    match = " AND ".join(parts)
    excluded = [f"({_expression(*clause)})" for clause in selection.without]
    excluded += [f'{{tags}} : "{tag}"' for tag in selection.without_tags]
    return f"({match}) NOT ({' OR '.join(excluded)})" if excluded else match


def _expression(column: str, expression: Expression) -> str:
    if isinstance(expression, Term):
        words = " ".join(expression.words)
        return f'{{{column}}} : "{words}"{" *" if expression.prefix else ""}'
    joiner = " OR " if expression.operator == "or" else " AND "
    wanted = [f"({_expression(column, i)})" for i in expression.items if not _negative(i)]
    unwanted = [
        f"({_expression(column, i.items[0])})"
        for i in expression.items
        if not isinstance(i, Term) and _negative(i)
    ]
    positive = joiner.join(wanted)
    return f"({positive}) NOT ({' OR '.join(unwanted)})" if unwanted else positive


def _negative(expression: Expression) -> bool:
    return not isinstance(expression, Term) and expression.operator == "not"
