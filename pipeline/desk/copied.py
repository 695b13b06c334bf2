"""Copies of a document, as the pages count them: once."""

from __future__ import annotations

import sqlite3

from fastapi import Request

from pipeline.bulk.copies import linked
from pipeline.desk.state import desk_of
from pipeline.desk.view import language_of
from pipeline.export.charts import number_text
from pipeline.messages import say
from pipeline.store.copies import Copies, copies


def copies_of(request: Request, connection: sqlite3.Connection) -> Copies:
    """What the documents of the store say again that are copies of another one."""
    desk, secret = desk_of(request), bool(request.state.include_secret)
    return desk.memory.get(
        connection,
        ("copies", secret),
        lambda: copies(connection, linked(desk.out), include_secret=secret),
    )


def counted_once(request: Request, held: Copies) -> str:
    """That copies count once; nothing where there are none."""
    language = language_of(request)
    count = number_text(held.count, language)
    return say("export.copies-once", language, count=count) if held.count else ""


def listed_each(request: Request, connection: sqlite3.Connection, ids: set[str]) -> str:
    """That some of these documents are copies of one another; nothing where none is."""
    pairs = linked(desk_of(request).out, ids)
    held = copies(connection, pairs, include_secret=bool(request.state.include_secret))
    return say("export.copies-listed", language_of(request), count=held.count) if held.count else ""
