"""Rows of a plan that are printed line by line: an act, below it who does it, below it when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.extract.agents import Agent, is_name_start
from pipeline.extract.gathered import is_body
from pipeline.extract.phrases import words_of
from pipeline.extract.row_cells import Cell, people_cell, time_cell
from pipeline.record import Deadline
from pipeline.structure.draft import Draft, Unit

Times = Callable[[Unit], Sequence[Deadline]]
"""The deadlines of a unit."""

_LEAST = 2
"""Rows of the shortest table."""
_PEOPLE = 140
"""The longest line that says who, in characters."""
_TIME = 70
"""The longest line that says when, in characters."""
_ACT_WORDS = 4
"""Words of the shortest act."""
_PARTS = re.compile(r"[^;,\s][^;,]*")
_DIGIT = re.compile(r"\d")
_BRACKET = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class LineRow:
    """The indices of the three lines of a row, with what the last two say."""

    act: int
    people: Cell
    deadline: Deadline


def line_rows(draft: Draft, times_of: Times) -> dict[int, LineRow]:
    """The rows by the index of their act; none where only one row looks like it.

    Each line is a paragraph of its own; who does it and when bear no item mark. The act is a
    statement: a heading has no id that a task could name.
    """
    flat, units = draft.flat, draft.units
    rows: dict[int, LineRow] = {}
    for at, when in enumerate(units[2:]):
        if when.end - when.start > _TIME or draft.labels[at] is None:
            continue
        act, who = units[at : at + 2]
        if not _may_be_time(flat, when) or not _are_lines(act, who, when):
            continue
        people, deadline = _people(flat, who), _time(flat, when, times_of)
        if people and deadline and len(flat[act.start : act.end].split()) >= _ACT_WORDS:
            rows[at] = LineRow(at, people, deadline)
    return rows if len(rows) >= _LEAST else {}


def _are_lines(act: Unit, who: Unit, when: Unit) -> bool:
    apart = len({act.paragraph, who.paragraph, when.paragraph}) == 3
    return apart and not who.marker and not when.marker and all(map(is_body, (act, who, when)))


def _may_be_time(flat: str, unit: Unit) -> bool:
    words = flat[unit.start : unit.end]
    told = _DIGIT.search(words) is not None or "quý" in words.lower()
    return told and not words.rstrip().endswith((".", ":"))


def _time(flat: str, unit: Unit, times_of: Times) -> Deadline | None:
    cell = time_cell(flat, unit.start, unit.end, times_of(unit))
    return (cell and cell.deadline) or next(iter(times_of(unit)), None)


def _people(flat: str, unit: Unit) -> Cell | None:
    """Those a line names: a cell, or names that run on in small letters up to its end."""
    words = words_of(flat, unit.start, unit.end)
    short = unit.end - unit.start <= _PEOPLE
    if not short or not words or not is_name_start(words, 0) or words[-1].text in ".:":
        return None
    cell = people_cell(flat, unit.start, unit.end)
    if cell and cell.assignees:
        return cell
    return Cell(assignees=tuple(_names(flat, unit.start, unit.end)))


def _names(flat: str, start: int, end: int) -> list[Agent]:
    """The names between semicolons and before commas after which another name begins."""
    line = _BRACKET.sub(lambda found: " " * len(found.group()), flat[start:end])
    names: list[Agent] = []
    for part in _PARTS.finditer(line):
        begin, stop = start + part.start(), start + part.start() + len(part.group().rstrip())
        words = words_of(flat, begin, stop)
        goes_on = names and flat[names[-1].end : begin].strip() == "," and words
        if goes_on and not is_name_start(words, 0):  # "Đội Thuế số 1, số 2"
            begin = names.pop().start
        names.append(Agent(flat[begin:stop], begin, stop))
    return names
