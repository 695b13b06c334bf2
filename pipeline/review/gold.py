"""Documents that were looked through, as labelled documents that evaluate and train read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import TargetError
from pipeline.record import Found, Header, Record, Section, Task
from pipeline.review.reviewed import Reviewed

CODES = {
    "achievement": "ACH",
    "shortcoming": "SHO",
    "task": "TASK",
    "cause": "CAUSE",
    "proposal": "REQ",
    "context": "CTX",
}
_CLAUSE = 60
_UNSAFE = re.compile(r"[^\w.-]+")
Json = dict[str, Any]
Unit = tuple[int, int, str]


def write_gold(folder: Path, reviewed: Iterable[Reviewed]) -> int:
    """Write NAME.txt and NAME.json for every document that is done; returns how many.

    Raises:
        TargetError: the folder cannot be written.
    """
    names: set[str] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in reviewed:
            if not one.done:
                continue
            name = _name(one.record, names)
            labels = json.dumps(gold_of(one.record, name), ensure_ascii=False, indent=1)
            (folder / f"{name}.txt").write_text(one.record.text, encoding="utf-8", newline="")
            (folder / f"{name}.json").write_text(labels + "\n", encoding="utf-8")
    except OSError as error:
        raise TargetError(error.strerror or "", path=str(folder)) from error
    return len(names)


def _name(record: Record, names: set[str]) -> str:
    """The name of the source without its ending, as records are matched by it."""
    stem = _UNSAFE.sub("-", PurePosixPath(record.source.name).stem).strip("-.") or record.id[:12]
    name = stem if stem not in names else f"{stem}-{record.id[:8]}"
    names.add(name)
    return name


def gold_of(record: Record, name: str) -> Json:
    """The labels of a record in the form of docs/evaluation.md."""
    units = sorted(_units(record))
    also = {s.start: CODES[s.also] for s in record.statements if s.also}
    return {
        "doc": name,
        "units": [{"i": i, "start": start, "end": end} for i, (start, end, _) in enumerate(units)],
        "labels": [code for _, _, code in units],
        "alt": {str(i): [also[u[0]]] for i, u in enumerate(units) if u[0] in also},
        "tasks": _tasks(record, units),
        "figures": [figure.model_dump(mode="json", include=_FIGURE) for figure in record.figures],
        "header": _header(record),
    }


_FIGURE = {"start", "end", "value", "value_max", "unit", "kind", "comparator", "change"}


def _units(record: Record) -> Iterator[Unit]:
    """Statements, and the lines between them: headings (HEAD) and all the rest (META)."""
    at = 0
    heads = [(s.start, _heading_end(record.text, s)) for s in record.sections]
    for statement in sorted(record.statements, key=lambda s: s.start):
        yield from _lines(record, at, statement.start, heads)
        yield statement.start, statement.end, CODES[statement.label]
        at = max(at, statement.end)
    yield from _lines(record, at, len(record.text), heads)


def _lines(record: Record, start: int, end: int, heads: list[tuple[int, int]]) -> Iterator[Unit]:
    for match in re.finditer(r"[^\n]+", record.text[start:end]):
        words = match.group().strip()
        if any(char.isalnum() for char in words):
            first = start + match.start() + match.group().index(words)
            head = any(a < first + len(words) and first < b for a, b in heads)
            yield first, first + len(words), "HEAD" if head else "META"


def _heading_end(text: str, section: Section) -> int:
    """Where the heading of a section ends: the end of the line on which its title ends."""
    wanted = sum(char.isalnum() for char in f"{section.label or ''}{section.title}")
    at = section.start
    while wanted > 0 and at < section.end:
        wanted -= text[at].isalnum()
        at += 1
    stop = text.find("\n", at)
    return stop if stop >= 0 else len(text)


def _tasks(record: Record, units: list[Unit]) -> list[Json]:
    placed = [(task, _units_of(task, units)) for task in record.tasks]
    shared = [unit for _, inside in placed for unit in inside]
    return [
        _task(record, task, inside, several=any(shared.count(unit) > 1 for unit in inside))
        for task, inside in placed
        if inside
    ]


def _units_of(task: Task, units: list[Unit]) -> list[int]:
    spans = [(p.start, p.end) for p in task.parts] if task.parts else [(task.start, task.end)]
    return [
        number
        for number, (start, end, code) in enumerate(units)
        if code not in ("HEAD", "META") and any(a < end and start < b for a, b in spans)
    ]


def _task(record: Record, task: Task, units: list[int], *, several: bool) -> Json:
    deadline = task.deadline
    clause = record.text[task.start : task.start + _CLAUSE].split("\n")[0].rsplit(" ", 1)[0]
    return {
        "units": units,
        "kind": task.kind,
        **({"clause": clause} if several else {}),
        "assignees": [found.value for found in task.assignees],
        "coordinators": [found.value for found in task.coordinators],
        "monitors": [found.value for found in task.monitors],
        "inherited": any(found.inherited for found in task.assignees),
        "deadline": (
            {"raw": deadline.raw, "kind": deadline.kind, "value": deadline.value}
            if deadline
            else None
        ),
    }


def _header(record: Record) -> Json:
    header = record.header
    named = {
        "doc_type": header.kind,
        "number": header.number,
        "symbol": header.symbol,
        "date": header.issued_on,
        "place": header.place,
        "issuer": header.issuer,
        "title": header.title,
        "signer": header.signer,
        "position": header.signer_title,
        "authority": header.authority,
        "author": header.author,
        "published": header.published_on,
    }
    values: Json = {name: found.value if found else None for name, found in named.items()}
    if header.issuer and header.issuer.origin.startswith("inferred:"):
        values.update(issuer=None, inferred_issuer=header.issuer.value)
    return {
        **values,
        "code": header.code,
        "addressees": _values(header, "addressees"),
        "recipients": _values(header, "recipients"),
        "references": [{"code": r.code, "date": r.date} for r in record.references],
        "issues": [issue.code for issue in record.issues],
    }


def _values(header: Header, name: str) -> list[str]:
    found: tuple[Found[str], ...] = getattr(header, name)
    return [one.value for one in found]
