"""The pattern of a number that may be a figure, from models/lexicons/figures.yaml, and its use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

import numpy as np

from pipeline.record import FigureKind
from pipeline.resources import lexicon
from pipeline.text.digits import digit_runs
from pipeline.text.screen import longest_of
from pipeline.text.words import Table, numbered

_GROUPED = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"
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
    openers: Table
    """Of each word where its end begins to open a number, from 1 on; 0 where it does not."""
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


def number_places(flat: str) -> list[int]:
    """Where runs of digits, and words that may open a number, begin in a text."""
    text = numbered(flat)
    opens = figure_grammar().openers(text)
    words = opens.nonzero()[0]
    begin: list[int] = (text.starts[words] + opens[words] - 1).tolist()
    return sorted([*digit_runs(flat, 0, len(flat)), *begin])


def numbers_in(flat: str, places: Sequence[int], start: int, end: int) -> Iterator[Printed]:
    """What the grammar finds in `flat[start:end]` at `places`, where numbers may begin.

    Numbers in words only where they count something.
    """
    figure = figure_grammar().figure
    for at in places:
        match = figure.match(flat, at, end) if at >= start else None
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
    scale = rf"{_any(table['scales'])}(?!\w)"
    scale += _maybe(rf"\s\s*{scale}")
    first = {words.split()[0] for words in (*table["words"], *table["hundreds"])}
    return FigureGrammar(
        figure=re.compile(_figure_pattern(table, kinds, counted, scale), re.VERBOSE),
        openers=Table(_opening(first), np.int32),
        not_after=re.compile(rf"\s*(?:ốs\s+)?(?:{_any(_backwards(table['not_after']))})(?!\w)"),
        not_before=re.compile(rf"\s+(?:{_any(table['not_before'])}|năm\s+(?:19|20)\d\d)\b"),
        only_of={"một": frozenset(table["one_of"]), "năm": frozenset(table["five_of"])},
        comparator=_lead(table["comparators"], _AFTER_COMPARATOR),
        change=_lead(table["changes"], _AFTER_CHANGE),
        kinds=kinds,
        scales=dict(table["scales"]),
    )


def _opening(openers: Set[str]) -> Callable[[str], int]:
    """What tells where the last part of a word ("một", "TP.một") begins, if it opens a number."""

    def begin(word: str) -> int:
        last = re.split(r"\W", word)[-1]
        return len(word) - len(last) + 1 if last.lower() in openers else 0

    return begin


def _figure_pattern(
    table: dict[str, list[str]], kinds: dict[str, FigureKind], counted: list[str], scale: str
) -> str:
    measures, nouns = _any(kinds), _any(counted)
    one = _any(word for word in table["words"] if word != "mười")
    linh, five, per = map(_maybe, (r"linh\s+", r"\s\s*lăm", r"(?P<per>\s?/\s?[a-zà-ỹđ]+)"))
    tens = _maybe(rf"\s\s*{linh}(?:{one}|lăm|mốt|tư)")
    hundreds = _maybe(rf"\s\s*(?:mươi|trăm){tens}")
    top = rf"(?<=[-–\s]){_GROUPED}|\d++(?:[.,]\d++|(?![.,]\d))"
    to = rf"(?:\s+đồng|)\s?(?:-|–|đến|tới|\s)\s?(?P<top>{top})"
    counted_too = rf"(?=\s?(?:{scale}|{measures}|{nouns})(?!\w))"
    of = r"\s?/\s?(?P<ratio>\d{1,3}(?:\.\d{3})+|\d+)(?![\w/.-]*\d)"
    scale0, scale1 = (_maybe(rf"\s\s*(?P<{name}>{scale})") for name in ("scale0", "scale"))
    other = _maybe(rf"(?=\s*[-–/đt\d])(?:{to}{counted_too}|{of})")
    unit = _maybe(rf"\s?(?P<measure>{measures})(?!\w){per}|\s\s*(?P<noun>(?i:{nouns}))(?!\w)")
    up = _maybe(r"(?P<up>\s\s*trở\s+(?:lên|xuống|đi))")
    return rf"""
    (?=[\dmhbnstcMHBNSTC])(?<![\w+])(?<!\d[.,/:–-])(?<![A-ZĐ][-–/.])(?:
      (?P<n>{_GROUPED}|\d+(?:[.,]\d+)?
        |(?P<words>(?i:{_any(table["hundreds"])}|mười{five}|{one}{hundreds})) (?=\s))
      (?!\w)(?!\s?[-/:.,–]\s?\d+\s?[-/:–]\s?\d)(?!:\d)
      {scale0}{other}{scale1}{unit}{up}
    )
    """


def _maybe(pattern: str) -> str:
    r"""`(?:pattern)?`, sooner: an empty choice costs nothing where `pattern` cannot begin.

    That is seen where it begins with one character (`\s\s*`, not `\s+`).
    """
    return f"(?:{pattern}|)"


def _any(words: Iterable[str]) -> str:
    return longest_of(words).replace(r"\ ", r"\s+")


def _backwards(words: Iterable[str]) -> list[str]:
    return [word[::-1] for word in words]


def _lead(table: dict[str, list[str]], after: Sequence[str]) -> Lead:
    """The longest of the words before a number, and before one of `after` if that stands there."""
    told = {word.lower(): name for name, words in reversed(table.items()) for word in words}
    between = _maybe(rf"{_any(_backwards(after))}\s+")
    return Lead(re.compile(rf"\s+{between}({_any(_backwards(told))})(?!\w)"), told)
