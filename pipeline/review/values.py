"""Values of a record as the log keeps them, and values of the log as the record keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from pipeline.record import Deadline, DeadlineKind, Found, Header, Record, Statement, Task
from pipeline.review.anchoring import anchor_at, place
from pipeline.review.entries import Seen, Value

TASK_ONE = ("assigner", "product")
TASK_MANY = ("assignees", "coordinators", "monitors", "report_to")
TASK_WORDS = ("kind", "urgency", "topic")
TASK_FIELDS = (*TASK_MANY, "deadline", *TASK_ONE, *TASK_WORDS)
"""Fields of a task that people can correct."""
HEADER_MANY = ("addressees", "recipients")
HEADER_ONE = tuple(
    name for name in Header.model_fields if name not in (*HEADER_MANY, "code", "nulls")
)
HEADER_FIELDS = (*HEADER_ONE, *HEADER_MANY)
DATE_FIELDS = ("issued_on", "published_on", "event_on")
ORIGIN = "review"
STATED = "inferred:review"
"""Origin of a value that a person put in other words than those that show it."""


class UnplacedError(Exception):
    """A correction cannot be applied to this reading; `reason` is gone, no-target or two-places."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def value_of(text: str, found: Found[str] | Deadline) -> Value:
    """A value of a record with the anchor of its words."""
    kind = found.kind if isinstance(found, Deadline) else None
    printed = isinstance(found, Deadline) or not found.origin.startswith("inferred:")
    return Value(
        value=found.value,
        kind=kind,
        anchor=anchor_at(text, found.start, found.end),
        printed=printed,
    )


def held_values(text: str, held: Any) -> tuple[Value, ...]:
    """What a field holds, whether that is nothing, a word, a found value or several of them."""
    if held is None:
        return ()
    if isinstance(held, str):
        return (Value(value=held),)
    items = held if isinstance(held, tuple) else (held,)
    return tuple(value_of(text, item) for item in items)


def words_held(held: Any) -> tuple[str, ...]:
    """The values of a field as words alone."""
    if held is None:
        return ()
    items = held if isinstance(held, tuple) else (held,)
    return tuple(item if isinstance(item, str) else item.value for item in items)


def seen_task(record: Record, task: Task) -> Seen:
    """Everything a record says of a task."""
    fields = {name: held_values(record.text, getattr(task, name)) for name in TASK_FIELDS}
    return Seen(kind=task.kind, fields={name: held for name, held in fields.items() if held})


def seen_statement(statement: Statement) -> Seen:
    """Everything a record says of a statement."""
    return Seen(label=statement.label, also=statement.also)


def as_found(text: str, value: Value, *, strict: bool) -> Found[str]:
    """The value with its words in this reading; `strict` as in `anchoring.place`.

    Raises:
        UnplacedError: the words that show it are not there any more.
    """
    start, end = _words(text, value, strict)
    return Found(
        value=value.value,
        start=start,
        end=end,
        quote=text[start:end],
        origin=ORIGIN if value.printed else STATED,
        confidence=1.0,
    )


def as_deadline(text: str, value: Value, *, strict: bool) -> Deadline:
    """A deadline with its words in this reading; `strict` as in `anchoring.place`.

    Raises:
        UnplacedError: the words that show it are not there any more.
    """
    start, end = _words(text, value, strict)
    return Deadline(
        kind=cast(DeadlineKind, value.kind),
        value=value.value,
        raw=text[start:end],
        start=start,
        end=end,
        origin=ORIGIN if value.printed else STATED,
    )


def _words(text: str, value: Value, strict: bool) -> tuple[int, int]:
    strict = strict and value.printed
    found = place(text, value.anchor, strict=strict) if value.anchor else None
    if found is None:
        raise UnplacedError("gone")
    return found.start, found.end


def task_field(text: str, name: str, values: Sequence[Value], *, strict: bool) -> Any:
    """What field `name` of a task holds when people say `values`."""
    if name == "kind":
        return values[0].value if values else "assigned"
    if name in TASK_MANY:
        return tuple(as_found(text, value, strict=strict) for value in values)
    if not values:
        return None
    if name in TASK_WORDS:
        return values[0].value
    if name == "deadline":
        return as_deadline(text, values[0], strict=strict)
    return as_found(text, values[0], strict=strict)
