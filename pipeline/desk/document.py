"""The document page: the source on the left, what was understood of it on the right."""

from __future__ import annotations

import re
from contextlib import closing
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from pipeline.desk.document_parts import Part, part_at
from pipeline.desk.document_text import Piece, pieces
from pipeline.desk.document_turning import Turning
from pipeline.desk.document_view import (
    DocumentView,
    PageView,
    Value,
    asked_for,
    is_many,
    key_of,
    marks_of,
    page_views,
    view_of,
)
from pipeline.desk.opened import Opened
from pipeline.desk.pages_cache import cached_picture, has_pictures
from pipeline.desk.state import current_user, desk_of
from pipeline.desk.view import language_of, render
from pipeline.errors import InputError
from pipeline.messages import say
from pipeline.review.edits import LABELS
from pipeline.review.reviewed import Key
from pipeline.store.files import source_path
from pipeline.store.lookup import find_document
from pipeline.store.schema import open_reader

router = APIRouter(include_in_schema=False)
_AT = re.compile(r"(\d{1,9})-(\d{1,9})")
_MOST_PAGES = 100_000
View = Literal["pages", "text"]
LATEST = 50
"""Corrections that the page lists unless all are asked for."""


@router.get("/documents/{document}")
def document_page(
    request: Request,
    document: str,
    view: View | None = None,
    at: Annotated[str, Query(max_length=40)] = "",
    edit: Annotated[str, Query(max_length=400)] = "",
    part: Annotated[int, Query(ge=1, le=_MOST_PAGES)] | None = None,
    history: Literal["all"] | None = None,
) -> Response:
    """One document by id, start of its id, or number; of a long one the part asked for."""
    document_id = document_id_of(request, document)
    most = None if history else LATEST
    return show(request, document_id, view=view, at=at, edit=edit, part=part, history=most)


def document_id_of(request: Request, name: str) -> str:
    """The document that this visitor may see.

    Raises:
        QueryError: there is none, or more than one, or it is secret.
    """
    secret = bool(request.state.include_secret)
    with closing(open_reader(desk_of(request).out)) as connection:
        return find_document(connection, name, include_secret=secret)


def show(
    request: Request,
    document_id: str,
    *,
    view: str | None = None,
    at: str = "",
    edit: str = "",
    part: int | None = None,
    problem: str = "",
    given: tuple[str, ...] = (),
    history: int | None = LATEST,
    status: int = 200,
) -> Response:
    """The page; with `problem` when what was sent cannot be kept, and what was `given` then.
    `history` is how many of the latest corrections are listed."""
    desk = desk_of(request)
    opened = desk.shelf.open(desk.out, document_id)
    record = opened.record
    pictures = has_pictures(desk.out, document_id, record.source.media_type)
    as_pages = pictures and view != "text"
    place = _place(at, len(record.text))
    here = _part(opened, part, place, key_of(edit))
    held = view_of(opened, here)
    marks = marks_of(held, partial(say, language=language_of(request)))
    pages: tuple[PageView, ...] = ()
    text: tuple[Piece, ...] = ()
    if as_pages:
        pages = page_views(here, marks, desk.shelf.layout(desk.out, document_id), place)
    else:
        text = tuple(pieces(record.text, marks, place, (here.start, here.shown)))
    may_review = current_user(request).role == "reviewer"
    editing = value_of(held, key_of(edit)) if edit and may_review else None
    turning = Turning(opened, here, "pages" if as_pages else "text")
    return render(
        request,
        "document.html",
        status,
        record=record,
        v=held,
        reviewed=opened.reviewed,
        said=tuple(reversed(opened.reviewed.standing))[:history],
        pictures=pictures,
        turning=turning,
        asked=asked_for(record, place),
        pages=pages,
        pieces=text,
        may_review=may_review,
        editing=editing,
        many=editing is not None and is_many(editing.key),
        given=given,
        labels=LABELS,
        problem=problem,
        has_source=source_path(desk.out, document_id) is not None,
    )


def _part(opened: Opened, number: int | None, place: tuple[int, int] | None, key: Key) -> Part:
    """The part asked for by number, else that of a place, else that of a value."""
    if number is not None:
        return opened.parts[min(max(number, 1), len(opened.parts)) - 1]
    return part_at(opened.parts, place[0]) if place else opened.part_of(key)


def _place(at: str, length: int) -> tuple[int, int] | None:
    match = _AT.fullmatch(at)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None


def value_of(view: DocumentView, key: Key) -> Value | None:
    """The value with this key, also an empty one."""
    values = [*view.header, *view.empty, *view.figures, *view.references]
    values += [v for t in view.tasks for v in (t.whole, *t.fields, *t.empty)]
    values += [s.whole for group in view.groups for s in group.statements]
    return next((value for value in values if value.key == key), None)


@router.get("/documents/{document}/pages/{number}")
def page_picture(request: Request, document: str, number: int) -> Response:
    """The picture of a page, drawn the first time somebody looks at it."""
    document_id = document_id_of(request, document)
    if not 1 <= number <= _MOST_PAGES:
        return Response(status_code=404)
    try:
        path = cached_picture(desk_of(request).out, document_id, number)
    except InputError:
        path = None
    if path is None:
        return Response(status_code=404)
    # on a shared machine the guard says "no-store": who comes next may not find it in the cache
    kept = {} if desk_of(request).mode == "login" else {"Cache-Control": "private, max-age=86400"}
    return FileResponse(path, media_type="image/webp", headers=kept)


@router.get("/documents/{document}/source")
def source_file(request: Request, document: str) -> Response:
    """The bytes as they came in, to be saved, never shown by the browser."""
    document_id = document_id_of(request, document)
    out = desk_of(request).out
    path = source_path(out, document_id)
    if path is None:
        return Response(status_code=404)
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=f"{document_id[:12]}{path.suffix}",
        content_disposition_type="attachment",
    )
