"""Tables of plans: each row is a task, its columns say who does it, with whom, by when and what.

Rows come from readers as table blocks with tabs between cells, or as lines "| … | … |" of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.document import Document
from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.phrases import words_of
from pipeline.resources import lexicon

_HEAD_ROWS = 3
"""Among so many first rows of a table stands the one that names the columns."""
_LONGEST_NAME = 12
"""Words of a cell that is taken as one name although it begins with no known head."""
_PIPES = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_PART = re.compile(r"[^;\n]+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One row: its span and the spans of its cells by role ("act", "assignee", "time" …)."""

    start: int
    end: int
    cells: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The row that names the columns, and the rows below it that are tasks."""

    head: Span
    end: int
    rows: tuple[PlanRow, ...]


def plan_tables(document: Document) -> tuple[PlanTable, ...]:
    """The tables of a document whose columns tell what is to be done and who does it or when."""
    found = (_plan_of(document.text, rows) for rows in _tables(document))
    return tuple(table for table in found if table is not None)


def _tables(document: Document) -> Iterator[list[list[Span]]]:
    """Tables as rows of cell spans."""
    groups: dict[str, list[list[Span]]] = {}
    for block in document.blocks:
        if block.kind == "table" and "\t" in document.text[block.start : block.end]:
            cells = _cells(document.text, block.start, block.end, "\t")
            groups.setdefault(block.note or "", []).append(cells)
    yield from groups.values()
    rows: list[list[Span]] = []
    ends = 0
    for line in _PIPES.finditer(document.text) if "|" in document.text else ():
        if rows and line.start() - ends > 1:
            yield rows
            rows = []
        ends = line.end()
        begin = document.text.index("|", line.start()) + 1
        stop = document.text.rindex("|", 0, line.end())
        if stop > begin:
            rows.append(_cells(document.text, begin, stop, "|"))
    if rows:
        yield rows


def _cells(text: str, start: int, end: int, mark: str) -> list[Span]:
    cells, begin = [], start
    for piece in text[start:end].split(mark):
        stripped = piece.strip()
        left = begin + (len(piece) - len(piece.lstrip()) if stripped else 0)
        cells.append((left, left + len(stripped)))
        begin += len(piece) + len(mark)
    return cells


@cache
def _columns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = lexicon("assignment")["plan_columns"]
    return tuple((role, re.compile(pattern)) for role, pattern in table.items())


def _roles(text: str, row: Sequence[Span]) -> dict[str, int]:
    """Which column has which role, by the names in a row."""
    roles: dict[str, int] = {}
    for number, (start, end) in enumerate(row):
        name = " ".join(text[start:end].lower().split())
        role = next((role for role, pattern in _columns() if pattern.search(name)), None)
        if role is not None and len(name) <= 60:
            roles.setdefault(role, number)
    return roles


def _plan_of(text: str, rows: Sequence[Sequence[Span]]) -> PlanTable | None:
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        roles = _roles(text, row)
        if "told" not in roles and "act" in roles and {"assignee", "time"} & roles.keys():
            below = [_row(each, roles) for each in rows[number + 1 :]]
            kept = tuple(each for each in below if each is not None and _says(text, each))
            return PlanTable((row[0][0], row[-1][1]), rows[-1][-1][1], kept)
    return None


def _row(cells: Sequence[Span], roles: Mapping[str, int]) -> PlanRow | None:
    if len(cells) <= roles["act"]:
        return None
    held = {
        role: cells[column]
        for role, column in roles.items()
        if column < len(cells) and cells[column][1] > cells[column][0]
    }
    filled = [cell for cell in cells if cell[1] > cell[0]]
    return PlanRow(filled[0][0], filled[-1][1], held) if filled else None


def _says(text: str, row: PlanRow) -> bool:
    """Whether a row names an act and something about it: titles of parts and rules do not."""
    act = row.cells.get("act")
    return act is not None and len(row.cells) > 1 and any(map(str.isalpha, text[slice(*act)]))


def agents_in(flat: str, text: str, cell: Span) -> tuple[Agent, ...]:
    """The bodies a cell names, one after the other or each on a line of its own."""
    agents: list[Agent] = []
    for part in _PART.finditer(text, *cell):
        words = words_of(flat, part.start(), part.end())
        start = next((k for k, word in enumerate(words) if word.text[0].isalnum()), len(words))
        found = read_agents(flat, words, start, expected=True)
        rest = [word for word in words[found.stop :] if word.text[0].isalnum()]
        if found.agents and not rest:
            agents.extend(found.agents)
        elif start < len(words) and len(words) - start <= _LONGEST_NAME:
            begin, end = words.starts[start], words.end(-1)
            agents.append(Agent(flat[begin:end], begin, end))
    return tuple(agents)
