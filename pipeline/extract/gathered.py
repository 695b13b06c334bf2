"""A task while it is gathered: the pieces of text it stands in and who does what by when."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.extract.agents import Agent
from pipeline.extract.assignment import Roles
from pipeline.extract.commitments import TaskKind
from pipeline.record import Deadline
from pipeline.structure.draft import Unit


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


def is_body(unit: Unit) -> bool:
    """Whether a unit belongs to the text that can hold tasks."""
    return unit.zone in ("body", "attachment") and unit.kind != "meta"


def take_in(
    task: Gathered, role: str, agents: tuple[Agent, ...], deadline: Deadline | None
) -> None:
    """Give a task what a line below it says: those with a role, or its time."""
    if role == "assignee" and agents:
        task.assignees, task.inherited = agents, False
    elif role == "coordinator":
        task.coordinators.extend(agents)
    elif role == "monitor":
        task.monitors.extend(agents)
    elif role == "time":
        task.deadline = task.deadline or deadline


def has_own(roles: Roles) -> bool:
    """Whether a clause says itself who acts; "Chỉ đạo các trạm …" tells somebody named above."""
    return bool(roles.assignees) and roles.rule != "relayed"
