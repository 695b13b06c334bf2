"""Words of a fixed list in a text: all places of all of them in one pass of numpy.

It does not matter where in a word of the text they stand ("anh" stands in "nhanh"), nor what they
overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import Codes

Ints = NDArray[np.intp]
_HASHED = 14
"""Bits of the screen of beginnings: many more places than there are words."""
_ODD = np.int64(0x5851F42D4C957F2D)


class Finder:
    """A list of words; one that is given more than once is found for each.

    The letters of the words have numbers, zero is any other character. The numbers of as many
    letters as 63 bits hold are the key of a beginning. Where the first three characters begin a
    word, the keys of the beginnings of all sizes are looked up, and long words compared to the end.
    """

    def __init__(self, words: Sequence[str]) -> None:
        numbers = {letter: number for number, letter in enumerate(sorted(set("".join(words))), 1)}
        self._letters = np.zeros(max(map(ord, numbers), default=0) + 2, dtype=np.int32)
        self._letters[[*map(ord, numbers)]] = [*numbers.values()]
        self._bits = max(1, len(numbers).bit_length())
        longest = max(map(len, words), default=1)
        self._size = min(63 // self._bits, longest)
        spelled = np.zeros((max(longest + 1, 3), len(words)), dtype=np.int32)
        for place, word in enumerate(words):
            spelled[: len(word), place] = [numbers[letter] for letter in word]
        keys = self._keys(spelled[: self._size])[-1]
        self._order = keys.argsort(kind="stable")
        self._known, self._first, self._count = np.unique(
            keys[self._order], return_index=True, return_counts=True
        )
        self._rest = spelled[self._size :, self._order].T
        self._behind = np.arange(self._size, len(spelled))
        self._begins = self._beginnings(spelled[:3].T)
        self._screen = np.zeros(1 << _HASHED, dtype=bool)
        self._screen[_hashed(self._known)] = True

    def find(self, codes: Codes) -> tuple[Ints, Ints]:
        """Where in a text words begin, and the places of these in the list; in no order."""
        size = len(codes)
        letters = np.zeros(size + self._size + self._rest.shape[1] + 3, dtype=np.int32)
        letters[:size] = self._letters.take(codes, mode="clip")
        threes = letters[2 : size + 2] << self._bits
        threes |= letters[1 : size + 1]
        threes <<= self._bits
        threes |= letters[:size]
        begins = np.flatnonzero(self._begins[threes])
        keys = self._keys(letters.take(begins + np.arange(self._size)[:, np.newaxis]))
        likely = np.flatnonzero(self._screen[_hashed(keys.ravel())])
        if not len(likely):
            return likely, likely
        key = keys.ravel()[likely]
        known = np.minimum(self._known.searchsorted(key), len(self._known) - 1)
        last, place = np.divmod(likely, len(begins))
        place = begins[place]
        there = (self._known[known] == key) & (letters[place + last] > 0)
        return self._whole(letters, place[there], known[there])

    def _whole(self, letters: NDArray[np.int32], places: Ints, known: Ints) -> tuple[Ints, Ints]:
        """The words that have known beginnings, if they go on as the text does."""
        counts = self._count[known]
        places = np.repeat(places, counts)
        words = np.repeat(self._first[known] - counts.cumsum() + counts, counts)
        words += np.arange(len(words))
        rest = self._rest[words]
        behind = letters.take(places[:, np.newaxis] + self._behind)
        keep = ((rest == behind) | (rest == 0)).all(axis=1)
        return places[keep], self._order[words[keep]]

    def _keys(self, letters: NDArray[np.int32]) -> NDArray[np.int64]:
        """The keys of the first letter, of the first two, and so on, of many words at once."""
        keys = np.empty((len(letters), len(letters[0])), dtype=np.int64)
        keys[0] = letters[0]
        for place in range(1, len(letters)):
            keys[place] = letters[place]
            keys[place] <<= place * self._bits
            keys[place] |= keys[place - 1]
        return keys

    def _beginnings(self, spelled: NDArray[np.int32]) -> NDArray[np.bool_]:
        """By three letters as one number, whether a word begins so; short ones with any letter."""
        begins = np.zeros((1 << self._bits,) * 3, dtype=bool)
        for first, second, third in spelled:
            begins[third or slice(None), second or slice(None), first] = True
        return begins.ravel()


def _hashed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    return (keys * _ODD) >> np.int64(63 - _HASHED) & np.int64((1 << _HASHED) - 1)
