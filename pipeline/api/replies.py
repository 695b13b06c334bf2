"""Replies: JSON with an ETag, streams of JSON Lines and CSV, and errors as one shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import chain
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from pipeline.errors import CongvanError, QueryError
from pipeline.export.csv_text import csv_text
from pipeline.messages import Language, default_language, say
from pipeline.resources import lexicon
from pipeline.store.problems import explain_query, filter_error

Row = TypeVar("Row")


class Problem(BaseModel):
    """What was wrong with a request."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "quotes", "message": "the quotes do not match"}]}
    )

    code: str
    message: str


def json_reply(request: Request, content: BaseModel | bytes) -> Response:
    """JSON with an ETag; 304 without a body when the client has it already."""
    body = content if isinstance(content, bytes) else content.model_dump_json().encode()
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    held = request.headers.get("if-none-match", "")
    if tag in [part.strip().removeprefix("W/") for part in held.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def stream_reply(
    pages: Iterator[Sequence[BaseModel]], format: str, columns: Sequence[str]
) -> Response:
    """All pages, one after the other: JSON Lines, or CSV that Excel opens rightly."""
    whole = started(pages)
    if format == "jsonl":
        lines = ("".join(f"{item.model_dump_json()}\n" for item in page) for page in whole)
        return StreamingResponse(lines, media_type="application/x-ndjson")
    rows = ((item.model_dump(mode="json") for item in page) for page in whole)
    return csv_reply(rows, columns)


def started(pages: Iterator[Sequence[Row]]) -> Iterator[Sequence[Row]]:
    """The same pages, the first of them made: an error in the question is a 4xx then, not a
    broken stream."""
    return chain([next(pages, ())], pages)


def csv_reply(
    pages: Iterable[Iterable[Mapping[str, Any]]], columns: Sequence[str], name: str = "congvan"
) -> Response:
    """Pages of rows as one CSV file that Excel opens rightly."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    text = _csv_pages(pages, columns)
    return StreamingResponse(text, media_type="text/csv; charset=utf-8", headers=headers)


def _csv_pages(
    pages: Iterable[Iterable[Mapping[str, Any]]], columns: Sequence[str]
) -> Iterator[str]:
    header = csv_text([], columns)
    yield header
    skip = len(header) - 1  # without the byte order mark
    for page in pages:
        yield csv_text(page, columns)[skip + 1 :]


def follow_pages(ask: Callable[[str | None], Any]) -> Iterator[Sequence[BaseModel]]:
    """Pages by their cursors; `ask(cursor)` gives something with `items` and `cursor`."""
    cursor: str | None = None
    while True:
        page = ask(cursor)
        yield page.items
        cursor = page.cursor
        if cursor is None:
            return


def problem(request: Request, status: int, code: str, message: str = "") -> JSONResponse:
    """An error reply; without a message, what `code` is called in the language of the request."""
    named = f"api-{code}" if f"api-{code}" in lexicon("messages/search") else "api-store"
    text = message or say(f"search.{named}", asked_language(request))
    return JSONResponse({"code": code, "message": text}, status_code=status)


def asked_language(request: Request) -> Language:
    """Vietnamese or English, whichever Accept-Language likes best; else that of this process."""
    liked: dict[Language, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.replace(" ", "").lower().partition(";q=")
        with suppress(ValueError):
            weight = float(quality or 1)
            for language in _LANGUAGES:
                if name.split("-")[0] == language and weight > liked.get(language, 0):
                    liked[language] = weight
    return max(liked, key=lambda language: liked[language], default=default_language())


_LANGUAGES: tuple[Language, ...] = ("vi", "en")


async def congvan_error(request: Request, error: Exception) -> Response:
    """Errors of congvan: a question that cannot be understood is 400, a missing index 503."""
    if isinstance(error, QueryError):
        code = str(error.facts.get("code", "query"))
        message = explain_query(error, asked_language(request))
        return problem(request, 404 if code == "no-document" else 400, code, message)
    return problem(request, 503, error.reason if isinstance(error, CongvanError) else "failure")


async def validation_error(request: Request, error: Exception) -> Response:
    """Parameters of the wrong kind: 422, with the first of them named."""
    errors: Sequence[Any] = getattr(error, "errors", list)()
    if not errors:
        return problem(request, 422, "parameter")
    where = next((part for part in errors[0]["loc"][1:] if isinstance(part, str)), "")
    message = explain_query(filter_error(where, errors[0]), asked_language(request))
    return problem(request, 422, "parameter", message)


async def http_error(request: Request, error: Exception) -> Response:
    """No such address, or a method that only writes."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not-found", 405: "method"}.get(status, "failure")
    reply = problem(request, status, code)
    reply.headers.update(getattr(error, "headers", None) or {})
    return reply


def ndjson(values: Iterator[dict[str, object]]) -> Response:
    """A stream of JSON Lines."""
    lines = (json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    return StreamingResponse(lines, media_type="application/x-ndjson")
