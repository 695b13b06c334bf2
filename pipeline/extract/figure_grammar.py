"""The pattern of a number that may be a figure, from models/lexicons/figures.yaml, and its use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from pipeline.extract.phrases import small
from pipeline.record import FigureKind
from pipeline.resources import lexicon
from pipeline.text.screen import longest_of

_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_AFTER_COMPARATOR = ("gấp", "là", "đạt")
_AFTER_CHANGE = ("thêm", "khoảng", "gần", "hơn", "trên", "từ", "ít nhất", "tối thiểu")


class Lead(NamedTuple):
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
class FigureGrammar:
    """The patterns of models/lexicons/figures.yaml, compiled once."""

    figure: re.Pattern[str]
    starts: re.Pattern[str]
    """What every figure begins with, in small letters."""
    not_after: re.Pattern[str]
    """Words of a name, an item or a date, read backwards from the number."""
    not_before: re.Pattern[str]
    only_of: dict[str, frozenset[str]]
    comparator: Lead
    change: Lead
    kinds: dict[str, FigureKind]
    scales: dict[str, int]


class Printed(NamedTuple):
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


def may_hold_number(flat: str, start: int, end: int) -> bool:
    """Whether a digit or a word that opens a number stands in `flat[start:end]`."""
    return figure_grammar().starts.search(small(flat), start, end) is not None


def numbers_in(flat: str, start: int, end: int) -> Iterator[Printed]:
    """What the grammar finds, tried only where a number may begin; words only where they count."""
    grammar = figure_grammar()
    for first in grammar.starts.finditer(small(flat), start, end):
        at = first.start()
        match = grammar.figure.match(flat, at, end) if at >= start else None
        if match:
            start = match.end()
            if match["words"] and not (match["noun"] or match["measure"]):
                continue  # "năm 2024", "một số"
            yield Printed._make((*match.groups(), at, match.end("n"), start))


@cache
def figure_grammar() -> FigureGrammar:
    """The grammar, compiled once."""
    table = lexicon("figures")
    kinds = {u: cast(FigureKind, kind) for kind, units in table["measures"].items() for u in units}
    counted = [n for n in table["nouns"] if n not in kinds]
    scale = rf"(?:{_any(table['scales'])})(?!\w)(?:\s+(?:{_any(table['scales'])})(?!\w))?"
    return FigureGrammar(
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


def _lead(table: dict[str, list[str]], after: Sequence[str]) -> Lead:
    """The longest of the words before a number, and before one of `after` if that stands there."""
    told = {word.lower(): name for name, words in reversed(table.items()) for word in words}
    between = rf"(?:(?:{_any(_backwards(after))})\s+)?"
    return Lead(re.compile(rf"\s+{between}({_any(_backwards(told))})(?!\w)"), told)
