"""Opaque cursors of pages: where a page ended, and a mark of the query it belongs to."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from hashlib import blake2b

from pipeline.store.problems import query_error

Place = list[object]


def write_cursor(query: str, place: Sequence[object]) -> str:
    """A cursor for `place` in the answer of `query` (its JSON without cursor and limit)."""
    content = json.dumps([_mark(query), *place]).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(cursor: str, query: str, kinds: Sequence[type]) -> Place:
    """The place of a cursor, its values of the given types.

    Raises:
        QueryError: the cursor is damaged or of another query.
    """
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise query_error("cursor-damaged") from error
    if not isinstance(content, list) or len(content) != len(kinds) + 1:
        raise query_error("cursor-damaged")
    if content[0] != _mark(query):
        raise query_error("cursor-other")
    if any(type(value) is not kind for value, kind in zip(content[1:], kinds, strict=True)):
        raise query_error("cursor-damaged")
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in content[1:]):
        raise query_error("cursor-damaged")
    return content[1:]


def _mark(query: str) -> str:
    return blake2b(query.encode(), digest_size=6).hexdigest()
