"""Record -> rows of the shared tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pipeline import register
from pipeline.record import Found, Record, Task
from pipeline.store.names import party_key
from pipeline.store.tables import (
    DocumentPartyRow,
    DocumentRow,
    FigureRow,
    IssueRow,
    MentionRow,
    ReferenceRow,
    Row,
    SectionRow,
    StatementRow,
    TaskPartyRow,
    TaskRow,
)

PARTY_ROLES = (
    ("assigner", "assigner"),
    ("assignees", "assignee"),
    ("coordinators", "coordinator"),
    ("monitors", "monitor"),
    ("report_to", "report_to"),
)
"""Field of a task and the role that its values have in task_parties."""


class Rows(NamedTuple):
    """The rows of one document by table; the field names are the keys of `TABLES`."""

    documents: tuple[DocumentRow, ...]
    document_parties: tuple[DocumentPartyRow, ...]
    sections: tuple[SectionRow, ...]
    statements: tuple[StatementRow, ...]
    tasks: tuple[TaskRow, ...]
    task_parties: tuple[TaskPartyRow, ...]
    figures: tuple[FigureRow, ...]
    references: tuple[ReferenceRow, ...]
    mentions: tuple[MentionRow, ...]
    issues: tuple[IssueRow, ...]

    def of(self, table: str) -> tuple[Row, ...]:
        """The rows of `table`."""
        rows: tuple[Row, ...] = getattr(self, table)
        return rows


def rows_of(record: Record) -> Rows:
    """All rows of a record."""
    pages = _PageFinder(record)
    return Rows(
        documents=(_document(record),),
        document_parties=tuple(_document_parties(record)),
        sections=tuple(
            SectionRow(
                record.id, i, s.id, s.parent, s.level, s.label, s.title, s.role, s.start, s.end
            )
            for i, s in enumerate(record.sections)
        ),
        statements=tuple(_statements(record, pages)),
        tasks=tuple(_task(record, pages, i, task) for i, task in enumerate(record.tasks)),
        task_parties=tuple(_task_parties(record)),
        figures=tuple(_figures(record)),
        references=tuple(
            ReferenceRow(record.id, i, r.code, r.kind, r.date, r.quote, r.start, r.end)
            for i, r in enumerate(record.references)
        ),
        mentions=tuple(
            MentionRow(record.id, i, m.type, m.value, m.entity, m.quote, m.start, m.end)
            for i, m in enumerate(record.mentions)
        ),
        issues=tuple(
            IssueRow(record.id, i, x.code, x.severity, x.message, x.start, x.end)
            for i, x in enumerate(record.issues)
        ),
    )


class _PageFinder:
    def __init__(self, record: Record) -> None:
        self.pages = sorted(record.pages, key=lambda page: page.start)
        self.starts = [page.start for page in self.pages]

    def __call__(self, offset: int) -> int | None:
        at = bisect_right(self.starts, offset) - 1
        return self.pages[at].number if at >= 0 else None


def _value(found: Found[str] | None) -> str | None:
    return found.value if found else None


def _year(day: str | None) -> int | None:
    return int(day[:4]) if day and day[:4].isdigit() else None


def _document(record: Record) -> DocumentRow:
    header = record.header
    issued, published = _value(header.issued_on), _value(header.published_on)
    confidences = [page.confidence for page in record.pages if page.confidence is not None]
    return DocumentRow(
        document_id=record.id,
        ordinal=0,
        schema_version=record.schema_version,
        source_name=record.source.name,
        media_type=record.source.media_type,
        bytes=record.source.bytes,
        family=record.family,
        status=record.status,
        kind=_value(header.kind),
        number=_value(header.number),
        symbol=_value(header.symbol),
        code=header.code,
        issued_on=issued,
        published_on=published,
        dated_on=issued or published,
        year=_year(issued or published),
        place=_value(header.place),
        issuer=_value(header.issuer),
        parent_agency=_value(header.parent_agency),
        title=_value(header.title),
        signer=_value(header.signer),
        signer_title=_value(header.signer_title),
        authority=_value(header.authority),
        urgency=_value(header.urgency),
        secrecy=_value(header.secrecy),
        author=_value(header.author),
        pages=len(record.pages),
        ocr_pages=sum(page.source in ("ocr", "ocr-layer") for page in record.pages),
        reading=min(confidences, default=None),
        characters=len(record.text),
    )


def _document_parties(record: Record) -> Iterator[DocumentPartyRow]:
    parties = [("addressee", party) for party in record.header.addressees]
    parties += [("recipient", party) for party in record.header.recipients]
    for ordinal, (role, party) in enumerate(parties):
        yield DocumentPartyRow(record.id, ordinal, role, party.value, party.start, party.end)


def _statements(record: Record, pages: _PageFinder) -> Iterator[StatementRow]:
    for ordinal, statement in enumerate(record.statements):
        yield StatementRow(
            document_id=record.id,
            ordinal=ordinal,
            statement_id=statement.id,
            section_id=statement.section,
            label=statement.label,
            also=statement.also,
            text=statement.quote,
            speaker=_value(statement.speaker),
            confidence=statement.confidence,
            origin=statement.origin,
            page=pages(statement.start),
            span_start=statement.start,
            span_end=statement.end,
        )


def _task(record: Record, pages: _PageFinder, ordinal: int, task: Task) -> TaskRow:
    deadline = task.deadline
    due = register.resolve(deadline, record.header) if deadline else None
    return TaskRow(
        document_id=record.id,
        ordinal=ordinal,
        task_id=task.id,
        statement_id=task.statements[0] if task.statements else None,
        kind=task.kind,
        action=task.action,
        quote=task.quote,
        deadline_kind=deadline.kind if deadline else None,
        deadline_value=deadline.value if deadline else None,
        deadline_raw=deadline.raw if deadline else None,
        due_on=due.on.isoformat() if due and due.on else None,
        due_basis=due.basis if due else None,
        urgency=task.urgency,
        product=_value(task.product),
        topic=task.topic,
        document_refs="; ".join(task.references) or None,
        page=pages(task.start),
        span_start=task.start,
        span_end=task.end,
    )


def _task_parties(record: Record) -> Iterator[TaskPartyRow]:
    ordinal = 0
    for task in record.tasks:
        for name, role in PARTY_ROLES:
            held = getattr(task, name)
            parties = held if isinstance(held, tuple) else (held,) if held else ()
            for party in parties:
                yield TaskPartyRow(
                    document_id=record.id,
                    ordinal=ordinal,
                    task_id=task.id,
                    role=role,
                    value=party.value,
                    name_key=party_key(party.value),
                    inherited=party.inherited,
                    origin=party.origin,
                    span_start=party.start,
                    span_end=party.end,
                )
                ordinal += 1


def _figures(record: Record) -> Iterator[FigureRow]:
    for ordinal, figure in enumerate(record.figures):
        yield FigureRow(
            document_id=record.id,
            ordinal=ordinal,
            value=figure.value,
            value_max=figure.value_max,
            unit=figure.unit,
            kind=figure.kind,
            metric=figure.metric,
            subject=figure.subject,
            period_start=figure.period.start if figure.period else None,
            period_end=figure.period.end if figure.period else None,
            comparator=figure.comparator,
            quote=figure.quote,
            span_start=figure.start,
            span_end=figure.end,
        )
