"""Thời hạn: deadlines in the words of one task, from a table of phrases; and how urgent it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple, cast

from pipeline.extract.deadline_values import (
    GRACE_DAYS,
    VALUES,
    Groups,
    anchor_date,
    duration,
    is_working_days,
)
from pipeline.extract.phrases import lowered, small, words_of
from pipeline.record import Deadline, DeadlineKind
from pipeline.resources import lexicon
from pipeline.text.dates import find_dates
from pipeline.text.screen import Screened, core_of, in_small_letters, needs_digit

_LEAD = re.compile(r"^(?:ngay|không để đến|cho kịp) ", re.IGNORECASE)
"""Words of urgency before an event, which are not the event."""
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\d\s*(?:[/\-–.]|tháng\s)\s*\d")
"""What every {DATE} of the table holds, in small letters."""
_INSIDE = re.compile(r"[&’'-]")
"""Marks that part no words for `words_of`."""
_UNDATED = ("event", "relative")
"""Kinds of times that no day completes."""
_EDGE = 60
"""How far before a phrase its context is read, in characters."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of models/lexicons/deadlines.yaml; its pattern is compiled when it is first tried."""

    id: str
    kind: DeadlineKind
    trust: int
    needs: tuple[str, ...]
    pattern: str
    value: str
    guards: tuple[str, ...]


def find_deadlines(
    flat: str, start: int, end: int, *, issued_on: str | Callable[[], str | None] | None
) -> tuple[Deadline, ...]:
    """The deadlines of the task or clause `flat[start:end]`, the surest first.

    Give the document's own text where `raw` must be verbatim: line breaks count as blanks.
    `issued_on` (ISO, partial allowed) completes dates without a year; a function that tells it is
    asked only where words tell a time. Inspection periods, limits of
    service, years of plans and dates of cited documents are none. No deadline gives ().
    """
    low = small(flat)
    matches = _matches(flat, low, start, end)
    if not matches:
        return ()
    if callable(issued_on):
        dated = any(match.rule.kind not in _UNDATED for match in matches)
        day = issued_on() if dated else None
    else:
        day = issued_on
    kept: list[Deadline] = []
    taken = bytearray(end - start)  # by character, so that many deadlines are not compared in pairs
    for match in matches:
        if taken.find(1, match.start - start, match.end - start) >= 0:
            continue
        deadline = _deadline(flat, low, start, match, day)
        if deadline is not None:
            kept.append(deadline)
            first, stop = deadline.start - start, deadline.end - start
            taken[first:stop] = bytes([1]) * (stop - first)
    return tuple(kept)


class _Match(NamedTuple):
    """Where a rule fits; `start` and `end` are those of the words that tell the time."""

    rule: Rule
    found: re.Match[str]
    start: int
    end: int


def _matches(flat: str, low: str, start: int, end: int) -> list[_Match]:
    """Where rules fit in `flat[start:end]`, the surest first; `low` is `flat` in small letters."""
    found = [
        _Match(rule, match, *_span(flat, match))
        for rule in _worth_trying(flat, low, start, end)
        if _core(rule.pattern).search(low, start, end)
        for match in _compiled(rule.pattern).finditer(flat, start, end)
    ]
    return sorted(found, key=_by_trust) if found else []


def _by_trust(match: _Match) -> tuple[int, int, int]:
    return match.rule.trust, match.start, -match.end


def _span(flat: str, match: re.Match[str]) -> tuple[int, int]:
    told = "raw" in match.re.groupindex and match["raw"]
    begin, stop = match.span("raw" if told else 0)
    while flat[stop - 1].isspace() or flat[stop - 1] in ",;":
        stop -= 1
    return begin, stop


def _deadline(
    flat: str, low: str, start: int, match: _Match, issued_on: str | None
) -> Deadline | None:
    rule, groups = match.rule, match.found.groupdict()
    value = _value(rule, match.found, groups, issued_on)
    if value is None or ("past" in rule.guards and _is_past(value, issued_on)):
        return None
    if _is_refused(rule, low, start, *match.found.span()):
        return None
    return Deadline(
        kind=rule.kind,
        value=value,
        raw=flat[match.start : match.end],
        start=match.start,
        end=match.end,
        origin=f"rule:deadline.{rule.id}" + (".working-days" if is_working_days(groups) else ""),
    )


def _worth_trying(flat: str, low: str, start: int, end: int) -> tuple[Rule, ...]:
    """The rules that can match in `flat[start:end]`, in the order of the table.

    One of their words stands there, and a digit where they cannot do without.
    """
    needs = _needs()
    text, spelled = low[start:end], words_of(flat, start, end).low
    words = needs.first_words.intersection(spelled)
    if "-" in text or "&" in text or "’" in text or "'" in text:
        joined = [word for word in spelled if len(word) > 2 and not word.isalnum()]
        parts = (part for word in joined for part in _INSIDE.split(word))
        words |= needs.first_words.intersection(parts)
    if not words and not any(need in text for need, _ in needs.others):
        return ()
    if "  " in text or not text.isprintable():  # so are all blanks but the plain one
        text = " ".join(text.split())
    present = 0
    for word in words:
        present |= needs.alone.get(word, 0)
    for need, rules in chain(needs.others, *map(needs.longer.__getitem__, words)):
        if need in text:
            present |= rules
    return _of_bits(present, _numbers_in(low, start, end))


def _numbers_in(low: str, start: int, end: int) -> int:
    """2 where a day with its month may stand, 1 where only other digits do, 0 without digits."""
    digit = _DIGIT.search(low, start, end)
    if digit is None:
        return 0
    return 2 if _DAY.search(low, digit.start(), end) else 1


class _Needs(NamedTuple):
    """Words that rules need, with these rules: bit n for the nth."""

    first_words: frozenset[str]
    alone: dict[str, int]
    """Single words."""
    longer: dict[str, list[tuple[str, int]]]
    """Several words, by the first of them."""
    others: list[tuple[str, int]]
    """What begins with no word."""


@cache
def _needs() -> _Needs:
    table: dict[str, int] = {}
    for number, rule in enumerate(_rules()):
        for need in rule.needs:
            table[need] = table.get(need, 0) | 1 << number
    words = {need: rules for need, rules in table.items() if need.split()[0].isalpha()}
    first_words = frozenset(need.split()[0] for need in words)
    return _Needs(
        first_words,
        {word: rules for word, rules in words.items() if word in first_words},
        {
            first: [(need, words[need]) for need in words if need.startswith(f"{first} ")]
            for first in first_words
        },
        [(need, rules) for need, rules in table.items() if need not in words],
    )


@lru_cache(maxsize=4096)
def _of_bits(bits: int, numbers: int) -> tuple[Rule, ...]:
    """The rules of some bits that need no more numbers than there are."""
    rules = (rule for number, rule in enumerate(_rules()) if bits >> number & 1)
    return tuple(rule for rule in rules if _numbers_of(rule.pattern) <= numbers)


@cache
def _numbers_of(pattern: str) -> int:
    """What a pattern of the table needs, as `_numbers_in` tells it."""
    return 2 if "{DATE}" in pattern else int(needs_digit(_filled(pattern)))


@cache
def _core(pattern: str) -> re.Pattern[str]:
    return core_of(_blanks(_filled(pattern)))


def _value(rule: Rule, match: re.Match[str], groups: Groups, issued_on: str | None) -> str | None:
    if rule.kind == "event":
        return _LEAD.sub("", " ".join(match.group().split())).rstrip(" ,;")
    if not rule.value.startswith("relative"):
        return VALUES[rule.value](groups, issued_on)
    length = duration(groups)
    if length is None:
        return None
    side = "before" if rule.value == "relative_before" else "after"
    anchor = (
        "issue"
        if rule.value == "relative_issue"
        else anchor_name(groups["anchor"] or "", groups.get("day") or groups.get("day2"))
    )
    return f"{length} {side} {anchor}"


def anchor_name(words: str, day: str | None = None) -> str:
    """The name of a known anchor ("nhận được công văn này": receipt), an ISO day, or the words."""
    plain = " ".join(words.split())
    known = next((name for name, pattern in _anchors() if pattern.search(plain)), None)
    if known:
        return known
    dates = find_dates(f"ngày {plain}")
    if dates and dates[0].start == 0 and len(dates[0].value) == 10:
        return dates[0].value
    return f"{day} {plain}" if day else plain


def _is_refused(rule: Rule, low: str, start: int, begin: int, end: int) -> bool:
    """Whether a guard of the rule sees an object, a fact, a condition ... instead of a deadline.

    `low` is the text in small letters, `begin` and `end` are those of the match.
    """
    near = {
        "before": low[max(start, begin - _EDGE) : begin].rstrip(),
        "phrase": low[begin:end],
        "after": low[end : end + _EDGE],
    }
    return any(
        pattern.search(near[where]) for name in rule.guards for where, pattern in _guard(name)
    )


def _is_past(value: str, issued_on: str | None) -> bool:
    """Whether a day ended long before the document; told facts and cited dates do."""
    if not issued_on or value.startswith("-"):
        return False
    if len(issued_on) < 7:
        return value[:4] < issued_on[:4]
    today = anchor_date(issued_on)
    return today is not None and (today - dt.date.fromisoformat(value[:10])).days > GRACE_DAYS


def urgency_of(flat: str, start: int, end: int) -> str | None:
    """The first word of urgency ("khẩn trương", "kịp thời", "ngay") as printed, or None."""
    match = _urgency().search(lowered(flat, start, end))
    return flat[start + match.start() : start + match.end()] if match else None


@cache
def _urgency() -> Screened:
    words = sorted(lexicon("deadlines")["urgency"], key=len, reverse=True)
    return Screened(re.compile(rf"(?<!\w)(?:{'|'.join(map(_blanks, words))})(?!\w)"))


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            row["id"],
            cast(DeadlineKind, row["kind"]),
            row["trust"],
            tuple(need.lower() for need in row["needs"]),
            row["pattern"],
            row["value"],
            tuple(row.get("guards", ())),
        )
        for row in lexicon("deadlines")["rules"]
    )


@cache
def _anchors() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["name"], _compiled(row["pattern"], edge="")) for row in lexicon("deadlines")["anchors"]
    )


@cache
def _guard(name: str) -> tuple[tuple[str, Screened], ...]:
    """Where a guard looks for which pattern of words in small letters."""
    rows: dict[str, str] = lexicon("deadlines")["guards"][name]
    return tuple((where, _screened(pattern)) for where, pattern in rows.items())


def _screened(pattern: str) -> Screened:
    return Screened(re.compile(in_small_letters(_blanks(pattern))))


@cache
def _compiled(pattern: str, *, edge: str = r"(?<![\w/])") -> re.Pattern[str]:
    """A pattern of the table with its {PARTS} filled in."""
    return re.compile(f"{edge}(?:{_blanks(_filled(pattern))})", re.IGNORECASE)


def _filled(pattern: str) -> str:
    parts = lexicon("deadlines")["parts"]
    return re.sub(r"\{([A-Z]+)\}", lambda m: _filled(parts[m[1]]), pattern)


def _blanks(pattern: str) -> str:
    """Blanks of the table as whole runs of any blanks; one blank inside a class of characters."""
    pattern = pattern.replace("[ ", r"[\s")
    return re.sub(r"(?<!\\) (\?)?", lambda m: r"\s*" if m[1] else r"\s++", pattern)
