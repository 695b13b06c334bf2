"""Rows and lines that complete a task: its doer, its time, the rows of a plan's table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pipeline.extract.addressed import day_of_issue
from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.assignment import Roles
from pipeline.extract.clause_starts import only_names
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.gathered import Gathered, is_body, take_in
from pipeline.extract.inheritance import Outline, rank_of
from pipeline.extract.phrases import words_of
from pipeline.extract.plan_tables import PlanRow, agents_in, plan_tables
from pipeline.extract.row_cells import cell_of, longest_cell, people_cell, time_cell
from pipeline.extract.task_spans import doer_line
from pipeline.record import Deadline
from pipeline.structure.draft import Draft, Unit


class RowReader:
    """What is open at a unit: the outline, the last task, the section; and the rows read there."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.flat = draft.flat
        self.outline = Outline()
        self.tasks: list[Gathered] = []
        self.last = -2
        """Index of the last unit that was a task."""
        self.section: str | None = None
        self.numbers: dict[float, str] = {}
        """Numbers of the open sections by their rank."""
        self.group = 0
        self.heading_rank: float | None = None
        """Rank of the heading since the last task, if there was one."""
        self.times: tuple[Unit, Sequence[Deadline]] | None = None
        """The deadlines of the unit that was asked for last."""
        self.names: dict[int, int] = {}
        """By the unit that only names some of those who act, where their list begins."""
        self.tables = plan_tables(draft.document)
        self.rows = [row for table in self.tables for row in table.rows]

    @cached_property
    def _issued_on(self) -> str | None:
        """The day that times without a year count from, told where it is needed."""
        return day_of_issue(self.draft)

    def _deadlines(self, unit: Unit) -> Sequence[Deadline]:
        """The deadlines of a unit, found once."""
        if self.times is None or self.times[0] is not unit:
            self.times = (unit, self._find_deadlines(unit))
        return self.times[1]

    def _find_deadlines(self, unit: Unit) -> Sequence[Deadline]:
        found = find_deadlines(self.flat, unit.start, unit.end, issued_on=lambda: self._issued_on)
        found = tuple(deadline for deadline in found if not self._names_what_follows(deadline))
        header = self.draft.header
        if header.issued_on or header.published_on:
            return found
        return [marked_inferred(deadline) for deadline in found]

    def _names_what_follows(self, deadline: Deadline) -> bool:
        """Whether an event is a label of its own ("Sau khi áp dụng: …"), not a time to be kept."""
        return deadline.kind == "event" and self.flat[deadline.end :].lstrip().startswith(":")

    def _names_go_on(self, index: int, unit: Unit) -> bool:
        """Whether a line only begins the list of those who act: "Chánh Văn phòng;", "Chủ tịch …".

        Where the list begins is kept for the line that it ends in.
        """
        if self.flat[unit.end - 1] not in ";, *":
            return False
        below = self.draft.units[index + 1 : index + 2]
        ends = self.flat[unit.start : unit.end].rstrip(" *").endswith((";", ","))
        if not ends or not below or below[0].marker or not is_body(below[0]):
            return False
        if below[0].kind != "statement" or not only_names(self.flat, unit.start, unit.end):
            return False
        self.names[index] = self.names.get(index - 1, unit.start)
        return True

    def _put_names(self, index: int, task: Gathered) -> None:
        """Put the lines above that only name those who act in front of their task."""
        above = index - 1
        while above in self.names and task.pieces[0][0] > self.draft.units[above].start:
            line = self.draft.units[above]
            task.pieces.insert(0, (line.start, line.end))
            if self.draft.labels[above] is not None:
                task.units.insert(0, above)
            above -= 1

    def _doer_line(self, index: int, unit: Unit) -> bool:
        """Take in a line that only names the doer or the time of the item above."""
        line = doer_line(self.flat, unit.start, unit.end)
        if line is None or not self.tasks or self.tasks[-1].group != self.group:
            return False  # below a heading of its own it tells of something else
        role, begin = line
        agents = read_agents(self.flat, words_of(self.flat, begin, unit.end), 0).agents
        found = self._deadlines(unit) if role == "time" else ()
        for task in self._tasks_of_line(unit):
            task.pieces.append((unit.start, unit.end))
            task.units.append(index)
            take_in(task, role, agents, found[0] if found else None)
        self.last = index
        return True

    def _row_cell(self, index: int, unit: Unit) -> bool:
        """Take in a line of its own below a task that is only its doer or its time."""
        if unit.kind != "statement" or unit.marker or not self.tasks or self.last != index - 1:
            return False
        if self.draft.units[index - 1].paragraph == unit.paragraph:
            return False
        if unit.end - unit.start > longest_cell():
            return False
        cell = people_cell(self.flat, unit.start, unit.end) or time_cell(
            self.flat, unit.start, unit.end, self._deadlines(unit)
        )
        if cell is None:
            return False
        task = self.tasks[-1]
        task.pieces.append((unit.start, unit.end))
        task.units.append(index)
        if cell.assignees and (task.inherited or not task.assignees):
            task.assignees, task.inherited = cell.assignees, False
        task.coordinators.extend(cell.coordinators)
        task.deadline = task.deadline or cell.deadline
        self.last = index
        return True

    def _plan_rows(self, index: int, unit: Unit) -> None:
        """The rows of a plan's table that stand in a unit, or go on in it."""
        if self.draft.labels[index] is None:
            return
        for task in self.tasks[-1:]:
            if task.act and unit.start < task.pieces[-1][1] and task.units[-1] != index:
                task.units.append(index)
        here = [row for row in self.rows if row.start < unit.end and unit.start < row.end]
        for row in here:
            self.rows.remove(row)
            self.tasks.append(self._of_row(index, row))
        self.last = index

    def _of_row(self, index: int, row: PlanRow) -> Gathered:
        def named(role: str) -> tuple[Agent, ...]:
            cell = row.cells.get(role)
            return agents_in(self.flat, self.draft.document.text, cell) if cell else ()

        before = self.tasks[-1:] if self.last >= index - 1 else []
        above = next((task.assignees for task in before if task.act), ()) or self.outline.agents()
        own = named("assignee")
        return Gathered(
            pieces=[(row.start, row.end)],
            units=[index],
            roles=Roles(act_start=row.cells["act"][0]),
            assignees=own or above,
            inherited=not own,
            assigner=self.outline.assigner(),
            deadline=self._time_of(row) or self.outline.deadline(),
            coordinators=list(named("coordinator")),
            monitors=list(named("monitor")),
            section=self.section,
            sections=frozenset(self.numbers.values()),
            group=self.group,
            act=row.cells["act"],
            product=row.cells.get("product"),
        )

    def _time_of(self, row: PlanRow) -> Deadline | None:
        cell = row.cells.get("time")
        if cell is None:
            return None
        found = find_deadlines(self.flat, *cell, issued_on=lambda: self._issued_on)
        known = cell_of(self.flat, *cell, found)
        return (known and known.deadline) or next(iter(found), None)

    def _tasks_of_line(self, unit: Unit) -> list[Gathered]:
        """The tasks a doer line is for: the last, or all items below the heading it stands at."""
        ranks = [rank for rank in (self.heading_rank, rank_of(unit.marker)) if rank is not None]
        item = self.tasks[-1].rank
        if not ranks or item is None or min(ranks) >= item:
            return self.tasks[-1:]
        start = len(self.tasks)
        while start and self.tasks[start - 1].rank == item and self._same_group(start - 1):
            start -= 1
        return self.tasks[start:]

    def _same_group(self, index: int) -> bool:
        return self.tasks[index].group == self.tasks[-1].group


def marked_inferred(deadline: Deadline) -> Deadline:
    """`deadline` with an origin that says so when its year is not printed beside it."""
    year = deadline.value[:4]
    if not year.isdigit() or year in deadline.raw:
        return deadline
    return deadline.model_copy(update={"origin": f"{deadline.origin}.inferred-year"})
