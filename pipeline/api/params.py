"""What requests may ask: the filters of the command line as query parameters."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.record import Family, Label
from pipeline.register import DueState
from pipeline.store.passages import PassageUnit, Quality
from pipeline.store.query import Facet, Query, Sort
from pipeline.store.tasks import GroupBy, TaskQuery

ISO_PART = r"^\d{4}(-\d\d(-\d\d)?)?$"
ResponseFormat = Literal["json", "jsonl", "csv"]
Names = list[str]
MAX_NAMES = 20


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: ResponseFormat = Field("json", description="jsonl and csv stream all matches.")


class SearchParams(_Params):
    """Filters of statements and passages."""

    q: str = Field("", max_length=2000, examples=["hồ sơ quá hạn", 'label:task "một cửa"'])
    kind: Names = Field(default_factory=list, max_length=MAX_NAMES, examples=[["TB"]])
    label: list[Label] = Field(default_factory=list, max_length=MAX_NAMES)
    unit: list[PassageUnit] = Field(default_factory=list, max_length=MAX_NAMES)
    family: list[Family] = Field(default_factory=list, max_length=MAX_NAMES)
    quality: list[Quality] = Field(default_factory=list, max_length=MAX_NAMES)
    agency: Names = Field(default_factory=list, max_length=MAX_NAMES, examples=[["Sở Y tế"]])
    place: Names = Field(default_factory=list, max_length=MAX_NAMES)
    signer: Names = Field(default_factory=list, max_length=MAX_NAMES)
    topic: Names = Field(default_factory=list, max_length=MAX_NAMES)
    number: str | None = Field(None, max_length=200, examples=["229/TB-STNMT"])
    date_from: str | None = Field(None, pattern=ISO_PART, examples=["2023-05"])
    date_to: str | None = Field(None, pattern=ISO_PART)
    due_from: dt.date | None = None
    due_before: dt.date | None = None
    has_deadline: bool = False
    overdue_on: dt.date | None = None
    sort: Sort = "best"
    limit: int = Field(20, ge=1, le=1000)
    cursor: str | None = Field(None, max_length=400)

    def query(self, *, include_secret: bool, facets: tuple[Facet, ...] = ()) -> Query:
        """The query these parameters mean."""
        return Query(
            text=self.q,
            kinds=tuple(self.kind),
            labels=tuple(self.label),
            units=tuple(self.unit),
            families=tuple(self.family),
            qualities=tuple(self.quality),
            agencies=tuple(self.agency),
            places=tuple(self.place),
            signers=tuple(self.signer),
            topics=tuple(self.topic),
            number=self.number,
            dated_from=self.date_from,
            dated_to=self.date_to,
            due_from=self.due_from,
            due_before=self.due_before,
            has_deadline=self.has_deadline,
            overdue_on=self.overdue_on,
            include_secret=include_secret,
            sort=self.sort,
            limit=self.limit,
            cursor=self.cursor,
            facets=facets,
        )


class FacetParams(SearchParams):
    """What to count by."""

    by: list[Facet] = Field(["kind", "label"], max_length=9)


class TaskParams(_Params):
    """Filters of tasks."""

    q: str = Field("", max_length=2000)
    assignee: Names = Field(default_factory=list, max_length=MAX_NAMES, examples=[["Văn phòng Sở"]])
    assigner: Names = Field(default_factory=list, max_length=MAX_NAMES)
    coordinator: Names = Field(default_factory=list, max_length=MAX_NAMES)
    monitor: Names = Field(default_factory=list, max_length=MAX_NAMES)
    kind: Names = Field(default_factory=list, max_length=MAX_NAMES)
    label: list[Label] = Field(default_factory=list, max_length=MAX_NAMES)
    topic: Names = Field(default_factory=list, max_length=MAX_NAMES)
    agency: Names = Field(default_factory=list, max_length=MAX_NAMES)
    place: Names = Field(default_factory=list, max_length=MAX_NAMES)
    commitment: bool | None = None
    number: str | None = Field(None, max_length=200)
    date_from: str | None = Field(None, pattern=ISO_PART)
    date_to: str | None = Field(None, pattern=ISO_PART)
    due_from: dt.date | None = None
    due_before: dt.date | None = None
    has_deadline: bool = False
    overdue: bool = False
    state: list[DueState] = Field(default_factory=list, max_length=MAX_NAMES)
    document: str | None = Field(None, pattern=r"^[0-9a-f]{4,64}$", description="Its id.")
    as_of: dt.date | None = Field(None, description="The day to look from; today.")
    sort: Literal["due", "newest"] = "due"
    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = Field(None, max_length=400)

    def query(self, *, include_secret: bool) -> TaskQuery:
        """The query these parameters mean."""
        return TaskQuery(
            text=self.q,
            assignees=tuple(self.assignee),
            assigners=tuple(self.assigner),
            coordinators=tuple(self.coordinator),
            monitors=tuple(self.monitor),
            kinds=tuple(self.kind),
            labels=tuple(self.label),
            topics=tuple(self.topic),
            agencies=tuple(self.agency),
            places=tuple(self.place),
            commitment=self.commitment,
            number=self.number,
            dated_from=self.date_from,
            dated_to=self.date_to,
            due_from=self.due_from,
            due_before=self.due_before,
            has_deadline=self.has_deadline,
            overdue=self.overdue,
            states=tuple(self.state),
            document_id=self.document,
            as_of=self.as_of or dt.date.today(),
            include_secret=include_secret,
            sort=self.sort,
            limit=self.limit,
            cursor=self.cursor,
        )


class TaskCountParams(TaskParams):
    """What to count tasks by."""

    by: GroupBy = "assignee"


class DocumentParams(_Params):
    """Filters of documents."""

    kind: Names = Field(default_factory=list, max_length=MAX_NAMES)
    family: list[Family] = Field(default_factory=list, max_length=MAX_NAMES)
    agency: Names = Field(default_factory=list, max_length=MAX_NAMES)
    place: Names = Field(default_factory=list, max_length=MAX_NAMES)
    number: str | None = Field(None, max_length=200)
    date_from: str | None = Field(None, pattern=ISO_PART)
    date_to: str | None = Field(None, pattern=ISO_PART)
    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = Field(None, max_length=400)

    def query(self, *, include_secret: bool) -> Query:
        """The same as a search of title passages, of which each document has one."""
        return Query(
            kinds=tuple(self.kind),
            families=tuple(self.family),
            agencies=tuple(self.agency),
            places=tuple(self.place),
            number=self.number,
            dated_from=self.date_from,
            dated_to=self.date_to,
            units=("title",),
            include_secret=include_secret,
            limit=self.limit,
            cursor=self.cursor,
        )


class ChangeParams(BaseModel):
    """Where to go on."""

    model_config = ConfigDict(extra="forbid")

    since: str | None = Field(None, max_length=80, description="Cursor of the last change read.")
    limit: int = Field(100, ge=1, le=1000)
    format: Literal["json", "jsonl"] = "json"
