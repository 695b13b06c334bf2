"""The change log of the index: what is new since a cursor, deletions included."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.store.problems import query_error
from pipeline.store.schema import store_id
from pipeline.store.tables import TABLES

Operation = Literal["upsert", "delete"]


class Change(NamedTuple):
    """The last change of a document. A document with a secrecy mark counts as deleted for those who
    may not see it."""

    seq: int
    document_id: str
    operation: Operation
    record_hash: str | None


def changes_since(
    connection: sqlite3.Connection, seq: int, *, include_secret: bool, limit: int = -1
) -> list[Change]:
    """Changes after number `seq`, oldest first; each document once, with its last change."""
    rows = connection.execute(
        "SELECT seq, document_id, operation, record_hash, secret FROM changes WHERE seq > ?"
        " ORDER BY seq LIMIT ?",
        (seq, limit),
    )
    found = []
    for number, document_id, operation, record_hash, secret in rows:
        if secret and not include_secret:
            operation, record_hash = "delete", None
        found.append(Change(number, document_id, operation, record_hash))
    return found


def cursor_of(connection: sqlite3.Connection, seq: int) -> str:
    """The public cursor of change number `seq` of this store."""
    return f"{store_id(connection)}-{seq}"


def seq_of(connection: sqlite3.Connection, cursor: str | None) -> int:
    """The change number of a public cursor; 0 for none.

    Raises:
        QueryError: the cursor is of another store, so the reader has to begin anew.
    """
    if not cursor:
        return 0
    store, _, number = cursor.rpartition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise query_error("cursor-damaged")
    if store != store_id(connection):
        raise query_error("cursor-store")
    return int(number)


def rows_of_documents(
    connection: sqlite3.Connection, table: str, document_ids: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    """The rows of `table` of these documents, in the column order of the shared tables."""
    names = TABLES[table]._fields
    ids = json.dumps(list(document_ids))
    if table == "documents":
        sql = (
            f"SELECT {', '.join(names)} FROM documents"
            " WHERE document_id IN (SELECT value FROM json_each(?))"
        )
    else:
        columns = ", ".join(f"t.{name}" for name in names[1:])
        sql = (
            f'SELECT d.document_id, {columns} FROM documents d JOIN "{table}" t ON t.doc = d.rid'
            " WHERE d.document_id IN (SELECT value FROM json_each(?))"
        )
    return (tuple(row) for row in connection.execute(sql, (ids,)))
