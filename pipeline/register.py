"""The register of tasks: when a task is due, and whether it is overdue, on the day somebody asks.

A record holds what the document says; the day that follows from it ("15 ngày kể từ ngày ký") is
worked out here, only where the day to count from is known. It is never a fact of the document.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pipeline.extract import due_dates
from pipeline.record import Deadline, Header

DueState = Literal["overdue", "due", "recurring", "open", "none"]
"""overdue and due need a due day; open: a deadline that gives no day; none: no deadline."""

_ISSUE_ANCHORS = ("issue", "signing", "adoption", "record")


@dataclass(frozen=True, slots=True)
class Due:
    """The day a task is due (None when it cannot be known) and the reason, as a stable code."""

    on: dt.date | None
    basis: str


def resolve(deadline: Deadline, header: Header) -> Due:
    """The due day of a deadline.

    `basis` is "stated", "period-end", "from-issue", "from-date", "calendar" (Tết), or why there is
    no day: "anchor-unknown" (counted from a receipt or an event), "no-issue-date", "recurring",
    "event", "unreadable".
    """
    if deadline.kind == "recurring":
        return Due(None, "recurring")  # never overdue as a whole; see `next_day`
    issued = header.issued_on.value if header.issued_on else None
    try:
        day = due_dates.resolve(deadline, issued)
    except (ValueError, OverflowError):
        return Due(None, "unreadable")
    return Due(day, _reason(deadline, known=day is not None, issued=issued is not None))


def _reason(deadline: Deadline, *, known: bool, issued: bool) -> str:
    if deadline.kind in ("date", "period"):
        found = "stated" if deadline.kind == "date" else "period-end"
        return found if known else "unreadable"
    if deadline.kind == "event":
        return "calendar" if known else "event"
    from_issue = deadline.value.endswith(_ISSUE_ANCHORS)
    if known:
        return "from-issue" if from_issue else "from-date"
    return "no-issue-date" if from_issue and not issued else "anchor-unknown"


def next_day(deadline_kind: str | None, deadline_value: str | None, as_of: dt.date) -> str | None:
    """The next day on which a recurring task is due, `as_of` included; None for other tasks."""
    if deadline_kind != "recurring" or not deadline_value:
        return None
    try:
        day = due_dates.next_occurrence(deadline_value, as_of)
    except (ValueError, KeyError, StopIteration, OverflowError):
        return None
    return day.isoformat() if day else None


def state(deadline_kind: str | None, due_on: str | None, as_of: dt.date) -> DueState:
    """Where a task stands on `as_of`. Whether it has been done the documents do not say.

    A task due on 31/12 is overdue from 1/1: the last day still counts.
    """
    if due_on is not None:
        return "overdue" if due_on < as_of.isoformat() else "due"
    if deadline_kind is None:
        return "none"
    return "recurring" if deadline_kind == "recurring" else "open"
