"""Record -> the passages that full-text search finds: title, headings, statements, other lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b
from itertools import accumulate
from typing import Literal, NamedTuple

from pipeline.record import Record
from pipeline.store.names import name_key, number_words
from pipeline.store.rows import Rows
from pipeline.store.tables import DocumentRow, TaskRow
from pipeline.text.fold import fold

PassageUnit = Literal["title", "heading", "statement", "other"]
Quality = Literal["digital", "scan", "faint", "partial"]
"""How well a document was read: its own text; a clear scan; a scan with a page that was hard to
read; not all of it."""
FAINT_BELOW = 0.8
"""Reading confidence of the worst page below which a scan is faint."""

_WORDS = re.compile(r"[^\W\d_]{2,}")
_LINE = re.compile(r"[^\n]+")
_FURNITURE = ("boilerplate", "page-number")


class Passage(NamedTuple):
    """A piece of text that a search can find; a statement keeps its `ordinal`."""

    unit: PassageUnit
    ordinal: int
    label: str | None
    text: str
    span_start: int
    span_end: int
    due_on: str | None
    tags: str
    """Filter values as index words, so that a filter is one more word of the full-text query."""
    tasks: tuple[int, ...] = ()
    """Ordinals of the tasks of which it says something."""


class DocumentKeys(NamedTuple):
    """Values of a document in the form in which they are compared."""

    issuer_key: str | None
    parent_key: str | None
    place_key: str | None
    signer_key: str | None
    code_key: str
    secret: bool


def quality(document: DocumentRow) -> Quality:
    """How well a document was read."""
    if document.status == "partial":
        return "partial"
    if not document.ocr_pages:
        return "digital"
    return "faint" if document.reading is not None and document.reading < FAINT_BELOW else "scan"


def document_keys(document: DocumentRow) -> DocumentKeys:
    """The compared forms of a document's values."""
    return DocumentKeys(
        issuer_key=name_key(document.issuer) if document.issuer else None,
        parent_key=name_key(document.parent_agency) if document.parent_agency else None,
        place_key=name_key(document.place) if document.place else None,
        signer_key=name_key(document.signer) if document.signer else None,
        code_key=" ".join(code_words(document)),
        secret=document.secrecy is not None,
    )


def origin_key(keys: DocumentKeys) -> str:
    """Issuer, body above it and place together: "Sở Y tế" alone is one of many."""
    return "|".join((keys.issuer_key or "", keys.parent_key or "", keys.place_key or ""))


def code_words(document: DocumentRow) -> tuple[str, ...]:
    """The words of the document's number and symbol, and of its type ("229", "tb", "stnmt")."""
    words = number_words(document.code or f"{document.number or ''} {document.symbol or ''}")
    kind = fold(document.kind) if document.kind and document.kind != "NEWS" else ""
    return words if not kind or kind in words else (*words, kind)


def value_tag(prefix: str, value: str) -> str:
    """The index word of a filter value: "a" (where from) or "s" (signer), short hash."""
    return f"{prefix}{blake2b(value.encode(), digest_size=5).hexdigest()}"


def passages_of(record: Record, rows: Rows) -> Iterator[Passage]:
    """All passages of a record; a document without a title has its first line as one."""
    document = rows.documents[0]
    keys = document_keys(document)
    tags = _document_tags(document, keys)
    taken = bytearray(len(record.text))
    for statement in record.statements:
        _take(taken, statement.start, statement.end)
    yield _title(record, document, tags)
    if record.header.title:
        _take(taken, record.header.title.start, record.header.title.end)
    for ordinal, section in enumerate(record.sections):
        if section.start < section.end and taken.find(1, section.start, section.end) < 0:
            yield _plain("heading", ordinal, record.text, section.start, section.end, tags)
            _take(taken, section.start, section.end)
    yield from _statements(rows, tags)
    yield from _others(record, taken, tags)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\1" * (end - start)


def _document_tags(document: DocumentRow, keys: DocumentKeys) -> str:
    tags = [f"f{document.family}", f"q{quality(document)}"]
    if document.kind:
        tags.append(f"k{fold(document.kind)}")
    tags.append(value_tag("a", origin_key(keys)))
    if keys.signer_key:
        tags.append(value_tag("s", keys.signer_key))
    if document.year is not None:
        tags.append(f"y{document.year}")
    if keys.secret:
        tags.append("xsecret")
    return " ".join(tags)


def _title(record: Record, document: DocumentRow, tags: str) -> Passage:
    numbers = " ".join(f"c{word}" for word in code_words(document))
    title = record.header.title
    first = _LINE.search(record.text)
    start, end = (title.start, title.end) if title else first.span() if first else (0, 0)
    return Passage(
        "title", 0, None, record.text[start:end], start, end, None, f"utitle {numbers} {tags}"
    )


def _plain(unit: PassageUnit, ordinal: int, text: str, start: int, end: int, tags: str) -> Passage:
    return Passage(unit, ordinal, None, text[start:end], start, end, None, f"u{unit} {tags}")


def _statements(rows: Rows, tags: str) -> Iterator[Passage]:
    find_tasks = _TaskFinder(rows.tasks)
    for row in rows.statements:
        of_statement = find_tasks(row.span_start, row.span_end)
        due = min((task.due_on for task in of_statement if task.due_on), default=None)
        words = [f"ustatement l{row.label}"]
        words += [f"l{row.also}"] if row.also else []
        words += ["hdeadline"] if any(task.deadline_kind for task in of_statement) else []
        words += [f"d{due[:4]}"] if due else []
        words += sorted({f"t{fold(task.topic)}" for task in of_statement if task.topic})
        yield Passage(
            unit="statement",
            ordinal=row.ordinal,
            label=row.label,
            text=row.text,
            span_start=row.span_start,
            span_end=row.span_end,
            due_on=due,
            tags=f"{' '.join(words)} {tags}",
            tasks=tuple(task.ordinal for task in of_statement),
        )


class _TaskFinder:
    """The tasks that overlap a span, without looking at all of them."""

    def __init__(self, tasks: tuple[TaskRow, ...]) -> None:
        self.tasks = sorted(tasks, key=lambda task: task.span_start)
        self.starts = [task.span_start for task in self.tasks]
        self.reach = list(accumulate((task.span_end for task in self.tasks), max))

    def __call__(self, start: int, end: int) -> list[TaskRow]:
        at = bisect_left(self.starts, end)
        found = []
        while at and self.reach[at - 1] > start:
            at -= 1
            if self.tasks[at].span_end > start:
                found.append(self.tasks[at])
        return found


def _others(record: Record, taken: bytearray, tags: str) -> Iterator[Passage]:
    """Lines in no statement, heading or title, page furniture excepted."""
    for block in record.blocks:
        if block.kind in _FURNITURE:
            _take(taken, block.start, block.end)
    ordinal = 0
    for line in _LINE.finditer(record.text):
        for start, end in _free_runs(taken, *line.span()):
            if _WORDS.search(record.text, start, end):
                yield _plain("other", ordinal, record.text, start, end, tags)
                ordinal += 1


def _free_runs(taken: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        free = taken.find(0, start, end)
        if free < 0:
            return
        stop = taken.find(1, free, end)
        stop = end if stop < 0 else stop
        yield free, stop
        start = stop
