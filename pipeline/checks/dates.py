"""Dates that do not fit: without a year, reversed, later than the document, taken from counters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice

from pipeline.checks.catalogue import Reading, flag, matches_at, short
from pipeline.record import Issue
from pipeline.text.dates import DateFound, find_date_over, find_dates
from pipeline.text.digits import digit_runs

_YEARLESS = re.compile(
    r"\d(?<![\w/.,–-].)(?=\d?\s?[/–-]\s?\d\d?(?![\w%/])"
    r"|\d?\s+[tT][hH]\S+\s+\d\d?(?!\d|,?\s+(?i:năm)\s+(?:19|20)\d\d(?![\w/])))"
)
"""The day of a date whose month no year follows."""
_AROUND = 80
"""How far a date reaches from its day, with what tells whether it is one, in characters."""
_PERIOD = re.compile(r"ừ(?<=[Tt].)\s+(?=(?:ngày\s|\d).{0,80}\s(?:đến|tới)\s)")
"""What follows the first letter of "từ" before a period."""
_TO = re.compile(r"\s+(?:đến|tới)\s+(?:hết\s+)?")
_COUNTED_YEAR = re.compile(r"[ \u00a0]*(?:Tháng \d+|Năm \d{4}) ?: ?[\d.,]+")
_HAS_ITS_YEAR = re.compile(
    r"[\s*_,]*(?:(?:của\s+)?(?:(?:hằng|hàng|mỗi)\s+)?(?:năm|kỳ)|lần|(?:19|20)\d\d"
    r"|(?:đến|-|–|và|,)\s*(?:hết\s)?(?:ngày\s)?[\d/]+[^.;]{0,16}"
    r"(?:(?:19|20)\d\d|(?:hằng|hàng)\s+năm))"
)
_EACH_YEAR = re.compile(r"(?:(?:hằng|hàng|mỗi)\s+năm|định kỳ)[^.;]{0,24}$")
_ASKED = re.compile(r"hoàn thành|xong|báo cáo|gửi|nộp|trình|thực hiện|chậm nhất", re.IGNORECASE)
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")


def date_checks(reading: Reading) -> Iterator[Issue]:
    """Every check of dates."""
    yield from without_year(reading)
    yield from reversed_periods(reading)
    yield from cited_later(reading)
    yield from past_deadlines(reading)
    yield from counter_dates(reading)


def without_year(reading: Reading) -> Iterator[Issue]:
    """Days and months whose year has to be inferred; a period that ends with its year has one."""
    for found in _yearless(reading.flat):
        if reading.is_noise(found.start):
            continue
        before = reading.flat[max(0, found.start - 40) : found.start]
        follows = reading.flat[found.end : found.end + 40]
        if not _HAS_ITS_YEAR.match(follows) and not _EACH_YEAR.search(before):
            words = reading.text[found.start : found.end]
            yield flag("date-without-year", found.start, found.end, words=short(words))


def _yearless(flat: str) -> Iterator[DateFound]:
    """The dates of days without a year, looked for only where no year stands behind a month."""
    reached = 0
    for at in filter(partial(_YEARLESS.match, flat), digit_runs(flat, 0, len(flat))):
        start, end = max(reached, at - _AROUND), min(len(flat), at + _AROUND)
        found = find_date_over(flat, at, start, end)
        if found is not None:
            reached = found.end
            if found.value.startswith("--"):
                yield found


def reversed_periods(reading: Reading) -> Iterator[Issue]:
    """ "Từ ngày A đến ngày B" with B before A."""
    for match in _PERIOD.finditer(reading.flat):
        dates = find_dates(reading.flat, match.end(), match.end() + 80)
        if len(dates) < 2 or dates[0].start != match.end():
            continue
        first, second = dates[:2]
        between = reading.flat[first.end : second.start]
        whole = all(re.match(r"\d{4}-\d\d-\d\d", date.value) for date in (first, second))
        if whole and _TO.fullmatch(between) and second.value < first.value:
            start = match.start() - 1
            words = reading.text[start : second.end]
            yield flag("dates-reversed", start, second.end, words=short(words))


def cited_later(reading: Reading) -> Iterator[Issue]:
    """Documents cited with a date after the document's own."""
    issued = reading.record.header.issued_on
    if issued is None or len(issued.value) < 10:
        return
    for reference in reading.record.references:
        if reference.date and len(reference.date) == 10 and reference.date > issued.value[:10]:
            facts = {"code": reference.code, "date": reference.date}
            yield flag("cited-later", reference.start, reference.end, **facts)


def past_deadlines(reading: Reading) -> Iterator[Issue]:
    """Deadlines that had run out when the document was issued."""
    issued = reading.record.header.issued_on
    if issued is None or len(issued.value) < 10:
        return
    for task in reading.record.tasks:
        due = task.deadline
        if due and due.kind == "date" and due.value[:4].isdigit() and due.value[:10] < issued.value:
            before = reading.text[max(0, due.start - 60) : due.end]
            if _HAS_YEAR.search(due.raw) and _ASKED.search(before):
                yield flag("deadline-past", due.start, due.end, date=due.value[:10])


def counter_dates(reading: Reading) -> Iterator[Issue]:
    """A news page without a date of publication, whose visit counters name months and years."""
    if reading.is_news and reading.record.header.published_on is None:
        for match in islice(matches_at(_COUNTED_YEAR, reading.text, reading.line_starts), 1):
            yield flag("counter-date", match.start(), match.end())
