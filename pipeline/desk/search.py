"""The search page: one box, facets with counts, sentences in their context."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from pipeline.api.app import hit_pages, search_store
from pipeline.api.params import SearchParams
from pipeline.api.replies import json_reply, stream_reply
from pipeline.desk.address import Links, position, read_params
from pipeline.desk.state import desk_of
from pipeline.desk.view import language_of, render
from pipeline.desk.words import value_name
from pipeline.errors import QueryError
from pipeline.export.report import totals
from pipeline.messages import Language
from pipeline.store.context import contexts
from pipeline.store.problems import explain_query
from pipeline.store.query import Facet, Query
from pipeline.store.schema import open_reader
from pipeline.store.search import Hit, Hits
from pipeline.text.fold import has_accents

router = APIRouter(include_in_schema=False)

PATH = "/search"
FACETS: dict[Facet, str] = {
    "label": "label",
    "kind": "kind",
    "year": "date_from",
    "agency": "agency",
    "province": "place",
    "deadline": "has_deadline",
    "quality": "quality",
}
"""Facets in the order of the page, and the parameter that each sets."""
SHOWN = 7
"""Values of a facet that are seen at once; the others unfold."""
SORTS = ("best", "newest", "oldest")
EXAMPLES = ("hồ sơ quá hạn", "ho so qua han", 'label:task "một cửa"', "has:deadline rà soát")
Ending = Literal["json", "jsonl", "csv"]


@dataclass(frozen=True)
class Choice:
    """One value of a facet."""

    text: str
    value: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True)
class FacetView:
    """A facet: its name and values, the most frequent first."""

    name: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


@router.get(PATH)
def search_page(request: Request) -> Response:
    """The box; with a question or a filter in the address, what matches."""
    links = Links.of(request, PATH)
    page: dict[str, Any] = {
        "links": links,
        "examples": EXAMPLES,
        "sorts": SORTS,
        "hits": None,
        "problem": None,
        "facets": (),
        "chips": (),
    }
    if not any(name != "sort" for name in links.values):
        return render(request, "search.html", totals=_totals(request), **page)
    try:
        params = read_params(request, SearchParams, own=("at",))
        # a request that only adds to the list shows no facets
        facets = () if request.headers.get("hx-request") else tuple(FACETS)
        query = params.query(include_secret=request.state.include_secret, facets=facets)
        hits = search_store(desk_of(request).out, query)
    except QueryError as error:
        page["problem"] = explain_query(error, language_of(request))
        return render(request, "search.html", 400, totals=None, **page)
    page |= _results(request, links, query, hits)
    return render(request, "search.html", totals=None, **page)


@router.get(PATH + ".{ending}")
def search_list(request: Request, ending: Ending) -> Response:
    """The same matches for programs: a page as JSON, all of them as JSON Lines or CSV."""
    params = read_params(request, SearchParams, own=("at",))
    facets: tuple[Facet, ...] = tuple(FACETS) if ending == "json" else ()
    query = params.query(include_secret=request.state.include_secret, facets=facets)
    out = desk_of(request).out
    if ending == "json":
        return json_reply(request, search_store(out, query))
    return stream_reply(hit_pages(out, query), ending, list(Hit.model_fields))


def _totals(request: Request) -> dict[str, int]:
    desk, secret = desk_of(request), request.state.include_secret
    with closing(open_reader(desk.out)) as connection:
        return desk.memory.get(connection, ("totals", secret), lambda: totals(desk.out, secret))


def _results(request: Request, links: Links, query: Query, hits: Hits) -> dict[str, Any]:
    language = language_of(request)
    with closing(open_reader(desk_of(request).out)) as connection:
        around = contexts(connection, hits.items)
    facets = [_facet(name, hits, links, language) for name in FACETS]
    start = position(request)
    return {
        "hits": hits,
        "with_accents": has_accents(query.text),
        "items": [
            (hit, around.get((hit.document_id, hit.statement_id or ""))) for hit in hits.items
        ],
        "facets": [facet for facet in facets if facet.first],
        "chips": _chips(links, language),
        "sort": query.sort,
        "start": start,
        "next": links.next(hits.cursor, start + len(hits.items)) if hits.cursor else None,
    }


def _facet(name: Facet, hits: Hits, links: Links, language: Language) -> FacetView:
    counts = dict(hits.facets.get(name, ()))
    parameter = FACETS[name]
    chosen = links.values.get(parameter, []) if parameter != "has_deadline" else []
    held = [value for value in chosen if value not in counts and name != "year"]
    choices = [_choice(name, value, None, links, language) for value in held]
    choices += [_choice(name, v, number, links, language) for v, number in counts.items()]
    if name == "year":
        choices.sort(key=lambda choice: choice.value, reverse=True)
    choices.sort(key=lambda choice: not choice.chosen)
    return FacetView(name, tuple(choices[:SHOWN]), tuple(choices[SHOWN:]))


def _choice(name: Facet, value: str, count: int | None, links: Links, language: Language) -> Choice:
    text = value_name(name, value, language)
    if name == "year":
        chosen = links.has("date_from", value) and links.has("date_to", value)
        year = None if chosen else value
        return Choice(text, value, count, links.set(date_from=year, date_to=year), chosen)
    if name == "deadline":
        chosen = links.has("has_deadline")
        return Choice(
            text, value, count, links.set(has_deadline=None if chosen else "true"), chosen
        )
    parameter = FACETS[name]
    return Choice(text, value, count, links.toggle(parameter, value), links.has(parameter, value))


_LISTS = ("label", "kind", "family", "quality", "agency", "place", "signer", "topic", "unit")
_SINGLE = ("number", "date_from", "date_to", "due_from", "due_before", "overdue_on", "has_deadline")
_NAMED = {name: facet for facet, name in FACETS.items() if facet not in ("year", "deadline")}


def _chips(links: Links, language: Language) -> list[tuple[str, str, str]]:
    """The filters in force: parameter, value, and the address without it."""
    found = []
    for name in _LISTS:
        for value in links.values.get(name, []):
            shown = value_name(_NAMED.get(name, name), value, language)
            found.append((name, shown, links.toggle(name, value)))
    for name in _SINGLE:
        for value in links.values.get(name, []):
            found.append((name, "" if name == "has_deadline" else value, links.set(**{name: None})))
    return found
