"""What in a document is worth a person's look, and how much: models/lexicons/review.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pipeline import register
from pipeline.record import Found, Record, Task
from pipeline.resources import lexicon
from pipeline.review.reviewed import Key, Reviewed, listed_key
from pipeline.review.values import HEADER_FIELDS

_UNREAD = ("unreadable", "anchor-unknown", "no-issue-date")


class Doubt(NamedTuple):
    """A value that may be wrong, why, and what a look at it is worth in points.

    `reason` is a key of messages/review.yaml: "doubt-low", "doubt-issue" ...; `start` is where the
    value begins in the text (0 for the header).
    """

    key: Key
    reason: str
    worth: float
    start: int = 0


def doubts(reviewed: Reviewed) -> tuple[Doubt, ...]:
    """Every doubtful value that nobody has judged yet, in the order of the page."""
    if reviewed.done:
        return ()
    record = reviewed.record
    found = (
        *_header(record),
        *_pages(record),
        *_statements(record),
        *_tasks(record),
        *_issues(record),
    )
    judged = {key[:2] for key in reviewed.marks}
    return tuple(doubt for doubt in found if doubt.worth > 0 and doubt.key[:2] not in judged)


def worth(reviewed: Reviewed) -> float:
    """What a look at the document is worth, days apart; 0 when it was looked through."""
    points = lexicon("review")
    total = sum(doubt.worth for doubt in doubts(reviewed))
    total += float(points["orphan"]) * len(reviewed.orphans)
    if not reviewed.standing:
        total += float(points["unseen"])
    return 0.0 if reviewed.done and not reviewed.orphans else round(total, 2)


def _low(kind: str) -> Callable[[float], float]:
    """What a look at a value of this kind is worth by its confidence."""
    rule = lexicon("review")["confidence"][kind]
    sure, points = float(rule["sure"]), float(rule["points"])
    return lambda confidence: round(max(0.0, sure - confidence) / sure * points, 2)


def _header(record: Record) -> Iterator[Doubt]:
    points, low = lexicon("review"), _low("header")
    for name in HEADER_FIELDS:
        held: Any = getattr(record.header, name)
        for found in held if isinstance(held, tuple) else (held,) if held else ():
            yield Doubt(Key("header", name), "doubt-low", low(found.confidence))
            if isinstance(found, Found) and found.origin.startswith("inferred:"):
                yield Doubt(Key("header", name), "doubt-inferred", float(points["inferred"]))
    for name in points["header-wanted"].get(record.family, ()):
        if getattr(record.header, name) is None:
            yield Doubt(Key("header", name), "doubt-missing", float(points["header-missing"]))


def _pages(record: Record) -> Iterator[Doubt]:
    low = _low("page")
    for page in record.pages:
        if page.confidence is not None and (worth := low(page.confidence)):
            yield Doubt(Key("document", f"page-{page.number}"), "doubt-page", worth, page.start)


def _statements(record: Record) -> Iterator[Doubt]:
    low = _low("statement")
    for statement in record.statements:
        if worth := low(statement.confidence):
            yield Doubt(Key("statement", statement.id), "doubt-low", worth, statement.start)


def _tasks(record: Record) -> Iterator[Doubt]:
    points = lexicon("review")["task"]
    for task in record.tasks:
        key = Key("task", task.id)
        if not task.assignees:
            yield Doubt(key, "doubt-no-assignee", float(points["no-assignee"]), task.start)
        if task.deadline:
            unread = _is_unread(task, record)
            reason = "deadline-unread" if unread else "deadline"
            yield Doubt(key, f"doubt-{reason}", float(points[reason]), task.start)


def _is_unread(task: Task, record: Record) -> bool:
    if task.deadline is None:
        return False
    return register.resolve(task.deadline, record.header).basis in _UNREAD


def _issues(record: Record) -> Iterator[Doubt]:
    points = lexicon("review")["issue"]
    for issue in record.issues:
        key = listed_key("issue", issue)
        yield Doubt(key, "doubt-issue", float(points[issue.severity]), issue.start or 0)
