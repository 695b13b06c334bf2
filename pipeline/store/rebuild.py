"""Rebuilding the index from the records, and the proof that updating it gave the same."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import CongvanError, StoreError
from pipeline.store import index
from pipeline.store.files import record_ids, record_path
from pipeline.store.reviews import digest_of, read_both, reviewed_bytes
from pipeline.store.schema import FORMAT, index_path, open_file, stored_format

_SIDE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found. `differing` are documents whose indexed rows were not what their record
    gives; `replaced` says that there was no usable index before."""

    documents: int
    differing: tuple[str, ...] = ()
    words_equal: bool = True
    replaced: bool = False
    broken: tuple[str, ...] = field(default=())

    @property
    def equal(self) -> bool:
        """Whether the index was already exactly what the records give."""
        return not self.differing and self.words_equal and not self.replaced


def rebuild(out: Path) -> Rebuilt:
    """Build the index anew beside the old one, compare, and repair what differs in place.

    The old index keeps its change numbers, so feeds go on where they were; only a missing, damaged
    or older index is replaced as a whole. Readers go on reading meanwhile.

    Raises:
        StoreError: the folder cannot be written.
    """
    fresh_path = index_path(out).with_name(f"rebuild-{os.getpid()}.sqlite")
    try:
        fresh_path.parent.mkdir(parents=True, exist_ok=True)
        broken = _build(out, fresh_path)
        if not _usable(index_path(out)):
            return _replace(out, fresh_path, broken)
        return _compare_and_repair(out, fresh_path, broken)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the index cannot be rebuilt: {error}", path=str(out)) from error
    finally:
        _remove(fresh_path)


def _build(out: Path, path: Path) -> tuple[str, ...]:
    broken = []
    with closing(open_file(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        with index.transaction(connection):
            for document_id in record_ids(out):
                data, log = read_both(record_path(out, document_id))
                try:
                    reviewed = reviewed_bytes(data, log)
                except (CongvanError, ValidationError, ValueError):
                    broken.append(document_id)
                    continue
                index.write_rows(connection, reviewed, digest_of(data, log))
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('optimize')")
    return tuple(broken)


def _usable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            return sound and stored_format(connection) == FORMAT
    except sqlite3.DatabaseError:
        return False


def _replace(out: Path, fresh: Path, broken: tuple[str, ...]) -> Rebuilt:
    with closing(sqlite3.connect(fresh)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    _remove(index_path(out))
    fresh.replace(index_path(out))
    return Rebuilt(index.count(out), replaced=True, broken=broken)


def _remove(path: Path) -> None:
    for suffix in _SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _compare_and_repair(out: Path, fresh_path: Path, broken: tuple[str, ...]) -> Rebuilt:
    with closing(open_file(index_path(out))) as held, closing(open_file(fresh_path)) as fresh:
        old, new = dict(digests(held)), dict(digests(fresh))
        differing = sorted(k for k in old.keys() | new.keys() if old.get(k) != new.get(k))
        differing = [document_id for document_id in differing if document_id not in broken]
        words_equal = bool(differing) or list(_vocabulary(held)) == list(_vocabulary(fresh))
        for document_id in differing:
            _put_again(out, held, document_id)
        if not words_equal or list(_vocabulary(held)) != list(_vocabulary(fresh)):
            words_equal = False
            _index_words_again(held)
        documents = int(held.execute("SELECT count(*) FROM documents").fetchone()[0])
    return Rebuilt(documents, tuple(differing), words_equal, broken=broken)


def _put_again(out: Path, connection: sqlite3.Connection, document_id: str) -> None:
    path = record_path(out, document_id)
    if path.is_file():
        data, log = read_both(path)
        index.put(connection, reviewed_bytes(data, log), digest_of(data, log))
    else:
        index.delete(connection, document_id)


def _index_words_again(connection: sqlite3.Connection) -> None:
    with index.transaction(connection):
        connection.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
        for rid, text, tags in connection.execute("SELECT rid, exact, tags FROM passage_text"):
            connection.execute(
                "INSERT INTO passages_fts (rowid, exact, folded, tags) VALUES (?, ?, ?, ?)",
                (rid, *index.indexed_forms(text), tags),
            )


_ORDER = {
    "passages": "unit, ordinal",
    "passage_columns": "doc",
    "passage_tasks": "passage, ordinal",
    "reviews": "doc",
}
_NUMBERS = {"passages": 2, "passage_columns": 2, "passage_tasks": 2}
"""How many columns of a table are row numbers of the file; of the others the first is."""


def digests(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(document id, digest of all its rows) of an index; row numbers of the file do not count."""
    documents = connection.execute("SELECT * FROM documents ORDER BY document_id")
    for document in documents:
        digest = blake2b(repr(tuple(document)[1:]).encode(), digest_size=16)
        for name in (*index.CHILD_TABLES, *_ORDER):
            order = _ORDER.get(name, "ordinal")
            rows = connection.execute(
                f'SELECT * FROM "{name}" WHERE doc = ? ORDER BY {order}', (document["rid"],)
            )
            for row in rows:
                digest.update(repr(tuple(row)[_NUMBERS.get(name, 1) :]).encode())
        yield document["document_id"], digest.hexdigest()


def _vocabulary(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Every indexed word with the number of passages and places it stands in."""
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words"
        " USING fts5vocab('main', 'passages_fts', 'col')"
    )
    return (tuple(row) for row in connection.execute("SELECT * FROM temp.words"))
