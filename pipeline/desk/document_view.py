"""What a part of a document shows: its values with their words, doubts and what people said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup

from pipeline import register
from pipeline.desk.document_boxes import Layout
from pipeline.desk.document_parts import Part, beginning_in
from pipeline.desk.document_svg import PageBox
from pipeline.desk.document_text import Mark
from pipeline.desk.opened import Opened
from pipeline.desk.view import day_text
from pipeline.record import (
    Found,
    Record,
    RecordPage,
    Section,
    Statement,
    Task,
)
from pipeline.review.finding import overlap
from pipeline.review.reviewed import Key, listed_key
from pipeline.review.values import (
    DATE_FIELDS,
    HEADER_FIELDS,
    HEADER_MANY,
    STATED,
    TASK_MANY,
    words_held,
)

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NOT_DOM = re.compile(r"[^A-Za-z0-9_-]")
TASK_SHOWN = (*TASK_MANY, "deadline", "assigner", "product")


@dataclass(frozen=True)
class Value:
    """One value on the page. `spans` are the places that show it."""

    key: Key
    words: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    quotes: tuple[str, ...] = ()
    confidence: float | None = None
    inferred: bool = False
    entered: bool = False
    """Whether a person typed it in words that the text does not have."""
    typed: str | None = None
    """What they typed for a deadline."""
    inherited: bool = False
    state: str | None = None
    by: str = ""
    machine: tuple[str, ...] | None = None
    doubts: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def dom(self) -> str:
        """The id of the value on the page."""
        return dom_of(self.key)

    @cached_property
    def address(self) -> str:
        """The key as one word, for forms."""
        return address_of(self.key)

    @property
    def places(self) -> str:
        """The spans as one word each, for the page: "12-30 44-60"."""
        return " ".join(f"{start}-{end}" for start, end in self.spans)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words as people write them: 30/06/2025; a deadline without a day as it is printed."""
        days = all(map(_ISO_DAY.fullmatch, self.words))
        if self.key.field == "deadline" and not days and not self.entered:
            return tuple(" ".join(quote.split()) for quote in self.quotes)
        if self.entered and self.typed and not days:
            return (self.typed,)
        if (self.key.field == "deadline" and days) or self.key.id in DATE_FIELDS:
            return tuple(day_text(words) for words in self.words)
        return self.words

    @property
    def name(self) -> str:
        """The key of its name in messages/review.yaml."""
        field = self.key.id if self.key.kind == "header" else self.key.field
        return f"review.field-{field}" if field else f"review.kind-{self.key.kind}"


@dataclass(frozen=True)
class ShownTask:
    """A task with its fields, and those that it could have."""

    whole: Value
    task: Task
    fields: tuple[Value, ...]
    empty: tuple[Value, ...]


@dataclass(frozen=True)
class ShownStatement:
    """A statement; `task` is the value of the task that is made from it."""

    whole: Value
    statement: Statement
    speaker: Value | None
    task: str | None


@dataclass(frozen=True)
class Group:
    """The statements under one heading."""

    section: Section | None
    statements: tuple[ShownStatement, ...]


@dataclass(frozen=True)
class PageView:
    """A page of the source with the boxes of its marks and its lines of text."""

    page: RecordPage
    boxes: tuple[tuple[Mark, PageBox, bool], ...]
    lines: Markup


@dataclass(frozen=True)
class DocumentView:
    """Everything on the right side of the page; `doubtful` are the values to look at here."""

    part: Part
    header: tuple[Value, ...]
    empty: tuple[Value, ...]
    groups: tuple[Group, ...]
    tasks: tuple[ShownTask, ...]
    figures: tuple[Value, ...]
    references: tuple[Value, ...]
    issues: tuple[tuple[Value, Any], ...]
    pages: tuple[int, ...]
    doubtful: tuple[str, ...] = field(default=())
    """Dom ids of doubtful values in the order of the page."""

    @property
    def serious(self) -> bool:
        """Whether a check found more than something to note."""
        return any(issue.severity != "info" for _, issue in self.issues)


def dom_of(key: Key) -> str:
    """The id that a value has on the page."""
    name = "-".join(part for part in (key.kind, key.id, key.field) if part)
    return "v-" + _NOT_DOM.sub("-", name)


def address_of(key: Key) -> str:
    """A key as one word of a form or address."""
    return ":".join(part or "" for part in key)


def asked_for(record: Record, place: tuple[int, int] | None) -> str:
    """The dom id of the task, else the statement, that most of a place belongs to; "" for none."""
    if place is None:
        return ""
    items = [(Key("task", task.id), task.start, task.end) for task in record.tasks]
    items += [(Key("statement", s.id), s.start, s.end) for s in record.statements]
    shares = [overlap(place, (start, end)) for _, start, end in items]
    best = max(shares, default=0.0)
    return dom_of(items[shares.index(best)][0]) if best else ""


def key_of(address: str) -> Key:
    """The key of an address; one that means nothing gives a key that nothing has."""
    kind, _, rest = address.partition(":")
    name, _, part = rest.partition(":")
    return Key(kind, name, part or None)  # type: ignore[arg-type]


class _Maker:
    """Makes the values of a part with what is known of each."""

    def __init__(self, opened: Opened, part: Part) -> None:
        self.opened, self.part = opened, part
        self.reviewed, self.record = opened.reviewed, opened.record
        self.doubts: dict[tuple[str, str], list[str]] = {}
        for doubt in opened.doubts:
            self.doubts.setdefault(doubt.key[:2], []).append(doubt.reason)

    def is_low(self, page: int) -> bool:
        """Whether a page was hard to read."""
        return bool(self.doubts.get(("document", f"page-{page}")))

    def value(self, key: Key, held: Any, **facts: Any) -> Value:
        """A value of the record, or an empty one."""
        items = held if isinstance(held, tuple) else (held,) if held is not None else ()
        spans = tuple((i.start, i.end) for i in items if getattr(i, "start", None) is not None)
        found = [item for item in items if isinstance(item, Found)]
        mark = self.reviewed.marks.get(key)
        return Value(
            key=key,
            words=facts.pop("words", None) or words_held(held),
            spans=spans,
            quotes=tuple(self.record.text[start:end] for start, end in spans),
            confidence=facts.pop("confidence", min((f.confidence for f in found), default=None)),
            inferred=any(f.origin.startswith("inferred:") and f.origin != STATED for f in found),
            entered=any(getattr(item, "origin", None) == STATED for item in items),
            inherited=any(f.inherited for f in found),
            state=mark.state if mark else None,
            by=mark.entry.by if mark else "",
            typed=mark.entry.note if mark else None,
            machine=mark.machine if mark else None,
            doubts=tuple(dict.fromkeys(self.doubts.get(key[:2], ()))) if not key.field else (),
            **facts,
        )


def view_of(opened: Opened, part: Part) -> DocumentView:
    """Everything the page shows of one part; the header is shown with the first."""
    make = _Maker(opened, part)
    record = opened.record
    names = HEADER_FIELDS if part.number == 1 else ()
    header = [make.value(Key("header", n), getattr(record.header, n)) for n in names]
    tasks = tuple(_task(make, task) for task in beginning_in(part, record.tasks))
    issues = tuple(
        (_listed(make, "issue", i, i.message), i) for i in beginning_in(part, record.issues)
    )
    groups = tuple(_groups(make))
    shown = [v for v in header if v.words or v.doubts]
    whole = [s.whole for group in groups for s in group.statements]
    ordered = (*(value for value, _ in issues), *(t.whole for t in tasks), *shown, *whole)
    references = beginning_in(part, record.references)
    return DocumentView(
        part=part,
        header=tuple(shown),
        empty=tuple(v for v in header if not v.words and not v.doubts),
        groups=groups,
        tasks=tasks,
        figures=tuple(
            _listed(make, "figure", f, _figure_words(f)) for f in beginning_in(part, record.figures)
        ),
        references=tuple(_listed(make, "reference", r, r.code) for r in references),
        issues=issues,
        pages=tuple(n for n in (p.number for p in record.pages) if make.is_low(n)),
        doubtful=tuple(value.dom for value in ordered if value.doubts),
    )


def _task(make: _Maker, task: Task) -> ShownTask:
    key = Key("task", task.id)
    fields = [
        make.value(key._replace(field=n), getattr(task, n), note=_note(make.record, task, n))
        for n in TASK_SHOWN
    ]
    whole = make.value(key, task, words=(" ".join(task.action.split()),))
    return ShownTask(
        whole=whole,
        task=task,
        fields=tuple(v for v in fields if v.words or v.state),
        empty=tuple(v for v in fields if not v.words and not v.state),
    )


def _note(record: Record, task: Task, name: str) -> str:
    """Beside a deadline: the printed words of one shown as a day, the day of one shown as words."""
    deadline = task.deadline
    if name != "deadline" or deadline is None:
        return ""
    if _ISO_DAY.fullmatch(deadline.value):
        return f"“{' '.join(deadline.raw.split())}”"
    due = register.resolve(deadline, record.header).on
    return f"→ {day_text(due)}" if due else ""


def _groups(make: _Maker) -> Iterator[Group]:
    """Statements under their headings, in reading order."""
    record = make.record
    sections = {section.id: section for section in record.sections}
    tasks = {name: task for task in record.tasks for name in task.statements}
    held: list[ShownStatement] = []
    last: str | None = None
    for statement in beginning_in(make.part, record.statements):
        if held and statement.section != last:
            yield Group(sections.get(last or ""), tuple(held))
            held = []
        last = statement.section
        held.append(_statement(make, statement, tasks.get(statement.id)))
    if held:
        yield Group(sections.get(last or ""), tuple(held))


def _statement(make: _Maker, statement: Statement, task: Task | None) -> ShownStatement:
    key = Key("statement", statement.id)
    words = (" ".join(statement.quote.split()),)
    whole = make.value(key, statement, words=words, confidence=statement.confidence)
    speaker = statement.speaker
    return ShownStatement(
        whole=whole,
        statement=statement,
        speaker=make.value(key._replace(field="speaker"), speaker) if speaker else None,
        task=dom_of(Key("task", task.id)) if task else None,
    )


def _listed(make: _Maker, kind: Any, item: Any, words: str) -> Value:
    return make.value(listed_key(kind, item), item, words=(words,))


def _figure_words(figure: Any) -> str:
    number = figure.value if figure.value_max is None else f"{figure.value}–{figure.value_max}"
    about = f" · {figure.metric}" if figure.metric else ""
    return f"{number} {figure.unit or ''}".strip() + about


def marks_of(view: DocumentView, names: Any) -> list[Mark]:
    """The marks of the source; `names` gives the text of a message key."""
    marks: list[Mark] = []
    for group in view.groups:
        for shown in group.statements:
            s = shown.statement
            look = f"st {s.label}"
            dom = shown.task or shown.whole.dom
            marks.append(Mark(s.start, s.end, dom, look, names(f"review.label-{s.label}")))
            if shown.task:  # the statement has evidence of its own too
                name = names("review.kind-statement")
                marks.append(Mark(s.start, s.end, shown.whole.dom, "also", name))
    values = [*view.header, *view.figures, *view.references]
    values += [value for shown in view.tasks for value in (shown.whole, *shown.fields)]
    values += [value for value, _ in view.issues]
    for value in values:
        look = "issue" if value.key.kind == "issue" else "val"
        look = "task-all" if value.key.kind == "task" and not value.key.field else look
        marks += [Mark(*span, value.dom, look, names(value.name)) for span in value.spans]
    return [mark for mark in marks if view.part.shows(mark.start, mark.end)]


def page_views(
    part: Part, marks: Sequence[Mark], layout: Layout, at: tuple[int, int] | None
) -> tuple[PageView, ...]:
    """The pages of a part with the boxes of all marks; the first box of a mark has its anchor."""
    boxes: dict[int, list[tuple[Mark, PageBox, bool]]] = {}
    asked = [Mark(*at, "at", "at", "")] if at else []
    big_first = sorted(marks, key=lambda mark: mark.start - mark.end)
    anchored: set[str] = set()
    for mark in (*big_first, *asked):
        for box in layout.boxes(mark.start, mark.end):
            first = mark.dom not in anchored
            anchored.add(mark.dom)
            boxes.setdefault(box.page, []).append((mark, box, first))
    lines = layout.text_layers(part.start, part.shown)
    return tuple(
        PageView(page, tuple(boxes.get(page.number, ())), lines.get(page.number, Markup()))
        for page in layout.record.pages
        if part.shows(page.start, max(page.end, page.start + 1))
    )


def is_many(key: Key) -> bool:
    """Whether a field holds several values."""
    return (key.id if key.kind == "header" else key.field or "") in (*HEADER_MANY, *TASK_MANY)
