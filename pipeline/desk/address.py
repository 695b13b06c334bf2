"""What the address of a page asks for: read kindly, checked strictly, and links that change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, get_origin

from fastapi import Request
from pydantic import BaseModel, ValidationError

from pipeline.desk.view import with_query
from pipeline.store.problems import filter_error
from pipeline.store.query import iso_day

Params = TypeVar("Params", bound=BaseModel)
Values = dict[str, list[str]]
_TYPED_DAY = re.compile(r"\s*\d{1,2}/(\d{1,2}/)?\d{4}\s*")


def read_params(request: Request, model: type[Params], own: tuple[str, ...] = ()) -> Params:
    """The query of the address as `model`. Fields left empty in a form count as not there; days
    may be typed 31/12/2025. `own` are parameters of the page itself.

    Raises:
        QueryError: a parameter has an impossible value, or is not known.
    """
    given: dict[str, object] = {}
    for name, values in values_of(request).items():
        field = model.model_fields.get(name)
        if field is None and name in own:
            continue
        is_list = field is not None and get_origin(field.annotation) is list
        read = [_read(value) if name in _DAYS else value for value in values]
        given[name] = read if is_list else read[-1]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][:1])
        raise filter_error(name, first) from error


_DAYS = ("as_of", "due_from", "due_before", "overdue_on", "date_from", "date_to")


def _read(value: str) -> str:
    return iso_day(value) if _TYPED_DAY.fullmatch(value) else value.strip()


def values_of(request: Request) -> Values:
    """The parameters of the address that are not empty."""
    found: Values = {}
    for name, value in request.query_params.multi_items():
        if value.strip():
            found.setdefault(name, []).append(value)
    return found


@dataclass(frozen=True)
class Links:
    """Addresses like this page's, with something changed; the list then starts anew."""

    path: str
    values: Mapping[str, list[str]]

    @classmethod
    def of(cls, request: Request, path: str) -> Links:
        """Links of the page at `path` with the parameters of this request."""
        kept = {k: v for k, v in values_of(request).items() if k not in ("cursor", "at", "format")}
        return cls(path, kept)

    def set(self, **changes: object) -> str:
        """This page with other values; None takes a parameter out."""
        return with_query(self.path, {**self.values, **changes})

    def toggle(self, name: str, value: str) -> str:
        """This page with `value` added to the parameter, or taken out when it is there."""
        held = self.values.get(name, [])
        changed = [v for v in held if v != value] if value in held else [*held, value]
        return with_query(self.path, {**self.values, name: changed})

    def has(self, name: str, value: str | None = None) -> bool:
        """Whether a parameter is there, or has this value."""
        held = self.values.get(name, [])
        return bool(held) if value is None else value in held

    def download(self, ending: str) -> str:
        """The whole list as a file, at the same address with an ending."""
        return with_query(f"{self.path}.{ending}", dict(self.values))

    def next(self, cursor: str, at: int) -> str:
        """The next page; `at` is how many items come before it."""
        return with_query(self.path, {**self.values, "cursor": cursor, "at": at})


def position(request: Request) -> int:
    """How many items come before this page, as the link to it said; only for show."""
    text = request.query_params.get("at", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
