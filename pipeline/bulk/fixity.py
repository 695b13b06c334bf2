"""Fixity: are the sources and records still what they were when they were stored?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.bulk.ledger import HAS_RECORD, Ledger
from pipeline.bulk.places import place_sha256
from pipeline.errors import CongvanError, InputError
from pipeline.record import from_json, verify
from pipeline.store.files import file_sha256, record_ids, record_path, source_path

_INTO = re.compile("!/")
_OPENED = (
    "SELECT path FROM paths p JOIN work w ON w.document = p.document WHERE w.status = 'unpacked'"
)
_LATEST = (
    "SELECT d.sha256, p.path FROM paths p JOIN documents d ON d.id = p.document "
    "JOIN work w ON w.document = d.id "
    "WHERE p.version = (SELECT max(version) FROM paths q WHERE q.path = p.path) "
    f"AND (w.status IN ('new', 'quarantine', 'unpacked') OR {HAS_RECORD}) ORDER BY d.sha256, p.path"
)
What = Literal["record", "source", "original"]
Fault = Literal["missing", "changed", "unreadable", "not-verbatim", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A file that is not what it was. An "original" lies outside the store: only a remark."""

    what: What
    fault: Fault
    sha256: str
    path: str
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the store itself is damaged."""
        return self.what != "original"


def check(ledger: Ledger, out: Path, *, originals: bool = False) -> Iterator[Finding | str]:
    """Read all checksums again; yields the id of each sound document, else what is wrong with it.

    `originals` also looks at the paths that the documents were loaded from; for what was taken out
    of an archive or a message that is the file of the archive, once for all that is inside.
    """
    rows = ledger.query(
        f"SELECT d.sha256, d.kept, {HAS_RECORD}, coalesce(w.output, '') FROM documents d "
        f"JOIN work w ON w.document = d.id WHERE w.status = 'quarantine' OR {HAS_RECORD} "
        "ORDER BY d.sha256"
    )
    stored = set()
    for sha256, kept, has_record, output in rows:
        findings = [*_source(out, sha256)] if kept else []
        if has_record:
            stored.add(sha256)
            findings += _record(out, sha256, output)
        yield from findings or [sha256]
    if originals:
        yield from _originals(ledger)
    for sha256 in record_ids(out):
        if sha256 not in stored:
            yield Finding("record", "unknown", sha256, str(record_path(out, sha256)))


def _record(out: Path, sha256: str, output: str) -> Iterator[Finding]:
    path = record_path(out, sha256)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        yield Finding("record", "missing", sha256, str(path))
        return
    except OSError as error:
        yield Finding("record", "unreadable", sha256, str(path), error.strerror or "")
        return
    if output and hashlib.sha256(content).hexdigest() != output:
        yield Finding("record", "changed", sha256, str(path))
    try:
        verify(from_json(content))
    except CongvanError as error:
        yield Finding("record", "not-verbatim", sha256, str(path), str(error))
    except ValueError as error:
        yield Finding("record", "unreadable", sha256, str(path), str(error).splitlines()[0])


def _source(out: Path, sha256: str) -> Iterator[Finding]:
    path = source_path(out, sha256)
    if path is None:
        yield Finding("source", "missing", sha256, str(out / "sources" / sha256[:2] / sha256))
        return
    try:
        if file_sha256(path) != sha256:
            yield Finding("source", "changed", sha256, str(path))
    except OSError as error:
        yield Finding("source", "unreadable", sha256, str(path), error.strerror or "")


def _originals(ledger: Ledger) -> Iterator[Finding]:
    opened = set(ledger.column(_OPENED))
    for sha256, path in ledger.query(_LATEST):
        if not _is_inside(path, opened):
            yield from _original(sha256, path)


def _is_inside(path: str, opened: set[str]) -> bool:
    """Whether a path leads into one of the archives and messages that were opened."""
    return any(path[: mark.start()] in opened for mark in _INTO.finditer(path))


def _original(sha256: str, path: str) -> Iterator[Finding]:
    try:
        if place_sha256(path) != sha256:
            yield Finding("original", "changed", sha256, path)
    except FileNotFoundError:
        yield Finding("original", "missing", sha256, path)
    except (InputError, OSError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        yield Finding("original", "unreadable", sha256, path, detail)
