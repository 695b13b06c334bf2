"""Printed item markers: "Điều 3.", "II.", "1.", "a)", "-"."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.resources import lexicon
from pipeline.text.patterns import expand
from pipeline.values import value

ALONE = 4
"""Markers down to this level (Phần, Chương, Mục, Điều) may stand on a line of their own."""


@value
class Marker:
    """A printed item marker: its text, its kind and its level (1 is the highest)."""

    text: str
    name: str
    level: int
    end: int


@cache
def _levels() -> tuple[tuple[str, int], ...]:
    return tuple((row["name"], row["level"]) for row in lexicon("structure")["markers"])


@cache
def _markers() -> re.Pattern[str]:
    """All markers in one pattern, a group each: the first that matches wins."""
    rows = (
        f"((?>{row['pattern']}){'' if row['level'] <= ALONE else '(?=.)'})"
        for row in lexicon("structure")["markers"]
    )
    return re.compile(expand("|".join(rows)), re.DOTALL)


@lru_cache(maxsize=1024)
def find_marker(text: str) -> Marker | None:
    """The item marker at the start of `text` (leading Markdown marks aside), or None.

    >>> find_marker("a) Rà soát hồ sơ").text
    'a)'
    """
    offset = len(text) - len(text.lstrip("*_# |"))
    if offset and text[:offset].strip() in ("", "*") and text.startswith(("* ", "- ")):
        offset = 0
    match = _markers().match(text, offset)
    if match is None:
        return None
    name, level = _levels()[(match.lastindex or 1) - 1]
    return Marker(match.group().strip(), name, level, match.end())
