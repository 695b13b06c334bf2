"""Answering a query: tiers of matches, filters, facets, highlights and stable pages.

`SearchIndex` is what every engine offers; `Matcher` is the part in which engines differ; all else
is here once. A page has the matches of the first tier, then of the next ones. In a tier, titles and
short statements come first; a tier of more than `RANK_LIMIT` matches is shown latest indexed
first, because sorting a tenth of an archive helps nobody.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from pydantic import Field

from pipeline.document import Frozen
from pipeline.record import Record
from pipeline.store.cursors import read_cursor, write_cursor
from pipeline.store.filters import Selection, province_of, select
from pipeline.store.highlight import highlight
from pipeline.store.passages import FAINT_BELOW
from pipeline.store.plan import Tier, tiers
from pipeline.store.problems import query_error
from pipeline.store.query import Expression, Group, Query, Term, interpret, number_query

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

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> list[int]:
        """At most `limit` matching row numbers in falling order, below `below`."""

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
    """Where a page ended: tier, the sort value there, and the row."""

    tier: int
    value: float | str
    row: int
    whole: bool
    """The tier was read whole and sorted; otherwise it is walked in falling row numbers."""


@dataclass(frozen=True, slots=True)
class _Found:
    tier: int
    value: float | str
    row: int
    whole: bool


def answer(connection: sqlite3.Connection, matcher: Matcher, query: Query) -> Hits:
    """The page of matches that `query` asks for.

    Raises:
        QueryError: the text or a filter cannot be understood, or the cursor is of another query.
    """
    matcher = _Once(matcher)
    expression, query = interpret(query)
    base = select(connection, query)
    steps = _steps(query, expression, base)
    position = _read_cursor(query)
    found = _collect(connection, matcher, query, steps, position)
    page, more = found[: query.limit], len(found) > query.limit
    last = page[-1] if page else None
    cursor = _write_cursor(query, last) if more and last else None
    typed_steps = [step for step in steps if _is_typed(step)]
    typed = _count(matcher, typed_steps, base)
    others = len(typed_steps) < len(steps)
    counted = others and typed < COUNT_OTHERS_BELOW
    total = max(typed, _count(matcher, steps, base)) if counted else typed
    return Hits(
        items=_hits(connection, page, steps),
        total=min(total, COUNT_LIMIT),
        total_as_typed=min(typed, COUNT_LIMIT),
        total_is_lower_bound=total > COUNT_LIMIT or (others and not counted),
        facets=_facets(connection, matcher, typed_steps if typed else steps, base, query),
        cursor=cursor,
    )


class _Once:
    """A matcher that asks the index only once for what page, total and facets have in common."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.held: dict[Selection, tuple[int, list[int]]] = {}

    def latest(self, selection: Selection, limit: int, below: int | None = None) -> list[int]:
        if below is not None:
            return self.matcher.latest(selection, limit, below)
        asked, rows = self.held.get(selection, (0, []))
        complete = asked < 0 or len(rows) < asked
        if not complete and (limit < 0 or limit > asked):
            rows = self.matcher.latest(selection, limit)
            self.held[selection] = (limit, rows)
        return rows if limit < 0 else rows[:limit]

    def count(self, selection: Selection, limit: int) -> int:
        asked, rows = self.held.get(selection, (0, []))
        complete = asked < 0 or len(rows) < asked
        return len(rows) if complete else self.matcher.count(selection, limit)


@dataclass(frozen=True, slots=True)
class _Step:
    """A tier and what it selects, the tiers before it left out."""

    tier: Tier | None
    selection: Selection
    name: str


def _steps(query: Query, expression: Expression | None, base: Selection) -> list[_Step]:
    if expression is None:
        return [_Step(None, base, "filter")]
    _check(expression)
    every = list(tiers(expression))
    if query.sort != "best":  # side by side or not does not matter when dates decide the order
        every = [tier for tier in every if not tier.name.startswith("phrase")]
    words = number_query(query.text)
    if words:
        tags = Group("and", tuple(Term((f"c{word}",)) for word in words))
        every.insert(0, Tier("number", "tags", tags))
    steps: list[_Step] = []
    for at, tier in enumerate(every):
        earlier = tuple((other.column, other.expression) for other in _not_within(every[:at]))
        chosen = replace(base, text=(tier.column, tier.expression), without=earlier)
        steps.append(_Step(tier, chosen, tier.name))
    return steps


def _check(expression: Expression) -> None:
    """Refuse what excludes without looking for anything: "-a", "b (-c)"."""
    if isinstance(expression, Term):
        return
    wanted = [item for item in expression.items if not _is_not(item)]
    if expression.operator == "not" or not wanted:
        raise query_error("only-negative")
    for item in expression.items:
        _check(item.items[0] if isinstance(item, Group) and item.operator == "not" else item)


def _is_not(expression: Expression) -> bool:
    return isinstance(expression, Group) and expression.operator == "not"


_CONTAINED = {
    "phrase": ("words",),
    "words": (),
    "phrase-folded": ("words-folded",),
    "words-folded": (),
}
"""Tier -> a tier that holds all its matches, so that excluding that one is enough."""


def _not_within(earlier: list[Tier]) -> list[Tier]:
    names = {tier.name for tier in earlier}
    return [t for t in earlier if not names.intersection(_CONTAINED.get(t.name, ()))]


def _collect(
    connection: sqlite3.Connection,
    matcher: Matcher,
    query: Query,
    steps: list[_Step],
    position: _Position | None,
) -> list[_Found]:
    """One more than the page's matches, in order."""
    found: list[_Found] = []
    for at, step in enumerate(steps):
        if position is not None and at < position.tier:
            continue
        here = position if position is not None and position.tier == at else None
        wanted = query.limit + 1 - len(found)
        found += _from_step(connection, matcher, query, step, at, here, wanted)
        if len(found) > query.limit:
            break
    return found


def _from_step(
    connection: sqlite3.Connection,
    matcher: Matcher,
    query: Query,
    step: _Step,
    at: int,
    here: _Position | None,
    wanted: int,
) -> list[_Found]:
    walk = query.sort == "best" and here is not None and not here.whole
    if walk and here is not None:
        rows = matcher.latest(step.selection, wanted, below=here.row)
        return [_Found(at, 0.0, row, False) for row in rows]
    limit = RANK_LIMIT + 1 if query.sort == "best" and step.tier else -1
    if step.tier is None and query.sort == "best":
        rows = matcher.latest(step.selection, wanted, below=here.row if here else None)
        return [_Found(at, 0.0, row, False) for row in rows]
    rows = matcher.latest(step.selection, limit)
    if limit > 0 and len(rows) == limit:
        return [_Found(at, 0.0, row, False) for row in rows[:wanted]]
    ordered = _ordered(connection, rows, query.sort)
    if here is not None:
        ordered = [pair for pair in ordered if _after(pair, here, query.sort)]
    return [_Found(at, value, row, True) for value, row in ordered[:wanted]]


_SORT_VALUES = {
    "best": "(p.span_end - p.span_start) * CASE p.unit"
    " WHEN 'title' THEN 0.5 WHEN 'statement' THEN 1.0 WHEN 'heading' THEN 1.5 ELSE 3.0 END",
    "newest": "coalesce(d.dated_on, '')",
    "oldest": "coalesce(d.dated_on, '9999')",
    "due": "coalesce(p.due_on, '9999')",
}


def _ordered(
    connection: sqlite3.Connection, rows: Sequence[int], sort: str
) -> list[tuple[float | str, int]]:
    join = "JOIN documents d ON d.rid = p.doc" if sort in ("newest", "oldest") else ""
    pairs = [
        (row[0], row[1])
        for row in connection.execute(
            f"SELECT {_SORT_VALUES[sort]}, p.rid FROM json_each(?) j"
            f" JOIN passages p ON p.rid = j.value {join}",
            (json.dumps(list(rows)),),
        )
    ]
    return sorted(pairs, reverse=sort == "newest")


def _after(pair: tuple[float | str, int], here: _Position, sort: str) -> bool:
    mark = (here.value, here.row)
    return pair < mark if sort == "newest" else pair > mark


def _fingerprint(query: Query) -> str:
    return query.model_dump_json(exclude={"cursor", "limit", "facets"})


def _write_cursor(query: Query, last: _Found) -> str:
    return write_cursor(_fingerprint(query), [last.tier, last.value, last.row, last.whole])


def _read_cursor(query: Query) -> _Position | None:
    if query.cursor is None:
        return None
    value_type = float if query.sort == "best" else str
    tier, value, row, whole = read_cursor(
        query.cursor, _fingerprint(query), (int, value_type, int, bool)
    )
    return _Position(tier, value, row, whole)  # type: ignore[arg-type]


def _is_typed(step: _Step) -> bool:
    return step.tier is None or step.tier.column in ("exact", "tags")


def _count(matcher: Matcher, steps: list[_Step], base: Selection) -> int:
    """How many passages any of the steps selects; counts no further than one past the limit."""
    return matcher.count(_union(steps, base), COUNT_LIMIT + 1) if steps else 0


def _union(steps: list[_Step], base: Selection) -> Selection:
    """What any of the steps selects."""
    held = _not_within([step.tier for step in steps if step.tier])
    if not held:
        return base
    if len(held) == 1:
        return replace(base, text=(held[0].column, held[0].expression))
    return replace(base, any_of=tuple((tier.column, tier.expression) for tier in held))


def matching_rows(connection: sqlite3.Connection, matcher: Matcher, query: Query) -> list[int]:
    """All passages that match as typed; where none does, all that match with other accents."""
    expression, query = interpret(query)
    base = select(connection, query)
    steps = _steps(query, expression, base)
    typed = [step for step in steps if _is_typed(step)]
    rows = matcher.latest(_union(typed, base), -1) if typed else []
    return rows or matcher.latest(_union(steps, base), -1)


_PASSAGE_FACETS = {
    "label": "p.label",
    "deadline": "CASE WHEN instr(p.tags, 'hdeadline') THEN 'yes' END",
}
_DOCUMENT_FACETS = {
    "kind": "d.kind",
    "agency": "d.issuer",
    "year": "d.year",
    "place": "d.place",
    "province": "coalesce(d.issuer_key, '') || '|' || coalesce(d.parent_key, '') || '|'"
    " || coalesce(d.place_key, '')",
    "family": "d.family",
    "quality": "CASE WHEN d.status = 'partial' THEN 'partial' WHEN NOT d.ocr_pages THEN 'digital'"
    f" WHEN d.reading < {FAINT_BELOW} THEN 'faint' ELSE 'scan' END",
}


def _facets(
    connection: sqlite3.Connection,
    matcher: Matcher,
    steps: list[_Step],
    base: Selection,
    query: Query,
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Counts of matches by value, most frequent first; at most 50 values each."""
    if not query.facets:
        return {}
    rows = matcher.latest(_union(steps, base), COUNT_LIMIT)
    own = [_PASSAGE_FACETS.get(facet, "NULL") for facet in query.facets]
    # counted here: three times as fast as GROUP BY over seven columns
    matches = Counter(
        _tuples(
            connection,
            f"SELECT p.doc, {', '.join(own)} FROM json_each(?) j"
            " JOIN passages p ON p.rid = j.value",
            rows,
        )
    )
    documents = _facet_values(connection, query, {row[0] for row in matches})
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in query.facets}
    for row, number in matches.items():
        held = documents.get(row[0], ())
        for at, facet in enumerate(query.facets):
            value = row[at + 1] if facet in _PASSAGE_FACETS else held[at] if held else None
            if value is not None:
                counts[facet][str(value)] += number
    return {
        facet: tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:50])
        for facet, counter in counts.items()
    }


def _facet_values(
    connection: sqlite3.Connection, query: Query, documents: set[int]
) -> dict[int, tuple[object, ...]]:
    """The values of documents, one for each facet of the query; None where it is of passages."""
    columns = [_DOCUMENT_FACETS.get(facet, "NULL") for facet in query.facets]
    rows = _tuples(
        connection,
        f"SELECT d.rid, {', '.join(columns)} FROM json_each(?) j"
        " JOIN documents d ON d.rid = j.value",
        sorted(documents),
    )
    found: dict[int, tuple[object, ...]] = {}
    for rid, *values in rows:
        if "province" in query.facets:
            at = query.facets.index("province")
            values[at] = _province(values[at])
        found[rid] = tuple(values)
    return found


def _tuples(connection: sqlite3.Connection, sql: str, ids: list[int]) -> list[tuple[Any, ...]]:
    """The rows for `ids`, as tuples, which are counted faster than named rows."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, (json.dumps(ids),)).fetchall()


@lru_cache(maxsize=10_000)
def _province(origin: str) -> str | None:
    issuer, parent, place = origin.split("|")
    found = province_of(issuer, parent, place)
    return found[0] if found else None


def _hits(
    connection: sqlite3.Connection, page: Sequence[_Found], steps: list[_Step]
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
