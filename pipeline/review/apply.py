"""The record as people have corrected it: the machine's record with the log on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from pipeline.record import Found, Header, Label, Record, Statement, Task, verify
from pipeline.review.anchoring import text_hash
from pipeline.review.entries import Entry, Seen, TargetKind, Value
from pipeline.review.finding import find, overlap, target_span
from pipeline.review.reviewed import Key, Mark, Orphan, Reviewed, State, listed_key, standing
from pipeline.review.values import (
    HEADER_MANY,
    ORIGIN,
    TASK_FIELDS,
    UnplacedError,
    as_found,
    task_field,
    words_held,
)
from pipeline.structure.ids import statement_id


def apply(record: Record, entries: Sequence[Entry]) -> Reviewed:
    """`record` with the entries of its log on top; what cannot be placed is listed, never guessed.

    Raises:
        NotVerbatimError: a value would not be verbatim, which is a defect.
    """
    if not entries:
        return Reviewed(record)
    work = _Work(record)
    orphans = []
    held = standing(entries)
    for entry in held:
        try:
            _HANDLERS[entry.target.kind](work, entry)
        except UnplacedError as error:
            orphans.append(Orphan(entry, error.reason))
    reviewed = work.record()
    verify(work.put_in(reviewed))
    return Reviewed(reviewed, work.marks, tuple(work.rejected), tuple(orphans), held, work.done)


class _Work:
    """A record under correction."""

    def __init__(self, record: Record) -> None:
        self.source, self.text = record, record.text
        self.header: dict[str, Any] = {name: getattr(record.header, name) for name in _HEADER}
        self.lists: dict[str, list[Any]] = {name: list(getattr(record, name)) for name in _LISTS}
        self.new: dict[str, list[Any]] = {name: [] for name in _LISTS}
        self.marks: dict[Key, Mark] = {}
        self.rejected: list[Entry] = []
        self.done = False

    @property
    def statements(self) -> list[Statement]:
        return self.lists["statements"]

    @property
    def tasks(self) -> list[Task]:
        return self.lists["tasks"]

    def replace(self, name: str, old: Any, new: Any) -> None:
        """Put `new` where `old` stands; None takes it out."""
        items = self.lists[name]
        at = next(k for k, item in enumerate(items) if item is old)
        put = [] if new is None else [new]
        items[at : at + 1] = put
        self.new[name] += put

    def insert(self, name: str, item: Any) -> None:
        """Put an item in reading order."""
        items = self.lists[name]
        at = next((k for k, other in enumerate(items) if other.start > item.start), len(items))
        items.insert(at, item)
        self.new[name].append(item)

    def mark(self, key: Key, state: State, entry: Entry, machine: Iterable[str] = ()) -> None:
        """Remember what was said of a value."""
        now = tuple(machine)
        known = (tuple(v.value for v in entry.old), tuple(v.value for v in entry.new))
        surprise = state == "corrected" and now not in known
        self.marks[key] = Mark(state, entry, now if surprise else None)

    def new_id(self, words: str) -> str:
        """An id for a statement that the machine does not have."""
        taken = {statement.id for statement in self.statements}
        tries = (statement_id(self.source.id, words, n) for n in range(1000))
        return next(i for i in tries if i not in taken)

    def record(self) -> Record:
        """The corrected record."""
        known = {statement.id for statement in self.statements}
        tasks = tuple(self._linked(task, known) for task in self.tasks)
        values: dict[str, Any] = {name: tuple(items) for name, items in self.lists.items()}
        header = Header(**_with_code(self.header, self.source.header))
        return self.source.model_copy(update={**values, "tasks": tasks, "header": header})

    def put_in(self, made: Record) -> Record:
        """`made` with only what people put there; the rest was checked when it was written."""
        new = {name: tuple(items) for name, items in self.new.items()}
        return made.model_copy(update={**new, "sections": (), "blocks": (), "pages": ()})

    def _linked(self, task: Task, known: set[str]) -> Task:
        if task.statements and known.issuperset(task.statements):
            return task
        inside = [s.id for s in self.statements if min(s.end, task.end) > max(s.start, task.start)]
        return task.model_copy(update={"statements": tuple(inside)})


_HEADER = tuple(Header.model_fields)
_LISTS = ("statements", "tasks", "figures", "references", "mentions", "issues")


def _with_code(header: dict[str, Any], before: Header) -> dict[str, Any]:
    """Number and symbol put together again when one of them was corrected."""
    number, symbol = header["number"], header["symbol"]
    if (number, symbol) == (before.number, before.symbol):
        return header
    code = f"{number.value}/{symbol.value}" if number and symbol else None
    return {**header, "code": code}


def _strict(entry: Entry) -> bool:
    """Whether the words of values may have changed: not in another reading of the same bytes."""
    return entry.carried_from is not None


def _document(work: _Work, entry: Entry) -> None:
    anchor = entry.target.anchor
    work.done = anchor is not None and anchor.text_sha256 == text_hash(work.text)


def _header(work: _Work, entry: Entry) -> None:
    name = str(entry.target.field)
    held = work.header[name]
    key = Key("header", name)
    wanted = entry.old if entry.action == "accept" else entry.new
    if entry.action == "accept" and _words(wanted) == words_held(held):
        work.header[name] = _sure(held)
        work.mark(key, "accepted", entry)
        return
    values = tuple(as_found(work.text, value, strict=_strict(entry)) for value in wanted)
    if entry.action == "reject":
        work.rejected.append(entry)
    else:
        work.mark(key, "corrected", entry, words_held(held))
    work.header[name] = values if name in HEADER_MANY else (values[0] if values else None)
    reasons = {k: why for k, why in work.header["nulls"].items() if k != name}
    work.header["nulls"] = reasons if values else {**reasons, name: "absent"}


def _words(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(value.value for value in values)


def _sure(held: Any) -> Any:
    """The same with full confidence: a person has looked at it."""
    if isinstance(held, tuple):
        return tuple(_sure(item) for item in held)
    return held.model_copy(update={"confidence": 1.0}) if isinstance(held, Found) else held


def _statement(work: _Work, entry: Entry) -> None:
    span = target_span(work.text, entry.target)
    held = find(work.statements, span, entry.target.id)
    if entry.action == "reject":
        work.rejected.append(entry)
        if held is not None:
            work.replace("statements", held, None)
            _drop_tasks(work, held)
        return
    if entry.target.field == "speaker":
        _speaker(work, span, held, entry)
        return
    if held is None or entry.action == "add":
        held = _new_statement(work, span, entry)
    wanted = entry.old if entry.action == "accept" else entry.new
    label = cast(Label, wanted[0].value)
    if entry.action == "accept" and label == held.label:
        work.replace("statements", held, held.model_copy(update={"confidence": 1.0}))
        work.mark(Key("statement", held.id), "accepted", entry)
        return
    _relabel(work, held, label, entry)


def _speaker(work: _Work, span: tuple[int, int], held: Statement | None, entry: Entry) -> None:
    speaker = as_found(work.text, entry.new[0], strict=_strict(entry)) if entry.new else None
    held = held or _new_statement(work, span, entry)
    work.mark(Key("statement", held.id, "speaker"), "corrected", entry, words_held(held.speaker))
    work.replace("statements", held, held.model_copy(update={"speaker": speaker}))


def _relabel(work: _Work, held: Statement, label: Label, entry: Entry) -> None:
    state: State = "added" if entry.action == "add" else "corrected"
    work.mark(Key("statement", held.id), state, entry, (held.label,))
    new = held.model_copy(
        update={"label": label, "also": None, "confidence": 1.0, "origin": ORIGIN}
    )
    work.replace("statements", held, new)
    if label != "task":
        _drop_tasks(work, held)


def _drop_tasks(work: _Work, statement: Statement) -> None:
    """What is said not to be a task has no place in the register either."""
    for task in list(work.tasks):
        if task.statements == (statement.id,) and Key("task", task.id) not in work.marks:
            work.replace("tasks", task, None)


def _new_statement(work: _Work, span: tuple[int, int], entry: Entry) -> Statement:
    """A statement of the span; what the machine made of the same words gives way to it."""
    for other in list(work.statements):
        _give_way(work, other, span)
    start, end = span
    seen = entry.seen or Seen()
    label = entry.new[0].value if entry.new and entry.target.kind == "statement" else seen.label
    quote = work.text[start:end]
    before = [section for section in work.source.sections if section.start <= start]
    made = Statement(
        id=work.new_id(quote),
        label=cast(Label, label or "task"),
        also=cast(Label | None, seen.also),
        start=start,
        end=end,
        quote=quote,
        section=before[-1].id if before else None,
        confidence=1.0,
        origin=ORIGIN,
    )
    work.insert("statements", made)
    return made


_LEAST_LETTERS = 8
"""Letters that a rest of a statement needs to stay one."""


def _give_way(work: _Work, other: Statement, span: tuple[int, int]) -> None:
    if not overlap(span, (other.start, other.end)):
        return
    work.replace("statements", other, None)
    for start, end in ((other.start, span[0]), (span[1], other.end)):
        words = work.text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        quote = work.text[start:end]
        if start < end and sum(char.isalpha() for char in quote) >= _LEAST_LETTERS:
            rest = {"id": work.new_id(quote), "start": start, "end": end, "quote": quote}
            work.insert("statements", other.model_copy(update=rest))


def _task(work: _Work, entry: Entry) -> None:
    span = target_span(work.text, entry.target)
    held = find(work.tasks, span, entry.target.id)
    if entry.action == "reject":
        work.rejected.append(entry)
        if held is not None:
            work.replace("tasks", held, None)
    elif entry.action == "correct":
        name = str(entry.target.field)
        new = task_field(work.text, name, entry.new, strict=_strict(entry))
        held = held or _new_task(work, span, entry)
        work.mark(Key("task", held.id, name), "corrected", entry, words_held(getattr(held, name)))
        work.replace("tasks", held, held.model_copy(update={name: new}))
    elif held is None:
        held = _new_task(work, span, entry)
        state: State = "added" if entry.action == "add" else "accepted"
        work.mark(Key("task", held.id), state, entry)
    else:
        work.mark(Key("task", held.id), "accepted", entry)
        _hold_to(work, held, entry)


def _hold_to(work: _Work, held: Task, entry: Entry) -> None:
    """Keep an accepted task as it was seen then, whatever this reading made of it.

    Raises:
        UnplacedError: the words of one of its values are gone; the other values are kept.
    """
    seen = entry.seen.fields if entry.seen else {}
    new: dict[str, Any] = {}
    lost = False
    for name in TASK_FIELDS if seen else ():
        now = getattr(held, name)
        if _words(seen.get(name, ())) == words_held(now):
            new[name] = _sure(now)
            continue
        try:
            new[name] = task_field(work.text, name, seen.get(name, ()), strict=_strict(entry))
        except UnplacedError:
            lost = True
            continue
        key = Key("task", held.id, name)
        work.marks[key] = Mark("corrected", entry, words_held(now))
    work.replace("tasks", held, held.model_copy(update=new))
    if lost:
        raise UnplacedError("gone")


def _new_task(work: _Work, span: tuple[int, int], entry: Entry) -> Task:
    """A task of the span, with what was seen of it then, as far as that can be placed."""
    start, end = span
    quote = work.text[start:end]
    statement = find(work.statements, span, None)
    if statement is None:
        statement = _new_statement(work, span, entry)
    elif statement.label != "task":
        new = statement.model_copy(
            update={"label": "task", "also": None, "confidence": 1.0, "origin": ORIGIN}
        )
        work.replace("statements", statement, new)
    made = Task(
        id=statement_id(statement.id, quote),
        kind="commitment" if entry.seen and entry.seen.kind == "commitment" else "assigned",
        start=start,
        end=end,
        quote=quote,
        statements=(statement.id,),
        action=" ".join(quote.strip(" -–+•.;,").split()),
        **_seen_fields(work, entry),
    )
    work.insert("tasks", made)
    return made


def _seen_fields(work: _Work, entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, values in (entry.seen.fields if entry.seen else {}).items():
        if name != "kind":
            try:
                fields[name] = task_field(work.text, name, values, strict=_strict(entry))
            except UnplacedError:
                continue  # what the machine had read there cannot be shown any more
    return fields


def _listed(work: _Work, entry: Entry) -> None:
    """Accepting or rejecting a figure, a reference, a name or a remark of the checks."""
    name = f"{entry.target.kind}s"
    items = work.lists[name]
    if entry.target.anchor is None:
        chosen = [i for i in items if i.start is None and i.code == entry.target.id]
    else:
        span = target_span(work.text, entry.target)
        chosen = [i for i in items if i.start is not None and _is_at(i, span, entry)]
    if entry.action == "accept" and not chosen:
        raise UnplacedError("no-target")
    if entry.action == "reject":
        work.rejected.append(entry)
    for item in chosen:
        if entry.action == "reject":
            work.replace(name, item, None)
        else:
            work.mark(listed_key(entry.target.kind, item), "accepted", entry)


def _is_at(item: Any, span: tuple[int, int], entry: Entry) -> bool:
    same = overlap(span, (item.start, item.end)) >= 0.8
    return same and (entry.target.kind != "issue" or item.code == entry.target.id)


def _no_target(work: _Work, entry: Entry) -> None:
    raise UnplacedError("no-target")


_HANDLERS: dict[TargetKind, Callable[[_Work, Entry], None]] = {
    "document": _document,
    "header": _header,
    "statement": _statement,
    "task": _task,
    "figure": _listed,
    "reference": _listed,
    "mention": _listed,
    "issue": _listed,
    "entry": _no_target,
}
