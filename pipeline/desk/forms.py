"""Forms that were sent: read within a limit, and only with the token this visitor was given."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from pipeline.desk.state import ForbiddenError, desk_of

MAX_FORM = 256 << 10
MAX_FIELDS = 500
TOKEN_FIELD = "csrf"
TOKEN_HEADER = "x-csrf-token"


class Fields:
    """The fields of a form; a field may be there several times."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        """`values` are as `urllib.parse.parse_qs` gives them."""
        self._values = values

    def get(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        return self._values.get(name, [default])[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(self._values.get(name, ()))


async def checked_form(request: Request) -> Fields:
    """The fields of a form that this visitor's own page has sent.

    Raises:
        ForbiddenError: the token is missing or of another visitor, another site has sent it, or
            the form is too long.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForbiddenError("forbidden-form")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise ForbiddenError("forbidden-long")
    try:
        values = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise ForbiddenError("forbidden-form") from error
    fields = Fields(values)
    token = request.headers.get(TOKEN_HEADER) or fields.get(TOKEN_FIELD)
    if not desk_of(request).sessions.is_form_token(request.state.sid, token):
        raise ForbiddenError("forbidden-form")
    return fields


CheckedForm = Annotated[Fields, Depends(checked_form)]
"""Annotate a parameter of a POST page with it: the form is read and its token checked."""
