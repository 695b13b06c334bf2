"""What a careful archivist would flag in a record: checks report, they never repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.checks.catalogue import Reading, catalogue
from pipeline.checks.dates import date_checks
from pipeline.checks.form import form_checks
from pipeline.checks.names import name_checks
from pipeline.checks.patterns import mixed_variants, pattern_checks
from pipeline.checks.sums import sum_checks
from pipeline.checks.wording import urgency_only, wording_checks
from pipeline.record import Issue, Record

__all__ = ["run_checks"]

_CHECKS: tuple[Callable[[Reading], Iterator[Issue]], ...] = (
    form_checks,
    date_checks,
    sum_checks,
    name_checks,
    wording_checks,
    urgency_only,
    pattern_checks,
    mixed_variants,
)


def run_checks(record: Record) -> tuple[Issue, ...]:
    """The issues of a record, in the order of the text; each check as often as its limit allows."""
    reading = Reading(record)
    told: Counter[str] = Counter()
    kept: list[Issue] = []
    for issue in sorted((i for check in _CHECKS for i in check(reading)), key=_place):
        if told[issue.code] < catalogue()[issue.code].limit:
            told[issue.code] += 1
            kept.append(issue)
    return tuple(kept)


def _place(issue: Issue) -> tuple[int, int, str]:
    return (issue.start or 0, issue.end or 0, issue.code)
