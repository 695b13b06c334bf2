"""Draft -> tasks: one for each item, sentence or clause, with who assigned it, who does it and by when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.extract.agents import Agent, read_agents
from pipeline.extract.assignment import Roles, roles_of
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.inheritance import Outline, heading_agents, lead_in_depth, style_of
from pipeline.extract.phrases import words_of
from pipeline.extract.task_spans import Clause, clauses_of, doer_line
from pipeline.record import Deadline, Found, Span, Task
from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.structure.ids import statement_id

IdOf = Callable[[int], str]


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["lead_in"], re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    """A task being gathered."""

    pieces: list[tuple[int, int]]
    units: list[int]
    roles: Roles
    assignees: tuple[Agent, ...]
    inherited: bool
    assigner: tuple[Agent, ...]
    deadline: Deadline | None
    coordinators: list[Agent] = field(default_factory=list)
    monitors: list[Agent] = field(default_factory=list)
    reports: list[Agent] = field(default_factory=list)


def extract_tasks(draft: Draft, id_of: IdOf | None = None) -> tuple[Task, ...]:
    """The tasks of a document in reading order.

    `id_of` gives the statement id of a unit by its index; the default numbers equal quotes as
    `pipeline.structure.ids` does.
    """
    walk = _Walk(draft)
    walk.run()
    ids = id_of or _statement_ids(draft)
    return tuple(_task(draft, gathered, number, ids) for number, gathered in enumerate(walk.tasks))


class _Walk:
    """Goes through the units once, keeping the open headings, lead-ins and items."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.flat = draft.flat
        self.outline = Outline()
        self.tasks: list[_Open] = []
        self.item_style = ""
        self.last_task_unit = -2
        self.reported = draft.family == "news"
        self.issued_on = _issue_date(draft)

    def run(self) -> None:
        for index, unit in enumerate(self.draft.units):
            if unit.zone not in ("body", "attachment") or unit.kind == "meta":
                continue
            label = self.draft.labels[index]
            if unit.kind == "heading":
                self._heading(unit)
            elif label is None or label.label != "task":
                self._context(index, unit)
            else:
                self._task_unit(index, unit)

    def _heading(self, unit: Unit) -> None:
        style = style_of(unit.marker) or "heading"
        self.outline.open(style, heading_agents(self.flat, unit.start, unit.end))

    def _context(self, index: int, unit: Unit) -> None:
        if not _lead_in().search(self.flat, unit.start, unit.end):
            return
        roles = roles_of(self.flat, unit.start, unit.end, reported=self.reported)
        self._open_frame(index, unit, roles)

    def _open_frame(self, index: int, unit: Unit, roles: Roles) -> None:
        agents = roles.assignees or heading_agents(self.flat, unit.start, unit.end)
        style = style_of(unit.marker)
        if not style:
            following = [
                style_of(other.marker) for other in self.draft.units[index + 1 : index + 2]
            ]
            depth = lead_in_depth(self.outline, following)
            if depth:
                self.outline.close(depth)
            style = "lead-in"
        self.outline.open(style, agents, roles.assigner)

    def _task_unit(self, index: int, unit: Unit) -> None:
        if self._doer_line(index, unit):
            return
        deadlines = _deadlines(self.flat, unit, self.issued_on)
        clauses = clauses_of(self.flat, unit.start, unit.end, deadlines, reported=self.reported)
        style = style_of(unit.marker)
        if style:
            self.outline.open(style)
        leads = self.flat[unit.start : unit.end].rstrip().endswith(":")
        for number, clause in enumerate(clauses):
            if number == 0 and self._continues(index, unit, clauses):
                self._extend(index, clause)
            else:
                self._start(index, clause, follows=number > 0)
        if leads:
            self._open_frame(index, unit, clauses[-1].roles)
        elif style and clauses[0].roles.assignees:
            self.outline.frames[-1].agents = clauses[0].roles.assignees
        self.last_task_unit = index

    def _continues(self, index: int, unit: Unit, clauses: Sequence[Clause]) -> bool:
        if unit.marker or self.last_task_unit != index - 1 or not self.tasks:
            return False
        if clauses[0].roles.assignees or clauses[0].deadline or len(clauses) > 1:
            return False
        before = self.draft.units[index - 1]
        first = self.draft.units[self.tasks[-1].units[0]]
        if before.paragraph != unit.paragraph:
            return False
        return first.marker is not None

    def _extend(self, index: int, clause: Clause) -> None:
        task = self.tasks[-1]
        task.pieces.append((clause.start, clause.end))
        task.units.append(index)
        task.coordinators.extend(clause.roles.coordinators)
        task.reports.extend(clause.roles.reports)
        task.deadline = task.deadline or clause.deadline

    def _start(self, index: int, clause: Clause, *, follows: bool) -> None:
        roles = clause.roles
        assignees, inherited = self._assignees(index, roles, follows)
        self.tasks.append(
            _Open(
                [(clause.start, clause.end)],
                [index],
                roles,
                assignees,
                inherited and bool(assignees),
                roles.assigner or self.outline.assigner(),
                clause.deadline,
                list(roles.coordinators),
                [],
                list(roles.reports),
            )
        )
        self.last_task_unit = index

    def _assignees(self, index: int, roles: Roles, follows: bool) -> tuple[tuple[Agent, ...], bool]:
        """Those named in the clause, else those of the clause before, the item above or Kính gửi."""
        if roles.assignees and roles.rule != "relayed":
            return roles.assignees, False
        unit = self.draft.units[index]
        goes_on = self.last_task_unit >= index - 1 and not unit.marker
        if self.tasks and (follows or goes_on):
            return self.tasks[-1].assignees, True
        above = self.outline.agents()
        if above:
            return above, True
        if roles.assignees:
            return roles.assignees, False
        addressees = self.draft.header.addressees
        return tuple(Agent(str(f.value), f.start, f.end) for f in addressees), bool(addressees)

    def _doer_line(self, index: int, unit: Unit) -> bool:
        line = doer_line(self.flat, unit.start, unit.end)
        if line is None or not self.tasks:
            return False
        role, begin = line
        task = self.tasks[-1]
        task.pieces.append((unit.start, unit.end))
        task.units.append(index)
        agents = read_agents(self.flat, words_of(self.flat, begin, unit.end), 0).agents
        if role == "assignee" and agents:
            task.assignees, task.inherited = agents, False
        elif role == "coordinator":
            task.coordinators.extend(agents)
        elif role == "monitor":
            task.monitors.extend(agents)
        elif role == "time":
            found = _deadlines(self.flat, unit, self.issued_on)
            task.deadline = task.deadline or (found[0] if found else None)
        self.last_task_unit = index
        return True


def _issue_date(draft: Draft) -> str | None:
    found = draft.header.issued_on or draft.header.published_on
    return found.value if found else None


def _deadlines(flat: str, unit: Unit, issued_on: str | None) -> list[Deadline]:
    return list(find_deadlines(flat, unit.start, unit.end, issued_on=issued_on))


def _statement_ids(draft: Draft) -> IdOf:
    from pipeline.structure.ids import statement_ids

    indices = [k for k, label in enumerate(draft.labels) if label is not None]
    text = draft.document.text
    ids = statement_ids(
        draft.document.sha256, (text[draft.units[k].start : draft.units[k].end] for k in indices)
    )
    return dict(zip(indices, ids, strict=True)).__getitem__


def _found(
    draft: Draft, agents: Sequence[Agent], rule: str, inherited: bool = False
) -> tuple[Found[str], ...]:
    text = draft.document.text
    seen: set[str] = set()
    found = []
    for agent in agents:
        if agent.value.lower() in seen:
            continue
        seen.add(agent.value.lower())
        found.append(
            Found(
                value=agent.value,
                start=agent.start,
                end=agent.end,
                quote=text[agent.start : agent.end],
                origin=f"rule:task.{rule}",
                inherited=inherited,
            )
        )
    return tuple(found)


def _task(draft: Draft, gathered: _Open, number: int, ids: IdOf) -> Task:
    text = draft.document.text
    start, end = gathered.pieces[0][0], gathered.pieces[-1][1]
    parts = tuple(Span(start=a, end=b) for a, b in gathered.pieces)
    whole = gathered.units == list(range(gathered.units[0], gathered.units[-1] + 1))
    quote = text[start:end]
    action = draft.flat[max(gathered.roles.act_start, start) : end].strip(" .;,/")
    assigner = _found(draft, gathered.assigner[:1], "assigner")
    return Task(
        id=statement_id(draft.document.sha256, f"task {number} {quote}"),
        kind="commitment" if gathered.roles.promised else "assigned",
        start=start,
        end=end,
        quote=quote,
        statements=tuple(ids(unit) for unit in gathered.units),
        action=action,
        parts=None if whole and len(parts) == 1 else parts,
        assigner=assigner[0] if assigner else None,
        assignees=_found(draft, gathered.assignees, "assignee", gathered.inherited),
        coordinators=_found(draft, gathered.coordinators, "coordinator"),
        monitors=_found(draft, gathered.monitors, "monitor"),
        report_to=_found(draft, gathered.reports, "report"),
        deadline=gathered.deadline,
    )
