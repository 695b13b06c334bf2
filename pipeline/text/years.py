"""The year in which a text without a date of its own was written, as far as its words tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.resources import lexicon
from pipeline.text.characters import occurrences
from pipeline.text.dates import find_dates
from pipeline.text.screen import Screened

_CENTURIES = ("19", "20")
_YEAR = re.compile(r"..(?<!\d..)\d\d(?!\d)")
_BEFORE = 60
"""How far before a year the words about it reach, in characters."""


def year_of_writing(low: str) -> str | None:
    """The year that the figures of a report are of; else the latest that is no goal, nor cited.

    `low` is its text in small letters. None for a text without such a year. It is right more often
    than not (docs/tasks.md): whoever takes a year from here says that it is inferred.
    """
    parted = _patterns()["range"].pattern
    begins = [at for century in _CENTURIES for at in occurrences(low, century)]
    if any(parted.match(low, at) for at in begins):
        low = parted.sub(lambda found: " " * len(found.group()), low)
    found = [year for at in begins if (year := _YEAR.match(low, at))]
    years = [(int(year[0]), low[max(0, year.start() - _BEFORE) : year.start()]) for year in found]
    told = [*_told(years)] or _latest(low, years)
    return str(max(told)) if told else None


@cache
def _patterns() -> dict[str, Screened]:
    return {name: Screened(re.compile(pattern)) for name, pattern in lexicon("years").items()}


def _told(years: list[tuple[int, str]]) -> Iterator[int]:
    """The years that a text calls its own, or the one after that it compares itself with."""
    for year, before in years:
        if _patterns()["present"].search(before):
            yield year
        elif _patterns()["last"].search(before):
            yield year + 1


def _latest(low: str, years: list[tuple[int, str]]) -> list[int]:
    """The years that are neither long ago nor ahead; those of dates where they may be later."""
    told = [*_present(years)]
    if years and max(told, default=0) < max(year for year, _ in years):
        dates = (date.value for date in find_dates(low))
        told += [int(day[:4]) for day in dates if day[4:5] == "-" and day[:4].isdigit()]
    return told


def _present(years: list[tuple[int, str]]) -> Iterator[int]:
    for year, before in years:
        if _patterns()["compared"].search(before):
            yield year + 1
        elif not (_patterns()["past"].search(before) or _patterns()["ahead"].search(before)):
            yield year
