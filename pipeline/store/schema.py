"""The SQLite index: its tables, its connections, and how it is opened for reading and writing."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.store.problems import NoIndexError, OldIndexError
from pipeline.store.tables import TABLES, ColumnType, columns

FORMAT = 5
"""Number of this layout; an index with another number is rebuilt from the records."""

_TYPES: dict[ColumnType, str] = {
    "key": "TEXT",
    "code": "TEXT",
    "date": "TEXT",
    "text": "TEXT",
    "int": "INTEGER",
    "real": "REAL",
    "bool": "INTEGER",
}

# numbers of documents and passages are never used again: what columns.py read of them stays true
_FIXED = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id TEXT NOT NULL UNIQUE,
  operation TEXT NOT NULL CHECK (operation IN ('upsert', 'delete')),
  record_hash TEXT,
  secret INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE passages (
  rid INTEGER PRIMARY KEY AUTOINCREMENT,
  doc INTEGER NOT NULL,
  unit TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  label TEXT,
  due_on TEXT,
  span_start INTEGER NOT NULL,
  span_end INTEGER NOT NULL,
  tags TEXT NOT NULL,
  text TEXT
);
CREATE INDEX passages_doc ON passages (doc);
CREATE TABLE passage_columns (
  doc INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  entries BLOB NOT NULL
);
CREATE TABLE passage_tasks (
  passage INTEGER NOT NULL,
  doc INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (passage, doc, ordinal)
) WITHOUT ROWID;
CREATE INDEX passage_tasks_doc ON passage_tasks (doc);
CREATE VIEW passage_text AS
  SELECT p.rid AS rid, coalesce(p.text, s.text) AS exact, coalesce(p.text, s.text) AS folded,
         p.tags AS tags
  FROM passages p LEFT JOIN statements s
    ON p.unit = 'statement' AND s.doc = p.doc AND s.ordinal = p.ordinal;
CREATE VIRTUAL TABLE passages_fts USING fts5(
  exact, folded, tags, content='passage_text', content_rowid='rid',
  tokenize="unicode61 remove_diacritics 0", prefix='2 3'
);
INSERT INTO passages_fts (passages_fts, rank) VALUES ('hashsize', 16777216);
CREATE INDEX documents_origin ON documents (issuer_key, parent_key, place_key);
CREATE INDEX documents_dated ON documents (dated_on);
CREATE INDEX documents_code ON documents (code_key);
CREATE INDEX statements_id ON statements (statement_id);
CREATE INDEX documents_secret ON documents (secret) WHERE secret;
CREATE INDEX tasks_register ON tasks (
  coalesce(due_on, '9999'), doc, ordinal, due_on, deadline_kind, task_id
);
CREATE INDEX task_parties_name ON task_parties (role, name_key, doc, task_id);
CREATE INDEX task_parties_task ON task_parties (doc, task_id, role, name_key, value);
CREATE INDEX references_code ON "references" (code);
"""

REVIEWS_DDL = """
CREATE TABLE reviews (
  doc INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  orphans INTEGER NOT NULL,
  done INTEGER NOT NULL,
  at TEXT,
  by TEXT,
  worth REAL NOT NULL,
  last_due TEXT,
  reasons TEXT NOT NULL
);
CREATE INDEX reviews_worth ON reviews (done, worth);
"""
"""What the queue is ordered by; like all of the index it follows from records and logs."""

_DOCUMENT_EXTRA = """
  issuer_key TEXT, parent_key TEXT, place_key TEXT, signer_key TEXT, code_key TEXT NOT NULL,
  secret INTEGER NOT NULL, record_hash TEXT NOT NULL
"""


def index_path(out: Path) -> Path:
    """Where the index of the store `out` is."""
    return out / "index" / "store.sqlite"


def ddl() -> str:
    """The statements that make an empty index."""
    return (
        _documents_ddl()
        + "".join(_child_ddl(name) for name in TABLES if name != "documents")
        + _FIXED
        + REVIEWS_DDL
    )


def _column_ddl(name: str) -> str:
    return ",\n".join(
        f"  {c.name} {_TYPES[c.kind]}{'' if c.nullable else ' NOT NULL'}"
        for c in columns(TABLES[name])
        if c.name not in ("document_id", "ordinal")
    )


def _documents_ddl() -> str:
    return (
        "CREATE TABLE documents (\n  rid INTEGER PRIMARY KEY AUTOINCREMENT,\n"
        f"  document_id TEXT NOT NULL UNIQUE,\n  ordinal INTEGER NOT NULL,\n"
        f"{_column_ddl('documents')},{_DOCUMENT_EXTRA});\n"
    )


def _child_ddl(name: str) -> str:
    return (
        f'CREATE TABLE "{name}" (\n  doc INTEGER NOT NULL,\n  ordinal INTEGER NOT NULL,\n'
        f"{_column_ddl(name)},\n  PRIMARY KEY (doc, ordinal)\n) WITHOUT ROWID;\n"
    )


def open_reader(out: Path) -> sqlite3.Connection:
    """A read-only connection to the index.

    Raises:
        StoreError: there is no index, or it has another layout.
    """
    path = index_path(out)
    if not path.is_file():
        raise NoIndexError(path=str(out))
    connection = _open_read_only(path)
    _set_up(connection)
    if stored_format(connection) != FORMAT:
        connection.close()
        raise OldIndexError(path=str(out))
    return connection


def _open_read_only(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri()
    for mode in ("mode=ro", "mode=ro&immutable=1"):  # immutable: a folder that may not be written
        connection = sqlite3.connect(f"{uri}?{mode}", uri=True, timeout=30, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.Error:
            connection.close()
        else:
            return connection
    raise OldIndexError(path=str(path))


def open_writer(out: Path) -> sqlite3.Connection:
    """A writing connection to the index, which is made when it does not exist.

    Raises:
        StoreError: the index cannot be opened or has another layout.
    """
    path = index_path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = open_file(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the index cannot be opened: {error}", path=str(path)) from error
    if stored_format(connection) != FORMAT:
        connection.close()
        raise OldIndexError(path=str(out))
    return connection


def open_file(path: Path) -> sqlite3.Connection:
    """A writing connection to the index file `path`; an empty file gets its tables."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    _set_up(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if stored_format(connection) is None:
        _create(connection)
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA cache_size = -32000")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if stored_format(connection) is None:  # another process may have been first
            for statement in ddl().split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [("format", str(FORMAT)), ("store", uuid.uuid4().hex)],
            )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def stored_format(connection: sqlite3.Connection) -> int | None:
    """The layout number of an index; None for an empty file."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return None
    row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    return int(row[0]) if row else None


def store_id(connection: sqlite3.Connection) -> str:
    """The id of this index; a cursor of another index means nothing here."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'store'").fetchone()[0])
