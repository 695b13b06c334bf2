"""One line of the review log: who said what of which value, and where in the text it stands."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Literal

from pydantic import Field

from pipeline.document import Frozen

Action = Literal["accept", "correct", "reject", "add", "undo"]
TargetKind = Literal[
    "document", "header", "statement", "task", "figure", "reference", "mention", "issue", "entry"
]
Tool = Literal["desk", "cli", "label-studio", "load"]


class Anchor(Frozen):
    """A place in a text by its words, so that it is found again in another reading of it.

    `prefix` and `suffix` are the words around (W3C TextQuoteSelector); `start` and `text_sha256`
    say where it stood, in characters, and in which text.
    """

    quote: str
    prefix: str
    suffix: str
    start: int
    text_sha256: str
    alone: bool
    """Whether no other place of that text read nearly the same, context apart."""


class Value(Frozen):
    """A value and the words that show it. `kind` is the kind of a deadline.

    `printed` is false when the words are evidence only: the person put it in other words.
    """

    value: str
    kind: str | None = None
    anchor: Anchor | None = None
    printed: bool = True


class Target(Frozen):
    """What an entry is about: a field of the header, a statement, a task or one of its fields.

    `id` is the id it had in the record then; `anchor` finds it where that id is gone. An undo
    targets the id of another entry.
    """

    kind: TargetKind
    field: str | None = None
    id: str | None = None
    anchor: Anchor | None = None


class Seen(Frozen):
    """What the record said of a statement or task: `label` and `also`, or `kind` and its fields."""

    label: str | None = None
    also: str | None = None
    kind: str | None = None
    fields: dict[str, tuple[Value, ...]] = Field(default_factory=dict)


class Entry(Frozen):
    """One line of the log. Lines are never changed: an undo is a new line.

    `previous` is the id of the line before, so that a line that was taken out or changed shows.
    `seen` is what the record said of a statement or task then, to make it again when a later
    reading does not find it. `carried_from` is the document it was said of first, when that was an
    earlier version of this one. `note` is a deadline as it was typed, where no words of the text
    show it.
    """

    id: str
    previous: str | None
    at: str
    by: str
    document: str
    action: Action
    target: Target
    old: tuple[Value, ...] = ()
    new: tuple[Value, ...] = ()
    seen: Seen | None = None
    tool: Tool = "desk"
    note: str | None = None
    carried_from: str | None = None


class Correction(Frozen):
    """An entry that is not in the log yet."""

    action: Action
    target: Target
    old: tuple[Value, ...] = ()
    new: tuple[Value, ...] = ()
    seen: Seen | None = None
    note: str | None = None
    carried_from: str | None = None


def entry_of(
    correction: Correction, *, document: str, by: str, at: str, tool: Tool, previous: str | None
) -> Entry:
    """The line of the log for a correction; its id is the hash of everything else in it."""
    draft = Entry(
        id="", previous=previous, at=at, by=by, document=document, tool=tool, **dict(correction)
    )
    return draft.model_copy(update={"id": content_id(draft)})


def content_id(entry: Entry) -> str:
    """Sixteen hex digits that change with any other field of the entry."""
    content = entry.model_dump(mode="json", exclude={"id"})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode(), digest_size=8).hexdigest()
