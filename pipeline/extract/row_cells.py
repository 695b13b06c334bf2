"""Lines that are only a cell of a task's row.

Who does it ("Khoa Dược; phối hợp: Phòng Vật tư") or by when ("Quý III/2021", "30/6/2020").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.agent_heads import may_open_name
from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.phrases import words_of
from pipeline.record import Deadline
from pipeline.resources import lexicon
from pipeline.text.dates import find_dates

_PEOPLE = re.compile(r"(?:[^;,]|(?<!chủ trì)(?<!phối hợp)(?<!thực hiện),(?! *phối hợp))+")
"""Names up to ";", or up to "," after their role or before "phối hợp"."""
_DASH = re.compile(r" [-–] ")
_BRACKET = re.compile(r"\(([^()]{3,140})\)[\s.;/]*$")
_ACT_WORDS = 3
"""Words of the shortest act before the doer at its end."""
_AFTER = 60
"""The longest time that may stand after the doer, in characters."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says: agents by their role, or a deadline."""

    assignees: tuple[Agent, ...] = ()
    coordinators: tuple[Agent, ...] = ()
    deadline: Deadline | None = None


@cache
def _patterns() -> tuple[int, re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = lexicon("assignment")["row_cells"]
    return (
        table["longest"],
        re.compile(table["lead"]),
        re.compile(table["supports"]),
        re.compile(table["role"]),
    )


def longest_cell() -> int:
    """The length of the longest line that is taken for a cell, in characters."""
    return _patterns()[0]


def cell_of(flat: str, start: int, end: int, deadlines: Sequence[Deadline]) -> Cell | None:
    """The cell that a whole line is, or None when it says anything else.

    `deadlines` are those already found in the line.
    """
    if end - start > longest_cell():
        return None
    return people_cell(flat, start, end) or time_cell(flat, start, end, deadlines)


def people_cell(flat: str, start: int, end: int) -> Cell | None:
    """The names, by their role, that a line or part of one is; None when it says anything else."""
    _, lead, supports, role = _patterns()
    assignees: list[Agent] = []
    coordinators: list[Agent] = []
    for part in _PEOPLE.finditer(flat[start:end]):
        begin, stop = start + part.start(), start + part.end()
        stop -= len(flat[begin:stop]) - len(flat[begin:stop].rstrip(" .,"))
        opened = lead.match(flat, begin, stop)
        begin = opened.end() if opened else begin
        if not may_open_name(words_of(flat, begin, stop)):
            return None
        closed = role.search(flat, begin, stop)
        words = words_of(flat, begin, closed.start() if closed else stop)
        named = read_agents(flat, words, 0)
        if not named.agents or any(word.text[0].isalnum() for word in words[named.stop :]):
            return None
        said = (opened.group() if opened else "") + (closed.group() if closed else "")
        (coordinators if supports.search(said.lower()) else assignees).extend(named.agents)
    if not assignees:
        return None
    return Cell(assignees=tuple(assignees), coordinators=tuple(coordinators))


def people_at_end(flat: str, start: int, end: int) -> Cell | None:
    """Who is to act, where an item only ends in it: "Sửa mái - Đội 3, Đội 5 - tháng 7/2024"."""
    bracket = _BRACKET.search(flat, start, end)
    if bracket and len(flat[start : bracket.start()].split()) >= _ACT_WORDS:
        found = people_cell(flat, *bracket.span(1))
        if found and _patterns()[3].search(flat, *bracket.span(1)):
            return found
    near = max(start, end - longest_cell() - _AFTER)
    dashes = [(dash.start(), dash.end()) for dash in _DASH.finditer(flat, near, end)]
    for number, (before, begin) in enumerate(dashes):
        if len(flat[start:before].split()) < _ACT_WORDS:
            continue
        later = [dash for dash, _ in reversed(dashes[number + 1 :]) if end - dash <= _AFTER]
        for stop in (end, *later):
            found = people_cell(flat, begin, stop)
            if found:
                return found
    return None


def time_cell(flat: str, start: int, end: int, deadlines: Sequence[Deadline]) -> Cell | None:
    """The time that a line is; `deadlines` are those already found in it."""
    dates = find_dates(flat, start, end)
    if not dates and not deadlines:
        return None
    words = sum(char.isalnum() for char in flat[start:end])
    for deadline in deadlines:
        if sum(char.isalnum() for char in deadline.raw) >= 0.8 * words:
            return Cell(deadline=deadline)
    for found in dates:
        covered = sum(char.isalnum() for char in flat[found.start : found.end])
        if covered == words and re.match(r"\d{4}-\d\d-\d\d", found.value):
            printed = flat[found.start : found.end]
            return Cell(
                deadline=Deadline(
                    kind="date", value=found.value, raw=printed, start=found.start,
                    end=found.end, origin="rule:deadline.cell",
                )
            )  # fmt: skip
    return None
