"""Counts of matches by kind, label, agency and the like."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from functools import lru_cache
from typing import Any

from pipeline.store.filters import province_of
from pipeline.store.passages import FAINT_BELOW
from pipeline.store.query import Facet

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


Counts = dict[str, tuple[tuple[str, int], ...]]
"""Facet -> its values with the number of matches, most frequent first."""


def count_facets(
    connection: sqlite3.Connection, rows: list[int], wanted: tuple[Facet, ...]
) -> Counts:
    """Counts of the passages `rows` by value; at most 50 values a facet."""
    own = [_PASSAGE_FACETS.get(facet, "NULL") for facet in wanted]
    # counted here: three times as fast as GROUP BY over seven columns
    matches = Counter(
        _tuples(
            connection,
            f"SELECT p.doc, {', '.join(own)} FROM json_each(?) j"
            " JOIN passages p ON p.rid = j.value",
            rows,
        )
    )
    documents = _facet_values(connection, wanted, {row[0] for row in matches})
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in wanted}
    for row, number in matches.items():
        held = documents.get(row[0], ())
        for at, facet in enumerate(wanted):
            value = row[at + 1] if facet in _PASSAGE_FACETS else held[at] if held else None
            if value is not None:
                counts[facet][str(value)] += number
    return {
        facet: tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:50])
        for facet, counter in counts.items()
    }


def _facet_values(
    connection: sqlite3.Connection, wanted: tuple[Facet, ...], documents: set[int]
) -> dict[int, tuple[object, ...]]:
    """The values of documents, one for each facet; None where it is of passages."""
    columns = [_DOCUMENT_FACETS.get(facet, "NULL") for facet in wanted]
    rows = _tuples(
        connection,
        f"SELECT d.rid, {', '.join(columns)} FROM json_each(?) j"
        " JOIN documents d ON d.rid = j.value",
        sorted(documents),
    )
    found: dict[int, tuple[object, ...]] = {}
    for rid, *values in rows:
        if "province" in wanted:
            at = wanted.index("province")
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
