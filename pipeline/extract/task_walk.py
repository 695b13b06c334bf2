"""One pass over the units of a document that gathers its tasks."""

from __future__ import annotations

from pipeline.extract.addressed import author_of, is_issuer, is_lower, meant_by_document
from pipeline.extract.agents import Agent, act_words, full_name, is_name_start, read_agents
from pipeline.extract.assignment import Roles, roles_of
from pipeline.extract.clause_starts import only_names
from pipeline.extract.commitments import Setting, TaskKind, is_own_plan, task_kind
from pipeline.extract.gathered import Gathered, has_own, is_body
from pipeline.extract.inheritance import announces_list, heading_agents, lead_in_rank, rank_of
from pipeline.extract.line_rows import LineRow, line_rows
from pipeline.extract.phrases import bare_end, lowered, small, words_of
from pipeline.extract.task_labels import PERHAPS, LabelReader
from pipeline.extract.task_spans import Clause, clauses_of, doer_line, only_leads_in
from pipeline.extract.task_wording import opens
from pipeline.extract.wording import wording
from pipeline.record import Deadline
from pipeline.structure.draft import Draft, Unit

_LETTER = 8.0
"""Rank of "a)": headings above it open a group of items of their own."""
_CHAPTER = 4.0
"""Rank of the headings that say what a part of a report is ("II.", "3.")."""


def gather_tasks(draft: Draft) -> list[Gathered]:
    """The tasks of a draft in reading order."""
    walk = _Walk(draft)
    for index, unit in enumerate(draft.units):
        if is_body(unit):
            walk.visit(index, unit)
    return walk.tasks


_TITLE = 160
"""The longest title of an item that only names who acts, in characters."""
_FIXED = ("date", "recurring")
"""Deadlines of a task that hold for the list it opens; a period there is only its setting."""


class _Walk(LabelReader):
    """One pass over headings, lead-ins and tasks."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.own_plan = False
        self.reports_itself = draft.header.kind is not None and draft.header.kind.value == "BC"
        self.fallback = meant_by_document(draft)
        self.line_rows = line_rows(draft, self._deadlines)

    def visit(self, index: int, unit: Unit) -> None:
        label = self.draft.labels[index]
        if self._names_go_on(index, unit):
            return
        if self.line_rows and self._is_line_row(index, unit):
            return
        if self.tables and any(t.head[0] < unit.end and unit.start < t.end for t in self.tables):
            self._plan_rows(index, unit)
        elif unit.kind == "heading":
            self._heading(index, unit)
        elif (
            self._may_be_task(label) or self._reads_as_task(unit, label)
        ) and not self._only_leads_in(index, unit):
            self._task_unit(index, unit, sure=self._is_sure(label))
        elif not self._goes_below(index, unit):
            self._context(index, unit)
            self._order_within(index, unit)

    def _is_line_row(self, index: int, unit: Unit) -> bool:
        """Whether a unit is part of a row that is printed line by line; its act is a task."""
        if index in self.line_rows:
            self._line_row(index, unit, self.line_rows[index])
            return True
        if index - 1 in self.line_rows or index - 2 in self.line_rows:
            return True  # the lines that say who and when
        return index + 1 in self.line_rows and bool(unit.marker)  # what the act is for

    def _line_row(self, index: int, unit: Unit, row: LineRow) -> None:
        """The task of a row that is printed line by line."""
        roles = roles_of(self.flat, unit.start, unit.end)._replace(
            assignees=row.people.assignees, rule="row"
        )
        self._start(index, Clause(unit.start, unit.end, roles, row.deadline), follows=False)
        task = self.tasks[-1]
        task.coordinators.extend(row.people.coordinators)
        for below in (index + 1, index + 2):
            line = self.draft.units[below]
            task.pieces.append((line.start, line.end))
            if self.draft.labels[below] is not None:
                task.units.append(below)
        self.last = index + 2

    def _goes_below(self, index: int, unit: Unit) -> bool:
        """Take in a line that completes the task right above it, whatever its label."""
        if self.last != index - 1:
            return False
        return (
            self._doer_line(index, unit)
            or self._row_cell(index, unit)
            or self._ends_item(index, unit)
        )

    def _ends_item(self, index: int, unit: Unit) -> bool:
        """Take in a sentence of an item that is a task when it is perhaps one itself."""
        label = self.draft.labels[index]
        if self.reported or label is None or (label.task or 0.0) < PERHAPS:
            return False
        if not self.tasks or self.last != index - 1 or unit.marker:
            return False
        item = self.draft.units[self.tasks[-1].units[0]].marker is not None
        if not item or self.draft.units[index - 1].paragraph != unit.paragraph:
            return False
        self._extend(index, Clause(unit.start, unit.end, Roles(), None))
        self.last = index
        return True

    def _heading(self, index: int, unit: Unit) -> None:
        title = self.flat[unit.start : unit.end]
        rank = rank_of(unit.marker) or lead_in_rank(self._marker_after(index), title)
        self.heading_rank = rank
        if rank < _LETTER:
            self.group += 1
        if rank <= _CHAPTER:
            self.own_plan = self.reports_itself and is_own_plan(title)
        opens = title.rstrip().endswith(":")  # "Đoàn kiến nghị Ban Quản lý Chợ:"
        agents: tuple[Agent, ...] = ()
        if opens:
            named = heading_agents(self.flat, unit.start, unit.end, lead_in=True)
            agents = named or self._told(unit)
        agents = agents or heading_agents(self.flat, unit.start, unit.end)
        roles = roles_of(self.flat, unit.start, unit.end, reported=opens) if agents else Roles()
        self.outline.open(rank, agents, coordinators=roles.coordinators)
        self._enter(unit)

    def _told(self, unit: Unit) -> tuple[Agent, ...]:
        """Those whom a heading with a colon tells to act."""
        roles = roles_of(self.flat, unit.start, unit.end, reported=True)
        says = roles.ordered or roles.act_start < unit.end - 1
        return roles.assignees if says else ()

    def _context(self, index: int, unit: Unit) -> None:
        if announces_list(small(self.flat), unit.start, unit.end):
            self._lead_in(index, unit)
            self._enter(unit)
        elif unit.marker and self._names_doer(unit):
            self._heading(index, unit)

    def _order_within(self, index: int, unit: Unit) -> None:
        """The order that a sentence told of something else ends in: "… hoan nghênh và giao A …"."""
        at = self._ordered_from(unit, self.draft.labels[index])
        if at is not None:
            times = [time for time in self._deadlines(unit) if time.start >= at]
            for number, clause in enumerate(clauses_of(self.flat, at, unit.end, times)):
                self._start(index, clause, follows=number > 0)

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
        if roles.rule == "subject-orders" and self._passes_on(roles):
            agents = (*roles.assigner, *agents)
        if roles.rule == "subject" and not roles.promised:
            agents = tuple(agent for agent in agents if not is_issuer(self.draft, agent))
        deadlines = self._deadlines(unit)
        # a task that goes on in a list ("… báo cáo trước ngày 10/12, cụ thể:") sets its time
        deadline = next(
            (d for d in deadlines if opens(d, unit) or (is_task and d.kind in _FIXED)),
            None,
        )
        self.outline.open(rank, agents, roles.assigner, roles.coordinators, deadline)
        self.outline.frames[-1].promised = roles.promised

    def _passes_on(self, roles: Roles) -> bool:
        """Whether a lead-in tells a body that is told itself to direct others: "X chỉ đạo Y:"."""
        verb = self.flat[roles.assigner[-1].end : roles.assignees[0].start]
        return verb.strip().lower() == "chỉ đạo" and self._is_told(roles.assigner)

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
        if not below:
            return False
        if only_leads_in(self.flat, unit.start, unit.end) or self._only_tells_whom(unit):
            return True
        if below[0].marker is None and below[0].kind != "heading":
            return False
        rank, deeper = rank_of(unit.marker), rank_of(below[0].marker)
        titled = rank is not None and deeper is not None and deeper > rank
        if not titled or self.flat[unit.end - 1] == ":":
            return False
        return self._names_doer(unit) or self._is_title(unit)

    def _is_title(self, unit: Unit) -> bool:
        """Whether a bold item above others ends like a title and says neither who nor when."""
        bold = unit.bold or self.draft.document.text.startswith("**", unit.start)
        ends = self.flat[unit.start : unit.end].rstrip()[-1:]
        if not bold or not ends.isalnum() or self._deadlines(unit):
            return False
        roles = roles_of(self.flat, unit.start, unit.end)
        return not roles.assignees and not roles.ordered

    def _only_tells_whom(self, unit: Unit) -> bool:
        """Whether a unit ends in those it orders: "…, Sở yêu cầu các phòng, đơn vị:"."""
        return self._ends_in_colon(unit) and only_names(self.flat, unit.start, unit.end)

    def _ends_in_colon(self, unit: Unit) -> bool:
        return self.flat.endswith(":", unit.start, bare_end(self.flat, unit.start, unit.end))

    def _task_unit(self, index: int, unit: Unit, *, sure: bool = True) -> None:
        if self._doer_line(index, unit) or self._row_cell(index, unit):
            return
        clauses = self._clauses(index, unit)
        if not clauses or (not sure and not any(map(self._says_task, clauses))):
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
                self._put_names(index, self.tasks[-1])
        if self._ends_in_colon(unit):
            self._lead_in(index, unit, is_task=True)
        elif rank is not None:
            own = has_own(clauses[0].roles)
            self.outline.frames[-1].agents = clauses[0].roles.assignees if own else ()
            if len(clauses) == 1 and (rank_of(self._marker_after(index)) or 0) > rank:
                self.outline.frames[-1].deadline = _fixed(clauses[0].deadline)
        self.last = index

    def _clauses(self, index: int, unit: Unit) -> list[Clause]:
        """The clauses of a unit; its first has those who act from the lines above, if there."""
        words_of(self.flat, unit.start, unit.end)  # once for all its parts
        deadlines = self._deadlines(unit)
        clauses = clauses_of(self.flat, unit.start, unit.end, deadlines, reported=self.reported)
        line = doer_line(self.flat, unit.start, unit.end)
        if line is not None and line[0] == "assignee":  # of an act that stands elsewhere
            named = read_agents(self.flat, words_of(self.flat, line[1], unit.end), 0).agents
            clauses[0] = clauses[0]._replace(roles=Roles(assignees=named, rule="row"))
        elif clauses and index - 1 in self.names:
            roles = roles_of(self.flat, self.names[index - 1], clauses[0].end)
            clauses[0] = clauses[0]._replace(roles=roles)
        return clauses

    def _is_content(self, index: int, unit: Unit, rank: float) -> bool:
        """Whether an item is what a task asks for: "báo cáo các nội dung sau: (1) Số hộ …"."""
        if not self.tasks or self.last != index - 1:
            return False
        task = self.tasks[-1]
        if (task.rank or 0) >= rank or not wording("holds").search(self.flat, *task.pieces[0]):
            return False
        words = words_of(self.flat, unit.words_start, unit.end)
        return bool(words) and not act_words(words, 0) and not is_name_start(words, 0)

    def _adds(self, clause: Clause) -> bool:
        """Whether a further part of a unit names the body that is meant already."""
        own = has_own(clause.roles) and not self._names_others(clause.roles)
        return own and clause.deadline is None and self.tasks[-1].deadline is None

    def _continues(self, index: int, unit: Unit, clause: Clause) -> bool:
        """Whether a sentence goes on with the item before it: no marker, agents, or deadline."""
        if unit.marker or self.last != index - 1 or not self.tasks:
            return False
        if clause.deadline or has_own(clause.roles):
            return False
        item = self.draft.units[self.tasks[-1].units[0]].marker is not None
        if self.draft.units[index - 1].paragraph != unit.paragraph:
            return item and not wording("closing").match(self.flat, unit.start, unit.end)
        if item or wording("goes_on").match(self.flat, unit.start, unit.end):
            return True
        return not self.reported and not has_own(self.tasks[-1].roles)

    def _names_others(self, roles: Roles) -> bool:
        """Whether a clause names other assignees than the task before."""
        before = {agent.value.lower() for agent in self.tasks[-1].assignees}
        return has_own(roles) and {agent.value.lower() for agent in roles.assignees} != before

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
        return task_kind(lowered(self.flat, clause.start, clause.end), clause.roles, setting)

    def _shared_coordinators(self, roles: Roles) -> tuple[Agent, ...]:
        """Those named above the list along with the assignees that the clause inherits."""
        return () if has_own(roles) else self.outline.coordinators()

    def _assignees(self, index: int, roles: Roles, follows: bool) -> tuple[tuple[Agent, ...], bool]:
        """Those named in the clause, else of the clause before, the items above, or Kính gửi."""
        if roles.rule == "subject-orders" and self._is_told(roles.assigner):
            return roles.assigner, False
        if has_own(roles):
            return tuple(full_name(self.flat, agent) for agent in roles.assignees), False
        unit = self.draft.units[index]
        goes_on = self.last >= index - 1 and not unit.marker
        if self.tasks and (follows or goes_on):
            spoken = self.reported and roles.rule == "says" and not follows
            return ((), False) if spoken else (self.tasks[-1].assignees, True)
        above = self.outline.agents() or (author_of(self.draft) if self.own_plan else self.fallback)
        if above:
            return above, True
        return roles.assignees, False

    def _is_told(self, agents: tuple[Agent, ...]) -> bool:
        """Whether those who order others are themselves addressees or doers of the document."""
        if self.reported:
            return False
        told = {agent.value.lower() for task in self.tasks for agent in task.assignees}
        told.update(agent.value.lower() for agent in self.fallback)
        return any(agent.value.lower() in told or is_lower(self.draft, agent) for agent in agents)


def _fixed(deadline: Deadline | None) -> Deadline | None:
    return deadline if deadline and deadline.kind in _FIXED else None
