"""The lunar New Year (Tết Nguyên đán) of a year, from a table."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pipeline.resources import lexicon_rows


@cache
def _table() -> tuple[dict[int, dt.date], dict[str, tuple[int, ...]]]:
    days: dict[int, dt.date] = {}
    names: dict[str, tuple[int, ...]] = {}
    for row in lexicon_rows("lunar_new_year"):
        day = dt.date.fromisoformat(row["first_day"])
        days[day.year] = day
        names[row["name"].lower()] = (*names.get(row["name"].lower(), ()), day.year)
    return days, names


def new_year(year: int) -> dt.date | None:
    """The first day (mùng một Tết) of the lunar year that begins in `year`; None outside the table."""
    return _table()[0].get(year)


def new_year_named(name: str, after: dt.date) -> dt.date | None:
    """The first Tết of the sexagenary year `name` ("Giáp Ngọ") on or after `after`; None when unknown."""
    days, names = _table()
    return next(
        (days[y] for y in names.get(" ".join(name.lower().split()), ()) if days[y] >= after), None
    )


def next_new_year(after: dt.date) -> dt.date | None:
    """The first Tết on or after `after`."""
    return next((day for _, day in sorted(_table()[0].items()) if day >= after), None)
