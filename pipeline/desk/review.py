"""Review: what people say of values, the queue of what is worth a look, and lost corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from pipeline.desk.document import document_id_of, show
from pipeline.desk.document_view import dom_of, key_of
from pipeline.desk.forms import CheckedForm, Fields
from pipeline.desk.state import desk_of, reviewer
from pipeline.desk.users import User
from pipeline.desk.view import language_of, redirect, render, with_query
from pipeline.messages import say
from pipeline.record import Record
from pipeline.review import edits
from pipeline.review.edits import EditError, Said
from pipeline.review.entries import Correction
from pipeline.review.log import append
from pipeline.review.reviewed import Key, Reviewed
from pipeline.store import index
from pipeline.store.reviews import queue, reviewed_record
from pipeline.store.schema import open_reader

router = APIRouter(include_in_schema=False)
Reviewer = Annotated[User, Depends(reviewer)]
_PAGE, _RECORDS = 50, 20
"""Documents of a page of the queue, and of a page for which each record is read."""


@router.post("/documents/{document}/review")
def say_something(request: Request, document: str, form: CheckedForm, user: Reviewer) -> Response:
    """Keep what a person said; the page again, at the value it is about."""
    document_id = document_id_of(request, document)
    desk = desk_of(request)
    opened = desk.shelf.open(desk.out, document_id)
    reviewed = opened.reviewed
    action, _, address = form.get("do").partition(" ")
    key = key_of(address or form.get("key"))
    try:
        correction = _ACTIONS.get(action, _unknown)(reviewed, key, form)
    except EditError as error:
        problem = say(f"review.{error.code}", language_of(request), **error.slots)
        return show(
            request,
            document_id,
            view=form.get("view"),
            edit=address or form.get("key"),
            part=_offset(form.all("part"), -1),
            problem=problem,
            given=form.all("words"),
            status=422,
        )
    desk.audit(user.name, f"review-{action}", document=document_id, value=address[:200])
    append(desk.out, document_id, [correction], by=user.name)
    if len(opened.parts) > 1:
        desk.later.update(desk.out, document_id)
    else:
        index.update(desk.out, [document_id])
    return redirect(_back(document_id, form, key, correction))


Maker = Callable[[Reviewed, Key, Fields], Correction]


def _accept(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    return edits.accept(reviewed.record, key)


def _reject(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    return edits.reject(reviewed.record, key)


def _correct(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    starts, ends = form.all("start"), form.all("end")
    said = []
    for number, words in enumerate(form.all("words")):
        start, end = _offset(starts, number), _offset(ends, number)
        whole = start is not None and end is not None
        said.append(Said(words, start if whole else None, end if whole else None))
    return edits.correct(reviewed.record, key, said)


def _label(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    """A label for a statement ("key" is its key, the field the label), or for a selection."""
    record, label = reviewed.record, key.field or form.get("label")
    if key.kind == "statement" and key.id:
        return edits.correct(record, Key("statement", key.id, "label"), [Said(label)])
    return edits.add_statement(record, *_selection(record, form), label)


def _add_task(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    record = reviewed.record
    if key.kind == "statement" and key.id:
        statement = edits.item_of(record, key)
        return edits.add_task(record, statement.start, statement.end)
    return edits.add_task(record, *_selection(record, form))


def _undo(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    """Take back the entry named, or the last one that holds."""
    held = [entry.id for entry in reviewed.standing]
    wanted = key.id or (held[-1] if held else "")
    if wanted not in held:
        raise EditError("edit-no-entry", entry=wanted)
    return edits.undo(wanted)


def _unknown(reviewed: Reviewed, key: Key, form: Fields) -> Correction:
    raise EditError("edit-no-item")


_ACTIONS: dict[str, Maker] = {
    "accept": _accept,
    "reject": _reject,
    "correct": _correct,
    "label": _label,
    "task": _add_task,
    "undo": _undo,
}


def _offset(values: tuple[str, ...], number: int) -> int | None:
    text = values[number] if -len(values) <= number < len(values) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _selection(record: Record, form: Fields) -> tuple[int, int]:
    """The selected span; its words must be those that the person saw."""
    start, end = _offset(form.all("start"), -1), _offset(form.all("end"), -1)
    words = form.get("selected")
    if start is None or end is None:
        raise EditError("edit-no-selection")
    if words and " ".join(record.text[start:end].split()) != " ".join(words.split()):
        raise EditError("edit-no-selection")
    return start, end


def _back(document_id: str, form: Fields, key: Key, correction: Correction) -> str:
    view, part = form.get("view"), _offset(form.all("part"), -1)
    shown = {"view": view if view in ("pages", "text") else None, "part": part if part else None}
    if key.kind == "statement":
        key = key._replace(field=None)
    place = "#main" if key.kind in ("document", "entry") or not key.id else "#" + dom_of(key)
    if correction.action == "undo":
        place = "#history"
    return with_query(f"/documents/{document_id}", shown) + place


@router.get("/review")
def queue_page(request: Request, page: Annotated[int, Query(ge=1, le=2000)] = 1) -> Response:
    """Documents by what a look at them is worth."""
    with closing(open_reader(desk_of(request).out)) as connection:
        found = queue(
            connection,
            dt.date.today(),
            include_secret=bool(request.state.include_secret),
            limit=_PAGE + 1,
            offset=(page - 1) * _PAGE,
        )
    return render(
        request,
        "review.html",
        items=found.items[:_PAGE],
        waiting=found.waiting,
        done=found.done,
        page=page,
        more=len(found.items) > _PAGE,
    )


@router.get("/review/next")
def next_document(request: Request, after: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The document whose look is worth most, but not the one just seen."""
    with closing(open_reader(desk_of(request).out)) as connection:
        found = queue(
            connection,
            dt.date.today(),
            include_secret=bool(request.state.include_secret),
            limit=1,
            without=after,
        )
    return redirect(f"/documents/{found.items[0].document_id}" if found.items else "/review")


@router.get("/review/orphans")
def orphans_page(request: Request, page: Annotated[int, Query(ge=1, le=2000)] = 1) -> Response:
    """Corrections that have no place in the present reading of their document."""
    desk, secret = desk_of(request), int(bool(request.state.include_secret))
    with closing(open_reader(desk.out)) as connection:
        rows = connection.execute(
            "SELECT d.document_id, d.code, d.title, d.source_name FROM reviews r"
            " JOIN documents d ON d.rid = r.doc WHERE r.orphans > 0 AND d.secret <= ?"
            " ORDER BY d.document_id LIMIT ? OFFSET ?",
            (secret, _RECORDS + 1, (page - 1) * _RECORDS),
        ).fetchall()
        known = connection.execute(
            "SELECT count(*) FROM reviews r JOIN documents d ON d.rid = r.doc"
            " WHERE r.entries > 0 AND d.secret <= ?",
            (secret,),
        ).fetchone()[0]
    lost = [
        (dict(row), reviewed_record(desk.out, row["document_id"]).orphans)
        for row in rows[:_RECORDS]
    ]
    return render(
        request,
        "review_orphans.html",
        lost=lost,
        known=known,
        page=page,
        more=len(rows) > _RECORDS,
    )
