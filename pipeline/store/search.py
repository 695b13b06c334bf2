"""Answering a query: tiers of matches, filters, facets, highlights and stable pages.

`SearchIndex` is what every engine offers; `Matcher` is the part in which engines differ; all else
is here once. A page has the matches of the first tier, then of the next ones. In a tier, titles and
short statements come first; a tier of more than `RANK_LIMIT` matches is shown latest indexed
first, because sorting a tenth of an archive helps nobody.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import Field

from pipeline.document import Frozen
from pipeline.record import Record
from pipeline.store.columns import Columns, Integers
from pipeline.store.cursors import read_cursor, write_cursor
from pipeline.store.facets import Counts, count_facets
from pipeline.store.filters import Selection, select
from pipeline.store.highlight import highlight
from pipeline.store.order import first_of
from pipeline.store.query import Query, interpret
from pipeline.store.steps import Step, is_typed, steps_of, union

RANK_LIMIT = 3_000
COUNT_LIMIT = 10_000
"""Facets and totals look at this many matches; beyond, the total is a lower bound."""
COUNT_OTHERS_BELOW = 200
"""With this many matches as typed, those with other accents are shown last but not counted."""


class Hit(Frozen):
    """One passage that matches, and what shows it; highlights are offsets into `text`."""

    document_id: str
    unit: str
    statement_id: str | None
    label: str | None
    text: str
    span_start: int
    span_end: int
    highlights: tuple[tuple[int, int], ...] = ()
    tier: str
    page: int | None
    due_on: str | None
    confidence: float | None
    code: str | None
    kind: str | None
    issuer: str | None
    place: str | None
    dated_on: str | None
    title: str | None
    source_name: str


class Hits(Frozen):
    """A page of matches. `total_as_typed` counts the matches that have the accents of the query;
    facets are of those, or of all when there are none."""

    items: tuple[Hit, ...]
    total: int
    total_as_typed: int
    total_is_lower_bound: bool = False
    facets: dict[str, tuple[tuple[str, int], ...]] = Field(default_factory=dict)
    cursor: str | None = None


class SearchIndex(Protocol):
    """A search engine over records. `search` raises QueryError for what cannot be understood."""

    def upsert(self, record: Record, digest: str) -> None:
        """Index a record in place of what was there under its id."""

    def delete(self, document_id: str) -> int:
        """Remove a document; 1 when it was there."""

    def search(self, query: Query) -> Hits:
        """One page of matches."""

    def count(self) -> int:
        """Documents held."""

    def close(self) -> None:
        """Let go of files."""


class Matcher(Protocol):
    """Which passages match, as row numbers of the index, latest first."""

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> Integers:
        """At most `limit` (-1: all) matching row numbers in falling order, below `below`."""

    def count(self, selection: Selection, limit: int) -> int:
        """How many match; may stop counting at `limit`."""


def searcher(out: Path) -> SearchIndex:
    """The index of the store `out`, for reading: tantivy where it was built, SQLite FTS5 otherwise.

    Raises:
        StoreError: there is no index.
    """
    from pipeline.store.fts import FtsIndex
    from pipeline.store.tantivy_index import TantivyIndex, is_ready

    return TantivyIndex.reader(out) if is_ready(out) else FtsIndex.reader(out)


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a match stands in the answer: step, the sort value there, and the row."""

    tier: int
    value: float
    row: int
    whole: bool
    """The step was read whole and sorted; otherwise it is walked in falling row numbers."""


def answer(
    connection: sqlite3.Connection, columns: Columns, matcher: Matcher, query: Query
) -> Hits:
    """The page of matches that `query` asks for.

    Raises:
        QueryError: the text or a filter cannot be understood, or the cursor is of another query.
    """
    matcher = _Once(matcher)
    expression, query = interpret(query)
    base = select(connection, columns, query)
    steps = steps_of(query, expression, base)
    position = _read_cursor(query)
    typed_steps = [step for step in steps if is_typed(step)]
    if query.facets and typed_steps:  # page and total need no more than facets do
        matcher.latest(union(typed_steps, base), COUNT_LIMIT + 1)
    found = _collect(connection, columns, matcher, query, steps, position)
    page, more = found[: query.limit], len(found) > query.limit
    last = page[-1] if page else None
    cursor = _write_cursor(query, last) if more and last else None
    typed = _count(matcher, typed_steps, base)
    others = len(typed_steps) < len(steps)
    counted = others and typed < COUNT_OTHERS_BELOW
    total = max(typed, _count(matcher, steps, base)) if counted else typed
    facets: Counts = {}
    if query.facets:
        rows = matcher.latest(union(typed_steps if typed else steps, base), COUNT_LIMIT)
        facets = count_facets(connection, columns, rows, query.facets)
    return Hits(
        items=_hits(connection, page, steps),
        total=min(total, COUNT_LIMIT),
        total_as_typed=min(typed, COUNT_LIMIT),
        total_is_lower_bound=total > COUNT_LIMIT or (others and not counted),
        facets=facets,
        cursor=cursor,
    )


class _Once:
    """A matcher that asks the index only once for what page, total and facets have in common."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.held: dict[Selection, tuple[int, Integers]] = {}

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> Integers:
        if below is not None:
            return self.matcher.latest(selection, limit, below)
        asked, rows = self.held.get(selection, _NOT_ASKED)
        complete = asked < 0 or len(rows) < asked
        if not complete and (limit < 0 or limit > asked):
            rows = self.matcher.latest(selection, limit)
            self.held[selection] = (limit, rows)
        return rows if limit < 0 else rows[:limit]

    def count(self, selection: Selection, limit: int) -> int:
        asked, rows = self.held.get(selection, _NOT_ASKED)
        known = asked < 0 or len(rows) < asked or len(rows) >= limit
        return min(len(rows), limit) if known else self.matcher.count(selection, limit)


_NOT_ASKED: tuple[int, Integers] = (0, np.zeros(0, np.int64))


def _collect(
    connection: sqlite3.Connection,
    columns: Columns,
    matcher: Matcher,
    query: Query,
    steps: list[Step],
    position: _Position | None,
) -> list[_Position]:
    """One more than the page's matches, in order."""
    found: list[_Position] = []
    for at, step in enumerate(steps):
        if position is not None and at < position.tier:
            continue
        here = position if position is not None and position.tier == at else None
        wanted = query.limit + 1 - len(found)
        rows, is_whole = _rows_of_step(matcher, query, step, here, wanted)
        if is_whole:
            after = (here.value, here.row) if here else None
            pairs = first_of(connection, columns, rows, query.sort, wanted, after)
            found += [_Position(at, value, row, True) for value, row in pairs]
        else:
            found += [_Position(at, 0.0, row, False) for row in rows[:wanted].tolist()]
        if len(found) > query.limit:
            break
    return found


def _rows_of_step(
    matcher: Matcher, query: Query, step: Step, here: _Position | None, wanted: int
) -> tuple[Integers, bool]:
    """The matches of a step from which those `wanted` are taken, and whether they are all."""
    if query.sort != "best":
        return matcher.latest(step.selection, -1), True
    if step.tier is None or (here is not None and not here.whole):
        return matcher.latest(step.selection, wanted, below=here.row if here else None), False
    rows = matcher.latest(step.selection, RANK_LIMIT + 1)
    return rows, len(rows) <= RANK_LIMIT


def _fingerprint(query: Query) -> str:
    return query.model_dump_json(exclude={"cursor", "limit", "facets"})


def _write_cursor(query: Query, last: _Position) -> str:
    return write_cursor(_fingerprint(query), [last.tier, last.value, last.row, last.whole])


def _read_cursor(query: Query) -> _Position | None:
    if query.cursor is None:
        return None
    tier, value, row, whole = read_cursor(
        query.cursor, _fingerprint(query), (int, float, int, bool)
    )
    return _Position(tier, value, row, whole)  # type: ignore[arg-type]


def _count(matcher: Matcher, steps: list[Step], base: Selection) -> int:
    """How many passages any of the steps selects; counts no further than one past the limit."""
    return matcher.count(union(steps, base), COUNT_LIMIT + 1) if steps else 0


def matching_rows(
    connection: sqlite3.Connection, columns: Columns, matcher: Matcher, query: Query
) -> Integers:
    """All passages that match as typed; where none does, all that match with other accents."""
    expression, query = interpret(query)
    base = select(connection, columns, query)
    steps = steps_of(query, expression, base)
    typed = [step for step in steps if is_typed(step)]
    rows = matcher.latest(union(typed, base), -1) if typed else _NOT_ASKED[1]
    return rows if len(rows) else matcher.latest(union(steps, base), -1)


def _hits(
    connection: sqlite3.Connection, page: Sequence[_Position], steps: list[Step]
) -> tuple[Hit, ...]:
    rows = {
        row["rid"]: row
        for row in connection.execute(
            "SELECT p.rid, p.unit, p.label, p.due_on, p.span_start, p.span_end, d.document_id,"
            " coalesce(p.text, s.text) AS text, s.statement_id, s.page, s.confidence, d.code,"
            " d.kind, d.issuer, d.place, d.dated_on, d.title, d.source_name"
            " FROM json_each(?) j JOIN passages p ON p.rid = j.value"
            " JOIN documents d ON d.rid = p.doc LEFT JOIN statements s"
            " ON p.unit = 'statement' AND s.doc = p.doc AND s.ordinal = p.ordinal",
            (json.dumps([found.row for found in page]),),
        )
    }
    hits = []
    for found in page:
        row, step = rows.get(found.row), steps[found.tier]
        if row is not None:  # gone between the two reads
            values = {name: row[name] for name in row.keys() if name != "rid"}  # noqa: SIM118
            marks = highlight(row["text"], step.tier) if step.tier else ()
            hits.append(Hit(**values, highlights=marks, tier=step.name))
    return tuple(hits)
