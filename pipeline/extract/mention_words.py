"""Words of a text for finding mentions: where they stand, how they are written, what lists know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.mention_lists import Standing, lists
from pipeline.extract.mention_spelling import WORD, plain
from pipeline.text.characters import LONGEST_KEPT, codes_of, spaced_parts

_COLUMNS = re.compile(r"[ \t\u00a0](?<=\S.)[ \t\u00a0]{2,}(?=\S)")
"""Blanks that part two columns of one line: the head of a plain text, the signature."""
_WRAPPED = 0.4
_MANY_PARTS = 50_000
_BEGINS, _CAPITAL = 1, 2


class Word(str):
    """A word as the lists spell it ("ủy" for "Uỷ"), with how it is written and what it may begin.

    One is made for each way to write a word and stands at all places where it is written so.
    """

    __slots__ = (
        "all_caps",
        "alone",
        "cap",
        "end",
        "is_number",
        "kind",
        "longer",
        "start",
        "surname",
    )

    cap: bool
    """Whether it begins with a capital."""
    all_caps: bool
    """Whether it is a word in capitals."""
    surname: bool
    """Whether the name of a person may begin with it."""
    is_number: bool
    kind: int
    """Whether a mention may begin with it, for all the lists know; whether it has a capital."""
    alone: Standing
    """What the lists know of it when nothing longer stands there."""
    longer: Mapping[str, Sequence[tuple[tuple[str, ...], Standing]]]
    """By its second word, the rest of each longer entry and what it is; longest first."""
    start: int
    """Where it starts among the letters between two blanks, and where it ends there."""
    end: int

    @classmethod
    def read(cls, written: str, start: int) -> Word:
        """The word that is written so, `start` letters behind a blank."""
        known = lists()
        word = cls(plain(written))
        word.cap = written[0].isupper() and written != written.lower()
        word.all_caps = word.cap and written.isupper()
        word.surname = word.cap and word in known.surnames
        word.is_number = word.isdigit()
        word.start, word.end = start, start + len(written)
        entry = known.table.entry(word)
        word.alone, word.longer = entry.alone, entry.longer
        opens = entry.opens if word.cap else entry.opens_small
        word.kind = _BEGINS if opens or word.surname or word.is_number else 0
        word.kind |= _CAPITAL if word.cap else 0
        return word


class _Remembered(dict[str, tuple[Word, ...]]):
    """The words of parts of texts, as blanks leave them; each part is read once."""

    def __missing__(self, part: str) -> tuple[Word, ...]:
        words = tuple(Word.read(match[0], match.start()) for match in WORD.finditer(part))
        if len(part) <= LONGEST_KEPT and len(self) < _MANY_PARTS:
            self[part] = words
        return words


_WORDS = _Remembered()
_KIND = attrgetter("kind")


@cache
def _behind() -> tuple[Word, Word]:
    """What stands behind the last word, so that one may always look ahead."""
    return Word.read(" ", 0), Word.read(" ", 0)


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text, `count` of them and two empty ones.

    `breaks` says whether a line or a column ends before a word, `parts` where the letters between
    two blanks start to which it belongs; `begins` are the words with which a mention may begin,
    `capitals` those that begin with a capital.
    """

    count: int
    low: tuple[Word, ...]
    breaks: list[bool]
    parts: list[int]
    begins: list[int]
    capitals: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of the words `start` to `end`."""
        last = end - 1
        return self.parts[start] + self.low[start].start, self.parts[last] + self.low[last].end


def words_of(text: str, flat: str) -> Words:
    """The words of `flat`; `text` has the same length and keeps its line breaks."""
    found = list(map(_WORDS.__getitem__, spaced_parts(flat)))
    sizes = np.fromiter(map(len, found), np.intp, len(found))
    parts = _places(" " + flat, " ").repeat(sizes)
    found.append(_behind())
    low = tuple(chain.from_iterable(found))
    kinds = np.frombuffer(bytes(map(_KIND, low)), np.uint8)
    return Words(
        count=len(parts),
        low=low,
        breaks=_breaks(text, flat, low, parts),
        parts=parts.tolist(),
        begins=(kinds & _BEGINS).nonzero()[0].tolist(),
        capitals=(kinds & _CAPITAL).nonzero()[0].tolist(),
    )


def _places(text: str, letter: str) -> NDArray[np.intp]:
    places: NDArray[np.intp] = (codes_of(text) == ord(letter)).nonzero()[0]
    return places


def _breaks(text: str, flat: str, low: tuple[Word, ...], parts: NDArray[np.intp]) -> list[bool]:
    """Before which words a line or a column ends; of the lines of hard-wrapped text only those that
    end with a mark."""
    at = set(parts.searchsorted(_places(text, "\n")).tolist()) - {len(parts)}
    going_on = sum(not low[i].cap and low[i].isalpha() for i in at)
    if going_on >= len(at) * _WRAPPED:
        at = {i for i in at if i and not low[i - 1][0].isalnum()}
    if "   " in flat:
        at.update(parts.searchsorted([match.end() for match in _COLUMNS.finditer(text)]).tolist())
    breaks = [False] * len(low)
    for i in (0, *at):
        breaks[i] = i < len(parts)
    return breaks


class Phrases:
    """A set of phrases, found by their words; longest first."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        """`phrases` as words that the lists spell so."""
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for parts in phrases:
            if parts:
                self._by_first.setdefault(parts[0], []).append(parts)
        for entries in self._by_first.values():
            entries.sort(key=len, reverse=True)
        self.firsts = frozenset(self._by_first)
        """The first word of every phrase."""

    def match(self, low: tuple[Word, ...], at: int) -> int:
        """How many words of the longest phrase stand at word `at`; 0 for none."""
        if not self.firsts:
            return 0
        for parts in self._by_first.get(low[at], ()):
            size = len(parts)
            if low[at : at + size] == parts:
                return size
        return 0
