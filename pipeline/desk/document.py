"""The document page: the source on the left, what was understood of it on the right."""

from __future__ import annotations

import re
from contextlib import closing
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from pipeline.desk.document_boxes import layout_of
from pipeline.desk.document_text import pieces
from pipeline.desk.document_view import DocumentView, Value, is_many, key_of, marks_of, view_of
from pipeline.desk.document_view import page_views as views_of_pages
from pipeline.desk.pages_cache import cached_picture, has_pictures
from pipeline.desk.state import current_user, desk_of
from pipeline.desk.view import language_of, render
from pipeline.errors import InputError
from pipeline.messages import say
from pipeline.review.apply import Key
from pipeline.review.edits import LABELS
from pipeline.store.files import source_path
from pipeline.store.lookup import find_document
from pipeline.store.reviews import reviewed_record
from pipeline.store.schema import open_reader

router = APIRouter(include_in_schema=False)
_AT = re.compile(r"(\d{1,9})-(\d{1,9})")
_MOST_PAGES = 100_000
View = Literal["pages", "text"]


@router.get("/documents/{document}")
def document_page(
    request: Request,
    document: str,
    view: View | None = None,
    at: Annotated[str, Query(max_length=40)] = "",
    edit: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """One document by id, start of its id, or number."""
    return show(request, document_id_of(request, document), view=view, at=at, edit=edit)


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
    problem: str = "",
    given: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    """The page; with `problem` when what was sent cannot be kept, and what was `given` then."""
    out = desk_of(request).out
    reviewed = reviewed_record(out, document_id)
    record = reviewed.record
    pictures = has_pictures(out, document_id, record.source.media_type)
    shown_as = view if view in ("pages", "text") and pictures else "pages" if pictures else "text"
    place = _place(at, len(record.text))
    held = view_of(reviewed)
    marks = marks_of(held, partial(say, language=language_of(request)))
    given_view: dict[str, Any] = {
        "pages": views_of_pages(record, marks, layout_of(out, record), place)
        if shown_as == "pages"
        else (),
        "pieces": tuple(pieces(record.text, marks, place)) if shown_as == "text" else (),
    }
    editing = value_of(held, key_of(edit)) if edit and _may_review(request) else None
    return render(
        request,
        "document.html",
        status,
        record=record,
        v=held,
        reviewed=reviewed,
        pictures=pictures,
        shown_as=shown_as,
        may_review=_may_review(request),
        editing=editing,
        many=editing is not None and is_many(editing.key),
        given=given,
        labels=LABELS,
        problem=problem,
        has_source=source_path(out, document_id) is not None,
        **given_view,
    )


def _may_review(request: Request) -> bool:
    return current_user(request).role == "reviewer"


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
