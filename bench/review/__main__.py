"""Corrections after another reading: `python -m bench.review [--texts FOLDER] [--count 200]`.

Makes corrections of every kind on documents of the samples and of models/training/labels (or on
the .txt files of FOLDER), reads the texts again with letters changed as a worse OCR would, makes
the records anew, applies the log, and looks whether each correction stands where it belongs.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.review.noise import Reading, read_again
from pipeline.labels.written import read_written
from pipeline.process import process
from pipeline.record import Record
from pipeline.resources import models_dir
from pipeline.review import edits
from pipeline.review.apply import apply
from pipeline.review.edits import Said
from pipeline.review.entries import Correction, Entry, entry_of
from pipeline.review.reviewed import Key, Reviewed
from pipeline.review.values import HEADER_ONE, words_held

SHARES = (0.005, 0.02, 0.05)
TARGETS = {0.005: 0.98, 0.02: 0.97, 0.05: 0.95}
_NEAR = 4
"""Characters by which an edge may be off: a letter that OCR made or lost at it."""
_STATED = ("Văn phòng", "Thanh tra", "Phòng Tổng hợp")
_LABELS = ("achievement", "shortcoming", "cause", "proposal", "context")


class Case(NamedTuple):
    """A correction, and what the record has to hold where, when it is placed."""

    record: Record
    entry: Entry
    kind: str
    field: str | None
    span: tuple[int, int] | None
    words: tuple[str, ...]


def main() -> None:
    """Measure and print one line a share of changed letters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="folder of .txt files instead of our own")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=4, help="take every n-th text")
    given = parser.parse_args()
    texts = list(_texts(given.texts))[:: given.each]
    records = [process(text.encode(), f"{name}.txt") for name, text in texts]
    chance = random.Random(given.seed)
    cases = [case for record in records for case in _cases(record, chance)]
    cases = chance.sample(cases, min(given.count, len(cases)))
    print(f"{len(records)} documents, {len(cases)} corrections: {_kinds(cases)}")
    for share in SHARES:
        print(measure(cases, share, given.seed))


def _texts(folder: Path | None) -> Iterator[tuple[str, str]]:
    if folder is not None:
        for path in sorted(folder.glob("*.txt")):
            yield path.stem, path.read_text("utf-8")
        return
    for path in sorted((models_dir() / "training" / "labels").glob("*.txt")):
        written = read_written(path)
        yield written.name, written.text
    for path in sorted(Path("samples").glob("*/source.*")):
        yield path.parent.name, process(path.read_bytes(), path.name).text


def _kinds(cases: Sequence[Case]) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in Counter(c.kind for c in cases).most_common())


def _cases(record: Record, chance: random.Random) -> Iterator[Case]:
    """Corrections that a person could make of this record."""
    for name in HEADER_ONE:
        held = getattr(record.header, name)
        if held is not None:
            span = (held.start, held.end)
            if name == "title":
                made = edits.correct(record, Key("header", name), [Said(held.quote, *span)])
                yield _case(record, made, "header value", name, span, (held.quote,))
            made = edits.accept(record, Key("header", name))
            yield _case(record, made, "header accepted", name, span, (held.value,))
    for statement in record.statements:
        span = (statement.start, statement.end)
        label = chance.choice([name for name in _LABELS if name != statement.label])
        made = edits.correct(record, Key("statement", statement.id, "label"), [Said(label)])
        yield _case(record, made, "label", None, span, (label,))
    for task in record.tasks:
        yield from _task_cases(record, task, chance)


def _task_cases(record: Record, task: Any, chance: random.Random) -> Iterator[Case]:
    span, key = (task.start, task.end), Key("task", task.id)
    stated = chance.choice(_STATED)
    made = edits.correct(record, key._replace(field="assignees"), [Said(stated)])
    yield _case(record, made, "assignee", "assignees", span, (stated,))
    made = edits.correct(record, key._replace(field="deadline"), [Said("15/11/2031")])
    yield _case(record, made, "deadline", "deadline", span, ("2031-11-15",))
    made = edits.accept(record, key)
    yield _case(record, made, "task accepted", "assignees", span, words_held(task.assignees))
    half = task.start + len(task.quote) // 2
    half += len(record.text[half:].split(" ", 1)[0])
    made = edits.add_statement(record, task.start, half, "cause")
    yield _case(record, made, "statement added", None, (task.start, half), ("cause",))


def _case(
    record: Record,
    made: Correction,
    kind: str,
    field: str | None,
    span: tuple[int, int] | None,
    words: tuple[str, ...],
) -> Case:
    at = "2026-01-01T00:00:00+00:00"
    entry = entry_of(made, document=record.id, by="bench", at=at, tool="cli", previous=None)
    return Case(record, entry, kind, field, span, words)


def measure(cases: Sequence[Case], share: float, seed: int) -> str:
    """One line: placed right, silently wrong, orphaned."""
    verdicts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    readings: dict[str, tuple[Record, Reading]] = {}
    seconds = 0.0
    for case in cases:
        if case.record.id not in readings:
            readings[case.record.id] = _again(case.record, share, seed)
        record, reading = readings[case.record.id]
        started = time.perf_counter()
        reviewed = apply(record, [case.entry])
        seconds += time.perf_counter() - started
        verdict = "orphaned" if reviewed.orphans else _verdict(case, reviewed, reading)
        verdicts[verdict] += 1
        if verdict != "right":
            missed[f"{verdict}: {case.kind}"] += 1
    right = verdicts["right"] / len(cases)
    met = "met" if right >= TARGETS[share] and not verdicts["wrong"] else "MISSED"
    return (
        f"{share:.1%} of letters: {right:.1%} right, {verdicts['wrong']} wrong,"
        f" {verdicts['orphaned']} orphaned (target {TARGETS[share]:.0%} {met}),"
        f" {1000 * seconds / len(cases):.1f} ms each {dict(missed)}"
    )


def _again(record: Record, share: float, seed: int) -> tuple[Record, Reading]:
    """The record of another reading of the same source."""
    name = f"{record.id}{share}{seed}"
    reading = read_again(record.text, share, random.Random(hashlib.sha256(name.encode()).digest()))
    made = process(reading.text.encode(), record.source.name)
    if made.text != reading.text:
        raise ValueError("the reader changed the text, so nothing can be compared")
    return made.model_copy(update={"id": record.id}), reading


def _verdict(case: Case, reviewed: Reviewed, reading: Reading) -> str:
    """Whether the correction stands at the right place, and nowhere else."""
    record = reviewed.record
    if case.kind.startswith("header"):
        held = getattr(record.header, str(case.field))
        wanted = reading.span(*case.span) if case.span else None
        right = held is not None and held.value == case.words[0]
        if right and reviewed.marks[Key("header", str(case.field))].state == "accepted":
            return "right"  # this reading says the same by itself, with words of its own
        return "right" if right and wanted and _close(held, wanted, whole=False) else "wrong"
    wanted = reading.span(*case.span) if case.span else (0, 0)
    items: Any = record.tasks if case.entry.target.kind == "task" else record.statements
    keys = {key.id for key in reviewed.marks}
    marked = [item for item in items if item.id in keys]
    if len(marked) != 1 or not _close(marked[0], wanted, whole=True):
        return "wrong"
    held = getattr(marked[0], case.field or "label")
    return "right" if words_held(held) == case.words else "wrong"


def _close(held: Any, wanted: tuple[int, int], *, whole: bool) -> bool:
    """The same place; a statement that this reading cuts differently shares half of it."""
    if max(abs(held.start - wanted[0]), abs(held.end - wanted[1])) <= _NEAR:
        return True
    common = min(held.end, wanted[1]) - max(held.start, wanted[0])
    union = max(held.end, wanted[1]) - min(held.start, wanted[0])
    return whole and common >= union / 2


if __name__ == "__main__":
    main()
