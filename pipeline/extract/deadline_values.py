"""What a matched deadline phrase means: ISO dates, ends of periods, RRULE bodies, durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from pipeline.text.dates import clock_of, month_end, quarter_of
from pipeline.text.numerals import number

Groups = dict[str, str | None]
Value = Callable[[Groups, str | None], str | None]
"""From the named groups of a match and the document's ISO date to the value, or None."""

_FREQUENCY = {
    "ngày": "DAILY",
    "tuần": "WEEKLY",
    "tháng": "MONTHLY",
    "quý": "MONTHLY",
    "năm": "YEARLY",
}
_WEEKDAYS = {"hai": "MO", "ba": "TU", "tư": "WE", "năm": "TH", "sáu": "FR", "bảy": "SA"}
_WEEKDAYS |= {str(i + 2): name for i, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA"))}
_DURATION = {"giờ": "PT{}H", "tuần": "P{}W", "tháng": "P{}M", "năm": "P{}Y"}
_ORDINAL = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4}
GRACE_DAYS = 45
"""A day without a year this long before the document's date is meant for the next year."""


def anchor_date(anchor: str | None) -> dt.date | None:
    """The first day of a partial ISO date; None without one."""
    if not anchor or not anchor[:4].isdigit():
        return None
    return dt.date(int(anchor[:4]), int(anchor[5:7] or 1), int(anchor[8:10] or 1))


def _year(groups: Groups, anchor: str | None, end_of: Callable[[int], str]) -> int | None:
    """The printed year, else the document's (the next when the end is long past), else None."""
    if groups.get("y"):
        return int(groups["y"] or 0)
    today = anchor_date(anchor)
    if today is None:
        return None
    if len(anchor or "") < 7:
        return today.year
    end = dt.date.fromisoformat(end_of(today.year))
    return today.year if (today - end).days <= GRACE_DAYS else today.year + 1


def _day_of(day: int, month: int, year: int | None) -> str | None:
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def date(groups: Groups, anchor: str | None) -> str | None:
    """ "2025-11-27T17:00", "2025-11-25" or, with no year anywhere, "--06-30"."""
    day, month = int(groups["d"] or 0), int(groups["m"] or 0)
    if _day_of(day, month, None) is None:
        return None
    year = _year(groups, anchor, lambda y: _day_of(min(day, 28), month, y) or "")
    value = _day_of(day, month, year)
    return value and value + clock_of(groups.get("hour"), groups.get("minute"))


def _month_of(month: int, year: int | None) -> str:
    return month_end(year, month) if year else "--" + month_end(2001, month)[5:]


def month_last(groups: Groups, anchor: str | None) -> str | None:
    """The last day of the month."""
    month = int(groups["m"] or 0)
    return _month_of(month, _year(groups, anchor, lambda y: month_end(y, month)))


def month_start(groups: Groups, anchor: str | None) -> str | None:
    """ "đầu tháng": its first third, to the 10th."""
    value = month_last(groups, anchor)
    return value and value[:-2] + "10"


def month_middle(groups: Groups, anchor: str | None) -> str | None:
    """ "giữa tháng": the 15th."""
    value = month_last(groups, anchor)
    return value and value[:-2] + "15"


def before_month(groups: Groups, anchor: str | None) -> str | None:
    """The last day before the month."""
    value = month_last(groups, anchor)
    if value is None or value.startswith("--"):
        return None
    return (dt.date.fromisoformat(value).replace(day=1) - dt.timedelta(days=1)).isoformat()


def quarter_end(groups: Groups, anchor: str | None) -> str | None:
    """The last day of the quarter."""
    month = quarter_of(groups["q"] or "") * 3
    return _month_of(month, _year(groups, anchor, lambda y: month_end(y, month))) if month else None


def year_end(groups: Groups, anchor: str | None) -> str | None:
    """31 December of the printed year."""
    return f"{groups['y'] or groups.get('y2')}-12-31"


def before_year(groups: Groups, anchor: str | None) -> str | None:
    """31 December of the year before."""
    return f"{int(groups['y'] or 1) - 1:04d}-12-31"


def year_start(groups: Groups, anchor: str | None) -> str | None:
    """ "đầu năm": its first quarter."""
    return f"{groups['y']}-03-31"


def this_year(groups: Groups, anchor: str | None) -> str | None:
    """31 December of the document's year."""
    return f"{anchor[:4]}-12-31" if anchor else "--12-31"


def half_year(groups: Groups, anchor: str | None) -> str | None:
    """The end of the first or the last N months of a year."""
    count, year = number(groups["n"] or ""), groups.get("y") or (anchor or "")[:4]
    if groups["half"] != "đầu":
        return f"{year}-12-31" if year else "--12-31"
    if count is None or not 1 <= count <= 12:
        return None
    return _month_of(int(count), int(year) if year else None)


def week_this(groups: Groups, anchor: str | None) -> str | None:
    """The Sunday of the document's week, or of the week after."""
    today = anchor_date(anchor)
    if today is None or len(anchor or "") < 10:
        return None
    weeks = 0 if (groups["which"] or "").lower() == "này" else 1
    return (today + dt.timedelta(days=6 - today.weekday() + 7 * weeks)).isoformat()


def week_of_month(groups: Groups, anchor: str | None) -> str | None:
    """The Sunday that ends the nth week of a month; the week of the 1st is the first."""
    end, nth = month_last(groups, anchor), (groups["nth"] or "").lower()
    if end is None or end.startswith("--") or nth == "cuối":
        return end
    first = dt.date.fromisoformat(end).replace(day=1)
    weeks = _ORDINAL.get(nth.rpartition(" ")[2], 1) - 1
    return (first + dt.timedelta(days=6 - first.weekday() + 7 * weeks)).isoformat()


# ---- recurring: RFC 5545, RRULE ----


def _hour(groups: Groups) -> str:
    hour, minute = groups.get("hour"), groups.get("minute")
    if hour is None or int(hour) > 23:
        return ""
    return f";BYHOUR={int(hour)}" + (f";BYMINUTE={int(minute)}" if minute else "")


def every(groups: Groups, anchor: str | None) -> str | None:
    """ "hằng quý" is FREQ=MONTHLY;INTERVAL=3."""
    unit = (groups["unit"] or "").lower()
    return f"FREQ={_FREQUENCY[unit]}" + (";INTERVAL=3" if unit == "quý" else "") + _hour(groups)


def every_n(groups: Groups, anchor: str | None) -> str | None:
    """ "06 tháng một lần" is FREQ=MONTHLY;INTERVAL=6."""
    count, unit = number(groups["n"] or ""), (groups["unit"] or "").lower()
    if not count:
        return None
    size = int(count) * (3 if unit == "quý" else 1)
    return f"FREQ={_FREQUENCY[unit]}" + (f";INTERVAL={size}" if size > 1 else "")


def weekly(groups: Groups, anchor: str | None) -> str | None:
    """ "15:00 ngày thứ Sáu hàng tuần" is FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0."""
    day = (groups["wd"] or "").lower().split()
    name = "SU" if day[0] == "chủ" else _WEEKDAYS[day[-1]]
    return f"FREQ=WEEKLY;BYDAY={name}" + _hour(groups)


def monthly_day(groups: Groups, anchor: str | None) -> str | None:
    """ "ngày 10 và ngày 25 hằng tháng" is FREQ=MONTHLY;BYMONTHDAY=10,25."""
    days = [int(groups[name] or 0) for name in ("d", "d2") if groups.get(name)]
    if any(not 1 <= day <= 31 for day in days):
        return None
    if groups.get("last"):
        days.append(-1)
    value = "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(map(str, days)) + _hour(groups)
    until = quarter_end(groups, anchor) if groups.get("until") else None
    return value + (
        f";UNTIL={until.replace('-', '')}" if until and not until.startswith("--") else ""
    )


def month_last_day(groups: Groups, anchor: str | None) -> str | None:
    """ "ngày cuối tháng"."""
    return "FREQ=MONTHLY;BYMONTHDAY=-1"


def last_workday(groups: Groups, anchor: str | None) -> str | None:
    """ "ngày làm việc cuối cùng của tháng"."""
    return "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"


def quarterly_day(groups: Groups, anchor: str | None) -> str | None:
    """ "ngày 20 của tháng cuối quý"."""
    day = int(groups["d"] or 0)
    return f"FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY={day}" if 1 <= day <= 31 else None


def quarter_end_each(groups: Groups, anchor: str | None) -> str | None:
    """ "cuối mỗi quý"."""
    return "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"


def quarter_each(groups: Groups, anchor: str | None) -> str | None:
    """ "quý IV hằng năm": the last day of the quarter, each year."""
    month = quarter_of(groups["q"] or "") * 3
    return (
        f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={month_end(2001, month)[-2:]}" if month else None
    )


def yearly_day(groups: Groups, anchor: str | None) -> str | None:
    """ "trước ngày 25/12 hàng năm" is FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25."""
    day, month = int(groups["d"] or 0), int(groups["m"] or 0)
    if _day_of(day, month, None) is None:
        return None
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"


def yearly_month(groups: Groups, anchor: str | None) -> str | None:
    """ "tháng 12 hằng năm": the last day of the month, each year."""
    month = int(groups["m"] or 0)
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY=-1"


# ---- relative: ISO 8601 duration and anchor ----


def duration(groups: Groups) -> str | None:
    """ISO 8601 duration, working days as days (see `is_working_days`); None for no number."""
    count, unit = number(groups["n"] or ""), (groups["unit"] or "").lower()
    if not count:
        return None
    return _DURATION.get(unit.split()[0], "P{}D").format(int(count))


def is_working_days(groups: Groups) -> bool:
    """Whether the duration counts working days ("05 ngày làm việc")."""
    return "làm" in (groups.get("unit") or "").lower()


def week_of_receipt(groups: Groups, anchor: str | None) -> str | None:
    """ "trong tuần nhận công văn này"."""
    return "P7D after receipt"


_NAMED: tuple[Value, ...] = (
    date, before_month, month_start, month_middle, quarter_end, year_end, before_year,
    year_start, this_year, half_year, week_this, week_of_month, every, every_n, weekly,
    monthly_day, month_last_day, last_workday, quarterly_day, quarter_end_each, quarter_each,
    yearly_day, yearly_month, week_of_receipt,
)  # fmt: skip
VALUES: dict[str, Value] = {getattr(value, "__name__", ""): value for value in _NAMED}
"""The function of each `value` in models/lexicons/deadlines.yaml."""
VALUES |= {"month_end": month_last, "date_period": date, "range_end": year_end}
