"""What requests may ask: the filters of the command line as query parameters."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.record import Family, Label
from pipeline.register import DueState
from pipeline.store.passages import PassageUnit, Quality
from pipeline.store.query import FIELD_NAMES, DayPart, Facet, Query, Sort, iso_day
from pipeline.store.tasks import GroupBy, TaskQuery


def _iso(value: object) -> object:
    return iso_day(value) if isinstance(value, str) else value


TypedPart = Annotated[
    DayPart,
    BeforeValidator(_iso),
    Field(description="2025-12-31 or 31/12/2025; a month or a year will do."),
]
Day = Annotated[dt.date, BeforeValidator(_iso), Field(description="2025-12-31 or 31/12/2025.")]
"""Days in every form that the command line takes."""
ResponseFormat = Literal["json", "jsonl", "csv"]
Names = list[str]
MAX_NAMES = 20


def _names(*examples: str) -> Any:
    shown = [list(examples)] if examples else None
    return Field(default_factory=list, max_length=MAX_NAMES, examples=shown)


class _Params(BaseModel):
    """What all lists of documents and passages can be filtered by."""

    model_config = ConfigDict(extra="forbid")

    kind: Names = _names("TB")
    agency: Names = _names("Sở Y tế")
    place: Names = _names()
    number: str | None = Field(None, max_length=200, examples=["229/TB-STNMT"])
    date_from: TypedPart | None = Field(None, examples=["2023-05"])
    date_to: TypedPart | None = None
    cursor: str | None = Field(None, max_length=400)
    format: ResponseFormat = Field("json", description="jsonl and csv stream all matches.")

    def filters(self, query: type[BaseModel]) -> dict[str, object]:
        """The values given, by the names of the fields of `query`; what it has none for is left."""
        named = {
            FIELD_NAMES.get(name, name): value
            for name, value in self.model_dump(exclude_none=True).items()
        }
        return {name: value for name, value in named.items() if name in query.model_fields}


class _StatementParams(_Params):
    """What statements and tasks can be filtered by."""

    q: str = Field("", max_length=2000, examples=["hồ sơ quá hạn", 'label:task "một cửa"'])
    label: list[Label] = _names()
    topic: Names = _names()
    due_from: Day | None = None
    due_before: Day | None = None
    has_deadline: bool = False


class SearchParams(_StatementParams):
    """Filters of statements and passages."""

    unit: list[PassageUnit] = _names()
    family: list[Family] = _names()
    quality: list[Quality] = _names()
    signer: Names = _names()
    overdue_on: Day | None = None
    sort: Sort = "best"
    limit: int = Field(20, ge=1, le=1000)

    def query(self, *, include_secret: bool, **changes: object) -> Query:
        """The query these parameters mean."""
        values = self.filters(Query) | changes | {"include_secret": include_secret}
        return Query.model_validate(values)


class FacetParams(SearchParams):
    """What to count by."""

    by: list[Facet] = Field(["kind", "label"], max_length=9)


class TaskParams(_StatementParams):
    """Filters of tasks."""

    assignee: Names = _names("Văn phòng Sở")
    assigner: Names = _names()
    coordinator: Names = _names()
    monitor: Names = _names()
    commitment: bool | None = None
    overdue: bool = False
    state: list[DueState] = _names()
    document: str | None = Field(None, pattern=r"^[0-9a-f]{4,64}$", description="Its id.")
    as_of: Day | None = Field(None, description="The day to look from; today.")
    sort: Literal["due", "newest"] = "due"
    limit: int = Field(50, ge=1, le=1000)

    def query(self, *, include_secret: bool) -> TaskQuery:
        """The query these parameters mean."""
        day = self.as_of or dt.date.today()
        return TaskQuery.model_validate(
            self.filters(TaskQuery) | {"as_of": day, "include_secret": include_secret}
        )


class TaskCountParams(TaskParams):
    """What to count tasks by."""

    by: GroupBy = "assignee"


class DocumentParams(_Params):
    """Filters of documents."""

    family: list[Family] = _names()
    limit: int = Field(50, ge=1, le=1000)

    def query(self, *, include_secret: bool) -> Query:
        """The same as a search of title passages, of which each document has one."""
        return Query.model_validate(
            self.filters(Query) | {"units": ("title",), "include_secret": include_secret}
        )


class ChangeParams(BaseModel):
    """Where to go on."""

    model_config = ConfigDict(extra="forbid")

    since: str | None = Field(None, max_length=80, description="Cursor of the last change read.")
    limit: int = Field(100, ge=1, le=1000)
    format: Literal["json", "jsonl"] = "json"
