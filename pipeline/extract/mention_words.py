"""Words of a text for finding mentions: spans, case, one style of spelling, phrases."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

_WORD = re.compile(r"([^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s])")
_BREAK = re.compile(r"\n")
_COLUMNS = re.compile(r"(?<=\S)[ \t\u00a0]{3,}(?=\S)")
"""Blanks that part two columns of one line: the head of a plain text, the signature."""
_WRAPPED = 0.4
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


@dataclass(frozen=True)
class Words:
    """The words and punctuation of a text, as parallel tuples.

    `caps` says whether a word begins with a capital, `upper` whether it has no small letter,
    `breaks` whether a line or a column ends before it.
    """

    flat: str
    count: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    low: tuple[str, ...]
    caps: tuple[bool, ...]
    upper: tuple[bool, ...]
    breaks: tuple[bool, ...]

    def text(self, start: int, end: int) -> str:
        """The words `start` to `end` as written."""
        return self.flat[self.starts[start] : self.ends[end - 1]]


def words_of(text: str, flat: str) -> Words:
    """The words of `flat`; `text` has the same length and keeps its line breaks."""
    parts = _WORD.split(flat)  # gaps and words in turn
    borders = tuple(accumulate(map(len, parts)))
    raw, starts, ends = parts[1::2], borders[:-1:2], borders[1::2]
    lowered = [word.lower() for word in raw]
    caps = [word != low and word[0].isupper() for word, low in zip(raw, lowered, strict=True)]
    low = [plain(word) if word[-1] in _TONED else word for word in lowered]
    upper = [cap and word.isupper() for cap, word in zip(caps, raw, strict=True)]
    breaks = _breaks(text, starts, raw, caps)
    return Words(flat, len(raw), starts, ends, tuple(low), tuple(caps), tuple(upper), tuple(breaks))


def _breaks(
    text: str, starts: Sequence[int], raw: Sequence[str], caps: Sequence[bool]
) -> list[bool]:
    """Before which words a line or a column ends; of the lines of hard-wrapped text only those that
    end with a mark."""
    at = {bisect_left(starts, match.start()) for match in _BREAK.finditer(text)} - {len(raw)}
    going_on = sum(not caps[i] and raw[i].isalpha() for i in at)
    if going_on >= len(at) * _WRAPPED:
        at = {i for i in at if i and not raw[i - 1][0].isalnum()}
    at |= {bisect_left(starts, match.end()) for match in _COLUMNS.finditer(text)} - {len(raw)}
    breaks = [False] * len(raw)
    for i in at | ({0} if raw else set()):
        breaks[i] = True
    return breaks


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
        self.firsts = frozenset(self._by_first)
        """The first word of every phrase."""

    def match(self, words: Words, at: int) -> int:
        """How many words of the longest phrase stand at word `at`; 0 for none."""
        if at >= words.count:
            return 0
        low = words.low
        for parts in self._by_first.get(low[at], ()):
            size = len(parts)
            if size == 1 or low[at : at + size] == parts:
                return size
        return 0
