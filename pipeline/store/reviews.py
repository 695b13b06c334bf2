"""Records as people have corrected them, and the queue of documents that are worth a look."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pipeline import register
from pipeline.record import Record, from_json
from pipeline.resources import lexicon
from pipeline.review.apply import apply
from pipeline.review.doubts import doubts, worth
from pipeline.review.log import log_path, parse_log, read_log
from pipeline.review.reviewed import Reviewed
from pipeline.store.files import read_record


class QueueItem(NamedTuple):
    """A document of the queue; `reasons` counts doubtful values by message key."""

    document_id: str
    code: str | None
    kind: str | None
    issuer: str | None
    title: str | None
    source_name: str
    dated_on: str | None
    worth: float
    last_due: str | None
    entries: int
    orphans: int
    reasons: dict[str, int]


class Queue(NamedTuple):
    """A page of the queue, dearest first, and how many documents wait and were looked through."""

    items: tuple[QueueItem, ...]
    waiting: int
    done: int


def reviewed_record(out: Path, document_id: str) -> Reviewed:
    """The record of a document with its corrections on top.

    Raises:
        StoreError: there is no such record, or its file or its log cannot be read.
    """
    return apply(read_record(out, document_id), read_log(out, document_id).entries)


def corrected(out: Path, document_id: str) -> Record:
    """The record of a document as people have corrected it: what everything derived is made from.

    Raises:
        StoreError: there is no such record, or its file or its log cannot be read.
    """
    return reviewed_record(out, document_id).record


def log_of_record(path: Path) -> Path:
    """The review log of the document whose record file is `path`."""
    return log_path(path.parent.parent.parent, path.stem)


def digest_of(record: bytes, log: bytes) -> str:
    """What changes with a record or its log; the SHA-256 of the file where nobody looked."""
    return sha256(record + log).hexdigest()


def read_both(path: Path) -> tuple[bytes, bytes]:
    """The bytes of a record file and of its log (none when nobody has looked)."""
    data = path.read_bytes()
    try:
        return data, log_of_record(path).read_bytes()
    except FileNotFoundError:
        return data, b""


def reviewed_bytes(record: bytes, log: bytes) -> Reviewed:
    """A reviewed record from its two files."""
    return apply(from_json(record), parse_log(log).entries)


def write_review(connection: sqlite3.Connection, rid: int, reviewed: Reviewed) -> None:
    """The row of a document in `reviews`."""
    last = reviewed.standing[-1] if reviewed.standing else None
    reasons = Counter(doubt.reason for doubt in doubts(reviewed))
    connection.execute(
        "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rid,
            len(reviewed.standing),
            len(reviewed.orphans),
            int(reviewed.done),
            last.at if last else None,
            last.by if last else None,
            worth(reviewed),
            _last_due(reviewed.record),
            json.dumps(dict(reasons.most_common()), sort_keys=True),
        ),
    )


def _last_due(record: Record) -> str | None:
    days = (register.resolve(t.deadline, record.header).on for t in record.tasks if t.deadline)
    return max((day.isoformat() for day in days if day), default=None)


_QUEUE = """
SELECT d.document_id, d.code, d.kind, d.issuer, d.title, d.source_name, d.dated_on,
  r.worth + CASE WHEN r.last_due >= :today THEN :upcoming ELSE 0 END AS points,
  r.last_due, r.entries, r.orphans, r.reasons
FROM reviews r JOIN documents d ON d.rid = r.doc
WHERE r.worth > 0 AND d.secret <= :secret AND d.document_id != :after
ORDER BY points DESC, d.document_id LIMIT :limit OFFSET :offset
"""
_COUNTS = """
SELECT coalesce(sum(r.worth > 0), 0), coalesce(sum(r.done), 0) FROM reviews r
JOIN documents d ON d.rid = r.doc WHERE d.secret <= ?
"""


def queue(
    connection: sqlite3.Connection,
    today: dt.date,
    *,
    include_secret: bool,
    limit: int = 50,
    offset: int = 0,
    without: str = "",
) -> Queue:
    """Documents by what a look at them is worth; `without` leaves one document out."""
    facts = {
        "today": today.isoformat(),
        "upcoming": float(lexicon("review")["upcoming"]),
        "secret": int(include_secret),
        "after": without,
        "limit": limit,
        "offset": offset,
    }
    rows = connection.execute(_QUEUE, facts).fetchall()
    waiting, done = connection.execute(_COUNTS, (int(include_secret),)).fetchone()
    items = tuple(QueueItem._make((*row[:-1], json.loads(row["reasons"]))) for row in rows)
    return Queue(items, int(waiting), int(done))
