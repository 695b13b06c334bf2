"""Số liệu: every number of the body that says how many, how much, how long or which rank."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple, cast

from pipeline.extract.phrases import small
from pipeline.record import Change, Comparator, Figure, FigureKind, Period
from pipeline.resources import lexicon
from pipeline.text.dates import DateFound, find_dates, first_day, last_day
from pipeline.text.numerals import number, parse_number, plain
from pipeline.text.screen import longest_of

_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_EDGE = 32
"""How far before a number its context is read, in characters."""
_UNCUT = re.compile(r"[^.;:,()\d]*")
_DASH = re.compile(r"\s[-–]\s")
_COPULAS = frozenset(("là", "đạt", "bằng", "chiếm", "còn", "được"))


class _Lead(NamedTuple):
    """What words right before a number say of it, read backwards and in small letters."""

    pattern: re.Pattern[str]
    told: dict[str, str]

    def before(self, backwards: str) -> tuple[str | None, int]:
        """What is said, and how many characters before the number that begins; None, 0."""
        match = self.pattern.match(backwards)
        if match is None:
            return None, 0
        return self.told[" ".join(match[1][::-1].split())], match.end()


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of models/lexicons/figures.yaml, compiled once."""

    figure: re.Pattern[str]
    starts: re.Pattern[str]
    """What every figure begins with, in small letters."""
    not_after: re.Pattern[str]
    """Words of a name, an item or a date, read backwards from the number."""
    not_before: re.Pattern[str]
    only_of: dict[str, frozenset[str]]
    comparator: _Lead
    change: _Lead
    kinds: dict[str, FigureKind]
    scales: dict[str, int]


class _Number(NamedTuple):
    """A number with its words as printed: the groups of the pattern in their order, and its span.

    `stop` is the end of its digits or words.
    """

    n: str
    words: str | None
    scale0: str | None
    top: str | None
    ratio: str | None
    scale: str | None
    measure: str | None
    per: str | None
    noun: str | None
    up: str | None
    start: int
    stop: int
    end: int


def find_figures(flat: str, start: int, end: int, *, issued_on: str | None) -> tuple[Figure, ...]:
    """The figures of one statement `flat[start:end]`, left to right.

    Give the document's own text where `quote` must be verbatim: line breaks count as blanks.
    Dates, numbers of documents, articles and items, telephone numbers and counters are none.
    `issued_on` completes the period a figure covers when its year is not printed.
    """
    if not _grammar().starts.search(small(flat), start, end):
        return ()
    marker = _MARKER.match(flat, start, end)
    numbers = list(_numbers(flat, marker.end() if marker else start, end))
    if not numbers:
        return ()
    dates = find_dates(flat, start, end, anchor=issued_on)
    found: list[Figure] = []
    for printed in numbers:
        if _is_quantity(flat, printed, start, dates, bool(found)):
            figure = _figure(flat, printed, start, dates, found[-1] if found else None)
            if figure is not None:
                found.append(figure)
    return tuple(found)


def _numbers(flat: str, start: int, end: int) -> Iterator[_Number]:
    """What the grammar finds, tried only where a number may begin; words only where they count."""
    grammar = _grammar()
    for first in grammar.starts.finditer(small(flat), start, end):
        at = first.start()
        match = grammar.figure.match(flat, at, end) if at >= start else None
        if match:
            start = match.end()
            if match["words"] and not (match["noun"] or match["measure"]):
                continue  # "năm 2024", "một số"
            yield _Number._make((*match.groups(), at, match.end("n"), start))


_MARKER = re.compile(
    r"\s*(?:[-+*•–]\s*)?(?:\d{1,2}(?:\.\d{1,2})*[.)/]+(?!\d)\s|\(\d{1,2}\)\s|[a-zđ]\)\s)?"
)


def _is_quantity(
    flat: str, printed: _Number, start: int, dates: list[DateFound], follows: bool
) -> bool:
    """Whether a number is a quantity: it has a unit, or stands where a quantity must stand."""
    at, stop = printed.start, printed.stop
    if dates and any(d.start < stop and at < d.end for d in dates):
        return False
    before = flat[max(start, at - _EDGE) : at]
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


def _is_counting_word(printed: _Number, before: str) -> bool:
    """Whether a number in words counts something: "hai xã", not "thứ hai", "cùng một", "một số"."""
    unit = (printed.noun or printed.measure or "").lower()
    if not unit or _is_named(before):
        return False
    word = printed.n.lower()
    if word == "một" and _ONE_AND_THE_SAME.search(before):
        return False
    if word == "năm" and _A_YEAR.search(before):
        return False
    return word not in _grammar().only_of or unit in _grammar().only_of[word]


def _is_named(before: str) -> bool:
    """Whether a number right after `before` is a name, an item or a date."""
    return _grammar().not_after.match(before[::-1]) is not None


def _is_share(printed: _Number) -> bool:
    """Whether "1/4" is a part of a whole."""
    part, whole = parse_number(printed.n), parse_number(printed.ratio or "")
    return part is not None and whole is not None and part <= whole


def _names_a_period(flat: str, printed: _Number) -> bool:
    """Whether "6 tháng" is the name of a half-year ("6 tháng đầu năm"), not a duration."""
    return printed.measure == "tháng" and _grammar().not_before.match(flat, printed.end) is not None


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
    flat: str, printed: _Number, start: int, dates: list[DateFound], last: Figure | None
) -> Figure | None:
    grammar = _grammar()
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
    return Figure(
        value=plain(low),
        value_max=None if high is None else plain(high),
        unit=unit
        or _next_word(flat, printed.end)
        or (last.unit if last and kind == "count" else None),
        kind=kind,
        metric=_metric(flat, start, begin),
        period=_period(dates, begin),
        comparator=_comparator(printed, compared),
        change=_change(changed, low),
        start=begin,
        end=printed.end,
        quote=flat[begin : printed.end],
    )


_NOUN = re.compile(r"\s([a-zà-ỹđ]{2,})")


def _next_word(flat: str, end: int) -> str | None:
    """The unknown noun right after a number, taken for its unit."""
    match = _NOUN.match(flat, end, end + 12)
    return match[1] if match and not _VERB.match(flat, end) else None


def _values(printed: _Number, scales: dict[str, int]) -> tuple[Decimal | None, Decimal | None]:
    """The value, and the end of a range or the whole of a ratio."""
    if printed.words:
        text = " ".join(printed.n.lower().split())
        low = _hundreds().get(text) or number(text)
    else:
        low = parse_number(printed.n)
    if low is None:
        return None, None
    own, common = (_size(words, scales) for words in (printed.scale0, printed.scale))
    other = printed.ratio or printed.top
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


def _kind(printed: _Number, unit: str, before: str) -> FigureKind:
    if printed.ratio:
        return "rank" if _ORDINAL.search(before) else "ratio"
    if "thứ" in before and _PLACED.search(before):
        return "rank"
    if unit.startswith("lần") and before.rstrip().endswith("gấp"):
        return "ratio"
    kinds = _grammar().kinds
    return kinds.get(unit.split("/")[0]) or kinds.get(unit, "count")


_ORDINAL = re.compile(r"thứ\s+$")
_PLACED = re.compile(r"(?:đứng|xếp|hạng)\s+thứ\s+$")


def _comparator(printed: _Number, told: str | None) -> Comparator:
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
    near = [found for found in dates if found.end <= begin]
    if not near:
        return None
    return _period_of(near[-1].value)


@lru_cache(maxsize=1024)
def _period_of(date: str) -> Period | None:
    first, last = first_day(date), last_day(date)
    if first is None or last is None:
        return None
    return Period(start=first.isoformat(), end=last.isoformat(), label=date)


@cache
def _hundreds() -> dict[str, Decimal]:
    return {words: Decimal(value) for words, value in lexicon("figures")["hundreds"].items()}


_AFTER_COMPARATOR = ("gấp", "là", "đạt")
_AFTER_CHANGE = ("thêm", "khoảng", "gần", "hơn", "trên", "từ", "ít nhất", "tối thiểu")


@cache
def _grammar() -> _Grammar:
    table = lexicon("figures")
    kinds = {u: cast(FigureKind, kind) for kind, units in table["measures"].items() for u in units}
    counted = [n for n in table["nouns"] if n not in kinds]
    scale = rf"(?:{_any(table['scales'])})(?!\w)(?:\s+(?:{_any(table['scales'])})(?!\w))?"
    return _Grammar(
        figure=re.compile(_figure_pattern(table, kinds, counted, scale), re.VERBOSE),
        starts=_starts([*table["words"], *table["hundreds"]]),
        not_after=re.compile(rf"\s*(?:ốs\s+)?(?:{_any(_backwards(table['not_after']))})(?!\w)"),
        not_before=re.compile(rf"\s+(?:{_any(table['not_before'])}|năm\s+(?:19|20)\d\d)\b"),
        only_of={"một": frozenset(table["one_of"]), "năm": frozenset(table["five_of"])},
        comparator=_lead(table["comparators"], _AFTER_COMPARATOR),
        change=_lead(table["changes"], _AFTER_CHANGE),
        kinds=kinds,
        scales=dict(table["scales"]),
    )


def _figure_pattern(
    table: dict[str, list[str]], kinds: dict[str, FigureKind], counted: list[str], scale: str
) -> str:
    measures, nouns = _any(kinds), _any(counted)
    one = _any(word for word in table["words"] if word != "mười")
    tens = rf"(?:\s+(?:linh\s+)?(?:{one}|lăm|mốt|tư))?"
    words = rf"mười(?:\s+lăm)?|(?:{one})(?:\s+(?:mươi|trăm){tens})?"
    return rf"""
    (?=[\dmhbnstcMHBNSTC])(?<![\w+])(?<!\d[.,/:–-])(?<![A-ZĐ][-–/.])(?:
      (?P<n>(?P<words>(?i:{_any(table["hundreds"])})|(?i:{words})) (?=\s) |{_DIGITS})
      (?![\w])(?!\s?[-/:.,–]\s?\d+\s?[-/:–]\s?\d)(?!:\d)
      (?:\s+(?P<scale0>{scale}))?
      (?:(?:\s+đồng)?\s?(?:-|–|đến|tới|\s)\s?(?P<top>(?<=[-–\s]){_DIGITS})(?=\s?(?:{scale}|{measures}|{nouns})(?!\w))
        |\s?/\s?(?P<ratio>\d{{1,3}}(?:\.\d{{3}})+|\d+)(?![\w/.-]*\d))?
      (?:\s+(?P<scale>{scale}))?
      (?:\s?(?P<measure>(?:{measures}))(?!\w)(?P<per>\s?/\s?[a-zà-ỹđ]+)?|\s+(?P<noun>(?i:{nouns}))(?!\w))?
      (?P<up>\s+(?:trở\s+lên|trở\s+xuống|trở\s+đi))?
    )
    """


def _starts(words: Sequence[str]) -> re.Pattern[str]:
    """A digit, or a word that opens a number; which letters begin one is said first, for speed."""
    first = {word.split()[0].lower() for word in words}
    letters = "".join(sorted({word[0] for word in first}))
    further = "|".join(sorted(word[1:] for word in first))
    return re.compile(rf"[\d{letters}](?:(?<=\d)\d*|(?:{further})(?!\w))")


def _any(words: Iterable[str]) -> str:
    return longest_of(words).replace(r"\ ", r"\s+")


def _backwards(words: Iterable[str]) -> list[str]:
    return [word[::-1] for word in words]


def _lead(table: dict[str, list[str]], after: Sequence[str]) -> _Lead:
    """The longest of the words before a number, and before one of `after` if that stands there."""
    told = {word.lower(): name for name, words in reversed(table.items()) for word in words}
    between = rf"(?:(?:{_any(_backwards(after))})\s+)?"
    return _Lead(re.compile(rf"\s+{between}({_any(_backwards(told))})(?!\w)"), told)
