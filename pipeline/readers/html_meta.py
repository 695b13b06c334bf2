"""What a web page states about itself: headline, author, date; never from links."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pipeline.document import Metadata
from pipeline.resources import lexicon
from pipeline.text.fold import fold, nfc

_LONGEST_JSON = 1_000_000
_DEEPEST_JSON = 12
_SITE_SUFFIX = re.compile(r"\s+(?:[-–—|»:]|::)\s+[^-–—|»]{2,60}$")


def metadata_of(
    root: Any, *, headline: str | None, near: Iterable[str], author: str | None
) -> Metadata:
    """Metadata of a page, from JSON-LD, then meta tags, then the page itself.

    `headline` is the printed one, `near` the lines around it (without links), `author` the printed
    author. `published` is an ISO date or date-time.
    """
    articles = list(_articles(root))
    meta = _meta(root)
    return Metadata(
        title=stated_title(root) or headline,
        author=_first(_person(a.get("author")) for a in articles)
        or _first(_name(meta.get(name)) for name in _row("meta_author"))
        or author,
        published=_first(_iso(_text(a.get("datePublished"))) for a in articles)
        or _first(_iso(meta.get(name)) for name in _row("meta_published"))
        or _first(date_in(line) for line in near),
        is_news_page=bool(articles)
        or meta.get("og:type", "").lower() == "article"
        or "article:published_time" in meta,
    )


def stated_title(root: Any) -> str | None:
    """The headline that a page states: JSON-LD, meta tags, else the title of the window."""
    meta = _meta(root)
    return (
        _first(_text(article.get("headline")) for article in _articles(root))
        or _first(meta.get(name) for name in _row("meta_title"))
        or _title(root)
    )


def date_in(line: str) -> str | None:
    """The first date of a printed line as ISO date or date-time: "21:50 25/10/2019"."""
    folded = fold(line)
    found = _pattern("date").search(folded)
    if found is None:
        return None
    try:
        day = dt.date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
    time = _pattern("time").search(folded)
    if time is None:
        return day.isoformat()
    return f"{day.isoformat()}T{int(time['hour']):02d}:{time['minute']}"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(lexicon("html_pages")[name])


def _row(name: str) -> list[str]:
    return list(lexicon("html_pages")[name])


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return nfc(re.sub(r"\s+", " ", value)).strip() or None


def _iso(value: str | None) -> str | None:
    """`value` where it begins with a possible ISO date, or the date printed in it."""
    if not value:
        return None
    try:
        dt.date.fromisoformat(value[:10])
    except ValueError:
        return date_in(value)
    return value if len(value) <= 40 else value[:10]


def _person(value: Any) -> str | None:
    """The name in a JSON-LD author: a string, an object with a name, or a list of them."""
    people = value if isinstance(value, list) else [value]
    names = (
        _text(person.get("name")) if isinstance(person, dict) else _text(person)
        for person in people
    )
    return ", ".join(filter(None, map(_name, names))) or None


def _name(value: str | None) -> str | None:
    """A person's name; addresses and the like are none."""
    return value if value and "/" not in value and "@" not in value else None


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") and len(script.text or "") < _LONGEST_JSON:
            try:
                stated = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _objects(stated, _DEEPEST_JSON)


def _objects(stated: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(stated, list):
        for entry in stated:
            yield from _objects(entry, depth - 1)
    elif isinstance(stated, dict):
        kinds = stated.get("@type")
        named = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
        if named & set(_row("article_types")):
            yield stated
        yield from _objects(stated.get("@graph"), depth - 1)


def _meta(root: Any) -> dict[str, str]:
    """Content of meta tags by their lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = _text(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _title(root: Any) -> str | None:
    """The title of the window without the name of the site."""
    element = root.find(".//title")
    title = _text(None if element is None else element.text)
    return _SITE_SUFFIX.sub("", title) if title else None
