"""Finding one document by its id, the start of its id, or its number however typed."""

from __future__ import annotations

import re
import sqlite3

from pipeline.store.filters import documents_by_number
from pipeline.store.problems import NoDocumentError, query_error

_NAMED = 5
"""Ids that are named when several documents are meant."""
_ID_START = re.compile(r"[0-9a-f]{6,64}")


def find_document(connection: sqlite3.Connection, name: str, *, include_secret: bool) -> str:
    """The id of the one document that `name` means.

    Raises:
        NoDocumentError: no document has this id or number.
        QueryError: more than one has.
    """
    found = find_documents(connection, name, include_secret=include_secret)
    if not found:
        raise NoDocumentError(name)
    if len(found) > 1:
        ids = ", ".join(document[:12] for document in found[:_NAMED])
        raise query_error("ambiguous", count=len(found), name=name, ids=ids)
    return found[0]


def find_documents(connection: sqlite3.Connection, name: str, *, include_secret: bool) -> list[str]:
    """The ids that `name` can mean, at most 100."""
    secret = "" if include_secret else " AND secret = 0"
    if _ID_START.fullmatch(name):
        rows = connection.execute(
            "SELECT document_id FROM documents"
            f" WHERE document_id BETWEEN ? AND ?{secret} LIMIT 100",
            (name, name + "g"),
        ).fetchall()
        if rows:
            return [row[0] for row in rows]
    marks = documents_by_number(connection, name)[:100]
    rows = connection.execute(
        f"SELECT document_id FROM documents WHERE rid IN ({', '.join('?' * len(marks))}){secret}",
        marks,
    ).fetchall()
    return [row[0] for row in rows]
