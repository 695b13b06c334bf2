"""What sorting, days and facets need of every passage and document, in memory by row number.

Row numbers rise and are never used again, and rows never change: what was read stays true, and
only what was written since is read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from pipeline.record import Label
from pipeline.store.passages import FAINT_BELOW, Passage
from pipeline.store.schema import store_id

Integers = npt.NDArray[np.int64]
Tuples = list[tuple[Any, ...]]

LABELS = (None, *get_args(Label))
"""Label of each code; another order is another `schema.FORMAT`."""
ENTRY = np.dtype([("due", "<i4"), ("weight", "<f4"), ("label", "u1"), ("deadline", "u1")])
"""Of a passage: the day it is due (20251231, 0 for none), its weight (light ones come first), the
code of its label, whether it has a deadline."""
_WEIGHTS = {"title": 0.5, "statement": 1.0, "heading": 1.5, "other": 3.0}

_NUMBERS = {
    "first_day": "CAST(substr(replace(d.dated_on, '-', '') || '0000', 1, 8) AS INTEGER)",
    "last_day": "CAST(substr(replace(d.dated_on, '-', '') || '9999', 1, 8) AS INTEGER)",
}
_NAMES = {
    "kind": "d.kind",
    "agency": "d.issuer",
    "year": "d.year",
    "place": "d.place",
    "origin": "coalesce(d.issuer_key, '') || '|' || coalesce(d.parent_key, '') || '|'"
    " || coalesce(d.place_key, '')",
    "family": "d.family",
    "quality": "CASE WHEN d.status = 'partial' THEN 'partial' WHEN NOT d.ocr_pages THEN 'digital'"
    f" WHEN d.reading < {FAINT_BELOW} THEN 'faint' ELSE 'scan' END",
}
"""Values of documents: numbers, and names, which are held as codes."""
_STORES = 8
_SPARE = 10_000
"""Documents that may be held beyond twice those in the store before all are read anew."""


def entries_of(passages: Iterable[Passage]) -> bytes:
    """The entries of the passages of a document, as the index keeps them."""
    rows = [
        (
            day_number(p.due_on) if p.due_on else 0,
            (p.span_end - p.span_start) * _WEIGHTS[p.unit],
            LABELS.index(p.label),
            "hdeadline" in p.tags.split(),
        )
        for p in passages
    ]
    return np.array(rows, ENTRY).tobytes()


def day_number(day: str, filler: str = "0") -> int:
    """An ISO day as a number: "2023-05" is 20230500 as a first day, with "9" 20230599 as a last."""
    return int(day.replace("-", "").ljust(8, filler)[:8])


class Found(NamedTuple):
    """Passages that are known: their row numbers, their documents, their entries."""

    rows: Integers
    documents: Integers
    entries: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Passages:
    """Entries by document, both in rising order; those of document i begin at `starts[i]`."""

    documents: Integers
    firsts: Integers
    starts: Integers
    entries: npt.NDArray[Any]

    def with_more(self, rows: Tuples) -> Passages:
        """These and the rows (document, its first passage, entries) read after them."""
        entries = np.frombuffer(b"".join(row[2] for row in rows), ENTRY)
        sizes = _integers(len(row[2]) // ENTRY.itemsize for row in rows)
        return Passages(
            np.concatenate([self.documents, _integers(row[0] for row in rows)]),
            np.concatenate([self.firsts, _integers(row[1] for row in rows)]),
            np.concatenate([self.starts, self.starts[-1] + np.cumsum(sizes)]),
            np.concatenate([self.entries, entries]),
        )

    def find(self, rows: Integers) -> Found:
        """Those of `rows` that are known, in their order."""
        at = np.searchsorted(self.firsts, rows, "right") - 1
        places = self.starts[at] + rows - self.firsts[at]
        known = (at >= 0) & (places < self.starts[at + 1])
        return Found(rows[known], self.documents[at[known]], self.entries[places[known]])

    def of_documents(self, documents: Integers) -> Integers:
        """The row numbers of all passages of `documents`, the last first."""
        at = np.flatnonzero(np.isin(self.documents, documents))
        sizes = np.diff(self.starts)[at]
        ends = np.cumsum(sizes)
        counted = np.arange(sizes.sum()) - np.repeat(ends - sizes, sizes)
        rows: Integers = np.repeat(self.firsts[at], sizes) + counted
        return rows[::-1]


@dataclass(frozen=True, slots=True)
class Values:
    """A value of every document as a number; of a code, `names` tells what it means."""

    documents: Integers
    numbers: Integers
    names: tuple[Any, ...] = (None,)

    def with_more(self, rows: Tuples, *, named: bool) -> Values:
        """These and the rows (document, value) read after them."""
        codes = {name: code for code, name in enumerate(self.names)}
        values = (row[1] for row in rows)
        numbers = (codes.setdefault(value, len(codes)) for value in values) if named else values
        return Values(
            np.concatenate([self.documents, _integers(row[0] for row in rows)]),
            np.concatenate([self.numbers, _integers(number or 0 for number in numbers)]),
            tuple(codes),
        )

    def of(self, documents: Integers) -> Integers:
        """The numbers of `documents`; 0 for one that is not known."""
        if not len(self.documents):
            return np.zeros(len(documents), np.int64)
        at = np.minimum(np.searchsorted(self.documents, documents), len(self.documents) - 1)
        return np.where(self.documents[at] == documents, self.numbers[at], 0)


def _integers(values: Iterable[int]) -> Integers:
    return np.fromiter(values, np.int64)


_NONE = np.zeros(0, np.int64)
_NO_PASSAGES = Passages(_NONE, _NONE, np.zeros(1, np.int64), np.zeros(0, ENTRY))


class Columns:
    """The columns of one store. What a connection sees and they do not hold yet is read first;
    documents that are gone stay, no search finds them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._passages = _NO_PASSAGES
        self._values: dict[str, Values] = {}

    def passages(self, connection: sqlite3.Connection) -> Passages:
        """Of all passages."""
        with self._lock:
            rows = _entries_after(connection, self._passages)
            if rows:
                held = self._passages.with_more(rows)
                live = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
                if len(held.documents) > 2 * live + _SPARE:
                    held = _NO_PASSAGES.with_more(_entries_after(connection, _NO_PASSAGES))
                    self._values = {}
                self._passages = held
            return self._passages

    def values(self, connection: sqlite3.Connection, name: str) -> Values:
        """Of all documents: the first or last day of their date, or what a facet counts by."""
        with self._lock:
            held = self._values.get(name) or Values(_NONE, _NONE)
            sql = f"SELECT d.rid, {_NUMBERS.get(name) or _NAMES[name]} FROM documents d"
            rows = _tuples(connection, f"{sql} WHERE d.rid > ? ORDER BY 1", _last(held))
            if rows:
                held = self._values[name] = held.with_more(rows, named=name in _NAMES)
            return held


def _entries_after(connection: sqlite3.Connection, held: Passages) -> Tuples:
    sql = "SELECT doc, first, entries FROM passage_columns WHERE doc > ? ORDER BY doc"
    return _tuples(connection, sql, _last(held))


def _last(held: Passages | Values) -> int:
    return int(held.documents[-1]) if len(held.documents) else 0


def _tuples(connection: sqlite3.Connection, sql: str, after: int) -> Tuples:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples are read faster than named rows
    return cursor.execute(sql, (after,)).fetchall()


_open: OrderedDict[tuple[object, ...], Columns] = OrderedDict()
_open_lock = threading.Lock()


def columns_of(connection: sqlite3.Connection) -> Columns:
    """The columns of the store of `connection`; those of the last stores asked for are kept."""
    path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    key = (store_id(connection), path, path.stat().st_ino)  # copies of a store go their own ways
    with _open_lock:
        columns = _open.setdefault(key, Columns())
        _open.move_to_end(key)
        while len(_open) > _STORES:
            _open.popitem(last=False)
    return columns
