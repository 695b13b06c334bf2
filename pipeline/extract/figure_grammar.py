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
from pipeline.text.characters import Table, codes_of
from pipeline.text.digits import digit_runs
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


class Openers:
    """Words that open a number, found in one pass of numpy by their first two letters."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are at most 30."""
        words = sorted({word.lower() for word in words})
        self._pattern = re.compile(rf"{longest_of(words)}(?!\w)")

        def begun_by(place: int) -> Table:
            """Of a letter, which words have it at that place, as bits; the lowest is any letter."""
            letters = [word[place] for word in words]
            return Table(
                lambda char: (
                    (char.isalnum() or char == "_")
                    + sum(2 << number for number, letter in enumerate(letters) if letter == char)
                )
            )

        self._first, self._second = begun_by(0), begun_by(1)

    def places(self, low: str) -> list[int]:
        """Where they begin in a text in small letters."""
        codes = codes_of(f" {low} ")
        first = self._first(codes)
        both = first[1:-1] & self._second(codes)[2:]
        likely = ((both > 1) & (first[:-2] == 0)).nonzero()[0].tolist()
        return [at for at in likely if self._pattern.match(low, at)]


@dataclass(frozen=True, slots=True)
class FigureGrammar:
    """The patterns of models/lexicons/figures.yaml, compiled once."""

    figure: re.Pattern[str]
    openers: Openers
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
    words = figure_grammar().openers.places(small(flat))
    return sorted([*digit_runs(flat, 0, len(flat)), *words])


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
    scale = rf"(?:{_any(table['scales'])})(?!\w)(?:\s+(?:{_any(table['scales'])})(?!\w))?"
    return FigureGrammar(
        figure=re.compile(_figure_pattern(table, kinds, counted, scale), re.VERBOSE),
        openers=Openers({words.split()[0] for words in (*table["words"], *table["hundreds"])}),
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


def _any(words: Iterable[str]) -> str:
    return longest_of(words).replace(r"\ ", r"\s+")


def _backwards(words: Iterable[str]) -> list[str]:
    return [word[::-1] for word in words]


def _lead(table: dict[str, list[str]], after: Sequence[str]) -> Lead:
    """The longest of the words before a number, and before one of `after` if that stands there."""
    told = {word.lower(): name for name, words in reversed(table.items()) for word in words}
    between = rf"(?:(?:{_any(_backwards(after))})\s+)?"
    return Lead(re.compile(rf"\s+{between}({_any(_backwards(told))})(?!\w)"), told)
