"""The ledger: what each document is, where its bytes were seen, and what has been done with it.

One SQLite file with one writer. It alone says what is done; no flow or server is ever asked.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.bulk.ledger_file import NoLedgerError
from pipeline.bulk.ledger_paths import IN_LIST, Found, LedgerPaths
from pipeline.bulk.scan import Refused, Seen
from pipeline.bulk.task import Job, Outcome
from pipeline.text.paths import path_text

Status = Literal["new", "done", "unpacked", "quarantine"]
_NOT_IN_SCOPE = (
    f"SELECT count(*) FROM work w WHERE status = 'new' AND document IN {IN_LIST} "
    "AND NOT EXISTS (SELECT 1 FROM scope s WHERE s.document = w.document)"
)
_LEFT = (
    "SELECT w.document, d.name FROM work w JOIN documents d ON d.id = w.document "
    "WHERE w.status = 'new' AND w.document > ? ORDER BY w.document LIMIT ?"
)
HAS_RECORD = "(w.status = 'done' OR w.output <> '')"
PAGE = 10_000
"""Rows fetched at a time: others may use the ledger in between."""
_JOBS = (
    "SELECT d.id, d.sha256, d.name, d.size, w.attempts, (SELECT group_concat(path, char(0)) "
    "FROM paths p WHERE p.document = d.id) FROM scope s "
    "JOIN work w ON w.document = s.document AND w.stage = 'record' "
    "JOIN documents d ON d.id = s.document WHERE w.status = 'new' "
)
_FRESH = _JOBS + "AND s.leased = 0 AND w.attempts = 0 ORDER BY w.document LIMIT ?"
_REST = _JOBS + "ORDER BY s.leased DESC, s.document LIMIT ?"
_STILL_NEW = f"SELECT document FROM work WHERE status = 'new' AND document IN {IN_LIST}"
_MARK = (
    "UPDATE work SET status = CASE ?2 WHEN 'retry' THEN 'new' ELSE ?2 END, attempts = ?3, "
    "reason = ?4, detail = ?5, exit = ?6, version = ?7, output = coalesce(nullif(?8, ''), output), "
    "seconds = ?9, pages = ?10, run = ?11, updated_at = ?12, indexed = 0 "
    "WHERE document = ?1 AND stage = 'record'"
)
"""Its first values are those of an `Outcome`, in order."""
_MARKED = Outcome._fields.index("pages") + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the ledger and the state of its record."""

    document: int
    sha256: str
    name: str
    path: str
    status: Status
    attempts: int
    reason: str = ""
    detail: str = ""
    exit: str = ""
    version: str = ""
    updated_at: float = 0.0


class Ledger(LedgerPaths):
    """What has been done with the documents of one store; see `LedgerFile` for how it is opened."""

    # runs

    def start_run(self, run: str, command: str) -> None:
        """Note that a run began."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO runs(id, command, pid, started_at) VALUES (?, ?, ?, ?)",
                (run, command, os.getpid(), time.time()),
            )

    def finish_run(self, run: str, status: str, counts: dict[str, int]) -> None:
        """Note how a run ended."""
        with self.transaction() as db:
            db.execute(
                "UPDATE runs SET status = ?, finished_at = ?, counts = ? WHERE id = ?",
                (status, time.time(), json.dumps(counts, sort_keys=True), run),
            )

    def forget_run(self, run: str) -> None:
        """Forget a run in which nothing happened."""
        with self.transaction() as db:
            db.execute("DELETE FROM refusals WHERE run = ?", (run,))
            db.execute("DELETE FROM runs WHERE id = ?", (run,))

    def has_new_refusals(self, run: str) -> bool:
        """Whether a run met paths without a document that no run before it met."""
        return bool(
            self.query(
                "SELECT 1 FROM refusals WHERE run = ?1 AND path NOT IN "
                "(SELECT path FROM refusals WHERE run <> ?1) LIMIT 1",
                run,
            )
        )

    def refuse(self, run: str, refused: Iterable[Refused]) -> None:
        """Keep the paths that gave no document."""
        rows = [(run, r.path, r.reason, r.detail) for r in refused]
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO refusals VALUES (?, ?, ?, ?)", rows)

    # the scope of a run and its leases

    def include(self, documents: Iterable[int]) -> None:
        """Put documents into the scope of this run."""
        with self.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO scope(document) VALUES (?)", ((d,) for d in documents)
            )

    def include_where(self, condition: str, *values: object) -> int:
        """Put all documents of the ledger that meet an SQL condition into scope; how many."""
        with self.transaction() as db:
            return db.execute(
                "INSERT OR IGNORE INTO scope(document) SELECT w.document FROM work w "
                f"JOIN documents d ON d.id = w.document WHERE {condition}",
                values,
            ).rowcount

    def include_members(self) -> None:
        """Put what was taken out of the containers in scope into scope too."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO scope(document) SELECT id FROM documents "
                "WHERE parent IN (SELECT document FROM scope)"
            )

    def lost_members(self) -> list[tuple[str, str, str]]:
        """(path, reason, detail) of what could not be taken out of the containers in scope."""
        rows = self.column(
            "SELECT lost FROM work JOIN scope USING(document) "
            "WHERE status = 'unpacked' AND lost IS NOT NULL"
        )
        return [tuple(item) for lost in rows for item in json.loads(lost)]

    def add_members(self, outcome: Outcome) -> int:
        """Enter the documents of a container, under its paths; how many are to be done now."""
        places = self.paths(outcome.document)
        found = [
            Found(Seen(_inside(place, name), size, 0), sha256, name, outcome.document)
            for place in places
            for sha256, name, size in outcome.members
        ]
        lost = [
            (_inside(place, name), reason, detail)
            for place in places
            for name, reason, detail in outcome.lost
        ]
        with self.transaction() as db:
            documents = [item.document for item in self.add(found)]
            (open_documents,) = db.execute(_NOT_IN_SCOPE, (json.dumps(documents),)).fetchone()
            self.include(documents)
            if lost:
                db.execute(
                    "UPDATE work SET lost = ? WHERE document = ?",
                    (json.dumps(lost), outcome.document),
                )
        return int(open_documents)

    def reopen(self, limit: int | None = None) -> None:
        """Make everything in scope (or the first so many documents) new again, with no attempts."""
        with self.transaction() as db:
            db.execute(
                "UPDATE work SET status = 'new', attempts = 0 WHERE document IN "
                "(SELECT document FROM scope ORDER BY document LIMIT ?)",
                (-1 if limit is None else limit,),
            )

    def reopen_stopped(self, reason: str) -> None:
        """Make what is in scope and in quarantine for a reason new again, with no attempts."""
        with self.transaction() as db:
            db.execute(
                "UPDATE work SET status = 'new', attempts = 0 WHERE status = 'quarantine' "
                "AND reason = ? AND document IN (SELECT document FROM scope)",
                (reason,),
            )

    def scope_size(self) -> int:
        """Number of documents in scope."""
        return int(self.value("SELECT count(*) FROM scope"))

    def scope_counts(self) -> dict[str, int]:
        """Number of documents in scope by status."""
        return dict(
            self.query(
                "SELECT status, count(*) FROM scope JOIN work USING(document) GROUP BY status"
            )
        )

    def lease(self, limit: int) -> list[Job]:
        """Take up to `limit` documents of the scope that were never tried.

        A lease lives in memory, beside the scope: the ledger has one writer.
        """
        with self.transaction() as db:
            jobs = [_job(row) for row in db.execute(_FRESH, (limit,))]
            if jobs:
                span = (jobs[0].document, jobs[-1].document)
                db.execute("UPDATE scope SET leased = 1 WHERE document BETWEEN ? AND ?", span)
        return jobs

    def rest(self, limit: int) -> list[Job]:
        """Documents of the scope that are still to be done when all were leased once."""
        return [_job(row) for row in self.query(_REST, limit)]

    def still_new(self, jobs: Sequence[Job]) -> list[Job]:
        """Those of the jobs that are still to be done."""
        new = set(self.column(_STILL_NEW, json.dumps([job.document for job in jobs])))
        return [job for job in jobs if job.document in new]

    def mark(self, run: str, outcomes: Iterable[Outcome]) -> None:
        """Enter what became of documents, all in one transaction.

        One that had a record and now fails keeps it: `output` stays that of the record file.
        """
        now = time.time()
        outcomes = list(outcomes)
        with self.transaction() as db:
            db.executemany(_MARK, ((*o[:_MARKED], run, now) for o in outcomes))
            db.executemany(
                "UPDATE documents SET media_type = ?, kept = max(kept, ?) WHERE id = ?",
                ((o.media_type, o.kept, o.document) for o in outcomes if o.media_type),
            )
            documents = json.dumps([o.document for o in outcomes])
            for table in ("notices", "bands"):
                db.execute(f"DELETE FROM {table} WHERE document IN {IN_LIST}", (documents,))
            keys = [(o.document, o.key) for o in outcomes if o.key]
            bands = [(band, o.document) for o in outcomes for band in o.bands]
            db.executemany("INSERT OR IGNORE INTO notices VALUES (?, ?)", keys)
            db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", bands)

    # what is left, what failed, what is not searchable yet

    def left(self) -> Iterator[tuple[int, str]]:
        """(document, name) of everything that is neither a record nor in quarantine."""
        last = 0
        while rows := self.query(_LEFT, last, PAGE):
            yield from rows
            last = rows[-1][0]

    def entries(self, condition: str = "1", *values: object) -> list[Entry]:
        """Documents with their state, by an SQL condition over work `w` and documents `d`."""
        rows = self.query(
            "SELECT d.id, d.sha256, d.name, "
            "coalesce((SELECT path FROM paths p WHERE p.document = d.id LIMIT 1), d.name), "
            "w.status, w.attempts, coalesce(w.reason,''), coalesce(w.detail,''), "
            "coalesce(w.exit,''), coalesce(w.version,''), coalesce(w.updated_at,0) "
            f"FROM work w JOIN documents d ON d.id = w.document WHERE {condition} ORDER BY d.id",
            *values,
        )
        return [Entry(*row) for row in rows]

    def path_of(self, sha256: str) -> str:
        """One path of a document, else its name."""
        entry = self.entries("d.sha256 = ?", sha256)
        return entry[0].path if entry else ""

    def count(self, status: Status) -> int:
        """Number of documents with a status in the whole ledger."""
        return int(self.value("SELECT count(*) FROM work WHERE status = ?", status) or 0)

    def stored(self) -> int:
        """Number of documents that have a record, be it one of before that is to be done again."""
        return int(self.value(f"SELECT count(*) FROM work w WHERE {HAS_RECORD}") or 0)

    def unindexed(self, limit: int) -> list[str]:
        """Ids of records that the search index does not hold yet."""
        return self.column(
            "SELECT sha256 FROM work w JOIN documents d ON d.id = w.document "
            "WHERE w.status = 'done' AND w.indexed = 0 LIMIT ?",
            limit,
        )

    def mark_indexed(self, sha256_ids: Iterable[str]) -> None:
        """Note that records are searchable."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE work SET indexed = 1 "
                "WHERE document = (SELECT id FROM documents WHERE sha256 = ?)",
                ((sha256,) for sha256 in sha256_ids),
            )

    def costs(self) -> dict[str, float]:
        """Mean seconds of a document by the extension of its name, from what was done so far."""
        rows = self.query(
            "SELECT name, seconds FROM work w JOIN documents d ON d.id = w.document "
            "WHERE w.status = 'done' AND seconds IS NOT NULL ORDER BY w.document DESC LIMIT 5000"
        )
        sums: dict[str, list[float]] = {}
        for name, seconds in rows:
            sums.setdefault(Path(name).suffix.lower(), []).append(seconds)
        return {suffix: sum(values) / len(values) for suffix, values in sums.items()}


def open_ledger(out: Path, *, write: bool = False) -> Ledger:
    """The ledger of a store that is there; none is made.

    Raises:
        NoLedgerError: nothing was ever loaded into it.
        StoreError: it cannot be opened.
    """
    if not (out / "ledger.sqlite").is_file():
        raise NoLedgerError(path=path_text(str(out)))
    return Ledger(out, write=write)


def _job(row: tuple[Any, ...]) -> Job:
    document, sha256, name, size, attempts, paths = row
    places = sorted(set(paths.split("\0"))) if paths else ()
    return Job(document, sha256, name, size, places, attempts)


def _inside(place: str, name: str) -> str:
    """The path of a member: that of its container, then the names inside ("a.zip!/b.pdf")."""
    return place + name[name.find("!/") :] if "!/" in name else f"{place}!/{name}"
