"""Whether a task is an assignment or a commitment that the body makes itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.extract.assignment import Roles
from pipeline.resources import lexicon
from pipeline.text.screen import Screened

TaskKind = Literal["assigned", "commitment"]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a clause stands: in news, in a report's own plan, after a commitment."""

    reported: bool
    own_plan: bool
    after_commitment: bool


@cache
def _patterns() -> dict[str, Screened]:
    """Patterns of words in small letters."""
    table = lexicon("assignment")["commitments"]
    return {name: Screened(re.compile(pattern)) for name, pattern in table.items()}


def is_own_plan(title: str) -> bool:
    """Whether a heading of a report announces what its author will do ("Phương hướng …")."""
    patterns, words = _patterns(), title.lower()
    return bool(patterns["plan"].search(words)) and not patterns["demands"].search(words)


def is_promise(words: str) -> bool:
    """Whether words say what somebody will do ("sẽ", "cam kết"), not what is being done."""
    return bool(_patterns()["promise"].search(words))


def task_kind(words: str, roles: Roles, setting: Setting) -> TaskKind:
    """What the clause `words` is: an order or duty, or an undertaking of the body itself.

    `words` are in small letters.
    """
    patterns = _patterns()
    if roles.promised:
        return "commitment"
    if setting.reported and is_promise(words):
        return "commitment"
    if roles.ordered or not (setting.own_plan or setting.after_commitment):
        return "assigned"
    return "assigned" if patterns["duty"].search(words) else "commitment"
