"""From the filters of a query to what an index can test: words of the tags column, days, rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.resources import lexicon, lexicon_rows
from pipeline.store.columns import Columns
from pipeline.store.names import lineage, name_key, number_words, party_key, within
from pipeline.store.passages import value_tag
from pipeline.store.plan import Column
from pipeline.store.problems import query_error
from pipeline.store.query import Expression, Query
from pipeline.text.fold import fold

Clause = tuple[Column, Expression]
_NOTHING = ("none",)
"""A tag that no passage has: a filter value that the store does not hold."""
_ID = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which passages are wanted, in terms that every engine has.

    `tags` is an "and" of "or"s. `text` and one of `any_of` must match, none of `without` may.
    Dates compare with the precision that the document gives.
    """

    text: Clause | None = None
    any_of: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()
    without_tags: tuple[str, ...] = ()
    due_from: str | None = None
    due_before: str | None = None
    dated_from: str | None = None
    dated_to: str | None = None
    documents: tuple[int, ...] | None = None
    """Row numbers of documents; None for all."""


def select(connection: sqlite3.Connection, columns: Columns, query: Query) -> Selection:
    """The selection that the filters of a query make; `columns` are of the store.

    Raises:
        QueryError: a document id is not one.
    """
    return Selection(
        tags=tuple(_tags(connection, columns, query)),
        without_tags=() if query.include_secret else ("xsecret",),
        due_from=query.due_from.isoformat() if query.due_from else None,
        due_before=_earliest(query),
        dated_from=query.dated_from,
        dated_to=query.dated_to,
        documents=_documents(connection, query),
    )


def _earliest(query: Query) -> str | None:
    days = [day for day in (query.due_before, query.overdue_on) if day is not None]
    return min(days).isoformat() if days else None


def _tags(connection: sqlite3.Connection, columns: Columns, query: Query) -> list[tuple[str, ...]]:
    tags: list[tuple[str, ...]] = []
    for prefix, values in (
        ("k", query.kinds),
        ("l", query.labels),
        ("u", query.units),
        ("f", query.families),
        ("q", query.qualities),
        ("t", query.topics),
    ):
        if values:
            tags.append(tuple(f"{prefix}{_word(value)}" for value in values))
    if query.has_deadline or query.overdue_on or query.due_before or query.due_from:
        tags.append(("hdeadline",))
    tags += _year_tags(query.dated_from, query.dated_to)
    if query.agencies or query.places:
        names = columns.values(connection, "origin").names[1:]
        origins = _origins(names, query)
        tags.append(tuple(value_tag("a", origin) for origin in origins) or _NOTHING)
    if query.signers:
        tags.append(_signer_tags(connection, query.signers) or _NOTHING)
    return tags


_MOST_YEARS = 30


def _year_tags(first: str | None, last: str | None) -> list[tuple[str, ...]]:
    """The years of a closed period as tags; its exact bounds are tested on what remains."""
    if first is None or last is None:
        return []
    years = range(int(first[:4]), int(last[:4]) + 1)
    return [tuple(f"y{year}" for year in years) or _NOTHING] if len(years) <= _MOST_YEARS else []


def _word(value: str) -> str:
    return re.sub(r"[\W_]+", "", fold(value)) or "none"


def _origins(held: Iterable[str], query: Query) -> list[str]:
    """Those origins (issuer|body above|place) that agency and place filters leave."""
    agencies = [lineage(name) for name in query.agencies]
    places = [_place_names(name) for name in query.places]
    found = []
    for origin in held:
        issuer, parent, place = origin.split("|")
        if (not agencies or any(_is_agency(issuer, f"{parent} {place}", a) for a in agencies)) and (
            not places or any(_is_place((issuer, parent, place), p) for p in places)
        ):
            found.append(origin)
    return found


def _is_agency(issuer: str, around: str, names: tuple[str, ...]) -> bool:
    """Whether the issuer is one of `names`, which may say the place too ("Sở Y tế Đông Hải")."""
    for name in names:
        if issuer and within(issuer, name):
            return True
        if issuer and name.startswith(f"{issuer} "):
            rest = _without_type(name[len(issuer) + 1 :])
            if within(_without_type(around), rest):
                return True
    return False


@cache
def _place_types() -> re.Pattern[str]:
    words = sorted(lexicon("search_words")["place_types"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b ?")


def _without_type(key: str) -> str:
    return " ".join(_place_types().sub("", key).split())


def _place_names(name: str) -> tuple[str, ...]:
    return lineage(_without_type(name_key(name)) or name)


def _is_place(origin: tuple[str, str, str], names: tuple[str, ...]) -> bool:
    return any(within(_without_type(key), name) for key in origin if key for name in names)


@cache
def province_of(issuer: str, parent: str, place: str) -> tuple[str, str] | None:
    """The province of today, and the one named, that the origin of a document (keys) says.

    The same test as the place filter, so that choosing the province finds the document.
    """
    for key in (issuer, parent, place):
        held = _without_type(key)
        for name, today, named in _provinces():
            if within(held, name):
                return today, named
    return None


@cache
def _provinces() -> tuple[tuple[str, str, str], ...]:
    """Keys of province names with the province of today and the name; longest first."""
    rows = {row["id"]: row for row in lexicon_rows("provinces")}
    found: dict[str, tuple[str, str]] = {}
    for row in rows.values():
        today = row
        while today["successor"] in rows:
            today = rows[today["successor"]]
        held = found.get(name_key(row["name"]))
        if held is None or not row["valid_to"]:
            found[name_key(row["name"])] = (today["name"], row["name"])
    return tuple(sorted(((key, *names) for key, names in found.items()), key=lambda p: -len(p[0])))


def _signer_tags(connection: sqlite3.Connection, signers: tuple[str, ...]) -> tuple[str, ...]:
    wanted = [party_key(name) for name in signers]
    rows = connection.execute("SELECT DISTINCT signer_key FROM documents WHERE signer_key > ''")
    return tuple(value_tag("s", key) for (key,) in rows if any(within(key, w) for w in wanted))


def _documents(connection: sqlite3.Connection, query: Query) -> tuple[int, ...] | None:
    if query.document_id is None and query.number is None:
        return None
    found: set[int] | None = None
    if query.document_id is not None:
        if not _ID.fullmatch(query.document_id):
            raise query_error("id")
        rows = connection.execute(
            "SELECT rid FROM documents WHERE document_id BETWEEN ? AND ?",
            (query.document_id, query.document_id + "g"),
        )
        found = {row[0] for row in rows}
    if query.number is not None:
        by_number = set(documents_by_number(connection, query.number))
        found = by_number if found is None else found & by_number
    return tuple(sorted(found or ()))


def documents_by_number(connection: sqlite3.Connection, number: str) -> list[int]:
    """Rows of the documents whose number and symbol have all the words typed."""
    words = number_words(number)
    if not words:
        return []
    match = " AND ".join(f'{{tags}} : "c{word}"' for word in words)
    return [
        row[0]
        for row in connection.execute(
            "SELECT p.doc FROM passages_fts f JOIN passages p ON p.rid = f.rowid"
            " WHERE passages_fts MATCH ?",
            (match,),
        )
    ]
