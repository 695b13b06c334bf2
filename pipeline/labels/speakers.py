"""Who says a statement: inspector, inspected unit, official, citizen or journalist."""

from __future__ import annotations

from pipeline.record import Found
from pipeline.structure.draft import Draft


def find_speakers(draft: Draft) -> dict[int, Found[str]]:
    """The named speaker of each statement, by the start of its unit; silent where none is named."""
    return {}
