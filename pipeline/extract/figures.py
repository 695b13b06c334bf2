"""Số liệu: every number of the body that says how many, how much, how long or which rank."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, cast

from pydantic import TypeAdapter

from pipeline.extract.figure_grammar import Printed, figure_grammar, number_places, numbers_in
from pipeline.extract.phrases import small
from pipeline.record import Change, Comparator, Figure, FigureKind, Period
from pipeline.resources import lexicon
from pipeline.text.dates import DateFound, find_dates, first_day, last_day
from pipeline.text.numerals import number, parse_number, plain

_EDGE = 32
"""How far before a number its context is read, in characters."""
_UNCUT = re.compile(r"[^.;:,()\d]*")
_DASH = re.compile(r"\s[-–]\s")
_START, _END = attrgetter("start"), attrgetter("end")
_COPULAS = frozenset(("là", "đạt", "bằng", "chiếm", "còn", "được"))


_FIGURES = TypeAdapter(tuple[Figure, ...])
_Facts = dict[str, Any]
"""The fields of a figure."""


def find_figures(
    flat: str, spans: Iterable[tuple[int, int]], *, issued_on: str | None, text: str | None = None
) -> tuple[Figure, ...]:
    """The figures of the statements that stand in `spans` of `flat`, left to right.

    Dates, numbers of documents, articles and items, telephone numbers and counters are none.
    `issued_on` completes the period a figure covers when its year is not printed. Quotes are taken
    from `text`, which is `flat` with its line breaks.
    """
    places = number_places(flat)
    printed = flat if text is None else text
    found: list[_Facts] = []
    for start, end in spans:
        first = bisect_left(places, start)
        inside = places[first : bisect_left(places, end, first)]
        if inside:
            found += _in_statement(flat, inside, start, end, issued_on)
    for facts in found:
        facts["quote"] = printed[facts["start"] : facts["end"]]
    return _FIGURES.validate_python(found)


def _in_statement(
    flat: str, places: Sequence[int], start: int, end: int, issued_on: str | None
) -> list[_Facts]:
    """The figures of one statement, of whose numbers `places` are the beginnings."""
    marker = _MARKER.match(flat, start, end)
    found: list[_Facts] = []
    dates: list[DateFound] | None = None  # dear, and most numbers are none for what is beside them
    for printed in numbers_in(flat, places, marker.end() if marker else start, end):
        if _is_quantity(flat, printed, start, bool(found)):
            if dates is None:
                dates = find_dates(flat, start, end, anchor=issued_on)
            if _is_dated(printed, dates):
                continue
            figure = _figure(flat, printed, start, dates, found[-1] if found else None)
            if figure is not None:
                found.append(figure)
    return found


_MARKER = re.compile(
    r"\s*(?:[-+*•–]\s*)?(?:\d{1,2}(?:\.\d{1,2})*[.)/]+(?!\d)\s|\(\d{1,2}\)\s|[a-zđ]\)\s)?"
)


def _is_dated(printed: Printed, dates: list[DateFound]) -> bool:
    """Whether a number stands in a date."""
    before_stop = bisect_left(dates, printed.stop, key=_START)
    return before_stop > 0 and printed.start < dates[before_stop - 1].end


def _is_quantity(flat: str, printed: Printed, start: int, follows: bool) -> bool:
    """Whether a number has a unit, or stands where a quantity must stand."""
    before = flat[max(start, printed.start - _EDGE) : printed.start]
    if printed.words:
        return _is_counting_word(printed, before)
    if printed.measure:
        return not _is_clock(before, printed.measure) and not _names_a_period(flat, printed)
    if _is_named(before) and not (printed.ratio and _RANKED.search(before)):
        return False
    if printed.noun:
        return True
    if _BARE_YEAR.fullmatch(printed.n) or (printed.ratio and not _is_share(printed)):
        return False
    stop = printed.end
    if (_SMALL_WORD if printed.n[0] != "0" else _WORD).match(flat, stop):
        return not _VERB.match(flat, stop)
    return _stands_alone(before, printed.n, flat[stop : stop + 2], follows)


def _is_counting_word(printed: Printed, before: str) -> bool:
    """Whether a number in words counts something: "hai xã", not "thứ hai", "cùng một", "một số"."""
    unit = (printed.noun or printed.measure or "").lower()
    if not unit or _is_named(before):
        return False
    word = printed.n.lower()
    if word == "một" and _ONE_AND_THE_SAME.search(before):
        return False
    if word == "năm" and _A_YEAR.search(before):
        return False
    return word not in figure_grammar().only_of or unit in figure_grammar().only_of[word]


def _is_named(before: str) -> bool:
    """Whether a number right after `before` is a name, an item or a date."""
    return figure_grammar().not_after.match(before[::-1]) is not None


def _is_share(printed: Printed) -> bool:
    """Whether "1/4" is a part of a whole."""
    part, whole = parse_number(printed.n), parse_number(printed.ratio or "")
    return part is not None and whole is not None and part <= whole


def _names_a_period(flat: str, printed: Printed) -> bool:
    """Whether "6 tháng" is the name of a half-year ("6 tháng đầu năm"), not a duration."""
    return (
        printed.measure == "tháng"
        and figure_grammar().not_before.match(flat, printed.end) is not None
    )


_SMALL_WORD, _WORD = re.compile(r"\s[a-zà-ỹđ]"), re.compile(r"\s[^\W\d]")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_RANKED = re.compile(r"(?:đứng|xếp|hạng|vị trí)(?:\s+vị trí)?\s+thứ\s+$")
_A_YEAR = re.compile(
    r"(?:tháng|ngày|các|hằng|hàng|mỗi|từng|một|hai|ba|nhiều|\d),?\s+$", re.IGNORECASE
)
_ONE_AND_THE_SAME = re.compile(r"\b(?:cùng|là|như|trên|trong|của|hưởng|thành)\s+$", re.IGNORECASE)
_VERB = re.compile(
    r"\s+(?:và|của|là|đến|tới|thì|ngày|tháng|năm|được|theo|về|có|do|trong|tại|cho|với|nêu)\b"
)
_ALONE = re.compile(r"(?:\b(?:là|còn|đạt|được|có|gồm|hạn|giải quyết)|:)\s*$", re.IGNORECASE)


def _stands_alone(before: str, digits: str, rest: str, follows: bool) -> bool:
    """A number without a unit: grouped digits ("1.904"), after "là", or in a list of counts."""
    if parse_number(digits) is None or re.fullmatch(r"\d+\.\d{1,2}|\d+\.\d{4,}", digits):
        return False
    if before.rstrip().endswith(":") and rest == ". ":
        return False  # the first item of a list that runs on in the line
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits) or _ALONE.search(before):
        return True
    return follows and re.search(r"[(,;]\s?[^.;:,()\d]{2,30}\s$", before) is not None


def _is_clock(before: str, measure: str) -> bool:
    """Whether "16 giờ" is a time of day."""
    return measure in ("giờ", "phút") and _CLOCK.search(before) is not None


_CLOCK = re.compile(r"(?:trước|lúc|vào|từ|đến|hồi|sau)\s+$")


def _figure(
    flat: str, printed: Printed, start: int, dates: list[DateFound], last: _Facts | None
) -> _Facts | None:
    grammar = figure_grammar()
    low, high = _values(printed, grammar.scales)
    if low is None:
        return None
    unit = " ".join((printed.measure or printed.noun or "").split())
    if printed.measure and printed.per:
        unit += printed.per.replace(" ", "")
    edge = max(start, printed.start - _EDGE)
    before = flat[edge : printed.start]
    backwards = small(flat)[edge : printed.start][::-1]
    compared, since = grammar.comparator.before(backwards)
    changed, longer = grammar.change.before(backwards)
    begin = printed.start - max(since, longer)
    kind = _kind(printed, unit, before)
    return {
        "value": plain(low),
        "value_max": None if high is None else plain(high),
        "unit": unit
        or _next_word(flat, printed.end)
        or (last["unit"] if last and kind == "count" else None),
        "kind": kind,
        "metric": _metric(flat, start, begin),
        "period": _period(dates, begin),
        "comparator": _comparator(printed, compared),
        "change": _change(changed, low),
        "start": begin,
        "end": printed.end,
    }


_NOUN = re.compile(r"\s([a-zà-ỹđ]{2,})")


def _next_word(flat: str, end: int) -> str | None:
    """The unknown noun right after a number, taken for its unit."""
    match = _NOUN.match(flat, end, end + 12)
    return match[1] if match and not _VERB.match(flat, end) else None


def _values(printed: Printed, scales: dict[str, int]) -> tuple[Decimal | None, Decimal | None]:
    """The value, and the end of a range or the whole of a ratio."""
    if printed.words:
        text = " ".join(printed.n.lower().split())
        low = _hundreds().get(text) or number(text)
    else:
        low = parse_number(printed.n)
    other = printed.ratio or printed.top
    if low is None or not (other or printed.scale0 or printed.scale):
        return low, None
    own, common = (_size(words, scales) for words in (printed.scale0, printed.scale))
    high = number(other) if other else None
    if high is not None and printed.top:
        high = _scaled(high, common)
    return _scaled(low, own if own != 1 else common), high


def _size(words: str | None, scales: dict[str, int]) -> int:
    """The factor of "nghìn tỷ"; 1 without."""
    return math.prod(scales[word] for word in words.lower().split()) if words else 1


def _scaled(value: Decimal, size: int) -> Decimal:
    """`value` times a scale, without the decimals that the scale used up."""
    if size == 1:
        return value
    whole = value * size
    return whole.quantize(Decimal(1)) if whole == whole.to_integral() else whole


def _kind(printed: Printed, unit: str, before: str) -> FigureKind:
    if printed.ratio:
        return "rank" if _ORDINAL.search(before) else "ratio"
    if "thứ" in before and _PLACED.search(before):
        return "rank"
    if unit.startswith("lần") and before.rstrip().endswith("gấp"):
        return "ratio"
    kinds = figure_grammar().kinds
    return kinds.get(unit.split("/")[0]) or kinds.get(unit, "count")


_ORDINAL = re.compile(r"thứ\s+$")
_PLACED = re.compile(r"(?:đứng|xếp|hạng)\s+thứ\s+$")


def _comparator(printed: Printed, told: str | None) -> Comparator:
    if printed.up:
        return "le" if "xuống" in printed.up else "ge"
    if printed.words and " ".join(printed.n.lower().split()) in _hundreds():
        return "approx"
    return cast(Comparator, "eq" if told is None or (told == "ge" and printed.top) else told)


def _change(told: str | None, amount: Decimal) -> Change | None:
    if told is None:
        return None
    return Change(direction="up" if told == "up" else "down", amount=plain(amount))


def _metric(flat: str, start: int, begin: int) -> str | None:
    """The words that the number measures: what stands before it in its clause, "là" left out."""
    before = flat[max(start, begin - 100) : begin]
    uncut = _UNCUT.match(before[::-1])  # read from its end
    clause = before[len(before) - (uncut.end() if uncut else 0) :]
    if "-" in clause or "–" in clause:
        clause = _DASH.split(clause)[-1]
    words = clause.split()
    if words and words[-1] in _COPULAS:
        words.pop()
    return " ".join(words) if len(words) >= 2 else None


def _period(dates: list[DateFound], begin: int) -> Period | None:
    """The date, month, quarter or year named last before the figure."""
    behind = bisect_right(dates, begin, key=_END)
    return _period_of(dates[behind - 1].value) if behind else None


@lru_cache(maxsize=1024)
def _period_of(date: str) -> Period | None:
    first, last = first_day(date), last_day(date)
    if first is None or last is None:
        return None
    return Period(start=first.isoformat(), end=last.isoformat(), label=date)


@cache
def _hundreds() -> dict[str, Decimal]:
    return {words: Decimal(value) for words, value in lexicon("figures")["hundreds"].items()}
