"""Số liệu: every number of the body that says how many, how much, how long or which rank."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

from pipeline.record import Change, Comparator, Figure, FigureKind, Period
from pipeline.resources import lexicon
from pipeline.text.dates import DateFound, find_dates, first_day, last_day
from pipeline.text.numerals import number, parse_number, plain

_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_EDGE = 32
"""How far before a number its context is read, in characters."""
_CLAUSE_CUT = re.compile(r"[.;:,()\d]|\s[-–]\s")
_COPULA = re.compile(r"\s(?:là|đạt|bằng|chiếm|còn|được)\s*$")


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of models/lexicons/figures.yaml, compiled once."""

    figure: re.Pattern[str]
    not_after: re.Pattern[str]
    not_before: re.Pattern[str]
    only_of: dict[str, frozenset[str]]
    comparator: re.Pattern[str]
    change: re.Pattern[str]
    kinds: dict[str, FigureKind]
    scales: dict[str, int]


def find_figures(flat: str, start: int, end: int, *, issued_on: str | None) -> tuple[Figure, ...]:
    """The figures of one statement `flat[start:end]`, left to right.

    Give the document's own text where `quote` must be verbatim: line breaks count as blanks.
    Dates, numbers of documents, articles and items, telephone numbers and counters are none.
    `issued_on` completes the period a figure covers when its year is not printed.
    """
    marker = _MARKER.match(flat, start, end)
    body = marker.end() if marker else start
    matches = list(_grammar().figure.finditer(flat, body, end))
    if not matches:
        return ()
    dates = find_dates(flat, start, end, anchor=issued_on)
    found: list[Figure] = []
    for match in matches:
        if _is_quantity(flat, match, start, dates, bool(found)):
            figure = _figure(flat, match, start, dates, found[-1] if found else None)
            if figure is not None:
                found.append(figure)
    return tuple(found)


_MARKER = re.compile(
    r"\s*(?:[-+*•–]\s*)?(?:\d{1,2}(?:\.\d{1,2})*[.)/]+(?!\d)\s|\(\d{1,2}\)\s|[a-zđ]\)\s)?"
)


def _is_quantity(
    flat: str, match: re.Match[str], start: int, dates: list[DateFound], follows: bool
) -> bool:
    """Whether a number is a quantity: it has a unit, or stands where a quantity must stand."""
    at, stop = match.start("n"), match.end("n")
    if any(d.start < stop and at < d.end for d in dates):
        return False
    before = flat[max(start, at - _EDGE) : at]
    if match["words"]:
        return _is_counting_word(match, before)
    if match["measure"]:
        return not _is_clock(before, match["measure"]) and not _names_a_period(flat, match)
    if _grammar().not_after.search(before) and not (match["ratio"] and _RANKED.search(before)):
        return False
    if match["noun"]:
        return True
    if _BARE_YEAR.fullmatch(match["n"]) or (match["ratio"] and not _is_share(match)):
        return False
    stop = match.end()
    if re.match(r"\s[a-zà-ỹđ]" if match["n"][0] != "0" else r"\s[^\W\d]", flat[stop : stop + 2]):
        return not _VERB.match(flat, stop)
    return _stands_alone(before, match["n"], flat[stop : stop + 2], follows)


def _is_counting_word(match: re.Match[str], before: str) -> bool:
    """Whether a number in words counts something: "hai xã", not "thứ hai", "cùng một", "một số"."""
    unit = (match["noun"] or match["measure"] or "").lower()
    if not unit or _grammar().not_after.search(before):
        return False
    word = match["n"].lower()
    if word == "một" and _ONE_AND_THE_SAME.search(before):
        return False
    if word == "năm" and _A_YEAR.search(before):
        return False
    return word not in _grammar().only_of or unit in _grammar().only_of[word]


def _is_share(match: re.Match[str]) -> bool:
    """Whether "1/4" is a part of a whole."""
    part, whole = parse_number(match["n"]), parse_number(match["ratio"])
    return part is not None and whole is not None and part <= whole


def _names_a_period(flat: str, match: re.Match[str]) -> bool:
    """Whether "6 tháng" is the name of a half-year ("6 tháng đầu năm"), not a duration."""
    return (
        match["measure"] == "tháng" and _grammar().not_before.match(flat, match.end()) is not None
    )


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
    flat: str, match: re.Match[str], start: int, dates: list[DateFound], last: Figure | None
) -> Figure | None:
    grammar = _grammar()
    low, high = _values(match, grammar.scales)
    if low is None:
        return None
    unit = " ".join((match["measure"] or match["noun"] or "").split())
    if match["measure"] and match["per"]:
        unit += match["per"].replace(" ", "")
    before = flat[max(start, match.start() - _EDGE) : match.start()]
    compared, changed = grammar.comparator.search(before), grammar.change.search(before)
    begin = match.start()
    for lead in (compared, changed):
        if lead is not None:
            begin = min(begin, match.start() - (len(before) - lead.start()))
    kind = _kind(match, unit, before)
    return Figure(
        value=plain(low),
        value_max=None if high is None else plain(high),
        unit=unit
        or _next_word(flat, match.end())
        or (last.unit if last and kind == "count" else None),
        kind=kind,
        metric=_metric(flat, start, begin),
        period=_period(dates, begin),
        comparator=_comparator(match, compared),
        change=_change(changed, low, kind),
        start=begin,
        end=match.end(),
        quote=flat[begin : match.end()],
    )


def _next_word(flat: str, end: int) -> str | None:
    """The unknown noun right after a number, taken for its unit."""
    match = re.match(r"\s([a-zà-ỹđ]{2,})", flat[end : end + 12])
    return match[1] if match and not _VERB.match(flat, end) else None


def _values(match: re.Match[str], scales: dict[str, int]) -> tuple[Decimal | None, Decimal | None]:
    """The value, and the end of a range or the whole of a ratio."""
    text = " ".join(match["n"].lower().split())
    low = _hundreds().get(text, None) if match["words"] else None
    low = number(text) if low is None else low
    if low is None:
        return None, None
    own, common = (_size(match[name], scales) for name in ("scale0", "scale"))
    other = match["ratio"] or match["top"]
    high = number(other) if other else None
    if high is not None and match["top"]:
        high = _scaled(high, common)
    return _scaled(low, own if own != 1 else common), high


def _size(words: str | None, scales: dict[str, int]) -> int:
    """The factor of "nghìn tỷ"; 1 without."""
    return math.prod(scales[word] for word in (words or "").lower().split())


def _scaled(value: Decimal, size: int) -> Decimal:
    """`value` times a scale, without the decimals that the scale used up."""
    whole = value * size
    return whole.quantize(Decimal(1)) if size > 1 and whole == whole.to_integral() else whole


def _kind(match: re.Match[str], unit: str, before: str) -> FigureKind:
    if match["ratio"]:
        return "rank" if re.search(r"thứ\s+$", before) else "ratio"
    if re.search(r"(?:đứng|xếp|hạng)\s+thứ\s+$", before):
        return "rank"
    if unit.startswith("lần") and re.search(r"gấp\s+$", before):
        return "ratio"
    return _grammar().kinds.get(unit.split("/")[0], _grammar().kinds.get(unit, "count"))


def _comparator(match: re.Match[str], lead: re.Match[str] | None) -> Comparator:
    if match["up"]:
        return "le" if "xuống" in match["up"] else "ge"
    if match["words"] and " ".join(match["n"].lower().split()) in _hundreds():
        return "approx"
    name = next((n for n, word in lead.groupdict().items() if word), None) if lead else None
    return cast(Comparator, "eq" if name is None or (name == "ge" and match["top"]) else name)


def _change(lead: re.Match[str] | None, amount: Decimal, kind: FigureKind) -> Change | None:
    if lead is None:
        return None
    return Change(direction="up" if lead["up"] else "down", amount=plain(amount))


def _metric(flat: str, start: int, begin: int) -> str | None:
    """The words that the number measures: what stands before it in its clause, "là" left out."""
    clause = _CLAUSE_CUT.split(flat[max(start, begin - 100) : begin])[-1]
    words = _COPULA.sub("", clause).split()
    return " ".join(words) if len(words) >= 2 else None


def _period(dates: list[DateFound], begin: int) -> Period | None:
    """The date, month, quarter or year named last before the figure."""
    near = [found for found in dates if found.end <= begin]
    if not near:
        return None
    value = near[-1].value
    first, last = first_day(value), last_day(value)
    if first is None or last is None:
        return None
    return Period(start=first.isoformat(), end=last.isoformat(), label=value)


@cache
def _hundreds() -> dict[str, Decimal]:
    return {words: Decimal(value) for words, value in lexicon("figures")["hundreds"].items()}


@cache
def _grammar() -> _Grammar:
    table = lexicon("figures")
    kinds = {u: cast(FigureKind, kind) for kind, units in table["measures"].items() for u in units}
    counted = [n for n in table["nouns"] if n not in kinds]
    scale = rf"(?:{_any(table['scales'])})(?!\w)(?:\s+(?:{_any(table['scales'])})(?!\w))?"
    return _Grammar(
        figure=re.compile(_figure_pattern(table, kinds, counted, scale), re.VERBOSE),
        not_after=re.compile(rf"(?<!\w)(?:{_any(table['not_after'])})(?:\s+số)?\s*$"),
        not_before=re.compile(rf"\s+(?:{_any(table['not_before'])}|năm\s+(?:19|20)\d\d)\b"),
        only_of={"một": frozenset(table["one_of"]), "năm": frozenset(table["five_of"])},
        comparator=_lead(table["comparators"], r"(?:\s+(?:gấp|là|đạt))?\s+$"),
        change=_lead(
            table["changes"], r"(?:\s+(?:thêm|khoảng|gần|hơn|trên|từ|ít nhất|tối thiểu))?\s+$"
        ),
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


def _any(words: object) -> str:
    longest = sorted(map(str, cast(list[str], words)), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest)


def _lead(table: dict[str, list[str]], tail: str) -> re.Pattern[str]:
    groups = "|".join(rf"(?P<{name}>{_any(words)})" for name, words in table.items())
    return re.compile(rf"(?<!\w)(?i:{groups}){tail}")
