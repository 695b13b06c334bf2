"""The store at a glance: documents by year and kind, tasks and overdue by agency, shortcomings."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from pipeline.desk.address import read_params
from pipeline.desk.copied import copies_of, counted_once
from pipeline.desk.state import desk_of
from pipeline.desk.view import language_of, render, with_query
from pipeline.desk.words import kind_name
from pipeline.export.charts import chart, number_text
from pipeline.export.report import Answer, totals
from pipeline.messages import Language, say
from pipeline.store.copies import Row, not_in, same_words
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskQuery, count_tasks

router = APIRouter(include_in_schema=False)

PATH = "/overview"
_YEARS, _KINDS, _BODIES, _SENTENCES = 15, 5, 15, 15


class OverviewParams(BaseModel):
    """The day from which overdue is seen; today when not given."""

    model_config = ConfigDict(extra="forbid")

    as_of: dt.date | None = None


@dataclass(frozen=True)
class Panel:
    """A chart and its table; the first cell of a row may lead to what it counts."""

    answer: Answer
    svg: Markup
    links: tuple[str | None, ...]
    left_out: str = ""
    """What the chart does not show."""


@router.get(PATH)
def overview_page(request: Request) -> Response:
    """Charts drawn on the server, each with its table."""
    as_of = read_params(request, OverviewParams).as_of or dt.date.today()
    desk, secret, language = desk_of(request), request.state.include_secret, language_of(request)
    with closing(open_reader(desk.out)) as connection:

        def kept(name: str, ask: Callable[[], Any], *key: object) -> Any:
            return desk.memory.get(connection, ("overview", name, secret, *key), ask)

        held = copies_of(request, connection)
        asked = _Asked(connection, secret, language, counted_once(request, held))
        panels = [
            kept("documents", lambda: _documents(connection, secret, language), language),
            kept("tasks", lambda: _tasks(asked, as_of, held.tasks), language, as_of),
            kept("shortcomings", lambda: _shortcomings(asked, held.statements), language),
        ]
        numbers = desk.memory.get(connection, ("totals", secret), lambda: totals(desk.out, secret))
    return render(
        request, "overview.html", panels=panels, totals=numbers, as_of=as_of, today=dt.date.today()
    )


@dataclass(frozen=True)
class _Asked:
    """What a panel that counts sentences or tasks needs."""

    connection: sqlite3.Connection
    secret: bool
    language: Language
    once: str
    """What is said of copies, where there are any."""


def _panel(
    name: str,
    language: Language,
    columns: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    links: list[str | None],
    kind: str,
    *,
    rest: str = "",
    left_out: str = "",
) -> Panel:
    answer = Answer(
        name=name,
        title=say(f"desk.overview-{name}", language),
        note=say(f"desk.overview-{name}-note", language),
        columns=columns,
        titles=columns,
        rows=tuple(rows),
        chart=kind,
    )
    drawn = chart(answer, language, rest) if rows else ""
    return Panel(answer, Markup(drawn), tuple(links), left_out)


def _documents(connection: sqlite3.Connection, secret: bool, language: Language) -> Panel:
    """The latest years; the most frequent kinds have a part of their own."""
    counts: dict[int, Counter[str]] = {}
    undated = 0
    kinds: Counter[str] = Counter()
    for year, kind, number in connection.execute(
        "SELECT year, coalesce(kind, ''), count(*) FROM documents WHERE secret <= ? GROUP BY 1, 2",
        (int(secret),),
    ):
        if year is None:
            undated += number
            continue
        counts.setdefault(year, Counter())[kind] += number
        kinds[kind] += number
    shown = [kind for kind, _ in kinds.most_common(_KINDS) if kind]
    years = sorted(counts, reverse=True)[:_YEARS]
    rows = [
        (str(year), counts[year].total(), *(counts[year][kind] for kind in shown)) for year in years
    ]
    names = tuple(kind_name(kind, language) for kind in shown)
    columns = (say("desk.column-year", language), say("desk.column-all-kinds", language), *names)
    links: list[str | None] = [
        with_query("/search", {"date_from": year, "date_to": year, "unit": "title"})
        for year in years
    ]
    count = number_text(undated, language)
    return _panel(
        "documents",
        language,
        columns,
        rows,
        links,
        "stacked",
        rest=say("desk.overview-documents-rest", language),
        left_out=say("desk.overview-documents-undated", language, count=count) if undated else "",
    )


def _tasks(asked: _Asked, as_of: dt.date, again: tuple[Row, ...]) -> Panel:
    """Who has most overdue tasks; then most tasks."""
    query, language = TaskQuery(as_of=as_of, include_secret=asked.secret), asked.language
    counts = [c for c in count_tasks(asked.connection, query, "assignee", without=again) if c.value]
    counts.sort(key=lambda count: (-count.overdue, -count.tasks, count.value or ""))
    first = counts[:_BODIES]
    rows = [(" ".join((c.value or "").split()), c.tasks, c.overdue, c.due) for c in first]
    columns = tuple(
        say(f"desk.column-{name}", language) for name in ("assignees", "tasks", "overdue", "due")
    )
    links: list[str | None] = [
        with_query("/tasks", {"assignee": row[0], "as_of": as_of.isoformat()}) for row in rows
    ]
    return _panel("tasks", language, columns, rows, links, "stacked", left_out=asked.once)


def _shortcomings(asked: _Asked, again: tuple[Row, ...]) -> Panel:
    """Sentences that are equal without accents, digits and punctuation count as one."""
    found: dict[str, set[int]] = {}
    texts: dict[str, str] = {}
    language = asked.language
    for doc, text in asked.connection.execute(
        "SELECT t.doc, t.text FROM statements t JOIN documents d ON d.rid = t.doc"
        " WHERE (t.label = 'shortcoming' OR t.also = 'shortcoming') AND d.secret <= ?"
        + not_in(again),
        (int(asked.secret),),
    ):
        key = same_words(text)
        found.setdefault(key, set()).add(doc)
        texts[key] = min(texts.get(key, text), text, key=len)
    ordered = sorted(found, key=lambda key: (-len(found[key]), key))[:_SENTENCES]
    rows = [(" ".join(texts[key].split()), len(found[key])) for key in ordered]
    columns = (
        say("search.label-shortcoming", language),
        say("desk.column-documents", language),
    )
    links: list[str | None] = [
        with_query("/search", {"q": _question(row[0]), "label": "shortcoming"}) for row in rows
    ]
    return _panel("shortcomings", language, columns, rows, links, "bars", left_out=asked.once)


def _question(text: str) -> str:
    """The first words of a sentence as a phrase that the search understands."""
    words = re.findall(r"[^\W_]+", text)
    return " ".join(words[:12])
