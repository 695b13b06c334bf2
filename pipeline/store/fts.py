"""The default search engine: SQLite FTS5."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipeline.record import Record
from pipeline.store import index
from pipeline.store.filters import Selection
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
            return answer(self.connection, FtsMatcher(self.connection), query)
        finally:
            self.connection.execute("ROLLBACK")

    def count(self) -> int:
        """Documents held."""
        return int(self.connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class FtsMatcher:
    """Row numbers of matching passages by FTS5."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """`connection` is to an index."""
        self.connection = connection

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> list[int]:
        """At most `limit` (-1: all) matching row numbers in falling order, below `below`."""
        row, source, values = _source(selection, below)
        found = self.connection.execute(
            f"SELECT {row} {source} ORDER BY {row} DESC LIMIT ?", (*values, limit)
        )
        return [number for (number,) in found]

    def count(self, selection: Selection, limit: int) -> int:
        """How many match, at most `limit`."""
        row, source, values = _source(selection, None)
        found = self.connection.execute(
            f"SELECT count(*) FROM (SELECT {row} {source} LIMIT ?)", (*values, limit)
        )
        return int(found.fetchone()[0])


def _source(selection: Selection, below: int | None) -> tuple[str, str, list[object]]:
    """The column of row numbers, FROM and WHERE of a selection, and the values in them."""
    match = match_string(selection)
    conditions, values = _conditions(selection)
    row = "f.rowid" if match else "p.rid"
    source = "passages_fts f" if match else "passages p"
    if match:
        if conditions:
            source += " JOIN passages p ON p.rid = f.rowid"
        conditions.insert(0, "passages_fts MATCH ?")
        values.insert(0, match)
    open_only = not match and bool(selection.without_tags)
    if selection.dated_from or selection.dated_to or open_only:
        source += " JOIN documents d ON d.rid = p.doc"
    if open_only:
        conditions.append("d.secret = 0")
    if below is not None:
        conditions.append(f"{row} < ?")
        values.append(below)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return row, f"FROM {source}{where}", values


def _conditions(selection: Selection) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    for condition, value in (
        ("p.due_on >= ?", selection.due_from),
        ("p.due_on < ?", selection.due_before),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if selection.dated_from is not None:
        conditions.append("d.dated_on >= substr(?, 1, length(d.dated_on))")
        values.append(selection.dated_from)
    if selection.dated_to is not None:
        conditions.append("substr(d.dated_on, 1, ?) <= ?")
        values += [len(selection.dated_to), selection.dated_to]
    if selection.documents is not None:
        marks = ", ".join("?" * len(selection.documents))
        conditions.append(f"p.doc IN ({marks})")
        values += selection.documents
    return conditions, values


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
