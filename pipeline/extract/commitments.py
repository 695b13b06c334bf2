"""Whether a task is an assignment or a commitment that the body makes itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.extract.assignment import Roles
from pipeline.resources import lexicon

TaskKind = Literal["assigned", "commitment"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a clause stands: in news, in a report's own plan, after a commitment."""

    reported: bool
    own_plan: bool
    after_commitment: bool


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = lexicon("assignment")["commitments"]
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in table.items()}


def is_own_plan(title: str) -> bool:
    """Whether a heading of a report announces what its author will do ("Phương hướng …")."""
    patterns = _patterns()
    return bool(patterns["plan"].search(title)) and not patterns["demands"].search(title)


def task_kind(words: str, roles: Roles, setting: Setting) -> TaskKind:
    """What the clause `words` is: an order or duty, or an undertaking of the body itself."""
    patterns = _patterns()
    if roles.promised:
        return "commitment"
    if setting.reported and patterns["promise"].search(words):
        return "commitment"
    ordered = roles.ordered or bool(patterns["duty"].search(words))
    if not ordered and (setting.own_plan or setting.after_commitment):
        return "commitment"
    return "assigned"
