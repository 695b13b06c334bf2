"""The tables that all derived forms share: search index, Parquet, SQL feeds, data dictionary.

One NamedTuple a table; the kind of each column stands at the field, so DDL, Parquet types and the
data dictionary come from one place. What the columns mean, in Vietnamese and English, is data:
models/lexicons/messages/columns.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

from pipeline.messages import Language
from pipeline.resources import lexicon

ColumnType = Literal["key", "code", "date", "text", "int", "real", "bool"]
"""key: an id; code: a short word or name (255 characters); date: ISO 8601 text, whole or part."""


class DocumentRow(NamedTuple):
    """One document: header values, source and reading quality."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    schema_version: Annotated[str, "code"]
    source_name: Annotated[str, "text"]
    media_type: Annotated[str, "code"]
    bytes: Annotated[int, "int"]
    family: Annotated[str, "code"]
    status: Annotated[str, "code"]
    kind: Annotated[str | None, "code"]
    number: Annotated[str | None, "code"]
    symbol: Annotated[str | None, "code"]
    code: Annotated[str | None, "code"]
    issued_on: Annotated[str | None, "date"]
    published_on: Annotated[str | None, "date"]
    dated_on: Annotated[str | None, "date"]
    year: Annotated[int | None, "int"]
    place: Annotated[str | None, "text"]
    issuer: Annotated[str | None, "text"]
    parent_agency: Annotated[str | None, "text"]
    title: Annotated[str | None, "text"]
    signer: Annotated[str | None, "text"]
    signer_title: Annotated[str | None, "text"]
    authority: Annotated[str | None, "text"]
    urgency: Annotated[str | None, "code"]
    secrecy: Annotated[str | None, "code"]
    author: Annotated[str | None, "text"]
    pages: Annotated[int, "int"]
    ocr_pages: Annotated[int, "int"]
    reading: Annotated[float | None, "real"]
    characters: Annotated[int, "int"]


class DocumentPartyRow(NamedTuple):
    """An addressee (Kính gửi) or recipient (Nơi nhận) of a document."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    role: Annotated[str, "code"]
    value: Annotated[str, "text"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class SectionRow(NamedTuple):
    """A headed part of the body."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    section_id: Annotated[str, "code"]
    parent_id: Annotated[str | None, "code"]
    level: Annotated[int, "int"]
    label: Annotated[str | None, "code"]
    title: Annotated[str, "text"]
    role: Annotated[str, "code"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class StatementRow(NamedTuple):
    """One sentence or list item and what it is."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    statement_id: Annotated[str, "key"]
    section_id: Annotated[str | None, "code"]
    label: Annotated[str, "code"]
    also: Annotated[str | None, "code"]
    text: Annotated[str, "text"]
    speaker: Annotated[str | None, "text"]
    confidence: Annotated[float, "real"]
    origin: Annotated[str, "code"]
    page: Annotated[int | None, "int"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class TaskRow(NamedTuple):
    """One thing somebody is to do. Overdue is never stored: it depends on the day asked about."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    task_id: Annotated[str, "key"]
    statement_id: Annotated[str | None, "key"]
    kind: Annotated[str, "code"]
    action: Annotated[str, "text"]
    quote: Annotated[str, "text"]
    deadline_kind: Annotated[str | None, "code"]
    deadline_value: Annotated[str | None, "text"]
    deadline_raw: Annotated[str | None, "text"]
    due_on: Annotated[str | None, "date"]
    due_basis: Annotated[str | None, "code"]
    urgency: Annotated[str | None, "code"]
    product: Annotated[str | None, "text"]
    topic: Annotated[str | None, "code"]
    document_refs: Annotated[str | None, "text"]
    page: Annotated[int | None, "int"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class TaskPartyRow(NamedTuple):
    """Who a task concerns, in which role."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    task_id: Annotated[str, "key"]
    role: Annotated[str, "code"]
    value: Annotated[str, "text"]
    name_key: Annotated[str, "text"]
    inherited: Annotated[bool, "bool"]
    origin: Annotated[str, "code"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class FigureRow(NamedTuple):
    """A number with its unit and what it counts."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    value: Annotated[str, "code"]
    value_max: Annotated[str | None, "code"]
    unit: Annotated[str | None, "code"]
    kind: Annotated[str, "code"]
    metric: Annotated[str | None, "text"]
    subject: Annotated[str | None, "text"]
    period_start: Annotated[str | None, "date"]
    period_end: Annotated[str | None, "date"]
    comparator: Annotated[str, "code"]
    quote: Annotated[str, "text"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class ReferenceRow(NamedTuple):
    """A document cited by number."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    code: Annotated[str, "code"]
    kind: Annotated[str | None, "code"]
    cited_on: Annotated[str | None, "date"]
    quote: Annotated[str, "text"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class MentionRow(NamedTuple):
    """A body, group, person, position or place named in the text."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    type: Annotated[str, "code"]
    value: Annotated[str, "text"]
    entity: Annotated[str | None, "code"]
    quote: Annotated[str, "text"]
    span_start: Annotated[int, "int"]
    span_end: Annotated[int, "int"]


class IssueRow(NamedTuple):
    """Something a careful archivist would flag."""

    document_id: Annotated[str, "key"]
    ordinal: Annotated[int, "int"]
    code: Annotated[str, "code"]
    severity: Annotated[str, "code"]
    message: Annotated[str, "text"]
    span_start: Annotated[int | None, "int"]
    span_end: Annotated[int | None, "int"]


Row = (
    DocumentRow
    | DocumentPartyRow
    | SectionRow
    | StatementRow
    | TaskRow
    | TaskPartyRow
    | FigureRow
    | ReferenceRow
    | MentionRow
    | IssueRow
)

TABLES: dict[str, type[Row]] = {
    "documents": DocumentRow,
    "document_parties": DocumentPartyRow,
    "sections": SectionRow,
    "statements": StatementRow,
    "tasks": TaskRow,
    "task_parties": TaskPartyRow,
    "figures": FigureRow,
    "references": ReferenceRow,
    "mentions": MentionRow,
    "issues": IssueRow,
}
"""Every table by name; `documents` first, because the others point at it. Key: `KEY`."""

KEY = ("document_id", "ordinal")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: name, kind, and whether null is allowed."""

    name: str
    kind: ColumnType
    nullable: bool


def columns(row: type[Row]) -> tuple[Column, ...]:
    """The columns of a row type, in order."""
    hints: dict[str, Any] = get_type_hints(row, include_extras=True)
    found = []
    for name in row._fields:
        python, kind = get_args(hints[name])
        found.append(Column(name, kind, type(None) in get_args(python)))
    return tuple(found)


def meaning(table: str, column: str | None, language: Language) -> str:
    """What a table, or a column of it, means."""
    texts = lexicon("messages/columns")
    name = f"{table}.{column}" if column else table
    return str((texts.get(name) or texts[f"any.{column}"])[language])


def row_hash(row: tuple[object, ...]) -> str:
    """16 hex digits that change when a value of the row does."""
    return blake2b(repr(tuple(row)).encode(), digest_size=8).hexdigest()
