"""What new processings of a document changed: which values, and why.

OUT/differences/<ab>/<sha256>.jsonl has a line for each of the latest processings that changed
something, against the one before it; there is no file when none did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from pipeline.document import Frozen
from pipeline.errors import SchemaVersionError
from pipeline.record import Deadline, Found, Header, Record, Statement, Task, from_json, to_json
from pipeline.store.files import record_path, write_atomic

Cause = Literal["text", "version", "rule"]
"""text: the document was read otherwise; version: by another congvan or other settings; rule: by
the same, so that a model or lexicon of this machine differs."""
KEPT = 20
"""Processings of a document of which the changes are kept."""


class Difference(Frozen):
    """One value before and after. `part` is "header.signer", "statement", "task.assignees" ...;
    `about` quotes the statement or task. None: it was not there."""

    part: str
    about: str = ""
    old: str | None = None
    new: str | None = None
    old_origin: str = ""
    new_origin: str = ""


class Differences(Frozen):
    """All that a processing changed, or several of them (`combined`), the last of them `at` (UTC).
    `after` is the SHA-256 of the record file."""

    document_id: str
    at: str
    after: str
    old_version: str
    new_version: str
    cause: Cause
    text_changed: bool
    changes: tuple[Difference, ...]


def differences_path(out: Path, sha256: str) -> Path:
    """Where the differences of a document are."""
    return out / "differences" / sha256[:2] / f"{sha256}.jsonl"


def held_record(out: Path, sha256: str) -> bytes | None:
    """The record file before it is written anew; None when there is none."""
    try:
        return record_path(out, sha256).read_bytes()
    except OSError:
        return None


def note_differences(out: Path, before: bytes | None, record: Record) -> bool:
    """Compare a new record with the file that it replaces, and keep what differs.

    Raises:
        StoreError: the folder cannot be written.
    """
    if before is None:
        return False
    content = to_json(record)
    found = None if content == before else _compared(before, content, record)
    if found is None:
        return False
    steps = [*read_differences(out, record.id)[1 - KEPT :], found]
    lines = "".join(f"{step.model_dump_json()}\n" for step in steps)
    write_atomic(differences_path(out, record.id), lines.encode(), durable=False)
    return True


def read_differences(out: Path, sha256: str) -> tuple[Differences, ...]:
    """What the latest processings of a document changed, oldest first; damaged lines left out."""
    try:
        lines = differences_path(out, sha256).read_bytes().splitlines()
    except OSError:
        return ()
    steps = []
    for line in lines:
        with suppress(ValidationError):
            steps.append(Differences.model_validate_json(line))
    return tuple(steps)


def combined(steps: Sequence[Differences]) -> Differences:
    """Several processings as one: from before the first to after the last."""
    changes: dict[tuple[str, str], Difference] = {}
    for change in (change for step in steps for change in step.changes):
        key = (change.part, change.about)
        first = changes.get(key, change)
        old = {"old": first.old, "old_origin": first.old_origin}
        changes[key] = change.model_copy(update=old)
    causes = {step.cause for step in steps}
    return steps[-1].model_copy(
        update={
            "old_version": steps[0].old_version,
            "cause": next(cause for cause in ("text", "version", "rule") if cause in causes),
            "text_changed": any(step.text_changed for step in steps),
            "changes": tuple(c for c in changes.values() if c.old != c.new),
        }
    )


def _compared(before: bytes, content: bytes, record: Record) -> Differences | None:
    try:
        old = from_json(before)
    except (ValueError, SchemaVersionError):  # damaged, or of another version of the schema
        return None
    text_changed, versions = old.text != record.text, [_version(r) for r in (old, record)]
    same_version = versions[0] == versions[1]
    return Differences(
        document_id=record.id,
        at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        after=hashlib.sha256(content).hexdigest(),
        old_version=versions[0],
        new_version=versions[1],
        cause="text" if text_changed else "rule" if same_version else "version",
        text_changed=text_changed,
        changes=compare(old, record),
    )


def _version(record: Record) -> str:
    return f"{record.provenance.congvan}+{record.provenance.config}"


def compare(old: Record, new: Record) -> tuple[Difference, ...]:
    """The values in which two records of the same document differ, the header first."""
    return (
        *_header(old.header, new.header),
        *_statements(old.statements, new.statements),
        *_tasks(old.tasks, new.tasks),
    )


def _header(old: Header, new: Header) -> Iterator[Difference]:
    for name in Header.model_fields:
        before, after = _shown(getattr(old, name)), _shown(getattr(new, name))
        if before[0] != after[0]:
            yield _difference(f"header.{name}", "", before, after)


def _statements(old: tuple[Statement, ...], new: tuple[Statement, ...]) -> Iterator[Difference]:
    before, after = {s.id: s for s in old}, {s.id: s for s in new}
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key)
        if (was and (was.label, was.also)) != (now and (now.label, now.also)):
            quote = (now or was).quote  # type: ignore[union-attr]
            yield _difference("statement", quote, _label(was), _label(now))


def _label(statement: Statement | None) -> tuple[str | None, str]:
    if statement is None:
        return None, ""
    labels = [label for label in (statement.label, statement.also) if label]
    return ", ".join(labels), statement.origin


_TASK_PARTS = (
    "action",
    "assigner",
    "assignees",
    "coordinators",
    "monitors",
    "report_to",
    "deadline",
    "product",
    "topic",
)


def _tasks(old: tuple[Task, ...], new: tuple[Task, ...]) -> Iterator[Difference]:
    before, after = {t.id: t for t in old}, {t.id: t for t in new}
    for key in (*before, *(key for key in after if key not in before)):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            quote = (now or was).quote  # type: ignore[union-attr]
            yield Difference(
                part="task", about=quote, old=was and was.action, new=now and now.action
            )
            continue
        for name in _TASK_PARTS:
            values = _shown(getattr(was, name)), _shown(getattr(now, name))
            if values[0][0] != values[1][0]:
                yield _difference(f"task.{name}", now.quote, *values)


def _shown(value: Any) -> tuple[str | None, str]:
    """A value as text, and where it comes from."""
    if value is None or value == ():
        return None, ""
    if isinstance(value, Found):
        return str(value.value), value.origin
    if isinstance(value, Deadline):
        return f"{value.value} ({value.raw})", value.origin
    if isinstance(value, tuple):
        parts = [_shown(item) for item in value]
        return "; ".join(text or "" for text, _ in parts), parts[0][1]
    return str(value), ""


def _difference(
    part: str, about: str, before: tuple[str | None, str], after: tuple[str | None, str]
) -> Difference:
    return Difference(
        part=part,
        about=about,
        old=before[0],
        new=after[0],
        old_origin=before[1],
        new_origin=after[1],
    )
