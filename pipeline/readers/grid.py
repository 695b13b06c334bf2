"""Rules of a page -> tables: which rules cross, which fields they close, which fields are a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.document import Box
from pipeline.readers.printed import RuledTable

_THIN = 2.5
"""Points that a rule may be thick."""
_NEAR = 3.0
"""Points by which parts of one rule may be apart or beside each other."""
_SHORTEST = 8.0
_ROOM = 5.0
_COVERED = 0.75
"""Share of the side of a field that a rule must cover to close it."""
_MOST_CROSSINGS = 40_000

Mask = npt.NDArray[np.bool_]


class Rule(NamedTuple):
    """A straight rule: its place across, where it starts and ends."""

    at: float
    start: float
    end: float


@dataclass
class Rules:
    """Level and upright rules of a page, in points from its top left corner."""

    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)

    def add(self, box: Box) -> None:
        """A stroke by the box around it; one that runs aslant is no rule."""
        x0, y0, x1, y1 = box
        if y1 - y0 < _THIN and x1 - x0 > y1 - y0:
            self.level.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 < _THIN:
            self.upright.append(Rule((x0 + x1) / 2, y0, y1))


def tables_of(rules: Rules) -> tuple[RuledTable, ...]:
    """Tables that the rules of a page make: two rows and columns at least, or one row of three."""
    level, upright = _put_together(rules.level), _put_together(rules.upright)
    found = []
    for levels, uprights in _groups(level, upright):
        fields = _Fields(*_closed(levels, uprights))
        rows = _rows(fields.cells())
        if _is_table(rows):
            found.append(RuledTable(fields.box, rows))
    return tuple(sorted(found, key=lambda table: table.box[1]))


def _is_table(rows: Sequence[Sequence[Box]]) -> bool:
    """Frames around a text and rules under a heading are no tables."""
    columns = max(map(len, rows), default=0)
    return columns > 2 or (columns > 1 and len(rows) > 1)


def _put_together(rules: Sequence[Rule]) -> list[Rule]:
    """Rules beside or behind each other as one; short ones are left out."""
    beside: list[list[Rule]] = []
    for rule in sorted(rules):
        if beside and rule.at - beside[-1][0].at <= _NEAR:
            beside[-1].append(rule)
        else:
            beside.append([rule])
    return [rule for group in beside for rule in _behind(group) if _length(rule) >= _SHORTEST]


def _length(rule: Rule) -> float:
    return rule.end - rule.start


def _behind(group: Sequence[Rule]) -> Iterator[Rule]:
    """Rules at one place across, those that touch put together."""
    longest = max(group, key=_length)
    joined: list[Rule] = []
    for rule in sorted(group, key=lambda rule: rule.start):
        if joined and rule.start <= joined[-1].end + _NEAR:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, rule.end))
        else:
            joined.append(Rule(longest.at, rule.start, rule.end))
    yield from joined


def _groups(level: list[Rule], upright: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Rules that hang together and may make a table, group by group."""
    if len(level) < 2 or not upright or len(level) * len(upright) > _MOST_CROSSINGS:
        return
    owner = _Owners(len(level) + len(upright))
    rows, columns = np.nonzero(_crossings(level, upright))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        owner.join(row, len(level) + column)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for index, rule in enumerate(level):
        groups[owner.of(index)][0].append(rule)
    for index, rule in enumerate(upright, start=len(level)):
        groups[owner.of(index)][1].append(rule)
    yield from (pair for pair in groups.values() if len(pair[0]) > 1 and pair[1])


class _Owners:
    """Sets of numbers that grow together."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, one: int) -> int:
        """The number that stands for the set of `one`."""
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one

    def join(self, one: int, other: int) -> None:
        """Make one set of two; the smaller number stands for it."""
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first


def _crossings(level: list[Rule], upright: list[Rule]) -> Mask:
    """Which level rules touch which upright ones."""
    y, left, right = np.array(level).T[:, :, None]
    x, top, bottom = np.array(upright).T[:, None, :]
    across = (left - _NEAR <= x) & (x <= right + _NEAR)
    down = (top - _NEAR <= y) & (y <= bottom + _NEAR)
    return np.asarray(across & down)


def _closed(level: list[Rule], upright: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules with sides added where the table is open but most rules end at one line."""
    left, right = _ends(level)
    top, bottom = _ends(upright)
    sides = [Rule(at, top, bottom) for at in (left, right) if _is_open(at, upright)]
    caps = [Rule(at, left, right) for at in (top, bottom) if _is_open(at, level)]
    return [*level, *caps], [*upright, *sides]


def _ends(rules: list[Rule]) -> tuple[float, float]:
    """Where most of the rules start and end."""
    starts, ends = sorted(rule.start for rule in rules), sorted(rule.end for rule in rules)
    return starts[len(starts) // 4], ends[-1 - len(ends) // 4]


def _is_open(at: float, rules: list[Rule]) -> bool:
    return all(abs(rule.at - at) > 2 * _NEAR for rule in rules)


class _Fields:
    """The fields between neighbouring rules, and which of their sides are drawn."""

    def __init__(self, level: list[Rule], upright: list[Rule]) -> None:
        self.ys = sorted({rule.at for rule in level})
        self.xs = sorted({rule.at for rule in upright})
        self._above = _drawn(level, self.ys, self.xs)
        self._before = _drawn(upright, self.xs, self.ys).T

    @property
    def box(self) -> Box:
        """The box around all fields."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cells(self) -> list[tuple[int, Box]]:
        """The cells with the number of the row they begin in.

        Fields without a rule between them are one cell if they make a rectangle, else a cell each;
        what is open to the outside is none.
        """
        height, width = len(self.ys) - 1, len(self.xs) - 1
        owner = self._joined()
        members: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in range(height):
            for column in range(width):
                members[owner.of(1 + row * width + column)].append((row, column))
        members.pop(owner.of(0), None)
        return [cell for fields in members.values() for cell in self._cells_of(fields)]

    def _cells_of(self, fields: list[tuple[int, int]]) -> Iterator[tuple[int, Box]]:
        rows, columns = zip(*fields, strict=True)
        top, bottom, left, right = min(rows), max(rows) + 1, min(columns), max(columns) + 1
        if len(fields) == (bottom - top) * (right - left):
            fields, whole = [(top, left)], (bottom - top, right - left)
        else:
            whole = (1, 1)
        for row, column in fields:
            box = self._box(row, column, row + whole[0], column + whole[1])
            if _has_room(box):
                yield row, box

    def _box(self, top: int, left: int, bottom: int, right: int) -> Box:
        return (self.xs[left], self.ys[top], self.xs[right], self.ys[bottom])

    def _joined(self) -> _Owners:
        """Fields (numbered from 1, row by row) that no rule parts; 0 is the outside."""
        height, width = len(self.ys) - 1, len(self.xs) - 1
        owner = _Owners(1 + height * width)
        for row, column in np.argwhere(~self._above).tolist():
            above = 1 + (row - 1) * width + column if row else 0
            owner.join(above, 1 + row * width + column if row < height else 0)
        for row, column in np.argwhere(~self._before).tolist():
            before = row * width + column if column else 0
            owner.join(before, 1 + row * width + column if column < width else 0)
        return owner


def _has_room(box: Box) -> bool:
    """Whether a letter fits in: between the two lines of a double rule none does."""
    return box[2] - box[0] > _ROOM and box[3] - box[1] > _ROOM


def _drawn(rules: list[Rule], places: list[float], marks: list[float]) -> Mask:
    """For each place and each stretch between two marks: whether a rule covers it."""
    covered = np.zeros((len(places), max(len(marks) - 1, 0)))
    row_of = {place: row for row, place in enumerate(places)}
    starts, ends = np.array(marks[:-1]), np.array(marks[1:])
    for rule in rules:
        shared = np.minimum(ends, rule.end) - np.maximum(starts, rule.start)
        covered[row_of[rule.at]] += np.clip(shared, 0, None)
    return np.asarray(covered >= _COVERED * (ends - starts))


def _rows(cells: list[tuple[int, Box]]) -> tuple[tuple[Box, ...], ...]:
    """Cells by the row they begin in, left to right."""
    rows: dict[int, list[Box]] = defaultdict(list)
    for row, box in cells:
        rows[row].append(box)
    return tuple(tuple(sorted(rows[row])) for row in sorted(rows))
