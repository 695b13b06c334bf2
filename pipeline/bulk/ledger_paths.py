"""The part of the ledger that says which documents there are, and where they were seen."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.bulk.ledger_file import LedgerFile
from pipeline.bulk.scan import Seen

IN_LIST = "(SELECT value FROM json_each(?))"
_LAST_SEEN = (
    "SELECT path, max(version), document, size, mtime_ns FROM paths "
    f"WHERE path IN {IN_LIST} GROUP BY path"
)
"""SQLite takes the other columns from the row with the greatest version."""
_IDS_OF_HASHES = f"SELECT sha256, id FROM documents WHERE sha256 IN {IN_LIST}"


class Found(NamedTuple):
    """A path and the hash of its bytes; `parent` is the document it was taken out of."""

    seen: Seen
    sha256: str
    name: str
    parent: int | None = None


class Added(NamedTuple):
    """What a path turned out to be: a new document, a known one, or a new version of its path."""

    document: int
    is_new: bool
    is_new_path: bool
    is_new_version: bool


class LedgerPaths(LedgerFile):
    """Documents by their bytes, and the paths of each."""

    def known(self, batch: Sequence[Seen]) -> dict[str, int]:
        """The documents of those paths that did not change (same size and time of change)."""
        rows = self.query(_LAST_SEEN, json.dumps([seen.path for seen in batch]))
        last = {path: (document, size, mtime) for path, _, document, size, mtime in rows}
        return {
            seen.path: last[seen.path][0]
            for seen in batch
            if seen.path in last and last[seen.path][1:] == (seen.size, seen.mtime_ns)
        }

    def known_sha256(self, batch: Sequence[Seen]) -> dict[str, str]:
        """The bytes of those paths that did not change."""
        known = self.known(batch)
        rows = self.query(
            f"SELECT id, sha256 FROM documents WHERE id IN {IN_LIST}",
            json.dumps(sorted(set(known.values()))),
        )
        sha256 = dict(rows)
        return {path: sha256[document] for path, document in known.items()}

    def add(self, batch: Sequence[Found]) -> list[Added]:
        """Enter paths and bytes: the same bytes are one document, a changed path a new version."""
        with self.transaction() as db:
            hashes = json.dumps([found.sha256 for found in batch])
            known: dict[str, int] = dict(db.execute(_IDS_OF_HASHES, (hashes,)))
            new = self._enter([found for found in batch if found.sha256 not in known])
            ids = known | new
            places = json.dumps([found.seen.path for found in batch])
            last = {row[0]: row[1:3] for row in db.execute(_LAST_SEEN, (places,))}
            added, rows, now = [], [], time.time()
            for found in batch:
                document, seen = ids[found.sha256], found.seen
                version, earlier = last.get(seen.path, (0, None))
                is_changed = earlier is not None and earlier != document
                version += earlier != document
                is_new = new.pop(found.sha256, None) is not None
                added.append(Added(document, is_new, earlier is None, is_changed))
                last[seen.path] = (version, document)
                rows.append((seen.path, version, document, seen.size, seen.mtime_ns, now))
            db.executemany(
                "INSERT INTO paths VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(path, version) "
                "DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns",
                rows,
            )
        return added

    def _enter(self, unknown: Sequence[Found]) -> dict[str, int]:
        """Give documents of unknown bytes their numbers and their work."""
        first: dict[str, Found] = {}
        for found in unknown:
            first.setdefault(found.sha256, found)
        start = self.value("SELECT coalesce(max(id), 0) + 1 FROM documents")
        ids = {sha256: number for number, sha256 in enumerate(first, start)}
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO documents(id, sha256, size, name, parent) VALUES (?, ?, ?, ?, ?)",
                ((ids[f.sha256], f.sha256, f.seen.size, f.name, f.parent) for f in first.values()),
            )
            db.executemany("INSERT INTO work(document) VALUES (?)", ((n,) for n in ids.values()))
        return ids

    def paths(self, document: int) -> list[str]:
        """Every path these bytes were seen at."""
        return self.column(
            "SELECT DISTINCT path FROM paths WHERE document = ? ORDER BY path", document
        )

    def drop(self, documents: Iterable[int]) -> None:
        """Forget documents that are no records, and where they were seen; of one that has a record
        of before, forget that it failed since.
        """
        rows = [(document,) for document in documents]
        with self.transaction() as db:
            db.executemany(
                "UPDATE work SET status = 'done', reason = '', detail = '', exit = '' "
                "WHERE document = ? AND output <> ''",
                rows,
            )
            without = "NOT EXISTS (SELECT 1 FROM work w WHERE w.document = ?1 AND w.output <> '')"
            for table, key in (("paths", "document"), ("documents", "id"), ("work", "document")):
                db.executemany(f"DELETE FROM {table} WHERE {key} = ?1 AND {without}", rows)

    def versions(self, path: str) -> list[tuple[int, str]]:
        """(version, sha256) of all that was seen at a path, oldest first."""
        return [
            (version, sha256)
            for version, sha256 in self.query(
                "SELECT version, sha256 FROM paths JOIN documents ON id = document "
                "WHERE path = ? ORDER BY version",
                path,
            )
        ]
