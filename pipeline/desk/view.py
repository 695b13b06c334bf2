"""Templates: one environment that escapes everything, and what every page is given."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.checks.catalogue import issue_text
from pipeline.desk import words
from pipeline.desk.state import desk_of
from pipeline.export.charts import number_text
from pipeline.messages import Language, say

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGE_COOKIE = "congvan_lang"
NAVIGATION = (
    ("search", "/search"),
    ("tasks", "/tasks"),
    ("review", "/review"),
    ("runs", "/runs"),
    ("overview", "/overview"),
)
"""Text of messages/desk.yaml ("nav-NAME") and address; shown where the page exists."""


@cache
def environment() -> Environment:
    """The only maker of HTML: autoescaping on, a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["day"] = day_text
    made.filters["marked"] = marked
    made.filters["tail"] = tail
    made.filters["moment"] = moment
    made.globals["static"] = static_url
    made.globals["document_url"] = document_url
    return made


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Templates know `t(key, **slots)`, `number(value)`, `user`, `csrf`, `language`."""
    language = language_of(request)
    desk = desk_of(request)
    given = {
        "t": partial(_text, language),
        "number": partial(number_text, language=language),
        "reason_text": partial(words.reason_name, language=language),
        "command_text": partial(words.command_name, language=language),
        "part_text": partial(words.part_name, language=language),
        "change_text": partial(words.changed_value, language=language),
        "issue_text": partial(issue_text, language=language),
        "kind_name": partial(words.kind_name, language=language),
        "language": language,
        "user": getattr(request.state, "user", None),
        "mode": desk.mode,
        "csrf": desk.sessions.form_token(request.state.sid),
        "here": here(request),
        "path": request.url.path,
        "navigation": request.app.state.navigation,
    }
    html = environment().get_template(template).render(given | values)
    return HTMLResponse(html, status_code=status)


def language_of(request: Request) -> Language:
    """The language this visitor chose, else that of the desk."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    fallback: Language = request.app.state.language
    return cast(Language, chosen) if chosen in ("vi", "en") else fallback


def _text(language: Language, key: str, /, **slots: object) -> str:
    """The text of `key` in messages/desk.yaml, or of "area.key" in another file."""
    name = key if "." in key else f"desk.{key}"
    return say(name, language, **slots) if slots else _fixed(language, name)


@cache
def _fixed(language: Language, key: str) -> str:
    return say(key, language)


def here(request: Request) -> str:
    """The address of this page without the host, for links that come back to it."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def redirect(address: str) -> RedirectResponse:
    """Go to a page after a form was handled."""
    return RedirectResponse(address, status_code=303)


def local_address(address: str | None, fallback: str = "/") -> str:
    """`address` when it is a page of this desk, so that no link can lead away from it."""
    given = address or ""
    inside = given.startswith("/") and not given.startswith(("//", "/\\"))
    return given if inside and given.isprintable() and "\\" not in given else fallback


def document_url(document_id: str, start: int | None = None, end: int | None = None) -> str:
    """The document page, at the place in its text when one is given."""
    place = "" if start is None or end is None else f"?at={start}-{end}#at"
    return f"/documents/{document_id}{place}"


def with_query(path: str, values: dict[str, Any]) -> str:
    """`path` with the values that are set; lists give one pair a value."""
    kept = {k: v for k, v in values.items() if v not in (None, "", [], (), False)}
    query = urlencode(kept, doseq=True)
    return f"{path}?{query}" if query else path


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the content, so that it can be cached."""
    digest = blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?v={digest}"


def day_text(value: str | dt.date | None) -> str:
    """An ISO date, or the part of it that is known, as people write it: 30/06/2025, 06/2025."""
    return "/".join(reversed(str(value)[:10].split("-"))) if value else ""


def moment(seconds: float) -> str:
    """A time since 1970 on the clock of this machine."""
    return dt.datetime.fromtimestamp(seconds).strftime("%d/%m/%Y %H:%M")


def marked(text: str, spans: tuple[tuple[int, int], ...], most: int = 600) -> Markup:
    """`text` with its spans in <mark>; a long text is cut around the first of them."""
    start, end = _window(text, spans, most)
    parts: list[str | Markup] = ["… "] if start else []
    at = start
    for first, last in spans:
        if first >= end:
            break
        last = min(last, end)
        parts += [text[at:first], Markup("<mark>{}</mark>").format(text[first:last])]
        at = last
    parts += [text[at:end], " …" if end < len(text) else ""]
    return Markup("").join(parts)


def tail(text: str, most: int) -> str:
    """The end of `text`, whole words, when it is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = text[-most:]
    return "… " + end[end.find(" ") + 1 :]


def _window(text: str, spans: tuple[tuple[int, int], ...], most: int) -> tuple[int, int]:
    if len(text) <= most:
        return 0, len(text)
    first = spans[0][0] if spans else 0
    start = max(0, first - most // 3)
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = min(len(text), start + most)
    return start, end
