"""Corrections of a document taken over to a later version of it: a new scan, a corrected file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pipeline.review.entries import Correction, Entry, Tool
from pipeline.review.log import append, read_log
from pipeline.review.reviewed import standing


def carry(out: Path, old: str, new: str, *, tool: Tool = "cli") -> tuple[Entry, ...]:
    """Append what people said of version `old` to the log of version `new`, in their names.

    Raises:
        StoreError: a log cannot be read or written.
    """
    found = carried(read_log(out, old).entries, read_log(out, new).entries, old)
    entries: list[Entry] = []
    for by, group in groupby(found, key=itemgetter(0)):
        corrections = [correction for _, correction in group]
        entries += append(out, new, corrections, by=by, tool=tool)
    return tuple(entries)


def carried(
    old: Sequence[Entry], new: Sequence[Entry], document_id: str
) -> tuple[tuple[str, Correction], ...]:
    """(who, what) is said of version `document_id` and not yet of the other.

    That all of the old version was looked through says nothing of the new one.
    """
    known = {(e.carried_from, e.action, e.target, e.new) for e in new}
    found = []
    for entry in standing(old):
        first = entry.carried_from or document_id
        if entry.target.kind == "document":
            continue
        if (first, entry.action, entry.target, entry.new) not in known:
            facts = {name: getattr(entry, name) for name in Correction.model_fields}
            found.append((entry.by, Correction(**facts | {"carried_from": first})))
    return tuple(found)
