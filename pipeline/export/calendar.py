"""Deadlines as an iCalendar file (RFC 5545), so that a person sees them in a calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline import register
from pipeline.export.fields import Losses
from pipeline.record import Record, Task


def write_calendar(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """An all-day event for each task with a day, a repeating one for recurring deadlines.

    Deadlines without a day are listed as losses. Returns the number of events.
    """
    lines = list(calendar_lines(_tasks(records, losses), losses))
    path.write_bytes("".join(lines).encode())
    return lines.count("BEGIN:VEVENT\r\n")


def _tasks(records: Iterable[Record], losses: Losses) -> Iterator[tuple[Record, Task]]:
    for record in records:
        losses.note_rest(record, ("tasks", "kind", "number", "symbol", "issued_on"))
        undated = sum(task.deadline is None for task in record.tasks)
        if undated:
            losses.note(record, "tasks", "no-value", str(undated))
        yield from ((record, task) for task in record.tasks)


def calendar_lines(tasks: Iterable[tuple[Record, Task]], losses: Losses) -> Iterator[str]:
    """The lines of a calendar of these tasks, with their line ends."""
    for line in ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//congvan//deadlines//VI"):
        yield folded(line)
    for record, task in tasks:
        for line in _event(record, task, losses):
            yield folded(line)
    yield folded("END:VCALENDAR")


def _event(record: Record, task: Task, losses: Losses) -> Iterator[str]:
    if task.deadline is None:
        return
    due = register.resolve(task.deadline, record.header)
    recurring = task.deadline.kind == "recurring"
    day = due.on or (_first(record, task) if recurring else None)
    if day is None:
        losses.note(record, "deadline", "not-a-full-date", task.deadline.raw)
        return
    if _has_hour(task.deadline.value):
        losses.note(record, "deadline", "no-hour", task.deadline.raw)
    names = ", ".join(party.value for party in task.assignees)
    code = record.header.code or record.source.name
    issued = register_stamp(record, day)
    yield "BEGIN:VEVENT"
    yield f"UID:{task.id}-{record.id[:16]}@congvan"
    yield f"DTSTAMP:{issued:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}"
    if recurring:
        yield f"RRULE:{_all_day_rule(task.deadline.value)}"
    yield "SUMMARY:" + escaped(f"{names}: {task.action}" if names else task.action)
    yield "DESCRIPTION:" + escaped(f"{task.quote}\n{task.deadline.raw}\n{code}")
    yield "CATEGORIES:" + escaped(record.header.kind.value if record.header.kind else "TASK")
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _has_hour(deadline: str) -> bool:
    return re.search(r"\dT\d|BYHOUR=", deadline) is not None


def _all_day_rule(rule: str) -> str:
    """The rule without hours, which all-day events may not have."""
    kept = (part for part in rule.split(";") if not re.match(r"BY(?:HOUR|MINUTE|SECOND)=", part))
    return ";".join(kept)


def _first(record: Record, task: Task) -> dt.date | None:
    issued = record.header.issued_on or record.header.published_on
    start = dt.date.fromisoformat(issued.value) if issued and len(issued.value) == 10 else None
    if task.deadline is None or start is None:
        return None
    day = register.next_day(task.deadline.kind, task.deadline.value, start)
    return dt.date.fromisoformat(day) if day else None


def register_stamp(record: Record, day: dt.date) -> dt.date:
    """The day of the document; the event's day where it has none. Never the day of the export, so
    that the same records give the same file."""
    issued = record.header.issued_on
    try:
        return dt.date.fromisoformat(issued.value) if issued else day
    except ValueError:
        return day


def escaped(text: str) -> str:
    """Text as RFC 5545 section 3.3.11 wants it."""
    text = " ".join(text.split(" ")).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"\r?\n|\r", r"\\n", text)


def folded(line: str) -> str:
    """A content line cut into pieces of at most 75 bytes, never inside a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += width
    return "\r\n".join([*pieces, piece]) + "\r\n"
