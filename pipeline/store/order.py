"""The order of matches that are sorted as a whole, and the days that a selection asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from pipeline.store.columns import Columns, Found, Integers, day_number
from pipeline.store.filters import Selection
from pipeline.store.query import Sort

_NEVER = 99_999_999
"""After every day: documents without a date and tasks without a day stand last."""
Pair = tuple[float, int]


def first_of(
    connection: sqlite3.Connection,
    columns: Columns,
    rows: Integers,
    sort: Sort,
    wanted: int,
    after: Pair | None = None,
) -> list[Pair]:
    """The first `wanted` of `rows` behind `after`, each with the value by which it is sorted.

    Rows of equal value stand in the order of their numbers; with "newest" all order is turned.
    """
    found = columns.passages(connection).find(rows)
    sign = -1 if sort == "newest" else 1
    values, numbers = sign * _values(connection, columns, found, sort), sign * found.rows
    if after is not None:
        value, number = sign * after[0], sign * after[1]
        behind = (values > value) | ((values == value) & (numbers > number))
        values, numbers = values[behind], numbers[behind]
    if len(values) > 4 * wanted:  # the few that are wanted are found without sorting all
        kept = values <= np.partition(values, wanted)[wanted]
        values, numbers = values[kept], numbers[kept]
    at = np.lexsort((numbers, values))[:wanted]
    pairs = zip((sign * values[at]).tolist(), (sign * numbers[at]).tolist(), strict=True)
    return [(float(value), number) for value, number in pairs]


def _values(
    connection: sqlite3.Connection, columns: Columns, found: Found, sort: Sort
) -> npt.NDArray[np.float64]:
    """What rows are sorted by: their weight, the day they are due, the day of their document."""
    if sort == "best":
        return found.entries["weight"].astype(np.float64)
    if sort == "due":
        days = found.entries["due"]
    else:
        days = columns.values(connection, "first_day").of(found.documents)
    return np.where(days > 0, days, 0 if sort == "newest" else _NEVER).astype(np.float64)


Test = Callable[[Integers], Integers]


def day_test(connection: sqlite3.Connection, columns: Columns, selection: Selection) -> Test | None:
    """What keeps the rows whose days and documents a selection allows; None when it allows all.

    A date that the document gives as a month or a year is the whole of it.
    """
    due = _bounds(selection.due_from, selection.due_before, "0")
    dated = _bounds(selection.dated_from, selection.dated_to, "9")
    if due is None and dated is None and selection.documents is None:
        return None
    passages = columns.passages(connection)

    def test(rows: Integers) -> Integers:
        found = passages.find(rows)
        held = np.ones(len(found.rows), np.bool_)
        if due is not None:
            days = found.entries["due"]
            held &= (days > 0) & (days >= due[0]) & (days < due[1])
        if dated is not None:
            first = columns.values(connection, "first_day").of(found.documents)
            last = columns.values(connection, "last_day").of(found.documents)
            held &= (first > 0) & (last >= dated[0]) & (first <= dated[1])
        if selection.documents is not None:
            held &= np.isin(found.documents, selection.documents)
        return found.rows[held]

    return test


def _bounds(low: str | None, high: str | None, filler: str) -> tuple[int, int] | None:
    if low is None and high is None:
        return None
    return day_number(low) if low else 0, day_number(high, filler) if high else _NEVER
