"""The file of a ledger: its tables, its lock (one writer at a time), transactions and reads."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import StoreError

LEDGER_VERSION = 1
CACHE_KB = 16_384
MAP_BYTES = 1 << 30

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents(
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, name TEXT NOT NULL,
  media_type TEXT, kept INTEGER NOT NULL DEFAULT 0, parent INTEGER REFERENCES documents(id));
CREATE TABLE IF NOT EXISTS paths(
  path TEXT NOT NULL, version INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents(id),
  size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_at REAL NOT NULL,
  PRIMARY KEY(path, version)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS paths_document ON paths(document);
CREATE TABLE IF NOT EXISTS work(
  document INTEGER NOT NULL REFERENCES documents(id), stage TEXT NOT NULL DEFAULT 'record',
  status TEXT NOT NULL DEFAULT 'new', attempts INTEGER NOT NULL DEFAULT 0, version TEXT,
  reason TEXT, detail TEXT, exit TEXT, output TEXT, seconds REAL, pages INTEGER, run TEXT,
  lost TEXT, indexed INTEGER NOT NULL DEFAULT 0, updated_at REAL,
  PRIMARY KEY(document, stage)) WITHOUT ROWID;
DROP INDEX IF EXISTS work_left;
CREATE INDEX IF NOT EXISTS work_open ON work(document, status) WHERE status = 'new';
CREATE INDEX IF NOT EXISTS work_quarantine ON work(document) WHERE status = 'quarantine';
CREATE INDEX IF NOT EXISTS work_unindexed ON work(document) WHERE status = 'done' AND indexed = 0;
CREATE TABLE IF NOT EXISTS runs(
  id TEXT PRIMARY KEY, command TEXT NOT NULL, pid INTEGER NOT NULL, started_at REAL NOT NULL,
  finished_at REAL, status TEXT NOT NULL DEFAULT 'running', counts TEXT);
CREATE TABLE IF NOT EXISTS refusals(
  run TEXT NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
  PRIMARY KEY(run, path)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notices(document INTEGER NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY(key, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notices_document ON notices(document);
CREATE TABLE IF NOT EXISTS bands(band INTEGER NOT NULL, document INTEGER NOT NULL,
  PRIMARY KEY(band, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bands_document ON bands(document);
CREATE TABLE IF NOT EXISTS links(a INTEGER NOT NULL, b INTEGER NOT NULL, kind TEXT NOT NULL,
  score REAL NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS links_b ON links(b);
"""


class BusyError(StoreError):
    """Another load has the ledger open for writing."""

    reason = "busy"
    remedy = "wait until the other load has finished"


class NoLedgerError(StoreError):
    """Nothing was ever loaded into this store."""

    reason = "no-ledger"
    remedy = "load documents"


class LedgerFile:
    """OUT/ledger.sqlite; safe to use from the threads of one process."""

    def __init__(self, out: Path, *, write: bool = True) -> None:
        """Open (and with `write` create and lock) OUT/ledger.sqlite.

        Raises:
            BusyError: another process has it open for writing.
            StoreError: it cannot be opened or written.
        """
        self.path = out / "ledger.sqlite"
        self.follows_crash = False
        """Whether a run before was killed."""
        self._lock = threading.RLock()
        self._lock_file = _take_lock(out / "ledger.lock") if write else None
        try:
            self._db = self._connect(write)
        except (sqlite3.Error, OSError) as error:
            self._release()
            raise _failed(self.path, error) from error

    def _connect(self, write: bool) -> sqlite3.Connection:
        place = str(self.path) if write else f"{self.path.absolute().as_uri()}?mode=ro"
        db = sqlite3.connect(
            place, uri=not write, check_same_thread=False, isolation_level=None, timeout=30
        )
        db.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        db.execute(f"PRAGMA mmap_size={MAP_BYTES}")
        db.execute("PRAGMA temp_store=MEMORY")
        if write:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version={LEDGER_VERSION}")
            crashed = db.execute("UPDATE runs SET status = 'crashed' WHERE status = 'running'")
            self.follows_crash = crashed.rowcount > 0
        db.execute(
            "CREATE TEMP TABLE scope(document INTEGER PRIMARY KEY, leased INTEGER DEFAULT 0)"
        )
        return db

    def close(self) -> None:
        """Close the file and let the next writer in."""
        self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock_file is not None:
            self._lock_file.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of the statements inside, or none.

        Raises:
            StoreError: the file cannot be written (full disk, read-only).
        """
        with self._lock:
            nested = self._db.in_transaction
            try:
                if not nested:
                    self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                if not nested:
                    self._db.execute("COMMIT")
            except BaseException as error:
                if not nested and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise _failed(self.path, error) from error
                raise

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a read."""
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _failed(self.path, error) from error

    def column(self, sql: str, *values: object) -> list[Any]:
        """The first column of all rows of a read."""
        return [row[0] for row in self.query(sql, *values)]

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row of a read; None when there is none."""
        return next(iter(self.column(sql, *values)), None)


def check_writable(out: Path) -> None:
    """Make the folder of a store and see that its ledger can be written, before much is started.

    Raises:
        BusyError: another process has it open for writing.
        StoreError: it cannot be written.
    """
    _take_lock(out / "ledger.lock").close()
    path = out / "ledger.sqlite"
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(f"{path.name}: no permission to write", path=str(out))


def _take_lock(path: Path) -> TextIO:
    """An advisory lock that ends with its process, even when that is killed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise _failed(path, error) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise BusyError("in use", path=str(path.parent)) from error
    return file


def _failed(path: Path, error: Exception) -> StoreError:
    return StoreError(f"{path.name}: {error}", path=str(path.parent))
