"""A corrected record, and what was said of each of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pipeline.record import Record
from pipeline.review.entries import Entry, TargetKind

State = Literal["accepted", "corrected", "added"]


class Key(NamedTuple):
    """A value of a reviewed record: its kind, its id (name, for the header) and its field."""

    kind: TargetKind
    id: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a value. `machine` is what this reading says without that person, when
    it is neither what the machine said then nor what the person wants."""

    state: State
    entry: Entry
    machine: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Orphan:
    """An entry that has no place in this reading: gone, two-places or no-target."""

    entry: Entry
    reason: str


@dataclass(frozen=True)
class Reviewed:
    """A record with all corrections that could be placed; `done` when somebody has looked through
    all of this very text."""

    record: Record
    marks: dict[Key, Mark] = field(default_factory=dict)
    rejected: tuple[Entry, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    standing: tuple[Entry, ...] = ()
    done: bool = False


def standing(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that hold: those not undone, without the undoing ones."""
    undone: set[str] = set()
    for entry in reversed(entries):
        if entry.action == "undo" and entry.id not in undone and entry.target.id:
            undone.add(entry.target.id)
    return tuple(e for e in entries if e.action != "undo" and e.id not in undone)


def listed_key(kind: TargetKind, item: Any) -> Key:
    """The key of a figure, reference, mention or issue: they have no ids, so their place."""
    name = f"{item.code}@{item.start}" if kind == "issue" else f"{item.start}-{item.end}"
    return Key(kind, name)
