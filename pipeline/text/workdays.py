"""Working days of Việt Nam: weekends and the public holidays of Bộ luật Lao động 2019, Điều 112."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pipeline.resources import lexicon_rows
from pipeline.text.lunar import hung_kings_day, new_year

_TET = range(-1, 4)
"""Tết is five days: the last of the old lunar year and the first four of the new."""


@cache
def _fixed() -> frozenset[tuple[int, int]]:
    return frozenset((int(row["month"]), int(row["day"])) for row in lexicon_rows("holidays"))


def is_holiday(day: dt.date) -> bool:
    """Whether `day` is a public holiday (days given in lieu of weekends are not known)."""
    tet = new_year(day.year)
    if tet is not None and (day - tet).days in _TET:
        return True
    return (day.month, day.day) in _fixed() or day == hung_kings_day(day.year)


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on `day`: Monday to Friday, not a public holiday."""
    return day.weekday() < 5 and not is_holiday(day)


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The working day `count` (1 or more) working days after `day`; before it when negative."""
    step = dt.timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day
