"""Words of a text with offsets, and sets of phrases that are matched on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(
    r"(?:TP|Tp|TT|TX)\.(?= ?[A-ZĐ])|[^\W_]+(?:[&/-][^\W_]+)*(?:\.\d+)*|\.{2,}|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A syllable, number, abbreviation or mark of punctuation."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def words_of(flat: str, start: int, end: int) -> list[Word]:
    """The words of `flat[start:end]`; "NN&PTNT", "đ/c" and "1.713" are one each."""
    return [
        Word(match.group(), match.group().lower(), match.start(), match.end())
        for match in _WORD.finditer(flat, start, end)
    ]


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

    def match(self, words: Sequence[Word], at: int) -> int:
        """How many words the longest phrase that begins at `at` has; 0 when none does."""
        if not 0 <= at < len(words):
            return 0
        for phrase in self._by_first.get(words[at].lower, ()):
            length = len(phrase)
            if length == 1 or (
                at + length <= len(words)
                and all(words[at + k].lower == phrase[k] for k in range(1, length))
            ):
                return length
        return 0

    def ends(self, words: Sequence[Word], at: int) -> bool:
        """Whether a phrase ends just before `at`."""
        return any(self.match(words, at - length) == length for length in range(1, min(6, at) + 1))


def split_list(text: str) -> list[str]:
    """The entries of a " | " separated list of a lexicon."""
    return [entry.strip() for entry in text.split("|") if entry.strip()]
