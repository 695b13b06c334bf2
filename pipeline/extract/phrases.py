"""Words of a text with offsets, and sets of phrases that are matched on them."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_WORD = re.compile(
    r"(?:TP|Tp|TT|TX)\.(?= ?[A-ZĐ])|T\.[ƯW](?!\w)|[Đđ]/[Cc](?!\w)|\d+(?:[./-]\d+)+"
    r"|[^\W_]+(?:[&-][^\W_]+)*|\.{2,}|[^\w\s]"
)


class Word(NamedTuple):
    """A syllable, number, abbreviation or mark of punctuation."""

    text: str
    lower: str
    start: int
    end: int
    is_capital: bool


class _Recent:
    """The words of the range of text that was read last, for the parts that are asked for next."""

    def __init__(self) -> None:
        self.flat = ""
        self.end = -1
        self.words: tuple[Word, ...] = ()
        self.starts: list[int] = []

    def part(self, flat: str, start: int, end: int) -> tuple[Word, ...] | None:
        """The words of a part of the range; None outside it or where a word would be cut."""
        if flat is not self.flat or end > self.end or not self.starts or start < self.starts[0]:
            return None
        first, stop = bisect_left(self.starts, start), bisect_left(self.starts, end)
        words = self.words[first:stop]
        whole = not first or self.words[first - 1].end <= start
        return words if whole and (not words or words[-1].end <= end) else None

    def keep(self, flat: str, end: int, words: tuple[Word, ...]) -> None:
        """Remember the words of a range that ends at `end`."""
        self.flat, self.end, self.words = flat, end, words
        self.starts = [word.start for word in words]


_recent = threading.local()


def words_of(flat: str, start: int, end: int) -> tuple[Word, ...]:
    """The words of `flat[start:end]`; "NN&PTNT", "đ/c" and "1.713" are one each."""
    recent: _Recent | None = getattr(_recent, "words", None)
    if recent is None:
        recent = _recent.words = _Recent()
    known = recent.part(flat, start, end)
    if known is not None:
        return known
    found = _read(flat, start, end)
    recent.keep(flat, end, found)
    return found


def _read(flat: str, start: int, end: int) -> tuple[Word, ...]:
    new = tuple.__new__  # a third faster than the constructor of a named tuple
    found: list[Word] = []
    for match in _WORD.finditer(flat, start, end):
        text = match[0]
        lower = text.lower()
        if lower[-1] == "." and lower[0].isalpha():
            lower = lower.rstrip(".")
        found.append(new(Word, (text, lower, match.start(), match.end(), text[0].isupper())))
    return tuple(found)


class Phrases:
    """A set of phrases, matched longest first on lower-case words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(match.group().lower() for match in _WORD.finditer(phrase))
            if words:
                self._by_first.setdefault(words[0], []).append(words)
        for known in self._by_first.values():
            known.sort(key=len, reverse=True)
        self.first_words = frozenset(self._by_first)

    def match(self, words: Sequence[Word], at: int) -> int:
        """How many words the longest phrase that begins at `at` has; 0 when none does."""
        if not 0 <= at < len(words):
            return 0
        known = self._by_first.get(words[at].lower)
        if known is None:
            return 0
        left = len(words) - at
        for phrase in known:
            length = len(phrase)
            if length > left:
                continue
            for k in range(1, length):
                if words[at + k].lower != phrase[k]:
                    break
            else:
                return length
        return 0

    def ends(self, words: Sequence[Word], at: int) -> bool:
        """Whether a phrase ends just before `at`."""
        return any(self.match(words, at - length) == length for length in range(1, min(6, at) + 1))


def split_list(text: str) -> list[str]:
    """The entries of a " | " separated list of a lexicon."""
    return [entry.strip() for entry in text.split("|") if entry.strip()]
