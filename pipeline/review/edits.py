"""From what a person does on a page to an entry of the log: every value gets the words it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, cast, get_args

from pipeline.errors import QueryError
from pipeline.extract.deadlines import find_deadlines
from pipeline.messages import say
from pipeline.record import Label, Record, Statement, Task
from pipeline.review.anchoring import anchor_at
from pipeline.review.entries import Action, Anchor, Correction, Target, Value
from pipeline.review.reviewed import Key, listed_key
from pipeline.review.values import (
    DATE_FIELDS,
    HEADER_FIELDS,
    TASK_FIELDS,
    TASK_WORDS,
    held_values,
    seen_statement,
    seen_task,
)
from pipeline.text.dates import find_dates, first_day
from pipeline.text.fold import fold, nfc

_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_DEADLINE_KINDS = ("date", "period", "recurring", "relative", "event")
LABELS: tuple[Label, ...] = get_args(Label)


class EditError(QueryError):
    """What a person asked for cannot be kept; `code` is a text of messages/review.yaml."""

    reason = "edit"

    def __init__(self, code: str, **facts: object) -> None:
        """`code` without its area: "edit-not-in-text"."""
        super().__init__(say(f"review.{code}", None, **facts), code=code, **facts)
        self.code, self.slots = code, facts


class Said(NamedTuple):
    """A value as typed, and the selected words that show it, if any were selected."""

    words: str
    start: int | None = None
    end: int | None = None
    kind: str | None = None


def accept(record: Record, key: Key) -> Correction:
    """A person says that this value is right."""
    return _judged(record, key, "accept")


def reject(record: Record, key: Key) -> Correction:
    """A person says that this is not in the document, or not what it is taken for."""
    return _judged(record, key, "reject")


def _judged(record: Record, key: Key, action: Action) -> Correction:
    if key.kind == "document":
        return Correction(action=action, target=document_target(record))
    if key.kind == "header":
        held = held_values(record.text, getattr(record.header, _header_field(key.id)))
        if not held and action == "reject":
            raise EditError("edit-nothing")
        return Correction(action=action, target=Target(kind="header", field=key.id), old=held)
    item = item_of(record, key)
    return Correction(action=action, target=_target(record, key, item), **_known(record, item))


def _known(record: Record, item: Any) -> dict[str, Any]:
    if isinstance(item, Task):
        return {"seen": seen_task(record, item)}
    if isinstance(item, Statement):
        return {"old": (Value(value=item.label),), "seen": seen_statement(item)}
    return {}


def document_target(record: Record) -> Target:
    """The whole document as it reads now."""
    words = record.text.strip()
    if not words:
        raise EditError("edit-no-text")
    start = record.text.index(words[0])
    line = words.split("\n", 1)[0]
    anchor = anchor_at(record.text, start, start + len(line))
    return Target(kind="document", anchor=anchor)


def item_of(record: Record, key: Key) -> Any:
    """The statement, task, figure ... that a key names.

    Raises:
        EditError: there is none; somebody else may have changed it meanwhile.
    """
    items = getattr(record, f"{key.kind}s", ())
    for item in items:
        known = item.id if hasattr(item, "id") else listed_key(key.kind, item).id
        if known == key.id:
            return item
    raise EditError("edit-no-item")


def _target(record: Record, key: Key, item: Any) -> Target:
    if item.start is None:
        return Target(kind=key.kind, id=item.code)
    known = getattr(item, "id", None) or (item.code if key.kind == "issue" else None)
    anchor = anchor_at(record.text, item.start, item.end)
    return Target(kind=key.kind, field=key.field, id=known, anchor=anchor)


def _header_field(name: str) -> str:
    if name not in HEADER_FIELDS:
        raise EditError("edit-no-item")
    return name


def correct(record: Record, key: Key, said: Sequence[Said]) -> Correction:
    """A person says what a field holds; nothing said means that the document does not say it.

    Raises:
        EditError: the field is unknown, the value cannot be read, or no words show it.
    """
    said = [Said(nfc(s.words).strip(), *s[1:]) for s in said if s.words.strip()]
    if key.kind == "header":
        return _correct_header(record, key, said)
    item = item_of(record, key)
    if key.kind == "statement":
        return _correct_statement(record, key, item, said)
    if key.kind != "task" or key.field not in TASK_FIELDS:
        raise EditError("edit-no-item")
    held = getattr(item, key.field)
    span = (item.start, item.end)
    if key.field == "deadline":
        new = tuple(_deadline(record, item, s) for s in said[:1])
    elif key.field in TASK_WORDS:
        new = tuple(Value(value=s.words) for s in said[:1])
        if key.field == "kind" and (not new or new[0].value not in ("assigned", "commitment")):
            raise EditError("edit-no-item")
    else:
        new = tuple(_shown(record, s, span, fallback=span) for s in said)
    typed = key.field == "deadline" and any(not value.printed for value in new)
    return Correction(
        action="correct",
        target=_target(record, key, item),
        old=held_values(record.text, held),
        new=new,
        seen=seen_task(record, item),
        note=said[0].words if typed else None,
    )


def _correct_header(record: Record, key: Key, said: Sequence[Said]) -> Correction:
    held = held_values(record.text, getattr(record.header, _header_field(key.id)))
    first = held[0].anchor if held else None
    fallback = _anchored(first)
    near = fallback or (0, 1)
    if key.id in DATE_FIELDS:
        new = tuple(_date(record, s, fallback) for s in said[:1])
    else:
        new = tuple(_shown(record, s, near, fallback=fallback) for s in said)
    return Correction(
        action="correct" if new else "reject",
        target=Target(kind="header", field=key.id),
        old=held,
        new=new,
    )


def _anchored(anchor: Anchor | None) -> tuple[int, int] | None:
    return (anchor.start, anchor.start + len(anchor.quote)) if anchor else None


def _correct_statement(
    record: Record, key: Key, item: Statement, said: Sequence[Said]
) -> Correction:
    span = (item.start, item.end)
    if key.field == "speaker":
        old = held_values(record.text, item.speaker)
        new = tuple(_shown(record, s, span, fallback=span) for s in said[:1])
    else:
        old = (Value(value=item.label),)
        if not said or said[0].words not in LABELS:
            raise EditError("edit-no-label")
        new = (Value(value=said[0].words),)
    return Correction(
        action="correct",
        target=_target(record, key, item),
        old=old,
        new=new,
        seen=seen_statement(item),
    )


def add_statement(record: Record, start: int, end: int, label: str) -> Correction:
    """A person says what the selected words are."""
    if label not in LABELS:
        raise EditError("edit-no-label")
    start, end = selection(record, start, end)
    anchor = anchor_at(record.text, start, end)
    target = Target(kind="statement", anchor=anchor)
    return Correction(action="add", target=target, new=(Value(value=label),))


def add_task(record: Record, start: int, end: int) -> Correction:
    """A person says that the selected words are a task."""
    start, end = selection(record, start, end)
    anchor = anchor_at(record.text, start, end)
    return Correction(action="add", target=Target(kind="task", anchor=anchor))


def undo(entry_id: str) -> Correction:
    """A person takes an entry back (or an undo of it)."""
    return Correction(action="undo", target=Target(kind="entry", id=entry_id))


def selection(record: Record, start: int, end: int) -> tuple[int, int]:
    """The selected span without the blanks around it.

    Raises:
        EditError: nothing of the text is selected.
    """
    if not 0 <= start < end <= len(record.text):
        raise EditError("edit-no-selection")
    words = record.text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start >= end:
        raise EditError("edit-no-selection")
    return start, end


def _shown(
    record: Record, said: Said, near: tuple[int, int], *, fallback: tuple[int, int] | None
) -> Value:
    """The value with the words that show it: the selected ones, else the nearest that read so,
    else `fallback` as mere evidence."""
    span = _selected(record, said) or nearest(record.text, said.words, near)
    if span is None and fallback is None:
        raise EditError("edit-not-in-text", words=said.words)
    start, end = span or cast(tuple[int, int], fallback)
    printed = _letters(record.text[start:end]) == _letters(said.words)
    return Value(value=said.words, anchor=anchor_at(record.text, start, end), printed=printed)


def _selected(record: Record, said: Said) -> tuple[int, int] | None:
    if said.start is None or said.end is None:
        return None
    return selection(record, said.start, said.end)


def _letters(words: str) -> str:
    return "".join(char for char in nfc(words).casefold() if char.isalnum())


def nearest(text: str, words: str, near: tuple[int, int]) -> tuple[int, int] | None:
    """The place nearest to the span `near` where the words stand, however spaced and cased; the
    folded words when they do not stand there with these accents."""
    for haystack, needle in ((text.casefold(), words.casefold()), (fold(text), fold(words))):
        pieces = [re.escape(piece) for piece in needle.split()]
        if not pieces or len(haystack) != len(text):
            continue
        pattern = re.compile(r"(?<!\w)" + r"\s+".join(pieces) + r"(?!\w)")
        spans = [match.span() for match in pattern.finditer(haystack)]
        if spans:
            return min(spans, key=lambda span: _distance(span, near))
    return None


def _distance(span: tuple[int, int], near: tuple[int, int]) -> int:
    return max(near[0] - span[0], span[1] - near[1], 0)


def iso_date(words: str) -> str | None:
    """The ISO date of typed words: 2025-06-30, 30/6/2025, "ngày 30 tháng 6 năm 2025"."""
    if _ISO.fullmatch(words):
        return words if _is_day(words) else None
    for form in (words, f"ngày {words}"):
        found = find_dates(_flat(form))
        if found and not found[0].value.startswith("-"):
            return found[0].value
    return None


def _is_day(value: str) -> bool:
    try:
        return first_day(value) is not None
    except ValueError:  # 2025-09-31
        return False


def _date(record: Record, said: Said, fallback: tuple[int, int] | None) -> Value:
    value = iso_date(said.words)
    if value is None:
        raise EditError("edit-no-date", words=said.words)
    span = _selected(record, said) or _date_span(record.text, value, fallback or (0, 1)) or fallback
    if span is None:
        raise EditError("edit-not-in-text", words=said.words)
    printed = iso_date(record.text[span[0] : span[1]]) == value
    return Value(value=value, anchor=anchor_at(record.text, *span), printed=printed)


def _date_span(text: str, value: str, near: tuple[int, int]) -> tuple[int, int] | None:
    spans = [(d.start, d.end) for d in find_dates(_flat(text)) if d.value == value]
    return min(spans, key=lambda span: _distance(span, near), default=None)


def _flat(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _deadline(record: Record, task: Task, said: Said) -> Value:
    """A deadline as typed or selected: a day, words that the deadline rules read, or an event.

    Raises:
        EditError: the words are none of these, and do not stand in the text either.
    """
    read = _read_deadline(record, said)
    kind, value = read or ("event", " ".join(said.words.split()))
    held = task.deadline
    old = (held.start, held.end) if held else None
    near = (task.start, task.end)
    span = (
        _selected(record, said)
        or nearest(record.text, said.words, near)
        or (_date_span(record.text[: task.end], value, near) if kind == "date" else None)
        or old
        or near
    )
    shown = Said(record.text[span[0] : span[1]])
    verbatim = _letters(shown.words) == _letters(said.words)
    if read is None and not verbatim:
        raise EditError("edit-no-deadline", words=said.words)
    printed = verbatim or (kind != "event" and _read_deadline(record, shown) == read)
    return Value(value=value, kind=kind, anchor=anchor_at(record.text, *span), printed=printed)


_LEADS = ("", "đến ", "trong ")
"""What may be left out before a deadline that is typed: "tháng 9/2025", "10 ngày"."""


def _read_deadline(record: Record, said: Said) -> tuple[str, str] | None:
    """Kind and value of a deadline; None when the rules do not read the words."""
    if said.kind in _DEADLINE_KINDS and said.kind != "date":
        return said.kind, said.words
    issued = record.header.issued_on or record.header.published_on
    for lead in _LEADS:
        flat = lead + _flat(said.words)
        found = find_deadlines(flat, 0, len(flat), issued_on=issued.value if issued else None)
        if found:
            return found[0].kind, found[0].value
    day = iso_date(said.words)
    return ("date", day) if day is not None and len(day) == 10 else None
