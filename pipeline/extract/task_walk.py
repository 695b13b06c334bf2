"""One pass over the units of a document that gathers its tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from pipeline.extract.agents import Agent, act_words, full_name, is_name_start, read_agents
from pipeline.extract.assignment import Roles, roles_of
from pipeline.extract.commitments import (
    Setting,
    TaskKind,
    is_own_plan,
    task_kind,
)
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.inheritance import Outline, heading_agents, lead_in_rank, rank_of
from pipeline.extract.monitors import executes_document
from pipeline.extract.phrases import words_of
from pipeline.extract.plan_tables import PlanRow, agents_in, plan_tables
from pipeline.extract.row_cells import cell_of
from pipeline.extract.task_spans import Clause, clauses_of, doer_line
from pipeline.record import Deadline, Found
from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.text.dates import anchor_of

_LETTER = 8.0
"""Rank of "a)": headings above it open a group of items of their own."""
_CHAPTER = 4.0
"""Rank of the headings that say what a part of a report is ("II.", "3.")."""


@dataclass(slots=True)
class Gathered:
    """A task while it is gathered: the pieces of text it stands in and who does what."""

    pieces: list[tuple[int, int]]
    units: list[int]
    roles: Roles
    assignees: tuple[Agent, ...]
    inherited: bool
    assigner: tuple[Agent, ...]
    deadline: Deadline | None = None
    coordinators: list[Agent] = field(default_factory=list)
    monitors: list[Agent] = field(default_factory=list)
    reports: list[Agent] = field(default_factory=list)
    section: str | None = None
    sections: frozenset[str] = frozenset()
    """Numbers of all sections it stands in."""
    kind: TaskKind = "assigned"
    group: int = 0
    """Number of the heading it stands under."""
    rank: float | None = None
    """How deep the marker of its item stands; None without one."""
    act: tuple[int, int] | None = None
    """Where the act stands when it is a cell of a table."""
    product: tuple[int, int] | None = None


def gather_tasks(draft: Draft) -> list[Gathered]:
    """The tasks of a draft in reading order."""
    walk = _Walk(draft)
    for index, unit in enumerate(draft.units):
        if is_body(unit):
            walk.visit(index, unit)
    return walk.tasks


def is_body(unit: Unit) -> bool:
    """Whether a unit belongs to the text that can hold tasks."""
    return unit.zone in ("body", "attachment") and unit.kind != "meta"


_TITLE = 160
"""The longest title of an item that only names who acts, in characters."""
_SURE = 0.5
"""Least confidence in a label that makes a task of words that name nobody, no time and no act."""
_FIXED = ("date", "recurring")
"""Deadlines of a task that hold for the list it opens; a period there is only its setting."""


class _Walk:
    """What is open at a unit: the outline, the last task, the section."""

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
        self.own_plan = False
        self.group = 0
        self.heading_rank: float | None = None
        """Rank of the heading since the last task, if there was one."""
        self.reports_itself = draft.header.kind is not None and draft.header.kind.value == "BC"
        self.reported = draft.family == "news"
        self.issued_on = _issued_on(draft)
        self.fallback = _fallback(draft)
        self.tables = plan_tables(draft.document)
        self.rows = [row for table in self.tables for row in table.rows]

    def visit(self, index: int, unit: Unit) -> None:
        label = self.draft.labels[index]
        if any(table.head[0] < unit.end and unit.start < table.end for table in self.tables):
            self._plan_rows(index, unit)
        elif unit.kind == "heading":
            self._heading(index, unit)
        elif label is not None and label.label == "task" and not self._only_leads_in(index, unit):
            self._task_unit(index, unit, sure=label.confidence >= _SURE)
        elif not self._row_cell(index, unit):
            self._context(index, unit)

    def _heading(self, index: int, unit: Unit) -> None:
        title = self.flat[unit.start : unit.end]
        rank = rank_of(unit.marker) or lead_in_rank(self._marker_after(index), title)
        self.heading_rank = rank
        self.outline.frames[0].first = None
        if rank < _LETTER:
            self.group += 1
        if rank <= _CHAPTER:
            self.own_plan = self.reports_itself and is_own_plan(title)
        opens = title.rstrip().endswith(":")  # "Đoàn kiến nghị Ban Quản lý Chợ:"
        roles = roles_of(self.flat, unit.start, unit.end, reported=opens)
        agents = heading_agents(self.flat, unit.start, unit.end, lead_in=True)
        if not agents and opens and (roles.ordered or roles.act_start < unit.end - 1):
            agents = roles.assignees
        agents = agents or heading_agents(self.flat, unit.start, unit.end)
        self.outline.open(rank, agents, coordinators=roles.coordinators if agents else ())
        self._enter(unit)

    def _context(self, index: int, unit: Unit) -> None:
        if _lead_in().search(self.flat, unit.start, unit.end):
            self._lead_in(index, unit)
            self._enter(unit)
        elif unit.marker and self._names_doer(unit):
            self._heading(index, unit)

    def _names_doer(self, unit: Unit) -> bool:
        """Whether an item is no sentence but a title that names who acts below it."""
        words = self.flat[unit.words_start : unit.end].rstrip()
        if not words or len(words) > _TITLE or words[-1] in ".;":
            return False
        return bool(heading_agents(self.flat, unit.start, unit.end))

    def _lead_in(self, index: int, unit: Unit, *, is_task: bool = False) -> None:
        roles = roles_of(self.flat, unit.start, unit.end, reported=True)
        agents = roles.assignees or heading_agents(self.flat, unit.start, unit.end, lead_in=True)
        rank = rank_of(unit.marker) or lead_in_rank(self._marker_after(index))
        if roles.rule == "subject" and not roles.promised:
            agents = tuple(agent for agent in agents if not self._is_issuer(agent))
        deadlines = self._deadlines(unit)
        # a task that goes on in a list ("… báo cáo trước ngày 10/12, cụ thể:") sets its time
        deadline = next(
            (d for d in deadlines if _opens(d, unit) or (is_task and d.kind in _FIXED)),
            None,
        )
        self.outline.open(rank, agents, roles.assigner, roles.coordinators, deadline)
        self.outline.frames[-1].promised = roles.promised

    def _is_issuer(self, agent: Agent) -> bool:
        """Whether a name is that of the body that issues the document."""
        issuer = self.draft.header.issuer
        return issuer is not None and _plain(agent.value) in _plain(issuer.value)

    def _marker_after(self, index: int) -> str | None:
        after = self.draft.units[index + 1 : index + 2]
        return after[0].marker if after else None

    def _enter(self, unit: Unit) -> None:
        """Remember the number of the section that a heading or a numbered lead-in opens."""
        if unit.marker and unit.marker[0] in "0123456789IVX":
            self.section = unit.marker.strip("./) ").lower()
            rank = rank_of(unit.marker) or 0
            self.numbers = {r: name for r, name in self.numbers.items() if r < rank}
            self.numbers[rank] = self.section

    def _only_leads_in(self, index: int, unit: Unit) -> bool:
        """Whether a unit orders nothing but what stands below it.

        "… thực hiện một số nhiệm vụ sau:", or an item that is the title of those who act.
        """
        below = self.draft.units[index + 1 : index + 2]
        if not below or (below[0].marker is None and below[0].kind != "heading"):
            return False
        if _pure_lead_in().match(self.flat, unit.start, unit.end):
            return True
        rank, deeper = rank_of(unit.marker), rank_of(below[0].marker)
        titled = rank is not None and deeper is not None and deeper > rank
        return titled and self.flat[unit.end - 1] != ":" and self._names_doer(unit)

    def _task_unit(self, index: int, unit: Unit, *, sure: bool = True) -> None:
        if self._doer_line(index, unit) or self._row_cell(index, unit):
            return
        words_of(self.flat, unit.start, unit.end)  # once for all its parts
        deadlines = self._deadlines(unit)
        clauses = clauses_of(self.flat, unit.start, unit.end, deadlines, reported=self.reported)
        if not sure and not any(map(self._says_task, clauses)):
            self._context(index, unit)
            return
        rank = rank_of(unit.marker)
        if rank is not None and self._is_content(index, unit, rank):
            self._extend(index, Clause(unit.start, unit.end, Roles(), None))
            self.last = index
            return
        if rank is not None:
            self.outline.open(rank)
        for number, clause in enumerate(clauses):
            if self._continues(index, unit, clause) if number == 0 else self._adds(clause):
                self._extend(index, clause)
            else:
                self._start(index, clause, follows=number > 0)
        if self.flat[unit.start : unit.end].rstrip().endswith(":"):
            self._lead_in(index, unit, is_task=True)
        elif rank is not None:
            own = _has_own(clauses[0].roles)
            self.outline.name_item(clauses[0].roles.assignees if own else ())
            if len(clauses) == 1 and (rank_of(self._marker_after(index)) or 0) > rank:
                self.outline.frames[-1].deadline = _fixed(clauses[0].deadline)
        self.last = index

    def _says_task(self, clause: Clause) -> bool:
        """Whether the words of a clause alone make it a task: a doer, a time, an act that opens."""
        roles = clause.roles
        if roles.assignees or roles.ordered or roles.promised or clause.deadline:
            return True
        words = words_of(self.flat, clause.start, clause.end)
        first = next((k for k, word in enumerate(words) if word.text[0].isalpha()), 0)
        return act_words(words, first) > 0

    def _is_content(self, index: int, unit: Unit, rank: float) -> bool:
        """Whether an item is what a task asks for: "báo cáo các nội dung sau: (1) Số hộ …"."""
        if not self.tasks or self.last != index - 1:
            return False
        task = self.tasks[-1]
        if (task.rank or 0) >= rank or not _holds().search(self.flat, *task.pieces[0]):
            return False
        words = words_of(self.flat, unit.words_start, unit.end)
        return bool(words) and not act_words(words, 0) and not is_name_start(words, 0)

    def _deadlines(self, unit: Unit) -> Sequence[Deadline]:
        found = find_deadlines(self.flat, unit.start, unit.end, issued_on=self.issued_on)
        found = tuple(deadline for deadline in found if not self._names_what_follows(deadline))
        header = self.draft.header
        if header.issued_on or header.published_on:
            return found
        return [_marked_inferred(deadline) for deadline in found]

    def _names_what_follows(self, deadline: Deadline) -> bool:
        """Whether an event is a label of its own ("Sau khi áp dụng: …"), not a time to be kept."""
        return deadline.kind == "event" and self.flat[deadline.end :].lstrip().startswith(":")

    def _adds(self, clause: Clause) -> bool:
        """Whether a further part of a unit names the body that is meant already."""
        own = _has_own(clause.roles) and not self._names_others(clause.roles)
        return own and clause.deadline is None and self.tasks[-1].deadline is None

    def _continues(self, index: int, unit: Unit, clause: Clause) -> bool:
        """Whether a sentence goes on with the item before it: no marker, agents, or deadline."""
        if unit.marker or self.last != index - 1 or not self.tasks:
            return False
        if clause.deadline or self._names_others(clause.roles):
            return False
        if self.draft.units[self.tasks[-1].units[0]].marker is None:
            return False
        same = self.draft.units[index - 1].paragraph == unit.paragraph
        return same or not _closing().match(self.flat, unit.start, unit.end)

    def _names_others(self, roles: Roles) -> bool:
        """Whether a clause names other assignees than the task before."""
        before = {agent.value.lower() for agent in self.tasks[-1].assignees}
        return _has_own(roles) and {agent.value.lower() for agent in roles.assignees} != before

    def _extend(self, index: int, clause: Clause) -> None:
        task = self.tasks[-1]
        task.pieces.append((clause.start, clause.end))
        if task.units[-1] != index:
            task.units.append(index)
        task.coordinators.extend(clause.roles.coordinators)
        task.reports.extend(clause.roles.reports)
        task.deadline = task.deadline or clause.deadline

    def _start(self, index: int, clause: Clause, *, follows: bool) -> None:
        roles = clause.roles
        assignees, inherited = self._assignees(index, roles, follows)
        self.heading_rank = None
        self.tasks.append(
            Gathered(
                pieces=[(clause.start, clause.end)],
                units=[index],
                roles=roles,
                assignees=assignees,
                inherited=inherited,
                assigner=roles.assigner or self.outline.assigner(),
                deadline=clause.deadline or (None if follows else self.outline.deadline()),
                coordinators=[*roles.coordinators, *self._shared_coordinators(roles)],
                reports=list(roles.reports),
                section=self.section,
                sections=frozenset(self.numbers.values()),
                kind=self._kind(index, clause, inherited),
                group=self.group,
                rank=rank_of(self.draft.units[index].marker),
            )
        )
        self.last = index

    def _kind(self, index: int, clause: Clause, inherited: bool) -> TaskKind:
        after = bool(self.tasks) and inherited and self.last >= index - 1
        setting = Setting(
            reported=self.reported,
            own_plan=self.own_plan or (inherited and self.outline.promised()),
            after_commitment=after and self.tasks[-1].kind == "commitment",
        )
        return task_kind(self.flat[clause.start : clause.end], clause.roles, setting)

    def _shared_coordinators(self, roles: Roles) -> tuple[Agent, ...]:
        """Those named above the list along with the assignees that the clause inherits."""
        return () if _has_own(roles) else self.outline.coordinators()

    def _assignees(self, index: int, roles: Roles, follows: bool) -> tuple[tuple[Agent, ...], bool]:
        """Those named in the clause, else of the clause before, the items above, or Kính gửi."""
        if roles.rule == "subject-orders" and self._is_told(roles.assigner):
            return roles.assigner, False
        if _has_own(roles):
            return tuple(full_name(self.flat, agent) for agent in roles.assignees), False
        unit = self.draft.units[index]
        goes_on = self.last >= index - 1 and not unit.marker
        if self.tasks and (follows or goes_on):
            return self.tasks[-1].assignees, True
        above = self.outline.agents() or (self._author() if self.own_plan else self.fallback)
        if above:
            return above, True
        return roles.assignees, False

    def _author(self) -> tuple[Agent, ...]:
        """The body that reports, whom its own plan means."""
        issuer = self.draft.header.issuer
        return (Agent(issuer.value, issuer.start, issuer.end),) if issuer else ()

    def _is_told(self, agents: tuple[Agent, ...]) -> bool:
        """Whether those who order others are themselves addressees or doers of the document."""
        if self.reported:
            return False
        told = {agent.value.lower() for task in self.tasks for agent in task.assignees}
        told.update(agent.value.lower() for agent in self.fallback)
        return any(agent.value.lower() in told for agent in agents)

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
            _take_in(task, role, agents, found[0] if found else None)
        self.last = index
        return True

    def _row_cell(self, index: int, unit: Unit) -> bool:
        """Take in a line of its own below a task that is only its doer or its time."""
        if unit.kind != "statement" or unit.marker or not self.tasks or self.last != index - 1:
            return False
        if self.draft.units[index - 1].paragraph == unit.paragraph:
            return False
        cell = cell_of(self.flat, unit.start, unit.end, self._deadlines(unit))
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
        found = find_deadlines(self.flat, *cell, issued_on=self.issued_on)
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


def _take_in(
    task: Gathered, role: str, agents: tuple[Agent, ...], deadline: Deadline | None
) -> None:
    if role == "assignee" and agents:
        task.assignees, task.inherited = agents, False
    elif role == "coordinator":
        task.coordinators.extend(agents)
    elif role == "monitor":
        task.monitors.extend(agents)
    elif role == "time":
        task.deadline = task.deadline or deadline


def _fixed(deadline: Deadline | None) -> Deadline | None:
    return deadline if deadline and deadline.kind in _FIXED else None


def _opens(deadline: Deadline, unit: Unit) -> bool:
    """Whether a lead-in begins with a time, which then holds for its list."""
    return deadline.kind != "event" and deadline.start - max(unit.start, unit.words_start) <= 2


def _has_own(roles: Roles) -> bool:
    """Whether a clause says itself who acts; "Chỉ đạo các trạm …" tells somebody named above."""
    return bool(roles.assignees) and roles.rule != "relayed"


def _marked_inferred(deadline: Deadline) -> Deadline:
    """`deadline` with an origin that says so when its year is not printed beside it."""
    year = deadline.value[:4]
    if not year.isdigit() or year in deadline.raw:
        return deadline
    return deadline.model_copy(update={"origin": f"{deadline.origin}.inferred-year"})


def _plain(name: str) -> str:
    """A name for comparing: small letters, no short form of "ủy ban nhân dân"."""
    words = name.lower().replace("uỷ", "ủy")
    return re.sub(r"\bubnd\b", "ủy ban nhân dân", words)


def _issued_on(draft: Draft) -> str | None:
    """The day that a time without a year counts from.

    An undated report lends its year: that of its event, else the latest that its text names.
    """
    header = draft.header
    found = header.issued_on or header.published_on
    if found:
        return found.value
    if header.event_on and not header.event_on.value.startswith("--"):
        return header.event_on.value
    if draft.family != "news":
        return None
    # the site's own dates and links around the report lend nothing
    return anchor_of(" ".join(draft.flat[u.start : u.end] for u in draft.units if u.kind != "meta"))


@cache
def _meeting() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["meeting"], re.IGNORECASE)


@cache
def _holds() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["holds"], re.IGNORECASE)


@cache
def _pure_lead_in() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["pure_lead_in"], re.IGNORECASE)


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["closing"], re.IGNORECASE)


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(lexicon("assignment")["lead_in"], re.IGNORECASE)


def _spelled(draft: Draft, addressee: Found[str]) -> tuple[Agent, ...]:
    """The bodies of one line of Kính gửi."""
    words = words_of(draft.flat, addressee.start, addressee.end)
    found = read_agents(draft.flat, words, 0)
    if found.agents and found.stop >= len(words) - 1:
        return found.agents
    return (Agent(addressee.value, addressee.start, addressee.end),)


def _fallback(draft: Draft) -> tuple[Agent, ...]:
    """Whom an item means that nothing else tells.

    The addressees; the body that a meeting was held with, by the title; in a council's resolution
    the committee that is told to carry it out.
    """
    upward = draft.header.kind is not None and draft.header.kind.value in ("BC", "TTr")
    if draft.header.addressees and not upward:
        return tuple(agent for found in draft.header.addressees for agent in _spelled(draft, found))
    return _met(draft) or _executor(draft)


def _met(draft: Draft) -> tuple[Agent, ...]:
    title = draft.header.title
    found = title and _meeting().search(draft.flat, title.start, title.end)
    if not title or not found:
        return ()
    agents = read_agents(draft.flat, words_of(draft.flat, found.end(), title.end), 0).agents
    return tuple(_in_small_letters(draft.flat, agent) for agent in agents)


def _in_small_letters(flat: str, agent: Agent) -> Agent:
    """A name printed in capitals, as the text prints it elsewhere."""
    if not agent.value.isupper():
        return agent
    for found in re.finditer(re.escape(agent.value), flat, re.IGNORECASE):
        if not found.group().isupper():
            return Agent(found.group(), found.start(), found.end())
    return agent


def _executor(draft: Draft) -> tuple[Agent, ...]:
    issuer = draft.header.issuer
    if issuer is None or "hội đồng nhân dân" not in issuer.value.lower():
        return ()
    for unit, label in zip(draft.units, draft.labels, strict=True):
        if label is None or not is_body(unit):
            continue
        if executes_document(draft.flat[unit.start : unit.end].lower().rstrip(" ./")):
            roles = roles_of(draft.flat, unit.start, unit.end)
            if roles.ordered and roles.rule != "relayed" and roles.assignees:
                return roles.assignees
    return ()
