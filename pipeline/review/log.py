"""The log of corrections: one JSON Lines file a document, only ever appended to.

Files, not a table: the log is what people's work is kept in, so it must outlive every index, be
copied by any tool and be read with the eye; and two people who correct different documents never
wait for each other. One line is one `write` under a lock, flushed to the disk. What a crash leaves
of a line is never read as an entry, and the next line begins on a line of its own.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import StoreError
from pipeline.review.entries import Correction, Entry, Tool, content_id, entry_of

_locks: Any = import_module("fcntl") if os.name == "posix" else None


@dataclass(frozen=True, slots=True)
class Log:
    """The entries of one document, oldest first.

    `damaged` are numbers of lines (from 1) that are no whole entry, or whose content is not what
    their id says; `broken` are ids of entries whose line before is missing.
    """

    entries: tuple[Entry, ...] = ()
    damaged: tuple[int, ...] = ()
    broken: tuple[str, ...] = ()


def log_path(out: Path, document_id: str) -> Path:
    """Where the corrections of a document are: OUT/reviews/<ab>/<sha256>.jsonl."""
    return out / "reviews" / document_id[:2] / f"{document_id}.jsonl"


def reviewed_ids(out: Path) -> Iterator[str]:
    """The ids of all documents that somebody has looked at, in order."""
    for path in sorted((out / "reviews").glob("[0-9a-f][0-9a-f]/*.jsonl")):
        yield path.stem


def read_log(out: Path, document_id: str) -> Log:
    """The log of a document; empty when nobody has looked at it.

    Raises:
        StoreError: the file is there and cannot be read.
    """
    path = log_path(out, document_id)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Log()
    except OSError as error:
        raise StoreError(f"the review log cannot be read: {error}", path=str(path)) from error
    return parse_log(data)


def parse_log(data: bytes) -> Log:
    """The entries of a log file; lines that are none are counted, never guessed at."""
    entries: list[Entry] = []
    damaged, broken = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            damaged.append(number)
            continue
        if entry.previous != (entries[-1].id if entries else None):
            broken.append(entry.id)
        entries.append(entry)
    return Log(tuple(entries), tuple(damaged), tuple(broken))


@lru_cache(maxsize=4096)  # a log is read after each correction, and only grows
def _entry(line: bytes) -> Entry | None:
    try:
        entry = Entry.model_validate_json(line)
    except (ValidationError, ValueError):
        return None
    return entry if content_id(entry) == entry.id else None


def append(
    out: Path,
    document_id: str,
    corrections: Sequence[Correction],
    *,
    by: str,
    tool: Tool = "desk",
    at: str | None = None,
) -> tuple[Entry, ...]:
    """Append corrections to the log of a document and flush them to the disk.

    Raises:
        StoreError: the log cannot be written; nothing counts as said then.
    """
    moment = at or dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    path = log_path(out, document_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with _locked(path) as handle:
            entries = _chained(handle, document_id, corrections, by=by, tool=tool, at=moment)
            _write(handle, entries)
        if new:
            _flush_folder(path.parent)
    except OSError as error:
        raise StoreError(f"the review log cannot be written: {error}", path=str(path)) from error
    return entries


def _chained(
    handle: int, document_id: str, corrections: Sequence[Correction], **facts: Any
) -> tuple[Entry, ...]:
    held = parse_log(_content(handle)).entries
    previous = held[-1].id if held else None
    entries = []
    for correction in corrections:
        entry = entry_of(correction, document=document_id, previous=previous, **facts)
        entries.append(entry)
        previous = entry.id
    return tuple(entries)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if _locks is not None:
            _locks.flock(handle, _locks.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _content(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    pieces = []
    while piece := os.read(handle, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _write(handle: int, entries: Sequence[Entry]) -> None:
    """One write for all; a line that a crash cut short is closed first."""
    size = os.lseek(handle, 0, os.SEEK_END)
    lines = "".join(entry.model_dump_json() + "\n" for entry in entries).encode()
    if size:
        os.lseek(handle, size - 1, os.SEEK_SET)
        if os.read(handle, 1) != b"\n":
            lines = b"\n" + lines
    while lines:
        lines = lines[os.write(handle, lines) :]
    os.fsync(handle)


def _flush_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut; not every system can do it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
