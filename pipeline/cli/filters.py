"""The filters that `search` and `tasks` share: their options, and the query they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

Model = TypeVar("Model", bound="BaseModel")
Names = list[str] | None

LabelOption = Annotated[Names, typer.Option(help="task, shortcoming, achievement …")]
KindOption = Annotated[Names, typer.Option(help="Type of document: TB, KL, CV, QĐ, NEWS …")]
AgencyOption = Annotated[Names, typer.Option(help="Who issued the document, successors too.")]
PlaceOption = Annotated[Names, typer.Option(help="Place, old and new names.")]
TopicOption = Annotated[Names, typer.Option(help="Topic code.")]
NumberOption = Annotated[str | None, typer.Option(help="Number of the document.")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="Document from this day, month or year.")
]
ToOption = Annotated[str | None, typer.Option("--to", help="Document to this day, month or year.")]
DueFromOption = Annotated[str | None, typer.Option(help="Due on or after this day.")]
DueBeforeOption = Annotated[str | None, typer.Option(help="Due before this day.")]
DeadlineOption = Annotated[bool, typer.Option("--has-deadline", help="Only with a deadline.")]
OverdueOption = Annotated[bool, typer.Option("--overdue", help="Only overdue as of --as-of.")]
AsOfOption = Annotated[str | None, typer.Option(help="The day to look from; today.")]
CursorOption = Annotated[str | None, typer.Option(help="Next page.")]
SecretOption = Annotated[
    bool, typer.Option("--include-secret", help="Secret documents too; is logged.")
]
FailEmptyOption = Annotated[
    bool, typer.Option("--fail-empty", help="Exit code 4 when nothing is found.")
]


def query_of(model: type[Model], options: Mapping[str, object], **more: object) -> Model:
    """The query that the options of a command mean, by their names; those that are no filters and
    those that were not given are left out. `more` goes before the options.

    Raises:
        QueryError: a value is impossible; says which and why.
    """
    from pipeline.store.query import FIELD_NAMES, meant

    given: dict[str, Any] = {FIELD_NAMES.get(name, name): options[name] for name in options} | more
    for name in ("dated_from", "dated_to"):
        given[name] = period(given[name])
    for name in ("due_from", "due_before"):
        given[name] = day(given[name], f"--{name.replace('_', '-')}")
    given["labels"] = [meant("label", name) for name in given["labels"] or ()]
    fields = model.model_fields.keys()
    return _made(model, {k: v for k, v in given.items() if k in fields and v is not None})


def _made(model: type[Model], values: dict[str, Any]) -> Model:
    from pydantic import ValidationError

    from pipeline.store.problems import filter_error
    from pipeline.store.query import typed_name

    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise filter_error(typed_name(str(first["loc"][0])), first) from error


def period(value: str | None) -> str | None:
    """A day, month or year as typed, in ISO order."""
    from pipeline.store.query import iso_day

    return iso_day(value) if value else None


def day(value: str | None, option: str) -> dt.date | None:
    """A whole day as typed after `option`.

    Raises:
        QueryError: it is not a day.
    """
    from pipeline.store.problems import query_error

    if not value:
        return None
    try:
        return dt.date.fromisoformat(period(value) or "")
    except ValueError as error:
        raise query_error("day", field=option, value=value) from error


def as_of_day(value: str | None) -> dt.date:
    """The day that --as-of names; today when it is not given."""
    return day(value, "--as-of") or dt.date.today()
