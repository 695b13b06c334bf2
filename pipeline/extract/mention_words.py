"""Words of a text for finding mentions: where they stand, how they are written, what lists know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.extract.mention_lists import Pair, Standing, lists
from pipeline.extract.mention_spelling import plain
from pipeline.text.characters import codes_of
from pipeline.text.keys import Ints
from pipeline.text.words import Table, numbered

_COLUMNS = re.compile(r"[ \t\u00a0](?<=\S.)[ \t\u00a0]{2,}(?=\S)")
"""Blanks that part two columns of one line: the head of a plain text, the signature."""
_CELLS = re.compile(r"\t")
_WRAPPED = 0.4
_CAPITAL, _ALONE = 1, 2
"""Kinds of words: those that begin with a capital, those with which alone a mention may begin."""
_LONGER, _SECOND, _COUNTS, _COUNTED = 4, 8, 16, 32
"""Those that begin a longer entry of the lists and those that go on with one; numbers and
determiners, and what they count or a slash. A mention may begin with the former where one of the
latter follows."""


class Word(str):
    """A word as the lists spell it ("ủy" for "Uỷ"), with how it is written and what it may begin.

    One is made for each way to write a word and stands at all places where it is written so.
    """

    __slots__ = (
        "all_caps",
        "alone",
        "begins_alone",
        "cap",
        "is_number",
        "longer",
        "size",
        "surname",
    )

    cap: bool
    """Whether it begins with a capital."""
    all_caps: bool
    """Whether it is a word in capitals."""
    surname: bool
    """Whether the name of a person may begin with it."""
    is_number: bool
    begins_alone: bool
    """Whether a mention may begin with it where nothing longer stands; with a number none may."""
    alone: Standing
    """What the lists know of it when nothing longer stands there."""
    longer: Mapping[str, Pair]
    """By its second word, what the lists know that is longer."""
    size: int
    """How many letters of the text it takes."""

    @classmethod
    def read(cls, written: str) -> Word:
        """The word that is written so."""
        known = lists()
        word = cls(plain(written))
        word.cap = written[0].isupper() and written != written.lower()
        word.all_caps = word.cap and written.isupper()
        word.surname = word.cap and word in known.surnames
        word.is_number = word.isdigit()
        word.size = len(written)
        entry = known.table.entry(word)
        word.alone, word.longer = entry.alone, entry.longer
        opens = word.alone.opens if word.cap else word.alone.opens_small
        word.begins_alone = opens or word.surname
        return word


def _kind(written: str) -> int:
    word, table = Word.read(written), lists().table
    entry = table.entry(word)
    opens = entry.opens if word.cap else entry.opens_small
    counts = word.is_number or (word.alone.counts and not word.surname)
    return (
        _CAPITAL * word.cap
        | _ALONE * (word.begins_alone and not counts)
        | _LONGER * bool(entry.longer and (opens or word.surname))
        | _SECOND * (word in table.seconds)
        | _COUNTS * counts
        | _COUNTED * (entry.counted or word == "/")
    )


_WORDS = Table(Word.read, np.object_)
_KINDS = Table(_kind, np.uint8)


@cache
def _behind() -> tuple[Word, Word]:
    """What stands behind the last word, so that one may always look ahead."""
    return Word.read(" "), Word.read(" ")


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text, `count` of them and two empty ones.

    `breaks` says whether a line or a column ends before a word, `starts` where it stands; `begins`
    are the words with which a mention may begin, `capitals` those that begin with a capital.
    """

    count: int
    low: tuple[Word, ...]
    breaks: list[bool]
    starts: Ints
    begins: list[int]
    capitals: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of the words `start` to `end`."""
        last = end - 1
        return int(self.starts[start]), int(self.starts[last]) + self.low[last].size


def words_of(text: str, flat: str) -> Words:
    """The words of `flat`; `text` has the same length and keeps its line breaks."""
    found = numbered(flat)
    kinds = _KINDS(found)
    begins = kinds & _ALONE
    begins[:-1] |= kinds[:-1] & (_LONGER | _COUNTS) & kinds[1:] >> 1
    low: tuple[Word, ...] = (*_WORDS(found).tolist(), *_behind())
    return Words(
        count=len(found.starts),
        low=low,
        breaks=_breaks(text, flat, low, found.starts),
        starts=found.starts,
        begins=begins.nonzero()[0].tolist(),
        capitals=(kinds & _CAPITAL).nonzero()[0].tolist(),
    )


def _breaks(text: str, flat: str, low: tuple[Word, ...], starts: Ints) -> list[bool]:
    """Before which words a line or a column ends; of the lines of hard-wrapped text only those that
    end with a mark."""
    count = len(starts)
    at = set(starts.searchsorted((codes_of(text) == ord("\n")).nonzero()[0]).tolist()) - {count}
    going_on = sum(not low[i].cap and low[i].isalpha() for i in at)
    if going_on >= len(at) * _WRAPPED:
        at = {i for i in at if i and not low[i - 1][0].isalnum()}
    if "\t" in text:
        at.update(starts.searchsorted([match.start() for match in _CELLS.finditer(text)]).tolist())
    if "   " in flat:
        at.update(starts.searchsorted([match.end() for match in _COLUMNS.finditer(text)]).tolist())
    breaks = [False] * len(low)
    for i in (0, *at):
        breaks[i] = i < count
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
