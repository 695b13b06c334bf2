"""Documents that people have open, kept in memory until one of their files changes."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.desk.document_boxes import Layout
from pipeline.desk.document_parts import Part, part_at, parts_of
from pipeline.desk.pages_cache import cached_words
from pipeline.record import Record
from pipeline.review.apply import apply
from pipeline.review.doubts import Doubt, doubts
from pipeline.review.log import log_path, read_log
from pipeline.review.reviewed import Key, Reviewed, listed_key
from pipeline.store.files import read_record, record_path

Held = TypeVar("Held")
MOST = 6
"""Documents held; one of 300 pages takes some 100 MB."""
LONG = 100_000
"""Characters of a document that is many objects in memory: some fifty pages."""


@dataclass(frozen=True)
class Opened:
    """A reviewed record, its parts, and what is doubtful in it."""

    reviewed: Reviewed
    parts: tuple[Part, ...]
    doubts: tuple[Doubt, ...]

    @property
    def record(self) -> Record:
        """The record with its corrections."""
        return self.reviewed.record

    def part_of(self, key: Key) -> Part:
        """The part in which a value is shown; what stands nowhere is shown in the first."""
        return part_at(self.parts, _place(self.record, key))


class Shelf:
    """The documents opened last, newest last."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], tuple[object, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, out: Path, document_id: str) -> Opened:
        """A document as it is now.

        Raises:
            StoreError: there is no such record, or its file or its log cannot be read.
        """
        files = record_path(out, document_id), log_path(out, document_id)
        return self._get("opened", document_id, files, lambda: self._opened(out, document_id))

    def layout(self, out: Path, document_id: str) -> Layout:
        """Where the words of a document stand on its pages."""
        record = self._record(out, document_id)
        files = (record_path(out, document_id),)
        return self._get(
            "layout", document_id, files, lambda: Layout(record, cached_words(out, record))
        )

    def _opened(self, out: Path, document_id: str) -> Opened:
        record = self._record(out, document_id)
        reviewed = apply(record, read_log(out, document_id).entries)
        record = reviewed.record
        return Opened(reviewed, parts_of(record), doubts(reviewed))

    def _record(self, out: Path, document_id: str) -> Record:
        """The record alone: a correction changes the log, and parsing 300 pages takes a second."""
        files = (record_path(out, document_id),)
        return self._get("record", document_id, files, lambda: _read(out, document_id))

    def _get(self, what: str, name: str, files: tuple[Path, ...], make: Callable[[], Held]) -> Held:
        key, stamp = (what, name), tuple(map(_stamp, files))
        with self._lock:
            held = self._held.get(key)
            if held is not None and held[0] == stamp:
                self._held.move_to_end(key)
                return held[1]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            self._held[key] = (stamp, made)
            self._held.move_to_end(key)
            while len(self._held) > 3 * MOST:
                self._held.popitem(last=False)
        return made


def _read(out: Path, document_id: str) -> Record:
    record = read_record(out, document_id)
    if len(record.text) > LONG:
        gc.collect()
        gc.freeze()  # else the collector walks it over and over, in the middle of requests
    return record


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _place(record: Record, key: Key) -> int:
    """Where a value begins; 0 for the header and for what there is not."""
    items: tuple[Any, ...] = getattr(record, f"{key.kind}s", ())
    if key.kind in ("statement", "task"):
        return next((item.start for item in items if item.id == key.id), 0)
    return next((i.start or 0 for i in items if listed_key(key.kind, i).id == key.id), 0)
