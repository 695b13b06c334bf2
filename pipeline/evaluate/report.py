"""The figures as a person reads them, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.evaluate.counts import Row, Tally
from pipeline.evaluate.gold import GROUPS, Json
from pipeline.evaluate.measure import CORE, DocumentScore, Evaluation, summary
from pipeline.messages import say

MEASURES = (
    "task",
    "assignee",
    "coordinator",
    "monitor",
    "deadline",
    "header",
    "header_soft",
    "addressees",
    "recipients",
    "references",
    "figures",
)
LABELS = (*CORE, "cause", "proposal", "none")
_NOT_IN_COSTS = ("syllables/", "fields_soft/", "mentions_overlap/")


class Cost(NamedTuple):
    """What the errors of one document take off one measure, in points of its F1."""

    document: str
    measure: str
    points: float
    errors: int
    example: str


def as_json(evaluation: Evaluation) -> Json:
    """Everything: figures by group, by document, confusions and mistakes."""
    return {
        "groups": {group: summary(tally) for group, tally in evaluation.groups.items()},
        "docs": {score.name: _document(score) for score in evaluation.documents},
        "confusion": {
            group: {f"{wanted} > {got}": n for (wanted, got), n in sorted(tally.confusion.items())}
            for group, tally in evaluation.groups.items()
        },
        "costs": [cost._asdict() for cost in costs(evaluation)],
        "mistakes": [mistake._asdict() for s in evaluation.documents for mistake in s.mistakes],
    }


def _document(score: DocumentScore) -> Json:
    hits = score.tally.counts["task"].right
    return {
        "units": score.units,
        "wrong_units": score.wrong_units,
        "tasks": f"{hits}/{score.tasks_gold} (+{score.tasks_found - hits})",
        "not_verbatim": score.not_verbatim[:5],
    }


def costs(evaluation: Evaluation) -> list[Cost]:
    """Where the points are lost: document and measure, dearest first."""
    whole = evaluation.groups["all"]
    found = [
        Cost(score.name, measure, points, counts.errors, _example(score, measure))
        for score in evaluation.documents
        for measure, counts in score.tally.counts.items()
        if counts.errors and not measure.startswith(_NOT_IN_COSTS)
        for points in (round(100 * counts.errors / _weight(whole, measure), 2),)
    ]
    return sorted(found, key=lambda cost: (-cost.points, cost.document, cost.measure))


def _weight(tally: Tally, measure: str) -> int:
    """Header fields and kinds of mentions are counted as one measure each."""
    prefix = measure.partition("/")[0]
    return (tally.sum(prefix) if prefix in ("fields", "mentions") else tally.counts[measure]).weight


def _example(score: DocumentScore, measure: str) -> str:
    first = next((m for m in score.mistakes if m.measure == measure), None)
    return f"{first.wanted} > {first.got}  {first.text}".strip() if first else ""


def render(
    evaluation: Evaluation, *, per_document: bool = False, worst: int = 15
) -> RenderableType:
    """Tables for a terminal: figures, confusions, dearest mistakes, documents on demand."""
    parts: list[RenderableType] = [_figures(evaluation), *_notes(evaluation)]
    parts.append(_confusions(evaluation.groups["all"].confusion))
    parts.append(_dearest(costs(evaluation)[:worst]))
    if per_document:
        parts.append(_documents(evaluation.documents))
    return Lines(*parts)


def _figures(evaluation: Evaluation) -> Table:
    table = Table(title=say("evaluate.figures"), title_justify="left")
    table.add_column(say("evaluate.measure"))
    groups = [group for group in GROUPS if group in evaluation.groups]
    for group in groups:
        documents = evaluation.groups[group].documents
        table.add_column(f"{say(f'evaluate.{group}')} ({documents})", justify="right")
    figures = [summary(evaluation.groups[group]) for group in groups]
    table.add_row(say("evaluate.macro"), *(f"{each['m3']:.3f}" for each in figures), style="bold")
    for label in LABELS[:-1]:
        table.add_row(f"  {label}", *(_cell(each["labels"][label]) for each in figures))
    for measure in MEASURES:
        table.add_row(measure, *(_cell(each[measure]) for each in figures))
    table.add_row("header_exact", *(f"{each['header_exact']:.3f}" for each in figures))
    table.add_row("task_kind", *(f"{each['task_kind'] or 0:.3f}" for each in figures))
    for name in ("invented", "not_verbatim"):
        table.add_row(name, *("{}/{}".format(*each[name]) for each in figures))
    return table


def _cell(row: Row) -> str:
    if not row["n"]:
        return "–"
    return f"{row['f1'] or 0:.3f} ({row['p'] or 0:.2f} {row['r'] or 0:.2f}) {row['n']:>4}"


def _notes(evaluation: Evaluation) -> Iterator[Text]:
    missing = evaluation.groups["all"].missing
    if missing:
        shown = " ".join(missing[:5])
        yield Text(say("evaluate.missing", count=len(missing), names=shown), style="yellow")


def _confusions(confusion: Counter[tuple[str, str]]) -> Table:
    table = Table(title=say("evaluate.confusion"), title_justify="left")
    table.add_column(say("evaluate.wanted"))
    for got in LABELS:
        table.add_column(got, justify="right")
    for wanted in LABELS:
        cells = (confusion.get((wanted, got), 0) for got in LABELS)
        table.add_row(wanted, *(str(n) if n else "·" for n in cells))
    return table


def _dearest(dearest: list[Cost]) -> Table:
    table = Table(title=say("evaluate.costs"), title_justify="left")
    for name in ("document", "measure"):
        table.add_column(say(f"evaluate.{name}"))
    for name in ("points", "errors"):
        table.add_column(say(f"evaluate.{name}"), justify="right")
    table.add_column(say("evaluate.example"))
    for cost in dearest:
        row = (
            cost.document,
            cost.measure,
            f"{cost.points:.2f}",
            str(cost.errors),
            cost.example[:60],
        )
        table.add_row(*(Text(cell) for cell in row))
    return table


def _documents(documents: list[DocumentScore]) -> Table:
    table = Table(title=say("evaluate.documents"), title_justify="left")
    for name in ("document", "wrong-units", "tasks", "not-verbatim"):
        table.add_column(say(f"evaluate.{name}"))
    for score in documents:
        row = _document(score)
        wrong = f"{score.wrong_units}/{score.units}"
        table.add_row(score.name, wrong, row["tasks"], " ".join(row["not_verbatim"]))
    return table
