"""The register of tasks: when a task is due, and whether it is overdue, on the day somebody asks.

A record holds what the document says; the day that follows from it ("15 ngày kể từ ngày ký") is
worked out here, only where the day to count from is known. It is never a fact of the document.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.record import Deadline, Header

DueState = Literal["overdue", "due", "recurring", "open", "none"]
"""overdue and due need a due day; open: a deadline that gives no day; none: no deadline."""

_DURATION = re.compile(
    r"^P(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?P<hours>\d+)H)?\b"
)
_ISSUE_ANCHORS = ("issue", "signing")
_FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
"""Bộ luật Lao động 2019, Điều 112: the days of the solar calendar; lunar ones are not counted."""


@dataclass(frozen=True, slots=True)
class Due:
    """The day a task is due (None when it cannot be known) and the reason, as a stable code."""

    on: dt.date | None
    basis: str


def resolve(deadline: Deadline, header: Header) -> Due:
    """The due day of a deadline.

    `basis` is "stated", "period-end", "from-issue", "from-date", or why there is no day:
    "anchor-unknown" (counted from a receipt or an event), "no-issue-date", "recurring", "event",
    "unreadable".
    """
    if deadline.kind in ("date", "period"):
        day = _day(deadline.value)
        basis = "stated" if deadline.kind == "date" else "period-end"
        return Due(day, basis) if day else Due(None, "unreadable")
    if deadline.kind == "relative":
        return _relative(deadline.value, header)
    return Due(None, deadline.kind)


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def _relative(value: str, header: Header) -> Due:
    match = _DURATION.match(value)
    if match is None:
        return Due(None, "unreadable")
    anchor = value.partition(" after ")[2].replace("(working days)", "").strip()
    start = _anchor_day(anchor, header)
    if start is None:
        return Due(None, "no-issue-date" if anchor in _ISSUE_ANCHORS else "anchor-unknown")
    amounts = {name: int(number) for name, number in match.groupdict().items() if number}
    day = _add_months(start, amounts.get("months", 0))
    days = amounts.get("days", 0) + 7 * amounts.get("weeks", 0) + -(-amounts.get("hours", 0) // 24)
    if "working days" in value:
        day = _add_working_days(day, days)
    else:
        day += dt.timedelta(days=days)
    return Due(day, "from-issue" if anchor in _ISSUE_ANCHORS else "from-date")


def _anchor_day(anchor: str, header: Header) -> dt.date | None:
    if anchor in _ISSUE_ANCHORS:
        return _day(header.issued_on.value) if header.issued_on else None
    return _day(anchor)


def _add_months(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


def _add_working_days(day: dt.date, count: int) -> dt.date:
    """Monday to Friday, without the fixed public holidays."""
    while count:
        day += dt.timedelta(days=1)
        if day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS:
            count -= 1
    return day


def state(deadline_kind: str | None, due_on: str | None, as_of: dt.date) -> DueState:
    """Where a task stands on `as_of`. Whether it has been done the documents do not say.

    A task due on 31/12 is overdue from 1/1: the last day still counts.
    """
    if due_on is not None:
        return "overdue" if due_on < as_of.isoformat() else "due"
    if deadline_kind is None:
        return "none"
    return "recurring" if deadline_kind == "recurring" else "open"
