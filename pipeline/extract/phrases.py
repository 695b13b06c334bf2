"""Words of a text with offsets, and sets of phrases that are matched on them."""

from __future__ import annotations

import re
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count
from typing import NamedTuple

from pipeline.text.characters import LONGEST_KEPT
from pipeline.text.fold import small_letters

_WORD = re.compile(
    r"(?:TP|Tp|TT|TX)\.(?= ?[A-ZĐ])|T\.[ƯW](?!\w)|[Đđ]/[Cc](?!\w)|\d+(?:[./-]\d+)+"
    r"|[^\W_]+(?:[&’'-][^\W_]+)*|\.{2,}|[^\w\s]"
)

_ABBREVIATED = ("TP.", "Tp.", "TT.", "TX.")
"""Words whose dot is their own where a capital follows: "TP. Huế", but not "về TP."."""
_SHORT = 300
"""A text of fewer characters is read again whenever it is asked for."""
_MANY_CHUNKS = 30_000


@dataclass(frozen=True, slots=True)
class Word:
    """A syllable, number, abbreviation or mark of punctuation, wherever it stands."""

    text: str
    lower: str
    is_capital: bool


class Words(list[Word]):
    """The words of a part of a text: in small letters, and where they start, as lists beside them.

    A slice of them is a plain list; `part` keeps the lists. They do not change once they are read,
    and are equal to nothing but themselves: what is told of them can be remembered.
    """

    __slots__ = ("low", "marks", "starts")
    low: list[str]
    starts: list[int]
    marks: list[int] | None
    """Which of them mark a clause, once that was asked for."""
    __hash__ = object.__hash__  # type: ignore[assignment]  # a list has none
    __eq__, __ne__ = object.__eq__, object.__ne__

    def part(self, first: int, stop: int | None = None) -> Words:
        """The words from `first` on and before `stop`."""
        part = Words(self[first:stop])
        part.low, part.starts = self.low[first:stop], self.starts[first:stop]
        part.marks = None
        return part

    def end(self, at: int) -> int:
        """Where word `at` ends in the text."""
        return self.starts[at] + len(self[at].text)


_Chunk = tuple[tuple[Word, ...], tuple[str, ...], tuple[int, ...]]
"""The words of what stands between two blanks, in small letters too, and where they start in it."""
_CHUNKS: dict[str, _Chunk] = {}
"""What stood between two blanks before, unless it was one word."""
_SINGLE: dict[str, Word] = {}
"""What was one word; Vietnamese has 7,000 syllables."""


class _Read:
    """The words of a text that were read so far, by the ranges they were asked for."""

    def __init__(self, flat: str) -> None:
        self.flat = flat
        self.low = small_letters(flat)
        self.begins: list[int] = []
        """Where the ranges begin, in order."""
        self.ranges: list[tuple[int, Words]] = []
        """For each range its end and its words."""
        self.known: dict[tuple[int, int], Words] = {}
        """The words of all that was asked for."""

    def words(self, start: int, end: int) -> Words:
        """The words of `flat[start:end]`."""
        found = self.known.get((start, end))
        if found is None:
            found = self._part(start, end)
            if found is None:
                found = _read(self.flat, start, end)
                self._keep(start, end, found)
            self.known[start, end] = found
        return found

    def _part(self, start: int, end: int) -> Words | None:
        """The words of a part of a range; None outside all, or where a word would be cut."""
        at = bisect_right(self.begins, start) - 1
        if at < 0 or end > self.ranges[at][0]:
            return None
        words = self.ranges[at][1]
        first, stop = bisect_left(words.starts, start), bisect_left(words.starts, end)
        if first and words.end(first - 1) > start:
            return None
        return words.part(first, stop) if first == stop or words.end(stop - 1) <= end else None

    def _keep(self, start: int, end: int, words: Words) -> None:
        """Remember a range, unless it begins within another: the longer one serves better."""
        at = bisect_right(self.begins, start) - 1
        if at >= 0 and self.begins[at] == start and self.ranges[at][0] < end:
            self.ranges[at] = (end, words)
        elif at < 0 or self.ranges[at][0] <= start:
            self.begins.insert(at + 1, start)
            self.ranges.insert(at + 1, (end, words))


_last = threading.local()


def words_of(flat: str, start: int, end: int) -> Words:
    """The words of `flat[start:end]`; "NN&PTNT", "đ/c" and "1.713" are one each.

    Those of the text asked for last are kept, so that no part of it is read twice.
    """
    if len(flat) < _SHORT:  # a name, which would only push the document out
        return _read(flat, start, end)
    return _read_so_far(flat).words(start, end)


def lowered(flat: str, start: int, end: int) -> str:
    """`flat[start:end]` in small letters, character by character."""
    return small(flat)[start:end]


def small(flat: str) -> str:
    """`flat` in small letters, character by character; that of the text asked for last is kept."""
    return small_letters(flat) if len(flat) < _SHORT else _read_so_far(flat).low


def bare_end(flat: str, start: int, end: int) -> int:
    """Where `flat[start:end]` ends without the blanks at its end."""
    while end > start and flat[end - 1].isspace():
        end -= 1
    return end


def _read_so_far(flat: str) -> _Read:
    read: _Read | None = getattr(_last, "read", None)
    if read is None or read.flat is not flat:
        read = _last.read = _Read(flat)
    return read


def _read(flat: str, start: int, end: int) -> Words:
    words = Words()
    words.low = low = []
    words.starts = starts = []
    words.marks = None
    single = _SINGLE.get
    at = start
    for chunk in flat[start:end].split(" "):
        word = single(chunk)
        if word is not None:
            words.append(word)
            low.append(word.lower)
            starts.append(at)
        else:
            after = at + len(chunk) + 1
            known = _CHUNKS.get(chunk) or _chunk(chunk, flat[after : min(after + 1, end)])
            words += known[0]
            low += known[1]
            for begin in known[2]:
                starts.append(at + begin)
        at += len(chunk) + 1
    return words


def _chunk(chunk: str, follows: str) -> _Chunk:
    """The words of a text without blanks; the letter after it decides over the dot of "TP."."""
    doubtful = chunk.endswith(_ABBREVIATED)
    size = len(chunk)
    whole = f"{chunk} {follows}" if doubtful else chunk
    found = [match for match in _WORD.finditer(whole) if match.start() < size]
    words = tuple(_word(match[0]) for match in found)
    known = words, tuple(word.lower for word in words), tuple(match.start() for match in found)
    if not doubtful and size <= LONGEST_KEPT and len(_CHUNKS) + len(_SINGLE) < _MANY_CHUNKS:
        if len(words) == 1 and words[0].text == chunk:
            _SINGLE[words[0].text] = words[0]
        else:
            _CHUNKS[chunk] = known
    return known


@lru_cache(maxsize=_MANY_CHUNKS)
def _word(text: str) -> Word:
    lower = sys.intern(text.lower())  # of the words of a phrase too, so that they are one object
    if lower[-1] == "." and lower[0].isalpha():
        lower = lower.rstrip(".")
    return Word(lower if lower == text else text, lower, text[0].isupper())


class _Node(NamedTuple):
    """Where phrases that begin alike go on, word by word."""

    size: int
    """How many words the longest phrase has that ends here or on the way here; 0 for none."""
    further: dict[str, _Node]


class Phrases:
    """A set of phrases, matched longest first on lower-case words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        words = [tuple(match[0].lower() for match in _WORD.finditer(each)) for each in phrases]
        spelled = [tuple(map(sys.intern, phrase)) for phrase in words if phrase]
        self._first = _further(spelled)
        self.longest = max(map(len, spelled), default=0)
        """Words of the longest phrase."""
        self._sizes_by_last: dict[str, set[int]] = {}
        for phrase in spelled:
            self._sizes_by_last.setdefault(phrase[-1], set()).add(len(phrase))
        self.first_words = frozenset(self._first)
        self.last_words = frozenset(self._sizes_by_last)

    def match(self, words: Words, at: int) -> int:
        """How many words the longest phrase that begins at `at` has, 0 when none does.

        `at` is not negative; past all words there is none.
        """
        low, size, further = words.low, 0, self._first
        try:
            while further:
                node = further.get(low[at])
                if node is None:
                    break
                size, further = node
                at += 1
        except IndexError:
            pass
        return size

    def ends(self, words: Words, at: int) -> bool:
        """Whether a phrase ends just before `at`."""
        if not 0 < at <= len(words):
            return False
        for size in self._sizes_by_last.get(words.low[at - 1], ()):
            if size <= at and self.match(words, at - size) == size:
                return True
        return False


def _further(
    phrases: Iterable[tuple[str, ...]], size: int = 0, longest: int = 0
) -> dict[str, _Node]:
    """How phrases go on behind their first `size` words, of which `longest` are one."""
    by_word: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        if len(phrase) > size:
            by_word.setdefault(phrase[size], []).append(phrase)
    size += 1
    nodes = {}
    for word, begun in by_word.items():
        ended = size if any(len(phrase) == size for phrase in begun) else longest
        nodes[word] = _Node(ended, _further(begun, size, ended))
    return nodes


def places(low: Sequence[str], known: Set[str]) -> list[int]:
    """The indices of the words that are known ones."""
    return [] if known.isdisjoint(low) else [*compress(count(), map(known.__contains__, low))]


def split_list(text: str) -> list[str]:
    """The entries of a " | " separated list of a lexicon."""
    return [entry.strip() for entry in text.split("|") if entry.strip()]
