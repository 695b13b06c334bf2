"""Words of a text for finding mentions: spans, case, spelling in one style, phrases by their words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s]")
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE = re.compile("(?<!q)(?:" + "|".join(_TONES) + r")\b")


def plain(text: str) -> str:
    """Lower case with tone marks in the old style: "Uỷ ban" and "Ủy ban" are one spelling."""
    return _TONE.sub(lambda match: _TONES[match.group()], text.lower())


@dataclass(frozen=True)
class Words:
    """The words and punctuation of a text, as parallel tuples.

    `caps` says whether a word begins with a capital, `upper` whether it has no small letter,
    `breaks` whether a line ends before it.
    """

    flat: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    low: tuple[str, ...]
    caps: tuple[bool, ...]
    upper: tuple[bool, ...]
    breaks: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def index_at(self, offset: int) -> int:
        """The first word that starts at or after `offset`."""
        return bisect_left(self.starts, offset)

    def text(self, start: int, end: int) -> str:
        """The words `start` to `end` as written."""
        return self.flat[self.starts[start] : self.ends[end - 1]]


def words_of(text: str, flat: str) -> Words:
    """The words of `flat`; `text` has the same length and keeps its line breaks."""
    matches = list(_WORD.finditer(flat))
    starts = tuple(match.start() for match in matches)
    ends = tuple(match.end() for match in matches)
    raw = [match.group() for match in matches]
    breaks = [True]
    breaks += ["\n" in text[end:start] for end, start in zip(ends, starts[1:], strict=False)]
    return Words(
        flat,
        starts,
        ends,
        tuple(plain(word) for word in raw),
        tuple(word[0].isupper() for word in raw),
        tuple(word.isupper() and any(map(str.isalpha, word)) for word in raw),
        tuple(breaks[: len(raw)]),
    )


class Phrases:
    """A set of phrases, found by their words; longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """`phrases` in any case and either style of tone marks."""
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            parts = tuple(_WORD.findall(plain(phrase)))
            if parts:
                self._by_first.setdefault(parts[0], []).append(parts)
        for entries in self._by_first.values():
            entries.sort(key=len, reverse=True)

    def match(self, words: Words, at: int) -> int:
        """How many words of the longest phrase stand at word `at`; 0 for none."""
        if at >= len(words):
            return 0
        low = words.low
        for parts in self._by_first.get(low[at], ()):
            if low[at : at + len(parts)] == parts:
                return len(parts)
        return 0
