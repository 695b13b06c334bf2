"""The search index: records in, SQLite out. One writer at a time, readers are never blocked.

The index is derived: everything in it comes from the record files, and `rebuild` proves it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import CongvanError, StoreError
from pipeline.record import Record
from pipeline.review.reviewed import Reviewed
from pipeline.store.columns import entries_of
from pipeline.store.files import record_ids, record_path
from pipeline.store.names import spelling
from pipeline.store.passages import document_keys, passages_of
from pipeline.store.reviews import digest_of, read_both, reviewed_bytes, write_review
from pipeline.store.rows import Rows, rows_of
from pipeline.store.schema import open_reader, open_writer
from pipeline.store.tables import TABLES
from pipeline.text.fold import fold

CHILD_TABLES = tuple(name for name in TABLES if name != "documents")
PASSAGE_TABLES = ("passages", "passage_columns", "passage_tasks")


def update(out: Path, ids: Iterable[str]) -> int:
    """Bring the index up to date for these documents; returns how many changed.

    A document whose record file is gone is removed. One transaction a document: a reader sees all
    of a document or nothing.

    Raises:
        StoreError: the index cannot be written; or, after all others are done, records that
            cannot be read.
    """
    changed, broken = 0, []
    with closing(open_writer(out)) as connection:
        for document_id in ids:
            try:
                changed += put_file(connection, record_path(out, document_id), document_id)
            except (CongvanError, ValidationError, ValueError):
                broken.append(document_id)
            except sqlite3.Error as error:
                raise StoreError(f"the index cannot be written: {error}", path=str(out)) from error
    _follow(out)
    if broken:
        names = ", ".join(document_id[:12] for document_id in broken)
        raise StoreError(f"records that cannot be read: {names}", ids=names, code="broken-records")
    return changed


def _follow(out: Path) -> None:
    from pipeline.store.tantivy_index import follow  # it needs this module

    follow(out)


def count(out: Path) -> int:
    """How many documents the index holds; 0 when there is none."""
    try:
        connection = open_reader(out)
    except StoreError:
        return 0
    with closing(connection):
        return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def stale(out: Path) -> list[str]:
    """Ids that a record file or the index has alone: what `update` would have to repair."""
    on_disk = set(record_ids(out))
    with closing(open_writer(out)) as connection:
        held = {row[0] for row in connection.execute("SELECT document_id FROM documents")}
    return sorted(on_disk ^ held)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction; rolled back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def put_file(connection: sqlite3.Connection, path: Path, document_id: str) -> int:
    """Index a record file with its corrections, or remove the document when the file is gone.

    Returns 1 when rows changed.
    """
    try:
        data, log = read_both(path)
    except FileNotFoundError:
        return delete(connection, document_id)
    digest = digest_of(data, log)
    held = connection.execute(
        "SELECT record_hash FROM documents WHERE document_id = ?", (document_id,)
    ).fetchone()
    if held is not None and held[0] == digest:
        return 0
    put(connection, reviewed_bytes(data, log), digest)
    return 1


def put(connection: sqlite3.Connection, given: Record | Reviewed, digest: str) -> None:
    """Index one record in one transaction. `digest` identifies its file and its corrections."""
    with transaction(connection):
        write_rows(connection, given, digest)


def write_rows(connection: sqlite3.Connection, given: Record | Reviewed, digest: str) -> None:
    """Replace all rows of a document, inside the caller's transaction."""
    reviewed = given if isinstance(given, Reviewed) else Reviewed(given)
    record = reviewed.record
    rows = rows_of(record)
    _remove(connection, record.id)
    document, keys = rows.documents[0], document_keys(rows.documents[0])
    values = (*document, *keys, digest)
    columns = [*document._fields, *keys._fields, "record_hash"]
    marks = ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT INTO documents ({', '.join(columns)}) VALUES ({marks})", values
    )
    rid = int(cursor.lastrowid or 0)
    _insert_children(connection, rid, rows)
    _insert_passages(connection, rid, record, rows)
    write_review(connection, rid, reviewed)
    _log_change(connection, record.id, "upsert", digest, keys.secret)


def _insert_children(connection: sqlite3.Connection, rid: int, rows: Rows) -> None:
    for name in CHILD_TABLES:
        marks = ", ".join("?" * len(TABLES[name]._fields))
        connection.executemany(
            f'INSERT INTO "{name}" (doc, {", ".join(TABLES[name]._fields[1:])}) VALUES ({marks})',
            ((rid, *row[1:]) for row in rows.of(name)),
        )


def _insert_passages(connection: sqlite3.Connection, rid: int, record: Record, rows: Rows) -> None:
    insert = (
        "INSERT INTO passages (doc, unit, ordinal, label, due_on, span_start, span_end, tags, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    passages = list(passages_of(record, rows))
    numbers: list[int] = []
    for p in passages:
        held = None if p.unit == "statement" else p.text  # a statement's text is in statements
        cursor = connection.execute(
            insert,
            (rid, p.unit, p.ordinal, p.label, p.due_on, p.span_start, p.span_end, p.tags, held),
        )
        numbers.append(int(cursor.lastrowid or 0))
        connection.execute(
            "INSERT INTO passages_fts (rowid, exact, folded, tags) VALUES (?, ?, ?, ?)",
            (numbers[-1], *indexed_forms(p.text), p.tags),
        )
    connection.execute(
        "INSERT INTO passage_columns VALUES (?, ?, ?)", (rid, numbers[0], entries_of(passages))
    )
    connection.executemany(
        "INSERT INTO passage_tasks VALUES (?, ?, ?)",
        ((n, rid, task) for n, p in zip(numbers, passages, strict=True) for task in p.tasks),
    )


def indexed_forms(text: str) -> tuple[str, str]:
    """The exact and the folded form of `text`, both of its length."""
    exact = spelling(text)
    return exact, fold(exact)


def delete(connection: sqlite3.Connection, document_id: str) -> int:
    """Remove a document and leave a tombstone in the change log; 1 when it was there."""
    with transaction(connection):
        if not _remove(connection, document_id):
            return 0
        _log_change(connection, document_id, "delete", None, False)
    return 1


def _remove(connection: sqlite3.Connection, document_id: str) -> bool:
    row = connection.execute(
        "SELECT rid FROM documents WHERE document_id = ?", (document_id,)
    ).fetchone()
    if row is None:
        return False
    old = connection.execute(
        "SELECT t.rid, t.exact, t.tags FROM passages p JOIN passage_text t ON t.rid = p.rid"
        " WHERE p.doc = ?",
        (row[0],),
    ).fetchall()
    connection.executemany(
        "INSERT INTO passages_fts (passages_fts, rowid, exact, folded, tags)"
        " VALUES ('delete', ?, ?, ?, ?)",
        ((rid, *indexed_forms(text), tags) for rid, text, tags in old),
    )
    for name in (*PASSAGE_TABLES, "reviews", *CHILD_TABLES):
        connection.execute(f'DELETE FROM "{name}" WHERE doc = ?', (row[0],))
    connection.execute("DELETE FROM documents WHERE rid = ?", (row[0],))
    return True


def _log_change(
    connection: sqlite3.Connection,
    document_id: str,
    operation: str,
    digest: str | None,
    secret: bool,
) -> None:
    """The last change of a document, with a new number; numbers are never used again."""
    if operation == "delete":
        row = connection.execute(
            "SELECT secret FROM changes WHERE document_id = ?", (document_id,)
        ).fetchone()
        secret = bool(row and row[0])
    connection.execute(
        "INSERT OR REPLACE INTO changes (document_id, operation, record_hash, secret)"
        " VALUES (?, ?, ?, ?)",
        (document_id, operation, digest, secret),
    )
