"""The lunar New Year (Tết Nguyên đán) of a year, from a table."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pipeline.resources import lexicon_rows


@cache
def _rows() -> tuple[tuple[dt.date, str, dt.date], ...]:
    return tuple(
        (
            dt.date.fromisoformat(row["first_day"]),
            row["name"].lower(),
            dt.date.fromisoformat(row["hung_kings"]),
        )
        for row in lexicon_rows("lunar_new_year")
    )


def new_year(year: int) -> dt.date | None:
    """The first day (mùng một Tết) of the lunar year that begins in `year`; None if unknown."""
    return next((day for day, _, _ in _rows() if day.year == year), None)


def hung_kings_day(year: int) -> dt.date | None:
    """Giỗ Tổ Hùng Vương (10th of the 3rd lunar month) of `year`; None outside the table."""
    return next((feast for _, _, feast in _rows() if feast.year == year), None)


def new_year_named(name: str, after: dt.date) -> dt.date | None:
    """The first Tết of the year called `name` ("Giáp Ngọ") on or after `after`, or None."""
    wanted = " ".join(name.lower().split())
    return next((day for day, called, _ in _rows() if called == wanted and day >= after), None)


def next_new_year(after: dt.date) -> dt.date | None:
    """The first Tết on or after `after`; None outside the table."""
    return next((day for day, _, _ in _rows() if day >= after), None)
