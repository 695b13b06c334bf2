"""Counts of matches by kind, label, agency and the like."""

from __future__ import annotations

import sqlite3
from collections import Counter
from functools import lru_cache

import numpy as np

from pipeline.store.columns import LABELS, Columns, Found, Integers
from pipeline.store.filters import province_of
from pipeline.store.query import Facet

MOST = 50
Counts = dict[str, tuple[tuple[str, int], ...]]
"""Facet -> its values with the number of matches, most frequent first."""


def count_facets(
    connection: sqlite3.Connection, columns: Columns, rows: Integers, wanted: tuple[Facet, ...]
) -> Counts:
    """Counts of the passages `rows` by value; at most 50 values a facet."""
    found = columns.passages(connection).find(rows)
    documents, numbers = np.unique(found.documents, return_counts=True)
    counts: Counts = {}
    for facet in wanted:
        counter = _of_passages(facet, found)
        if counter is None:
            counter = _of_documents(connection, columns, facet, documents, numbers)
        frequent = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        counts[facet] = tuple(frequent[:MOST])
    return counts


def _of_passages(facet: Facet, found: Found) -> Counter[str] | None:
    """Counts by a value that passages have themselves; None for one of documents."""
    if facet == "deadline":
        with_one = int(np.count_nonzero(found.entries["deadline"]))
        return Counter({"yes": with_one} if with_one else {})
    if facet == "label":
        numbers = np.bincount(found.entries["label"], minlength=len(LABELS)).tolist()
        return Counter({name: n for name, n in zip(LABELS, numbers, strict=True) if name and n})
    return None


def _of_documents(
    connection: sqlite3.Connection,
    columns: Columns,
    facet: Facet,
    documents: Integers,
    numbers: Integers,
) -> Counter[str]:
    """Counts by a value of the documents, each of which holds so many matches."""
    values = columns.values(connection, "origin" if facet == "province" else facet)
    sums = np.bincount(values.of(documents), numbers, len(values.names))
    counter: Counter[str] = Counter()
    for code in np.flatnonzero(sums).tolist():
        name = values.names[code]
        name = _province(name) if facet == "province" and name else name
        if name is not None:
            counter[str(name)] += int(sums[code])
    return counter


@lru_cache(maxsize=10_000)
def _province(origin: str) -> str | None:
    issuer, parent, place = origin.split("|")
    found = province_of(issuer, parent, place)
    return found[0] if found else None
