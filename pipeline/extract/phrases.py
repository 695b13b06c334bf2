"""Words of a text with offsets, and sets of phrases that are matched on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
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


@lru_cache(maxsize=256)
def words_of(flat: str, start: int, end: int) -> tuple[Word, ...]:
    """The words of `flat[start:end]`; "NN&PTNT", "đ/c" and "1.713" are one each."""
    found = []
    for match in _WORD.finditer(flat, start, end):
        text = match.group()
        lower = text.lower().rstrip(".") if text[0].isalpha() else text
        found.append(Word(text, lower, match.start(), match.end(), text[0].isupper()))
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
        for phrase in known:
            length = len(phrase)
            if length == 1:
                return 1
            if at + length <= len(words) and all(
                words[at + k].lower == phrase[k] for k in range(1, length)
            ):
                return length
        return 0

    def ends(self, words: Sequence[Word], at: int) -> bool:
        """Whether a phrase ends just before `at`."""
        return any(self.match(words, at - length) == length for length in range(1, min(6, at) + 1))


def split_list(text: str) -> list[str]:
    """The entries of a " | " separated list of a lexicon."""
    return [entry.strip() for entry in text.split("|") if entry.strip()]
