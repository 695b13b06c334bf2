"""The patterns of models/lexicons/assignment.yaml."""

from __future__ import annotations

import re
from functools import cache

from pipeline.resources import lexicon


@cache
def wording(name: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """The pattern of that name; it tells capitals apart with `flags` 0."""
    return re.compile(lexicon("assignment")[name], flags)
