"""What was understood: the record that one document becomes.

The field names are the interface of docs/schema/record.schema.json. Adding a field is a minor
version, renaming or removing one a major version. Two promises hold for each record and are checked
on every write by `verify`: every quoted value is verbatim, and `text` holds all that was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import ConfigDict, Field

from pipeline.document import BlockKind, Box, Frozen, PageSource
from pipeline.errors import NotVerbatimError, SchemaVersionError

SCHEMA = "congvan.record"
SCHEMA_VERSION = "1.0.0"

T = TypeVar("T")

Family = Literal["state", "party", "union", "news", "unknown"]
Label = Literal["achievement", "shortcoming", "task", "cause", "proposal", "context"]
Role = Literal["achievement", "shortcoming", "task", "cause", "proposal", "mixed", "other"]
Severity = Literal["info", "warning", "error"]
DeadlineKind = Literal["date", "period", "recurring", "relative", "event"]
FigureKind = Literal["count", "percent", "money", "ratio", "duration", "rank", "area", "other"]
Comparator = Literal["eq", "ge", "le", "gt", "lt", "approx"]
MentionType = Literal["agency", "group", "person", "position", "place"]


class Found(Frozen, Generic[T]):
    """A value with the words it was read from: `text[start:end] == quote`.

    `origin` names the rule or model ("rule:header.number"); "inferred:..." marks a value that is
    not printed but follows from the quoted evidence.
    """

    value: T
    start: int
    end: int
    quote: str
    origin: str
    confidence: float = 1.0
    inherited: bool = False


class Source(Frozen):
    """The bytes a record was made from."""

    name: str
    media_type: str
    bytes: int
    sha256: str


class RecordPage(Frozen):
    """A page of the source: its span of the text, and how sure the reading is (0 to 1)."""

    number: int
    start: int
    end: int
    source: PageSource
    width: float | None = None
    height: float | None = None
    confidence: float | None = None


class RecordBlock(Frozen):
    """A piece of the page, boilerplate included: nothing of the text is dropped."""

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    label: str | None = None


class Header(Frozen):
    """Thể thức: what the document says of itself (Nghị định 30/2020/NĐ-CP, Điều 8)."""

    kind: Found[str] | None = Field(None, title="Tên loại (mã)")
    number: Found[str] | None = Field(None, title="Số")
    symbol: Found[str] | None = Field(None, title="Ký hiệu")
    issued_on: Found[str] | None = Field(None, title="Ngày ban hành")
    place: Found[str] | None = Field(None, title="Địa danh")
    issuer: Found[str] | None = Field(None, title="Cơ quan ban hành")
    parent_agency: Found[str] | None = Field(None, title="Cơ quan chủ quản")
    title: Found[str] | None = Field(None, title="Trích yếu")
    signer: Found[str] | None = Field(None, title="Người ký")
    signer_title: Found[str] | None = Field(None, title="Chức vụ người ký")
    authority: Found[str] | None = Field(None, title="Thẩm quyền ký (TM., KT., TL., TUQ., Q.)")
    urgency: Found[str] | None = Field(None, title="Độ khẩn")
    secrecy: Found[str] | None = Field(None, title="Độ mật")
    addressees: tuple[Found[str], ...] = Field((), title="Kính gửi")
    recipients: tuple[Found[str], ...] = Field((), title="Nơi nhận")
    author: Found[str] | None = Field(None, title="Tác giả (tin, bài)")
    published_on: Found[str] | None = Field(None, title="Ngày đăng (tin, bài)")
    event_on: Found[str] | None = Field(None, title="Ngày diễn ra (tin, bài)")
    code: str | None = Field(None, title="Số và ký hiệu")
    nulls: dict[str, str] = Field(default_factory=dict, title="Lý do giá trị trống")
    """Why a field is null: absent, blank, handwritten, unreadable or ambiguous."""


class Section(Frozen):
    """A part of the body under a heading (Phần, Chương, Mục, Điều, I., 1., a))."""

    id: str
    parent: str | None = None
    level: int
    label: str | None = None
    title: str
    role: Role
    start: int
    end: int


class Statement(Frozen):
    """One sentence or list item and what it is. Ids come from the folded quote."""

    id: str
    label: Label
    also: Label | None = None
    start: int
    end: int
    quote: str
    section: str | None = None
    speaker: Found[str] | None = None
    confidence: float
    origin: str


class Span(Frozen):
    """Half-open code-point offsets into the text."""

    start: int
    end: int


class Deadline(Frozen):
    """Thời hạn.

    `value` by kind: ISO date or time; last day of a period; RRULE body; ISO duration and anchor
    ("P15D after receipt"); the words of the event.
    """

    kind: DeadlineKind
    value: str
    raw: str
    start: int
    end: int
    origin: str


class Task(Frozen):
    """Nhiệm vụ: one act that somebody is to do, with who assigned it, who does it and by when."""

    id: str
    kind: Literal["assigned", "commitment"]
    start: int
    end: int
    quote: str
    statements: tuple[str, ...]
    action: str
    parts: tuple[Span, ...] | None = None
    assigner: Found[str] | None = None
    assignees: tuple[Found[str], ...] = ()
    coordinators: tuple[Found[str], ...] = ()
    monitors: tuple[Found[str], ...] = ()
    report_to: tuple[Found[str], ...] = ()
    deadline: Deadline | None = None
    urgency: str | None = None
    product: Found[str] | None = None
    topic: str | None = None
    references: tuple[str, ...] = ()


class Change(Frozen):
    """A change that a figure states: up or down, by how much, against what."""

    direction: Literal["up", "down"]
    amount: str | None = None
    base: str | None = None


class Period(Frozen):
    """The time a figure covers; ISO dates, null where the text leaves an end open."""

    start: str | None = None
    end: str | None = None
    label: str | None = None


class Figure(Frozen):
    """Số liệu: digits in full with "." as decimal point (`hơn 62 tỷ đồng` is 62000000000, gt)."""

    value: str
    value_max: str | None = None
    unit: str | None = None
    kind: FigureKind
    metric: str | None = None
    subject: str | None = None
    period: Period | None = None
    comparator: Comparator = "eq"
    change: Change | None = None
    start: int
    end: int
    quote: str


class Reference(Frozen):
    """Văn bản viện dẫn: a document cited by number."""

    code: str
    kind: str | None = None
    date: str | None = None
    start: int
    end: int
    quote: str


class Mention(Frozen):
    """A body, group, person, position or place named in the text."""

    type: MentionType
    value: str
    entity: str | None = None
    start: int
    end: int
    quote: str


class Issue(Frozen):
    """Something a careful archivist would flag. Checks report, they never repair."""

    code: str
    severity: Severity
    message: str
    start: int | None = None
    end: int | None = None


class Provenance(Frozen):
    """What made the record: versions of code, models, configuration; no times or machines."""

    congvan: str
    models: dict[str, str] = Field(default_factory=dict)
    ocr: dict[str, str] | None = None
    config: str


class Record(Frozen):
    """Everything one document says, in one deterministic JSON file."""

    schema_name: Literal["congvan.record"] = Field("congvan.record", alias="schema")
    schema_version: str = SCHEMA_VERSION
    id: str
    source: Source
    status: Literal["success", "partial"]
    family: Family
    text: str
    pages: tuple[RecordPage, ...]
    blocks: tuple[RecordBlock, ...]
    header: Header
    sections: tuple[Section, ...] = ()
    statements: tuple[Statement, ...] = ()
    tasks: tuple[Task, ...] = ()
    figures: tuple[Figure, ...] = ()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    issues: tuple[Issue, ...] = ()
    provenance: Provenance

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )


def to_json(record: Record) -> bytes:
    """The record as deterministic UTF-8 JSON: sorted keys, two spaces, one final newline."""
    content = record.model_dump(mode="json", by_alias=True)
    for task in content["tasks"]:
        if task["parts"] is None:
            del task["parts"]
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def from_json(data: bytes | str) -> Record:
    """A record from its JSON.

    Raises:
        SchemaVersionError: the file was written by a newer major version.
        pydantic.ValidationError: the JSON is not a record.
    """
    content = json.loads(data)
    version = str(content.get("schema_version", ""))
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise SchemaVersionError(found=version or "none", supported=SCHEMA_VERSION)
    return Record.model_validate(content)


def quoted(record: Record) -> Iterator[tuple[str, int, int, str]]:
    """Every (path, start, end, quote) of the record, deadlines (`raw`) included."""

    def walk(value: Any, path: str) -> Iterator[tuple[str, int, int, str]]:
        if isinstance(value, tuple):
            for index, inner in enumerate(value):
                yield from walk(inner, f"{path}[{index}]")
        elif isinstance(value, Frozen):
            names, words_name = _fields_that_quote(type(value))
            words = getattr(value, words_name) if words_name else None
            if isinstance(words, str) and getattr(value, "start", None) is not None:
                yield path, value.start, value.end, words  # type: ignore[attr-defined]
            for name in names:
                inner = getattr(value, name)
                if inner.__class__ is not str and inner:
                    yield from walk(inner, f"{path}.{name}" if path else name)

    yield from walk(record, "")


@cache
def _fields_that_quote(model: type) -> tuple[tuple[str, ...], str | None]:
    """Names of the fields that hold models with quotes, and of the one that is the quote."""
    if not issubclass(model, Frozen):
        return (), None
    fields = model.model_fields
    names = tuple(name for name, field in fields.items() if _quotes(field.annotation, {model}))
    return names, next((name for name in ("quote", "raw") if name in fields), None)


def _quotes(annotation: Any, seen: set[Any]) -> bool:
    """Whether what is annotated so can hold a quote; `seen` are models that are being asked."""
    parts = get_args(annotation)
    if parts and get_origin(annotation) is not Literal:
        return any(_quotes(part, seen) for part in parts)
    if not (isinstance(annotation, type) and issubclass(annotation, Frozen)):
        return False
    fields = annotation.model_fields
    return (
        annotation in seen
        or not fields.keys().isdisjoint(("quote", "raw"))
        or any(_quotes(field.annotation, {*seen, annotation}) for field in fields.values())
    )


def verify(record: Record) -> None:
    """Check the verbatim promise.

    Raises:
        NotVerbatimError: a quote differs from its span of the text; names the first such path.
    """
    if _is_verbatim(record, record.text):
        return
    for path, start, end, quote in quoted(record):
        if not 0 <= start < end <= len(record.text) or record.text[start:end] != quote:
            raise NotVerbatimError(record_id=record.id, path=path)


def _is_verbatim(record: Record, text: str) -> bool:
    """The walk of `quoted` without paths: nearly every record passes.

    The values of one field are of one kind."""
    size = len(text)
    waiting: list[tuple[Any, ...]] = [(record,)]
    for values in waiting:  # which grows
        names, words_name = _fields_that_quote(values[0].__class__)
        for value in values:
            facts = value.__dict__
            words = facts[words_name] if words_name else None
            if words is not None and (start := facts["start"]) is not None:
                end: int = facts["end"]
                if not 0 <= start < end <= size or text[start:end] != words:
                    return False
            for name in names:
                inner = facts[name]
                if inner:
                    waiting.append(inner if inner.__class__ is tuple else (inner,))
    return True
