"""The year in which a text without a date of its own was written, as far as its words tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.resources import lexicon
from pipeline.text.dates import find_dates
from pipeline.text.digits import digit_runs

_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_BEFORE = 60
"""How far before a year the words about it reach, in characters."""


def year_of_writing(flat: str) -> str | None:
    """The year that the figures of a report are of; else the latest that is no goal, nor cited.

    None for a text without such a year. It is right more often than not (docs/tasks.md): whoever
    takes a year from here says that it is inferred.
    """
    low = _patterns()["range"].sub(lambda found: " " * len(found.group()), flat.lower())
    numbers = (_YEAR.match(low, at) for at in digit_runs(low, 0, len(low)))
    years = [
        (int(found.group()), low[max(0, found.start() - _BEFORE) : found.start()])
        for found in numbers
        if found
    ]
    told = [*_told(years)] or [*_latest(low, years)]
    return str(max(told)) if told else None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in lexicon("years").items()}


def _told(years: list[tuple[int, str]]) -> Iterator[int]:
    """The years that a text calls its own, or the one after that it compares itself with."""
    for year, before in years:
        if _patterns()["present"].search(before):
            yield year
        elif _patterns()["last"].search(before):
            yield year + 1


def _latest(low: str, years: list[tuple[int, str]]) -> Iterator[int]:
    """The years of full dates, and those that are neither long ago nor ahead."""
    for date in find_dates(low):
        if date.value[4:5] == "-" and date.value[:4].isdigit():
            yield int(date.value[:4])
    for year, before in years:
        if _patterns()["compared"].search(before):
            yield year + 1
        elif not (_patterns()["past"].search(before) or _patterns()["ahead"].search(before)):
            yield year
