"""What changed between two runs: values that programs found otherwise, values people corrected."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fastapi import Request

from pipeline.bulk.ledger import Ledger
from pipeline.desk.state import desk_of
from pipeline.review.entries import Entry
from pipeline.review.log import read_log
from pipeline.store.differences import Differences, combined, read_differences
from pipeline.store.schema import open_reader

PAGE = 50
_LOOKED_AT = 20_000
"""Documents that one page looks through for changes."""
_DONE_SINCE = """
SELECT d.id, d.sha256 FROM work w JOIN documents d ON d.id = w.document
WHERE w.status = 'done' AND w.updated_at >= ? AND d.id > ? ORDER BY d.id LIMIT ?
"""
_CORRECTED = """
SELECT d.document_id FROM reviews r JOIN documents d ON d.rid = r.doc
WHERE r.at >= ? AND d.secret <= ? ORDER BY r.at DESC LIMIT ?
"""


@dataclass(frozen=True)
class Window:
    """A time between two runs, in seconds since 1970: after the one, until the end of the other."""

    after: float
    until: float

    def holds(self, at: str) -> bool:
        """Whether an ISO time with its zone is inside."""
        return self.after < dt.datetime.fromisoformat(at).timestamp() <= self.until


class Changed(NamedTuple):
    """A document to which other values were given."""

    name: str
    differences: Differences


class Corrections(NamedTuple):
    """A document that people corrected."""

    name: str
    document_id: str
    entries: tuple[Entry, ...]


def changed(
    request: Request, ledger: Ledger, window: Window, start: int
) -> tuple[list[Changed], int | None]:
    """A page of changed documents, and where the next page begins."""
    rows = ledger.query(_DONE_SINCE, window.after, start, _LOOKED_AT)
    found: list[Changed] = []
    with closing(open_reader(desk_of(request).out)) as connection:
        for number, differences in _differing(desk_of(request).out, rows, window):
            name = _name(request, connection, differences.document_id)
            if name is None:
                continue
            if len(found) == PAGE:
                return found, number - 1
            found.append(Changed(name, differences))
    return found, rows[-1][0] if len(rows) == _LOOKED_AT else None


def _differing(
    out: Path, rows: list[tuple[int, str]], window: Window
) -> Iterator[tuple[int, Differences]]:
    if not (out / "differences").is_dir():
        return
    for number, sha256 in rows:
        steps = [step for step in read_differences(out, sha256) if window.holds(step.at)]
        if steps:
            yield number, combined(steps)


def corrections(request: Request, window: Window) -> list[Corrections]:
    """The documents that people corrected last, with what they said in that time."""
    out = desk_of(request).out
    since = dt.datetime.fromtimestamp(window.after, dt.UTC).isoformat(timespec="milliseconds")
    found = []
    with closing(open_reader(out)) as connection:
        secret = int(request.state.include_secret)
        for (document_id,) in connection.execute(_CORRECTED, (since, secret, PAGE)).fetchall():
            entries = [e for e in read_log(out, document_id).entries if window.holds(e.at)]
            name = _name(request, connection, document_id)
            if entries and name:
                found.append(Corrections(name, document_id, tuple(entries)))
    return found


def _name(request: Request, connection: sqlite3.Connection, document_id: str) -> str | None:
    """What a document is called; None when this person may not see it."""
    row = connection.execute(
        "SELECT coalesce(code, title, source_name) FROM documents"
        " WHERE document_id = ? AND secret <= ?",
        (document_id, int(request.state.include_secret)),
    ).fetchone()
    return str(row[0]) if row else None
