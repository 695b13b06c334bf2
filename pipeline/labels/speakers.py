"""Who says a statement: the inspector, the inspected unit, an official, a citizen, the journalist."""

from __future__ import annotations

from pipeline.record import Found
from pipeline.structure.draft import Draft


def find_speakers(draft: Draft) -> dict[int, Found[str]]:
    """The named speaker of each statement, by the start of its unit; silent where none is named."""
    return {}
