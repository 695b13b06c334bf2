"""Whether a unit is a task: by its label and scores, and by its words where those are in doubt."""

from __future__ import annotations

from pipeline.extract.addressed import is_issuer
from pipeline.extract.task_rows import RowReader
from pipeline.extract.task_spans import Clause
from pipeline.extract.task_wording import (
    begins_with_time,
    binds_somebody,
    is_ordered,
    issues_document,
    must_act,
    opens_with_act,
    order_within,
    tells_of_task,
)
from pipeline.structure.draft import Draft, Labelled, Unit

_SURE = 0.5
"""Least confidence in a label that makes a task of words that name nobody, no time and no act.

In news the least score of "task" that makes one of words that neither order, promise nor say when.
"""
_TOLD = 0.25
"""Least score of "task" that makes one of words of news that order, promise or say when."""
PERHAPS = 0.05
"""Least score of "task" that keeps a sentence with the item that it stands in.

Also the least that makes a task of words that read like one, whatever the label.
"""
_NONE = 0.95
"""Confidence in "context" above which no words make a task: powers, provisions that are cited."""
_EXACT = ("date", "relative")
"""Times that tell an act to come from other news; periods and events as often tell what was."""


class LabelReader(RowReader):
    """What the labels of units and the words of clauses say of their being tasks."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.reported = draft.family == "news"

    def _may_be_task(self, label: Labelled | None) -> bool:
        """Whether a unit is labelled a task; one of news may be one whatever its first label."""
        if label is None:
            return False
        hinted = self.reported and label.task is not None and label.task >= _TOLD
        return hinted or label.label == "task"

    def _reads_as_task(self, unit: Unit, label: Labelled | None) -> bool:
        """Whether a unit that is perhaps a task is worded as one."""
        score = (label.task or 0.0) if label is not None else 0.0
        if label is None or score < PERHAPS or label.label == "proposal":
            return False
        if self.reported:
            return tells_of_task(self.flat, unit)
        if label.label != "context" or label.confidence > _NONE:
            return False
        acts = opens_with_act(self.flat, unit.words_start, unit.end)
        named = any(" " in agent.value for agent in self.outline.agents())
        if acts and named and (unit.marker or score >= _TOLD):
            return True
        if self._tells_of_issue(unit):
            return False
        deadlines = self._deadlines(unit)
        return begins_with_time(self.flat, unit, deadlines) or binds_somebody(
            self.flat, unit, timed=bool(deadlines), likely=score >= _TOLD
        )

    def _tells_of_issue(self, unit: Unit) -> bool:
        """Whether a sentence only says what the document is: "UBND tỉnh ban hành Kế hoạch …"."""
        told = issues_document(self.flat, unit)
        return told is not None and is_issuer(self.draft, told)

    def _ordered_from(self, unit: Unit, label: Labelled | None) -> int | None:
        """Where a unit with another label than task begins to order a body; None if it does not."""
        if self.reported or label is None or label.label in ("task", "proposal"):
            return None
        return order_within(self.flat, unit)

    def _is_sure(self, label: Labelled | None) -> bool:
        """Whether a unit is a task even if its words do not say so."""
        if label is None:
            return False
        scored = self.reported and label.task is not None
        return (label.task or 0.0 if scored else label.confidence) >= _SURE

    def _says_task(self, clause: Clause) -> bool:
        """Whether the words of a clause alone make it a task: a doer, a time, an act that opens."""
        roles, due = clause.roles, clause.deadline
        if roles.promised or is_ordered(roles):
            return True
        if self.reported:
            dated = due is not None and due.kind in _EXACT
            return dated or must_act(self.flat, roles, clause.end)
        if roles.assignees or roles.ordered or due:
            return True
        return opens_with_act(self.flat, clause.start, clause.end)
