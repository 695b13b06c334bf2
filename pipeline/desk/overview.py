"""The store at a glance: documents by year and kind, tasks and overdue by agency, shortcomings."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from pipeline.desk.address import read_params
from pipeline.desk.state import desk_of
from pipeline.desk.view import language_of, render, with_query
from pipeline.desk.words import kind_name
from pipeline.export.charts import chart, number_text
from pipeline.export.report import Answer, totals
from pipeline.messages import Language, say
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskQuery, count_tasks
from pipeline.text.fold import fold

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

        panels = [
            kept("documents", lambda: _documents(connection, secret, language), language),
            kept("tasks", lambda: _tasks(connection, secret, as_of, language), language, as_of),
            kept("shortcomings", lambda: _shortcomings(connection, secret, language), language),
        ]
        numbers = desk.memory.get(connection, ("totals", secret), lambda: totals(desk.out, secret))
    return render(
        request, "overview.html", panels=panels, totals=numbers, as_of=as_of, today=dt.date.today()
    )


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


def _tasks(
    connection: sqlite3.Connection, secret: bool, as_of: dt.date, language: Language
) -> Panel:
    """Who has most overdue tasks; then most tasks."""
    query = TaskQuery(as_of=as_of, include_secret=secret)
    counts = [c for c in count_tasks(connection, query, "assignee") if c.value]
    counts.sort(key=lambda count: (-count.overdue, -count.tasks, count.value or ""))
    first = counts[:_BODIES]
    rows = [(" ".join((c.value or "").split()), c.tasks, c.overdue, c.due) for c in first]
    columns = tuple(
        say(f"desk.column-{name}", language) for name in ("assignees", "tasks", "overdue", "due")
    )
    links: list[str | None] = [
        with_query("/tasks", {"assignee": row[0], "as_of": as_of.isoformat()}) for row in rows
    ]
    return _panel("tasks", language, columns, rows, links, "stacked")


def _shortcomings(connection: sqlite3.Connection, secret: bool, language: Language) -> Panel:
    """Sentences that are equal without accents, digits and punctuation count as one."""
    found: dict[str, set[int]] = {}
    texts: dict[str, str] = {}
    for doc, text in connection.execute(
        "SELECT s.doc, s.text FROM statements s JOIN documents d ON d.rid = s.doc"
        " WHERE (s.label = 'shortcoming' OR s.also = 'shortcoming') AND d.secret <= ?",
        (int(secret),),
    ):
        key = text.lower().translate(_plain_letters())
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
    return _panel("shortcomings", language, columns, rows, links, "bars")


@cache
def _plain_letters() -> dict[int, str]:
    """Letters of lower case without their accents; digits, blanks and punctuation fall away."""
    kept = {code: chr(code) for code in range(ord("a"), ord("z") + 1)}
    table = dict.fromkeys((*range(592), *range(768, 880), *range(8192, 8304)), "")
    accented = (*range(0xC0, 0x250), *range(0x1EA0, 0x1F00))
    return table | {code: fold(chr(code)) for code in accented} | kept


def _question(text: str) -> str:
    """The first words of a sentence as a phrase that the search understands."""
    words = re.findall(r"[^\W_]+", text)
    return " ".join(words[:12])
