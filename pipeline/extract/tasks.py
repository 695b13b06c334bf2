"""Draft -> tasks: one for each item, sentence or clause, with who, for whom and by when."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from pipeline.extract.agents import Agent
from pipeline.extract.deadlines import urgency_of
from pipeline.extract.gathered import Gathered
from pipeline.extract.monitors import (
    followed,
    followed_section,
    only_follows,
    opens_with_following,
)
from pipeline.extract.phrases import lowered, small
from pipeline.extract.references import find_references
from pipeline.extract.task_walk import gather_tasks
from pipeline.extract.topics import find_product, topic_of
from pipeline.record import Deadline, Reference, Task
from pipeline.structure.draft import Draft
from pipeline.structure.ids import folded_id, statement_ids
from pipeline.text.fold import fold

IdOf = Callable[[int], str]
"""From the index of a unit to the id of its statement."""
_TASKS = TypeAdapter(tuple[Task, ...])
_Facts = dict[str, Any]
"""The fields of a task, or of what is found in it."""


class _Sources(NamedTuple):
    """What all tasks of a document are made from."""

    draft: Draft
    id_of: IdOf
    references: Sequence[Reference]


def extract_tasks(
    draft: Draft, id_of: IdOf | None = None, cited: Sequence[Reference] | None = None
) -> tuple[Task, ...]:
    """The tasks of a document in reading order.

    `id_of` gives the statement id of a unit; by default equal quotes are numbered in reading order.
    `cited` are the documents that the text cites by number, where they are known already.
    """
    if "*" in draft.flat:
        draft, cited = _without_marks(draft), None
    gathered = gather_tasks(draft)
    if not gathered:
        return ()
    _add_monitors(draft.flat, gathered)
    if cited is None:
        cited = find_references(draft.flat, own_code=draft.header.code)
    ids = id_of or _statement_ids(draft)
    sources = _Sources(draft, ids, cited)
    facts = [_task(sources, task) for task in gathered]
    for each, task_id in zip(facts, _ids(facts), strict=True):
        each["id"] = task_id
    return _TASKS.validate_python(facts)


def _without_marks(draft: Draft) -> Draft:
    """The draft with the asterisks of Markdown read as blanks ("**2. **Sở Y tế")."""
    return replace(draft, flat=draft.flat.replace("*", " "))


def _add_monitors(flat: str, tasks: Sequence[Gathered]) -> None:
    """Give every task of a list the body that a later task names to follow the list up."""
    low = small(flat)
    for index, task in enumerate(tasks[1:], 1):
        goes_on = tasks[index - 1].units[-1] == task.units[0]
        if (task.inherited and not goes_on) or not task.assignees:
            continue
        words = " ".join([low[start:end] for start, end in task.pieces])
        reach = followed(words) or ("list" if _closes_list(flat, tasks, index) else None)
        if reach is None:
            continue
        section = followed_section(words)
        for other in tasks[:index]:
            if _is_followed(other, task, reach, section):
                other.monitors.extend(task.assignees)


def _closes_list(flat: str, tasks: Sequence[Gathered], index: int) -> bool:
    """Whether the last task, in a paragraph below the items, only tells somebody to follow up."""
    task = tasks[index]
    act = lowered(flat, task.roles.act_start, task.pieces[-1][1])
    if only_follows(act):
        return True
    below = tasks[index - 1].rank is not None and task.rank is None
    last = index == len(tasks) - 1
    return below and last and task.roles.ordered and opens_with_following(act)


def _is_followed(other: Gathered, task: Gathered, reach: str, section: str | None) -> bool:
    if _same_doers(other, task):
        return False
    if reach == "part":
        return other.section == task.section
    return section is None or not other.sections or section in other.sections


def _same_doers(other: Gathered, task: Gathered) -> bool:
    names = [{agent.value.lower() for agent in each.assignees} for each in (other, task)]
    return names[0] == names[1]


def _statement_ids(draft: Draft) -> IdOf:
    indices = [k for k, label in enumerate(draft.labels) if label is not None]
    text = draft.document.text
    quotes = (text[draft.units[k].start : draft.units[k].end] for k in indices)
    return dict(zip(indices, statement_ids(draft.document.sha256, quotes), strict=True)).__getitem__


def _ids(tasks: Sequence[_Facts]) -> Iterator[str]:
    """The ids of tasks, from their quotes and the ids of their first statements."""
    folded = fold("".join(task["quote"] for task in tasks))  # one character in, one out
    start = 0
    for task in tasks:
        end = start + len(task["quote"])
        yield folded_id(task["statements"][0], folded[start:end])
        start = end


def _found(
    text: str, agents: Sequence[Agent], rule: str, inherited: bool = False
) -> tuple[_Facts, ...]:
    found: dict[str, _Facts] = {}
    for agent in agents:
        value = " ".join(agent.value.split())
        facts = _quoted(text, value, agent.start, agent.end, rule)
        found.setdefault(agent.value.lower(), facts | {"inherited": inherited})
    return tuple(found.values())


def _quoted(text: str, value: str, start: int, end: int, rule: str) -> _Facts:
    quote, origin = text[start:end], f"rule:task.{rule}"
    return {"value": value, "start": start, "end": end, "quote": quote, "origin": origin}


def _task(sources: _Sources, task: Gathered) -> _Facts:
    flat, text = sources.draft.flat, sources.draft.document.text
    start, end = task.pieces[0][0], task.pieces[-1][1]
    return {
        "kind": task.kind,
        "start": start,
        "end": end,
        "quote": text[start:end],
        "statements": tuple(dict.fromkeys(map(sources.id_of, task.units))),
        "action": _action(flat, task),
        "parts": _parts(task),
        "assigner": next(iter(_found(text, task.assigner[:1], "assigner")), None),
        "assignees": _found(text, task.assignees, "assignee", task.inherited),
        "coordinators": _found(text, task.coordinators, "coordinator"),
        "monitors": _found(text, task.monitors, "monitor"),
        "report_to": _found(text, task.reports, "report"),
        "deadline": _verbatim(text, task.deadline),
        "urgency": urgency_of(flat, start, end),
        "product": _product(flat, text, task),
        "topic": topic_of(flat, task.pieces),
        "references": _cited(sources.references, task.pieces),
    }


def _cited(references: Sequence[Reference], pieces: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The codes of the references that begin in the pieces, in the order of the text."""
    inside: set[int] = set()
    for start, end in pieces:
        first = bisect_left(references, start, key=_start)
        inside.update(range(first, bisect_left(references, end, lo=first, key=_start)))
    return tuple(dict.fromkeys(references[number].code for number in sorted(inside)))


def _start(reference: Reference) -> int:
    return reference.start


def _verbatim(text: str, deadline: Deadline | None) -> Deadline | None:
    """`deadline` with its words as printed: a deadline may run over a line break."""
    if deadline is None:
        return None
    raw = text[deadline.start : deadline.end]
    return deadline if deadline.raw == raw else deadline.model_copy(update={"raw": raw})


def _action(flat: str, task: Gathered) -> str:
    """What is to be done, in the words of the task."""
    start, end = task.act or (task.pieces[0][0], task.pieces[-1][1])
    words = flat[max(task.roles.act_start, start) : end]
    if "  " in words or not words.isprintable():  # other blanks than single spaces
        words = " ".join(words.split())
    return words.strip(" .;,/")


def _product(flat: str, text: str, task: Gathered) -> _Facts | None:
    for start, end in task.pieces:
        span = task.product or find_product(flat, max(start, min(task.roles.act_start, end)), end)
        if span:
            return _quoted(text, flat[slice(*span)], *span, "product")
    return None


def _parts(task: Gathered) -> tuple[_Facts, ...] | None:
    """The pieces of a task whose units do not stand side by side."""
    side_by_side = task.units == list(range(task.units[0], task.units[-1] + 1))
    if side_by_side:
        return None
    return tuple({"start": start, "end": end} for start, end in task.pieces)
