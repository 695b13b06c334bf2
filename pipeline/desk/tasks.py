"""The task register: who is to do what by when, as an office keeps it."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from pipeline.api.app import task_pages
from pipeline.api.params import TaskParams
from pipeline.api.replies import csv_reply, json_reply, started, stream_reply
from pipeline.desk.address import Links, position, read_params
from pipeline.desk.copied import copies_of, counted_once, listed_each
from pipeline.desk.groups import GROUPS, DeskGroup, Grouping, group_rows, grouping
from pipeline.desk.state import desk_of
from pipeline.desk.view import day_text, language_of, render
from pipeline.desk.words import value_name
from pipeline.errors import QueryError, StoreError
from pipeline.export.calendar import calendar_lines
from pipeline.export.fields import Losses
from pipeline.messages import Language, say
from pipeline.record import Record, Task
from pipeline.register import DueState
from pipeline.review.entries import Entry
from pipeline.review.log import read_log
from pipeline.review.reviewed import standing
from pipeline.store.problems import explain_query
from pipeline.store.reviews import corrected
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskItem, TaskQuery, count_tasks, list_tasks

router = APIRouter(include_in_schema=False)

PATH = "/tasks"
STATES: tuple[DueState, ...] = ("overdue", "due", "recurring", "open", "none")
SHEET_COLUMNS = (
    "number",
    "action",
    "assignees",
    "coordinators",
    "monitors",
    "assigner",
    "deadline",
    "due-day",
    "days",
    "state",
    "source",
    "dated",
    "issuer",
    "page",
    "quote",
)
"""Columns of the CSV for Excel, as "column-NAME" of messages/desk.yaml."""
_NAMES_SHOWN = 300
Ending = Literal["json", "jsonl", "csv", "ics"]


class RegisterParams(TaskParams):
    """The filters of the API, and how the page shows what they leave."""

    group: DeskGroup | None = None
    view: Literal["screen", "print"] = Field("screen", description="print: a sheet of paper")


@router.get(PATH)
def register_page(request: Request) -> Response:
    """The register: a page of tasks, or their counts by group."""
    links = Links.of(request, PATH)
    page: dict[str, Any] = {"links": links, "groups": GROUPS, "problem": None}
    try:
        params = read_params(request, RegisterParams, own=("at",))
        query = params.query(include_secret=request.state.include_secret)
        with closing(open_reader(desk_of(request).out)) as connection:
            page |= _frame(request, connection, params, query, links)
            total = sum(count for name, count, _ in page["states"] if name in page["chosen"])
            total = total if page["chosen"] else page["all"]
            page |= _content(request, connection, params, query, links, total)
    except QueryError as error:
        page["problem"] = explain_query(error, language_of(request))
        return render(request, "tasks.html", 400, as_of=dt.date.today(), names=(), **page)
    return render(request, "tasks_print.html" if params.view == "print" else "tasks.html", **page)


def _frame(
    request: Request,
    connection: sqlite3.Connection,
    params: RegisterParams,
    query: TaskQuery,
    links: Links,
) -> dict[str, Any]:
    """What stands around the list: totals by state, names to choose from, filters in force."""
    language = language_of(request)
    everything = query.model_copy(update={"states": (), "overdue": False})
    counts = {c.value: c.tasks for c in count_tasks(connection, everything, "state")}
    return {
        "as_of": query.as_of,
        "group": params.group,
        "states": [(name, counts.get(name, 0), _state_link(links, name)) for name in STATES],
        "chosen": query.states or (("overdue",) if query.overdue else ()),
        "all": sum(counts.values()),
        "all_link": links.set(state=None, overdue=None),
        "names": _names(request, connection),
        "chips": _chips(links, language),
    }


def _state_link(links: Links, name: DueState) -> str:
    chosen = links.values.get("state") == [name] or (name == "overdue" and links.has("overdue"))
    return links.set(state=None if chosen else name, overdue=None)


def _content(
    request: Request,
    connection: sqlite3.Connection,
    params: RegisterParams,
    query: TaskQuery,
    links: Links,
    total: int,
) -> dict[str, Any]:
    if params.group:
        held = copies_of(request, connection)
        language = language_of(request)
        rows = grouping(connection, query, params.group, links, language, held.tasks)
        once = "" if params.group == "document" else counted_once(request, held)
        return {"rows": rows, "months": (), "total": None, "copied": once}
    found = list_tasks(connection, query, total)
    start = position(request)
    shown = len(found.items)
    return {
        "rows": None,
        "months": _by_month(found.items, query, start),
        "total": found.total,
        "start": start,
        "shown": shown,
        "copied": listed_each(request, connection, {item.document_id for item in found.items}),
        "next": links.next(found.cursor, start + shown) if found.cursor else None,
        "days": lambda task: days_left(task, query.as_of),
        "said": _said_deadlines(connection, desk_of(request).out, found.items),
    }


def _said_deadlines(
    connection: sqlite3.Connection, out: Path, items: tuple[TaskItem, ...]
) -> dict[str, Entry]:
    """What put the deadlines of these tasks in place of those read, by task id."""
    ids = json.dumps(sorted({item.document_id for item in items}))
    seen = connection.execute(
        "SELECT d.document_id FROM reviews r JOIN documents d ON d.rid = r.doc"
        " WHERE r.entries > 0 AND d.document_id IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    entries = (entry for (name,) in seen for entry in standing(read_log(out, name).entries))
    said = {
        entry.target.id: entry
        for entry in entries
        if entry.target.kind == "task" and entry.target.field == "deadline" and entry.new
    }
    return {
        item.task_id: said[item.task_id]
        for item in items
        if item.task_id in said and said[item.task_id].new[0].value == item.deadline_value
    }


def _by_month(
    items: tuple[TaskItem, ...], query: TaskQuery, start: int
) -> list[tuple[str | None, list[tuple[int, TaskItem]]]]:
    """The list in parts by the month in which tasks are due, when it is ordered so."""
    numbered = list(enumerate(items, start=start + 1))
    if query.sort != "due":
        return [(None, numbered)]
    parts = groupby(numbered, key=lambda pair: (pair[1].due_on or "")[:7])
    return [(month, list(part)) for month, part in parts]


def days_left(task: TaskItem, as_of: dt.date) -> int | None:
    """Days until the task is due, below zero when it is overdue; the next day of recurring ones."""
    day = task.due_on or task.next_on
    return (dt.date.fromisoformat(day) - as_of).days if day else None


def _names(request: Request, connection: sqlite3.Connection) -> tuple[str, ...]:
    """Assignees to choose from, the most frequent first."""
    secret = int(request.state.include_secret)
    sql = (
        "SELECT min(p.value) FROM task_parties p JOIN documents d ON d.rid = p.doc"
        " WHERE p.role = 'assignee' AND d.secret <= ? GROUP BY p.name_key"
        " ORDER BY count(*) DESC, 1 LIMIT ?"
    )

    def ask() -> tuple[str, ...]:
        rows = connection.execute(sql, (secret, _NAMES_SHOWN))
        return tuple(" ".join(row[0].split()) for row in rows)

    return desk_of(request).memory.get(connection, ("assignees", secret), ask)


_FILTERS = (
    "q", "assignee", "assigner", "coordinator", "monitor", "kind", "label", "topic", "agency",
    "place", "commitment", "number", "date_from", "date_to", "due_from", "due_before",
    "has_deadline", "document",
)  # fmt: skip


def _chips(links: Links, language: Language) -> list[tuple[str, str, str]]:
    """The filters in force but the state, which stands above the list."""
    found = []
    for name in _FILTERS:
        for value in links.values.get(name, []):
            shown = {"has_deadline": "", "commitment": "", "document": value[:12]}.get(
                name, day_text(value) if name in ("due_from", "due_before") else value
            )
            found.append((name, value_name(name, shown, language), links.toggle(name, value)))
    return found


@router.get(PATH + ".{ending}")
def register_list(request: Request, ending: Ending) -> Response:
    """The same tasks as a file: for programs, for Excel, for a calendar."""
    params = read_params(request, RegisterParams, own=("at",))
    query = params.query(include_secret=request.state.include_secret)
    out, language = desk_of(request).out, language_of(request)
    if ending == "ics":
        return _calendar(out, query)
    if params.group:
        return _groups_file(request, query, params.group, ending)
    if ending == "json":
        with closing(open_reader(out)) as connection:
            return json_reply(request, list_tasks(connection, query))
    pages = task_pages(out, query)
    if ending == "jsonl":
        return stream_reply(pages, "jsonl", ())
    titles = {name: say(f"desk.column-{name}", language) for name in SHEET_COLUMNS}
    rows = _sheet_pages(started(pages), query.as_of, titles, language)
    return csv_reply(rows, list(titles.values()), "nhiem-vu")


def _sheet_pages(
    pages: Iterator[Any], as_of: dt.date, titles: dict[str, str], language: Language
) -> Iterator[list[dict[str, Any]]]:
    number = 0
    for page in pages:
        rows = []
        for task in page:
            number += 1
            values = sheet_row(task, as_of, language) | {"number": number}
            rows.append({title: values[name] for name, title in titles.items()})
        yield rows


def sheet_row(task: TaskItem, as_of: dt.date, language: Language) -> dict[str, Any]:
    """A task as a row of the office's table."""
    return {
        "action": task.action,
        "assignees": task.assignees,
        "coordinators": task.coordinators,
        "monitors": task.monitors,
        "assigner": task.assigner,
        "deadline": task.deadline_raw,
        "due-day": day_text(task.due_on or task.next_on),
        "days": days_left(task, as_of),
        "state": say(f"search.state-{task.state}", language),
        "source": task.code or task.source_name,
        "dated": day_text(task.dated_on),
        "issuer": task.issuer,
        "page": task.page,
        "quote": task.quote,
    }


def _groups_file(request: Request, query: TaskQuery, group: DeskGroup, ending: Ending) -> Response:
    with closing(open_reader(desk_of(request).out)) as connection:
        held = copies_of(request, connection)
        rows = group_rows(connection, query, group, again=held.tasks)
    if ending == "json":
        return json_reply(request, Grouping(group=group, items=rows))
    if ending == "jsonl":
        return stream_reply(iter([rows]), "jsonl", ())
    language = language_of(request)
    titles = {
        name: say(f"desk.column-{name}", language)
        for name in ("group", "tasks", "with_deadline", "overdue", "due")
    }
    content = [
        {title: ({"group": row.name} | row.model_dump())[name] for name, title in titles.items()}
        for row in rows
    ]
    return csv_reply([content], list(titles.values()), "nhiem-vu-theo-nhom")


def _calendar(out: Path, query: TaskQuery) -> Response:
    """The tasks that have a deadline as events; those without a day are left out."""
    wanted = query.model_copy(update={"has_deadline": True, "cursor": None})
    pages = started(task_pages(out, wanted))
    lines = calendar_lines(_tasks_of(out, pages), Losses())
    headers = {"Content-Disposition": 'attachment; filename="nhiem-vu.ics"'}
    return StreamingResponse(lines, media_type="text/calendar; charset=utf-8", headers=headers)


def _tasks_of(out: Path, pages: Iterable[Iterable[TaskItem]]) -> Iterator[tuple[Record, Task]]:
    """The tasks of the register as they stand in the records, each of which is read once."""
    wanted: dict[str, set[str]] = {}
    for item in chain.from_iterable(pages):
        wanted.setdefault(item.document_id, set()).add(item.task_id)
    for document_id, ids in wanted.items():
        try:
            record = corrected(out, document_id)
        except StoreError:  # taken out of the store since the question was asked
            continue
        yield from ((record, task) for task in record.tasks if task.id in ids)
