"""Words of a text for finding mentions: spans, case, one style of spelling, phrases."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import NamedTuple

_WORD = re.compile(r"([^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s])")
_BREAK = re.compile(r"\n")
_COLUMNS = re.compile(r"[ \t\u00a0](?<=\S.)[ \t\u00a0]{2,}(?=\S)")
"""Blanks that part two columns of one line: the head of a plain text, the signature."""
_WRAPPED = 0.4
_MANY_PARTS = 50_000
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONED = frozenset("àáảãạèéẻẽẹỳýỷỹỵ")
_TONE = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])\b")


def plain(text: str) -> str:
    """Lower case with tone marks in the old style: "Uỷ ban" and "Ủy ban" are one spelling."""
    return _TONE.sub(lambda match: _TONES[match.group()], text.lower())


class Shape(NamedTuple):
    """A word as the lists spell it, its case, whether a mention may begin with it, its span."""

    low: str
    cap: bool
    upper: bool
    begins: bool
    start: int
    end: int


class Shapes(dict[str, tuple[Shape, ...]]):
    """The words of parts of texts, as blanks leave them; each part is read once and remembered."""

    def __init__(self, begins: Callable[[str, bool], bool]) -> None:
        """`begins` tells from a word and its capital whether a mention may begin with it."""
        super().__init__()
        self._begins = begins

    def __missing__(self, part: str) -> tuple[Shape, ...]:
        """The words of a part of a text not met before."""
        shapes = tuple(map(self._shape, _WORD.finditer(part)))
        if len(self) < _MANY_PARTS:
            self[part] = shapes
        return shapes

    def _shape(self, match: re.Match[str]) -> Shape:
        word = match[0]
        low = word.lower()
        cap = word != low and word[0].isupper()
        spelled = plain(word) if low[-1] in _TONED else low
        begins = self._begins(spelled, cap)
        return Shape(spelled, cap, cap and word.isupper(), begins, match.start(), match.end())


@dataclass(frozen=True, slots=True)
class Words:
    """The words and punctuation of a text, as parallel tuples.

    `low` are the words as the lists spell them, `caps` says whether a word begins with a capital,
    `upper` whether it has no small letter, `begins` whether a mention may begin with it, `breaks`
    whether a line or a column ends before it.
    """

    flat: str
    count: int
    low: tuple[str, ...]
    caps: tuple[bool, ...]
    upper: tuple[bool, ...]
    begins: tuple[bool, ...]
    breaks: Sequence[bool]
    places: _Places

    def start(self, at: int) -> int:
        """Where word `at` starts."""
        return self.places.part_of(at) + self.places.starts[at]

    def end(self, at: int) -> int:
        """Where word `at` ends."""
        return self.places.part_of(at) + self.places.ends[at]

    def text(self, start: int, end: int) -> str:
        """The words `start` to `end` as written."""
        return self.flat[self.start(start) : self.end(end - 1)]


class _Places(NamedTuple):
    """Where the words of a text are, by the parts that its blanks leave."""

    sizes: list[int]
    """How many letters stand before each part."""
    firsts: list[int]
    """How many words stand before each part, and in all."""
    starts: tuple[int, ...]
    """Where each word starts in its part."""
    ends: tuple[int, ...]

    def part_of(self, word: int) -> int:
        """Where the part with this word starts."""
        part = bisect_right(self.firsts, word) - 1
        return self.sizes[part] + part


def words_of(text: str, flat: str, shapes: Shapes) -> Words:
    """The words of `flat`; `text` has the same length and keeps its line breaks."""
    parts = flat.split(" ")
    spelled = list(map(shapes.__getitem__, parts))
    columns = list(zip(*chain.from_iterable(spelled), strict=True)) or [()] * len(Shape._fields)
    low, caps, upper, begins, starts, ends = columns
    firsts = list(accumulate(map(len, spelled), initial=0))
    breaks = _breaks(text, flat, firsts, low, caps)
    places = _Places(list(accumulate(map(len, parts), initial=0)), firsts, starts, ends)
    return Words(flat, len(low), low, caps, upper, begins, breaks, places)


def _breaks(
    text: str, flat: str, firsts: Sequence[int], low: Sequence[str], caps: Sequence[bool]
) -> list[bool]:
    """Before which words a line or a column ends; of the lines of hard-wrapped text only those that
    end with a mark."""
    count = len(low)
    lines = (match.start() for match in _BREAK.finditer(text))
    at = {firsts[blank + 1] for blank in _blanks_before(flat, lines)} - {count}
    going_on = sum(not caps[i] and low[i].isalpha() for i in at)
    if going_on >= len(at) * _WRAPPED:
        at = {i for i in at if i and not low[i - 1][0].isalnum()}
    at |= {firsts[blank] for blank in _blanks_before(flat, _column_ends(text))} - {count}
    breaks = [False] * count
    for i in at | ({0} if count else set()):
        breaks[i] = True
    return breaks


def _blanks_before(flat: str, offsets: Iterable[int]) -> Iterator[int]:
    """How many blanks stand before each of the offsets, which are in order."""
    seen = counted = 0
    for offset in offsets:
        counted += flat.count(" ", seen, offset)
        seen = offset
        yield counted


def _column_ends(text: str) -> Iterator[int]:
    """Where the blanks between two columns of a line end."""
    if "  " in text or "\t" in text or "\u00a0" in text:  # else no three blanks in a row
        for match in _COLUMNS.finditer(text):
            yield match.end()


class Phrases:
    """A set of phrases, found by their words; longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """`phrases` in any case and either style of tone marks."""
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for parts in map(parts_of, phrases):
            if parts:
                self._by_first.setdefault(parts[0], []).append(parts)
        for entries in self._by_first.values():
            entries.sort(key=len, reverse=True)
        self.firsts = frozenset(self._by_first)
        """The first word of every phrase."""

    def match(self, words: Words, at: int) -> int:
        """How many words of the longest phrase stand at word `at`; 0 for none."""
        if not self.firsts or at >= words.count:
            return 0
        low = words.low
        for parts in self._by_first.get(low[at], ()):
            size = len(parts)
            if low[at : at + size] == parts:
                return size
        return 0


def parts_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as they stand in `Words.low`."""
    return tuple(_WORD.findall(plain(phrase)))
