"""The words of a text as numbers, so that what is said of each is said of all of them at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from pipeline.text.characters import LONGEST_KEPT, codes_of, distinct_parts, spaced_parts
from pipeline.text.keys import Ints
from pipeline.values import value

WORD = re.compile(r"[^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s]")
"""A word, or one mark."""
_MANY_PARTS = 50_000
_FIRST, _NO_WORD, _BITS = 1, 2, 2
"""Bits of the first word of a part, and of a part that has none; beside them stands the place in
the part, and from `_NUMBER` on the number of the word."""
_NUMBER = 32


@value
class Numbered:
    """The words and marks of a text, each as the number of how it is written.

    Numbers below `kept` are those of `written`; the others are of this text only and count `own`.
    """

    numbers: Ints
    starts: Ints
    """Where they start in the text."""
    written: list[str]
    kept: int
    own: list[str]
    known: dict[str, int]
    """The numbers of words, those of other texts too."""
    own_known: dict[str, int]
    """The numbers of words that are of this text only."""

    def word(self, at: int) -> str:
        """How word `at` is written."""
        number = int(self.numbers[at])
        return self.written[number] if number < self.kept else self.own[number - self.kept]

    def places_of(self, words: Iterable[str]) -> list[int]:
        """Where words start in the text, each time that they are written so, in order."""
        numbers = []
        for word in words:
            number = self.known.get(word, self.kept)
            if number >= self.kept:
                number = self.own_known.get(word, -1)
            if number >= 0:
                numbers.append(number)
        is_wanted = np.zeros(self.kept + len(self.own), dtype=bool)
        is_wanted[numbers] = True
        found: list[int] = self.starts[is_wanted[self.numbers]].tolist()
        return found


class _Known:
    """The words of parts of texts, as blanks leave them; each part is read once."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        """The words of each part as 64-bit numbers; bits alone where there is no word."""
        self._numbers: dict[str, int] = {}
        self._written: list[str] = []
        self._lock = threading.Lock()
        self._add("")

    def read(self, flat: str) -> Numbered:
        """The words of a text in which all blanks are plain spaces."""
        with self._lock:
            new = sorted(distinct_parts(flat).difference(self.parts), key=len)
            kept = [part for part in new if len(part) <= LONGEST_KEPT]
            kept = kept[: max(0, _MANY_PARTS - len(self.parts))]
            passing = new[len(kept) :]
            for part in kept:
                self._add(part)
            count = len(self._written)
            try:
                for part in passing:
                    self._add(part)
                # of a single part no tuple would be made, so one without a word is added
                found = b"".join(itemgetter(*spaced_parts(flat), "")(self.parts))
                own = self._written[count:]
                own_known = {word: self._numbers[word] for word in own}
            finally:  # memory may have run out
                for part in passing:
                    self.parts.pop(part, None)
                for word in self._written[count:]:
                    self._numbers.pop(word, None)
                del self._written[count:]
        numbers, starts = _placed(flat, np.frombuffer(found, np.int64))
        return Numbered(numbers, starts, self._written, count, own, self._numbers, own_known)

    def _add(self, part: str) -> None:
        words = [
            self._number(match[0]) << _NUMBER | match.start() << _BITS
            for match in WORD.finditer(part)
        ] or [_NO_WORD]
        words[0] |= _FIRST
        self.parts[part] = np.array(words, np.int64).tobytes()

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = len(self._written)
            self._written.append(word)
            self._numbers[word] = number
        return number


def _placed(flat: str, packed: Ints) -> tuple[Ints, Ints]:
    starts = (codes_of(f" {flat}") == ord(" ")).nonzero()[0]
    part = (packed & _FIRST).cumsum() - 1
    is_word = (packed & _NO_WORD == 0).nonzero()[0]
    packed = packed[is_word]
    places = starts[part[is_word]]
    places += (packed & (1 << _NUMBER) - 1) >> _BITS
    return packed >> _NUMBER, places


_KNOWN = _Known()


@lru_cache(maxsize=1)
def numbered(flat: str) -> Numbered:
    """The words of a text in which all blanks are plain spaces; those of the text asked for last
    are kept."""
    return _KNOWN.read(flat)


class Table:
    """Something told of each word, such as its kind; `of` says it, once for each."""

    def __init__(self, of: Callable[[str], object], kind: DTypeLike) -> None:
        self._of = of
        self._told: NDArray[Any] = np.empty(1024, kind)
        self._count = 0
        self._lock = threading.Lock()

    def __call__(self, text: Numbered) -> NDArray[Any]:
        """What is told of the words of a text, shape (words,)."""
        if self._count < text.kept:
            self._extend(text)
        told = self._told
        if text.own:
            told = np.concatenate((told[: text.kept], self._of_all(text.own)))
        return told[text.numbers]

    def _extend(self, text: Numbered) -> None:
        with self._lock:
            new = self._of_all(text.written[self._count : text.kept])
            end = self._count + len(new)
            while end > len(self._told):
                self._told = np.concatenate((self._told, np.empty_like(self._told)))
            self._told[self._count : end] = new
            self._count = end

    def _of_all(self, words: list[str]) -> NDArray[Any]:
        told = np.empty(len(words), self._told.dtype)
        told[:] = [*map(self._of, words)]
        return told
