"""The calendar day on which a deadline falls, where the document or a known anchor tells it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping

from pipeline.extract.deadline_values import anchor_date
from pipeline.record import Deadline
from pipeline.text.lunar import new_year, new_year_named, next_new_year
from pipeline.text.workdays import add_working_days

_RELATIVE = re.compile(r"P(T?)(\d+)([HDWMY]) (after|before) (.+)")
_TET = re.compile(
    r"trước tết(?: nguyên đán)?(?: (?P<name>\w+ \w+))??(?: năm)?(?: (?P<year>(?:19|20)\d\d))?$"
)
_FROM_ISSUE = frozenset({"issue", "signing", "adoption", "record"})
"""Anchors that are the day of the document itself."""
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HORIZON_DAYS = 3700
"""How far ahead the next occurrence of a rule is looked for: ten years."""

Rule = dict[str, str]


def resolve(
    deadline: Deadline,
    issued_on: str | None,
    anchors: Mapping[str, str] | None = None,
    *,
    after: dt.date | None = None,
) -> dt.date | None:
    """The day a deadline falls on, or None where it cannot be known.

    `anchors` gives the ISO dates of anchors ("receipt") that were learnt elsewhere. A recurring
    deadline gives its first day on or after `after` (the document's date when None).
    """
    if deadline.kind in ("date", "period"):
        return dt.date.fromisoformat(deadline.value[:10]) if deadline.value[:4].isdigit() else None
    if deadline.kind == "recurring":
        start = after or anchor_date(issued_on)
        return next_occurrence(deadline.value, start) if start else None
    if deadline.kind == "relative":
        return _relative(deadline, issued_on, anchors or {})
    return _before_tet(deadline.value, anchor_date(issued_on))


def _relative(
    deadline: Deadline, issued_on: str | None, anchors: Mapping[str, str]
) -> dt.date | None:
    match = _RELATIVE.fullmatch(deadline.value)
    if match is None:
        return None
    clock, count, unit, side, anchor = match.groups()
    start = _anchor_day(anchor, issued_on, anchors)
    if start is None:
        return None
    size = int(count) if side == "after" else -int(count)
    if clock:
        return start + dt.timedelta(days=-(-size // 24))
    if deadline.origin.endswith(".working-days"):
        return add_working_days(start, size)
    return _plus(start, size, unit)


def _anchor_day(anchor: str, issued_on: str | None, anchors: Mapping[str, str]) -> dt.date | None:
    known = anchors.get(anchor)
    if known is None and anchor in _FROM_ISSUE:
        known = issued_on
    if known is None and re.fullmatch(r"\d{4}-\d\d-\d\d", anchor):
        known = anchor
    return dt.date.fromisoformat(known[:10]) if known and len(known) >= 10 else None


def _plus(start: dt.date, size: int, unit: str) -> dt.date:
    if unit in "DW":
        return start + dt.timedelta(days=size * (7 if unit == "W" else 1))
    months = start.year * 12 + start.month - 1 + size * (12 if unit == "Y" else 1)
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _before_tet(event: str, today: dt.date | None) -> dt.date | None:
    """The last day before the Tết that an event names, for "trước Tết Nguyên đán Giáp Ngọ"."""
    match = _TET.match(event.lower())
    if match is None or (today is None and not match["year"]):
        return None
    if match["year"]:
        tet = new_year(int(match["year"]))
    elif match["name"] and today:
        tet = new_year_named(match["name"], today)
    else:
        tet = next_new_year(today) if today else None
    return tet - dt.timedelta(days=1) if tet else None


def next_occurrence(rule: str, start: dt.date) -> dt.date | None:
    """The first day on or after `start` that an RRULE body names.

    A rule that names no day means the end of its period: "FREQ=MONTHLY;INTERVAL=3" is due on the
    last day of each quarter.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    until = parts.get("UNTIL")
    last = dt.date(int(until[:4]), int(until[4:6]), int(until[6:8])) if until else None
    for day in _days_from(start):
        if last and day > last:
            return None
        if _fits(parts, day):
            return day
    return None


def _days_from(start: dt.date) -> Iterator[dt.date]:
    return (start + dt.timedelta(days=offset) for offset in range(_HORIZON_DAYS))


def _fits(parts: Rule, day: dt.date) -> bool:
    frequency, interval = parts.get("FREQ", ""), int(parts.get("INTERVAL", "1"))
    if frequency == "DAILY":
        return day.toordinal() % interval == 0
    if frequency == "WEEKLY":
        return _WEEKDAYS[day.weekday()] in parts.get("BYDAY", "SU").split(",")
    months = 12 if frequency == "YEARLY" else interval
    if "BYMONTH" in parts:
        if str(day.month) not in parts["BYMONTH"].split(","):
            return False
    elif (day.year * 12 + day.month) % months if months > 1 else 0:
        return False
    return _fits_month_day(parts, day)


def _fits_month_day(parts: Rule, day: dt.date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    if parts.get("BYSETPOS") == "-1":
        return day == _last_weekday(day, parts.get("BYDAY", "").split(","))
    wanted = (int(number) for number in parts.get("BYMONTHDAY", "-1").split(","))
    return day.day in {min(n, length) if n > 0 else length + 1 + n for n in wanted}


def _last_weekday(day: dt.date, names: list[str]) -> dt.date:
    length = calendar.monthrange(day.year, day.month)[1]
    days = (day.replace(day=number) for number in range(length, 0, -1))
    return next(d for d in days if _WEEKDAYS[d.weekday()] in names)
