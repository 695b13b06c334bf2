"""Assignees and deadlines of records that the labels do not have, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.evaluate.align import same_name
from pipeline.evaluate.fields import value_of
from pipeline.evaluate.gold import GoldDocument, Json, due, names_of
from pipeline.evaluate.measure import paired_tasks, same_deadline


class Invented(NamedTuple):
    """A value of a record that is in no label: where it was read, and why it is wrong."""

    document: str
    group: str
    field: str
    value: str
    start: int
    reason: str


def invented(gold: Sequence[GoldDocument], records: Iterable[Json]) -> list[Invented]:
    """Every assignee of a matched task and every deadline that the labels do not have."""
    found = names_of(list(records), gold)
    rows: list[Invented] = []
    for document in gold:
        for record in found[document.name]:
            rows += _of_record(document, record)
    return rows


def _of_record(gold: GoldDocument, record: Json) -> Iterator[Invented]:
    wanted, found, matched = paired_tasks(gold, record)
    label_of = {got: wanted[number].labels for number, got in matched.items()}
    in_tasks = frozenset().union(*(task.tokens for task in wanted))
    for number, (places, task) in enumerate(found):
        labels = label_of.get(number)
        for item in task.get("assignees") or [] if labels is not None else []:
            reason = _why_assignee(labels or {}, item)
            if reason:
                yield Invented(
                    gold.name, gold.group, "assignee", item["value"], item["start"], reason
                )
        deadline = task.get("deadline")
        reason = _why_deadline(labels, deadline, bool(places & in_tasks)) if deadline else None
        if deadline and reason:
            value = f"{deadline['kind']} {deadline['value']}"
            yield Invented(gold.name, gold.group, "deadline", value, deadline["start"], reason)


def _why_assignee(labels: Json, item: Json) -> str | None:
    """Why the labels of its task do not have an assignee; None when they have it."""
    value = value_of(item) or ""
    known = [*(labels.get("assignees") or []), *(labels.get("assignees_also") or [])]
    if any(same_name(name, value) for name in known):
        return None
    if not known:
        return "the labels name nobody"
    low = value.lower()
    if any(low in name.lower() or name.lower() in low for name in known):
        return "name cut or run on, list joined or split otherwise"
    return "inherited from elsewhere" if item.get("inherited") else "another body of the clause"


def _why_deadline(labels: Json | None, deadline: Json, overlaps: bool) -> str | None:
    """Why the labels do not have a deadline; None when they have it."""
    if labels is None:
        return "in a task that is cut otherwise" if overlaps else "in a sentence that is no task"
    answer = due(deadline)
    also = labels.get("deadline_also", ())
    others = also if isinstance(also, list) else [also] if "deadline_also" in labels else []
    asked = due(labels.get("deadline"))
    if answer in [due(other) for other in others]:
        return None
    if asked is None:
        return "in a task that has none"
    right = answer is not None and same_deadline(asked, answer)
    return None if right else "another kind or value"
