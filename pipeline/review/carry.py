"""Corrections of a document taken over to a later version of it: a new scan, a corrected file."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.review.apply import standing
from pipeline.review.entries import Correction, Entry


def carried(old: Sequence[Entry], new: Sequence[Entry], document_id: str) -> tuple[Correction, ...]:
    """What is said of version `document_id` and not yet of the other, as corrections of that one.

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
            found.append(Correction(**facts | {"carried_from": first}))
    return tuple(found)
