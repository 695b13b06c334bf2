"""Dates as Vietnamese documents write them, to ISO 8601 with the precision the text gives."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.text.digits import digit_runs
from pipeline.text.numerals import parse_roman
from pipeline.values import value

_SEP = r"\s*[/.\-–]\s*"
_YEAR = r"(?:19|20)\d{2}"
_OPENING = (
    r"n(?:gày|ăm)|s(?:áng|au)|ch(?:iều|ủ)|t(?:ối|rưa|rước|ừ|háng|hứ)|đ(?:êm|ến)|dịp|hết|quý|m[ùồ]ng"
)
_DATE = re.compile(
    rf"""
    (?<!\w)(?=\d|(?:{_OPENING})\s)
    (?: (?<![\d/.,:\-])(?P<hour>[01]?\d|2[0-4])\s*(?:giờ|h|g|:)\s*(?P<minute>[0-5]\d)?
        (?:\s*phút)?[\s,]*
        (?:(?:sáng|chiều|tối|trưa)[\s,]*)?(?:của\s+)? (?=ngày\s|\d) )?
    (?:
      (?:(?:ngày|sáng|chiều|tối|trưa|đêm|mùng|mồng)\s+)?
      (?<![\w/.,\-–])(?P<d1>\d{{1,2}})\s+tháng\s+(?P<m1>\d{{1,2}})(?:,?\s+năm\s+(?P<y1>{_YEAR}))?(?![\w/])
    | (?:(?:ngày|sáng|chiều|tối|trưa|đêm)\s+)?
      (?<![\w/.,\-–])(?P<d2>\d{{1,2}})(?P<sep>{_SEP})(?P<m2>\d{{1,2}})(?:{_SEP})(?P<y2>{_YEAR})(?![\w/\-–])
    | (?P<cue>(?:ngày|sáng|chiều|tối|trưa|đêm|dịp|từ|đến|trước|sau|hết|thứ\s+\w+,?|chủ\s+nhật,?)\s+)
      (?<![\w/.,\-–])(?P<d3>\d{{1,2}})\s?[/\-–]\s?(?P<m3>\d{{1,2}})(?![\w/%]|[.,\-–]\d|\s?[\-–/]\s?\d|\s*%
        |\s+(?:số|tổng|thành\s+viên|diện\s+tích|dân|hộ|xã|đại\s+biểu|thời\s+gian)\b)
    | (?<!\w)ngày\s+tháng\s+(?P<m4>\d{{1,2}})\s+năm\s+(?P<y4>{_YEAR})(?!\w)
    | (?<!\w)(?:tháng\s+(?P<m5>\d{{1,2}})(?:{_SEP}|,?\s+năm\s+)(?P<y5>{_YEAR}))(?![\w/\-–])
    | (?<!\w)quý\s+(?P<q6>[IV]{{1,3}}|[1-4])(?:\s*[/\-–]\s*|,?\s+(?:năm\s+)?)(?P<y6>{_YEAR})(?!\w)
    | (?<!\w)năm\s+(?P<y7>{_YEAR})(?![\w/]|\s*[\-–]\s*\d)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CORE = re.compile(r"\d\d?(?:\s+[tT][hH]\S+\s+\d|\s?[/\-–]\s?\d\d?(?![\w%]))|[12][09]\d\d(?!\d)")
"""What every date holds: a day before its month, or a year."""
_BEGIN = re.compile(rf"[\dnscđthdqmNSCĐTHDQM](?<!\w.)(?<=(?=\d|(?i:{_OPENING})\s).)")
"""Where a date may begin."""
_BEFORE, _AFTER = 60, 100
"""How far a date reaches before and behind that, with what decides over it, in characters."""


@value
class DateFound:
    """A date in the text; `value` as precise as printed: 2023-07-24, 2023-05, 2023-Q1, --07-24.

    `inferred` says that the year was taken from the anchor, not from the text.
    """

    start: int
    end: int
    value: str
    inferred: bool = False


def find_dates(
    flat: str, start: int = 0, end: int | None = None, *, anchor: str | None = None
) -> list[DateFound]:
    """Dates in `flat[start:end]`, left to right; a missing year is that of the ISO date `anchor`.

    >>> find_dates("ngày 24 tháng 7 năm 2023")[0].value
    '2023-07-24'
    """
    found = (_found(match, anchor) for match in _matches(flat, start, end))
    return [date for date in found if date is not None]


def date_at(flat: str, start: int, end: int) -> DateFound | None:
    """The one of the dates in `flat[start:end]` that begins at once."""
    match = _DATE.match(flat, start, end)
    found = _found(match, None) if match else None
    return found if found and found.start == start else None


def find_date_over(flat: str, at: int, start: int, end: int) -> DateFound | None:
    """The one of the dates in `flat[start:end]` that holds the digit at an offset."""
    for match in _matches(flat, start, end):
        if match.end() > at:
            found = _found(match, None)
            return found if found and found.start <= at else None
    return None


def _matches(flat: str, start: int, end: int | None) -> Iterator[re.Match[str]]:
    """The same as `_DATE.finditer`, sooner: it is tried where the digits of a date stand."""
    stop = len(flat) if end is None else end
    for at in digit_runs(flat, start, stop):
        if at < start or not _CORE.match(flat, at, stop):  # in the date before, or in none
            continue
        match = _match_over(flat, at, max(start, at - _BEFORE), min(stop, at + _AFTER))
        if match:
            yield match
            start = match.end()


def _match_over(flat: str, at: int, start: int, end: int) -> re.Match[str] | None:
    """The same as `_DATE.search` for a date over the digit at an offset: tried at words before."""
    for letter in _BEGIN.finditer(flat, start, at + 1):
        match = _DATE.match(flat, letter.start(), end)
        if match:
            return match
    return None


_GROUPS = {
    form: ("cue", "q6", "hour", "minute", day, month, year)
    for form, day, month, year in (
        *(("1", "d1", "m1", "y1"), ("2", "d2", "m2", "y2"), ("3", "d3", "m3", "y1")),
        *(("4", "d1", "m4", "y4"), ("5", "d1", "m5", "y5"), ("6", "d1", "m1", "y6")),
        ("7", "d1", "m1", "y7"),
    )
}
"""By the number of the form of a date the groups that tell of it; those of others are empty."""


def _found(match: re.Match[str], anchor: str | None) -> DateFound | None:
    form = (match.lastgroup or "")[-1:]
    cue, quarter, hour, minute, day, month, year = match.group(*_GROUPS[form])
    start = match.end("cue") if cue else match.start()
    if quarter:
        return DateFound(start, match.end(), f"{year}-Q{quarter_of(quarter)}")
    if day is None:
        value = (
            None
            if month and not 1 <= int(month) <= 12
            else "-".join(filter(None, (year, _two(month))))
        )
        return DateFound(start, match.end(), value) if value else None
    value = iso_day(int(day), int(month or 0), int(year) if year else None, anchor)
    if value is None:
        return None
    return DateFound(start, match.end(), value + clock_of(hour, minute), inferred=year is None)


def _two(number: str | None) -> str | None:
    return None if number is None else f"{int(number):02d}"


def clock_of(hour: str | None, minute: str | None) -> str:
    """ "T17:00" for the hour and minute as printed, "" when there is no hour of the day."""
    if hour is None or int(hour) > 24 or int(minute or 0) > 59:
        return ""
    return f"T{int(hour) % 24:02d}:{int(minute or 0):02d}"


def quarter_of(printed: str) -> int:
    """1 to 4 from "I", "IV" or "3"; 0 when it is no quarter."""
    value = int(printed) if printed.isdigit() else parse_roman(printed) or 0
    return value if 1 <= value <= 4 else 0


@lru_cache(maxsize=4096)
def iso_day(day: int, month: int, year: int | None, anchor: str | None) -> str | None:
    """ISO date, its year from the anchor if need be ("--MM-DD" without); None for no such day."""
    if year is None and anchor:
        year = nearest_year(month, day, anchor)
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def nearest_year(month: int, day: int, anchor: str) -> int:
    """The year of `anchor`, or the neighbouring one where that is much nearer."""
    year = int(anchor[:4])
    if len(anchor) < 7 or not 1 <= month <= 12:
        return year
    distance = (month - int(anchor[5:7])) + (day - int(anchor[8:10] or 15)) / 31
    if distance > 6.5:
        return year - 1
    return year + 1 if distance < -8.5 else year


def month_end(year: int, month: int) -> str:
    """ISO date of the last day of a month."""
    return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def first_day(value: str) -> dt.date | None:
    """The first day that a partial date covers; None without a year."""
    return _edge(value, last=False)


def last_day(value: str) -> dt.date | None:
    """The last day that a partial date covers ("2026-Q1" is 31 March 2026); None without a year."""
    return _edge(value, last=True)


def _edge(value: str, *, last: bool) -> dt.date | None:
    if not value[:4].isdigit():
        return None
    year, rest = int(value[:4]), value[5:]
    if len(rest) >= 5:
        return dt.date.fromisoformat(value[:10])
    if rest.startswith("Q"):
        month = int(rest[1]) * 3 - (0 if last else 2)
    elif rest:
        month = int(rest)
    else:
        month = 12 if last else 1
    return dt.date.fromisoformat(month_end(year, month)) if last else dt.date(year, month, 1)
