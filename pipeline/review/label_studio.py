"""Label Studio: statements as tasks with annotations, and annotations back as corrections.

Offsets of an export are believed only where the words stand there: Label Studio has counted
UTF-16 units, and texts change their line breaks on the way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pipeline.record import Record, Statement
from pipeline.review.anchoring import anchor_at, place
from pipeline.review.edits import LABELS, EditError, Said, add_statement, correct, reject
from pipeline.review.entries import Correction
from pipeline.review.finding import find
from pipeline.review.reviewed import Key, Reviewed
from pipeline.review.values import UnplacedError

Json = dict[str, Any]


class Region(NamedTuple):
    """Words that somebody labelled, with offsets into the text of the task."""

    id: str
    start: int
    end: int
    label: str


class Annotated(NamedTuple):
    """One annotated task: which document, the text it was made on, who labelled what."""

    document_id: str
    name: str
    text: str
    by: str
    regions: tuple[Region, ...]


class Taken(NamedTuple):
    """What an annotated task says of a record, and how many regions stand where they stood."""

    corrections: tuple[Correction, ...]
    unchanged: int
    lost: tuple[Region, ...]


def results_of(statements: Sequence[Statement], *, scores: bool) -> list[Json]:
    """Statements as regions of Label Studio."""
    return [
        {
            "id": statement.id,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            **({"score": statement.confidence} if scores else {}),
            "value": {
                "start": statement.start,
                "end": statement.end,
                "text": statement.quote,
                "labels": [statement.label],
            },
        }
        for statement in statements
    ]


def annotation_of(reviewed: Reviewed) -> Json | None:
    """The statements as a person left them; None where nobody has looked."""
    if not reviewed.standing:
        return None
    last = reviewed.standing[-1]
    return {
        "completed_by": {"email": last.by},
        "created_at": last.at,
        "updated_at": last.at,
        "was_cancelled": False,
        "ground_truth": reviewed.done,
        "result": results_of(reviewed.record.statements, scores=False),
    }


def read_export(content: bytes) -> Iterator[Annotated]:
    """The annotated tasks of a JSON or JSON-MIN-free export; tasks without annotations are none.

    Raises:
        ValueError: this is no export of Label Studio.
    """
    tasks = json.loads(content)
    for task in tasks if isinstance(tasks, list) else [tasks]:
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise ValueError("a task without data")
        held = [a for a in task.get("annotations") or () if not a.get("was_cancelled")]
        if held and isinstance(task["data"].get("text"), str):
            yield _annotated(task["data"], max(held, key=lambda a: str(a.get("updated_at") or "")))


def _annotated(data: Json, annotation: Json) -> Annotated:
    text = str(data["text"])
    regions = (_region(text, result) for result in annotation.get("result") or ())
    return Annotated(
        document_id=str(data.get("document_id") or ""),
        name=str(data.get("name") or ""),
        text=text,
        by=_author(annotation.get("completed_by")),
        regions=tuple(region for region in regions if region is not None),
    )


def _author(given: Any) -> str:
    if isinstance(given, dict):
        given = given.get("email") or given.get("username") or given.get("id")
    return str(given) if isinstance(given, str) else f"label-studio-{given}"


def _region(text: str, result: Json) -> Region | None:
    value = result.get("value") or {}
    labels = value.get("labels") or ()
    if result.get("type") != "labels" or not labels or str(labels[0]) not in LABELS:
        return None
    span = _span(text, value)
    return Region(str(result.get("id") or ""), *span, str(labels[0])) if span else None


def _span(text: str, value: Json) -> tuple[int, int] | None:
    """The offsets in characters: as given, from UTF-16 units, or where the words stand alone."""
    start, end, words = int(value["start"]), int(value["end"]), value.get("text")
    if words is None:
        return (start, end) if 0 <= start < end <= len(text) else None
    for first, last in ((start, end), (_from_utf16(text, start), _from_utf16(text, end))):
        if text[first:last] == words:
            return first, last
    at = text.find(words)
    alone = at >= 0 and text.find(words, at + 1) < 0
    return (at, at + len(words)) if alone else None


def _from_utf16(text: str, offset: int) -> int:
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * offset]
    return len(units.decode("utf-16-le", "ignore"))


def corrections_of(record: Record, annotated: Annotated) -> Taken:
    """What differs from the record: new labels, new statements, and those taken away."""
    corrections: list[Correction] = []
    lost: list[Region] = []
    met: set[str] = set()
    unchanged = 0
    for region in annotated.regions:
        try:
            made, statement = _correction(record, annotated.text, region)
        except (UnplacedError, EditError):
            lost.append(region)
            continue
        met.update([statement.id] if statement else [])
        corrections += made
        unchanged += not made
    for statement in record.statements:
        if statement.id not in met and not lost:
            corrections.append(reject(record, Key("statement", statement.id)))
    return Taken(tuple(corrections), unchanged, tuple(lost))


def _correction(
    record: Record, text: str, region: Region
) -> tuple[list[Correction], Statement | None]:
    span = (region.start, region.end)
    if text != record.text:
        found = place(record.text, anchor_at(text, *span))
        if found is None:
            raise UnplacedError("gone")
        span = (found.start, found.end)
    held = find(record.statements, span, region.id)
    if held is None:
        return [add_statement(record, *span, region.label)], None
    if held.label == region.label:
        return [], held
    return [correct(record, Key("statement", held.id, "label"), [Said(region.label)])], held
