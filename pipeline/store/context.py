"""Where a statement stands: the heading above it, the statements before and after it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from pipeline.document import Frozen
from pipeline.store.search import Hit

_NEAR = 400
"""Characters between two statements that still belong to one reading."""


class Context(Frozen):
    """What stands around a statement; None where there is nothing near."""

    heading: str | None = None
    before: str | None = None
    after: str | None = None


def contexts(connection: sqlite3.Connection, hits: Iterable[Hit]) -> dict[tuple[str, str], Context]:
    """The contexts of the statements among `hits`, by document and statement id."""
    wanted = [(hit.document_id, hit.statement_id) for hit in hits if hit.statement_id]
    rows = connection.execute(
        "SELECT d.document_id, s.statement_id, c.title AS heading,"
        " CASE WHEN s.span_start - b.span_end < :near THEN b.text END AS before,"
        " CASE WHEN a.span_start - s.span_end < :near THEN a.text END AS after"
        " FROM json_each(:wanted) j"
        " JOIN documents d ON d.document_id = json_extract(j.value, '$[0]')"
        " JOIN statements s ON s.statement_id = json_extract(j.value, '$[1]') AND s.doc = d.rid"
        " LEFT JOIN statements b ON b.doc = s.doc AND b.ordinal = s.ordinal - 1"
        " LEFT JOIN statements a ON a.doc = s.doc AND a.ordinal = s.ordinal + 1"
        " LEFT JOIN sections c ON c.doc = s.doc AND c.section_id = s.section_id",
        {"wanted": json.dumps(wanted), "near": _NEAR},
    )
    return {(row[0], row[1]): Context(heading=row[2], before=row[3], after=row[4]) for row in rows}
