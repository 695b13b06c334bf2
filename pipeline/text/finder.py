"""Words of a fixed list in a text: all places of all of them in one pass of numpy.

It does not matter where in a word of the text they stand ("anh" stands in "nhanh"), nor what they
overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import Codes
from pipeline.text.keys import Ints, distinct

_FEW = 3


class Finder:
    """A list of words; one that is given more than once is found for each.

    The letters of the words have numbers, zero is any other character. The numbers of as many
    letters as 63 bits hold are the key of a beginning; keys are in the order of the alphabet. The
    first three characters say whether one may stand there. Then it is the nearest one before the
    key of the text, or one that begins that one; long words are compared to the end.
    """

    def __init__(self, words: Sequence[str]) -> None:
        numbers = {letter: number for number, letter in enumerate(sorted(set("".join(words))), 1)}
        self._letters = np.zeros(max(map(ord, numbers), default=0) + 2, dtype=np.intp)
        self._letters[[*map(ord, numbers)]] = [*numbers.values()]
        self._bits = max(1, len(numbers).bit_length())
        longest = max(map(len, words), default=1)
        self._size = min(63 // self._bits, longest)
        self._few = min(_FEW, self._size)
        spelled = np.zeros((len(words), longest + self._size), dtype=np.intp)
        for word, letters in zip(words, spelled, strict=True):
            letters[: len(word)] = [numbers[letter] for letter in word]
        keys = self._keys(self._openings(spelled.ravel()), np.arange(len(words)) * spelled.shape[1])
        known = distinct(keys)
        sizes = np.minimum([*map(len, words)], self._size).astype(np.intp)
        self._order = keys.argsort(kind="stable")
        first = keys[self._order].searchsorted(known)
        self._first = np.append(0, first)
        self._count = np.append(0, np.diff(first, append=len(words)))
        self._rest = spelled[self._order, self._size : longest]
        self._is_long = np.asarray(self._rest.any(axis=1))
        self._behind = np.arange(self._size, longest)
        # the first one stands before all others and nowhere in a text
        self._known = np.append(-1, known)
        sizes = sizes[self._order[first]]
        masks = np.intp(-1) << (self._size - np.arange(self._size + 1)) * self._bits
        self._masks = np.append(-1, masks[sizes])
        self._shorter = self._beginnings(sizes, masks)
        self._opens = self._opening(spelled[:, : self._few])

    def find(self, codes: Codes) -> tuple[Ints, Ints]:
        """Where in a text words begin, and the places of these in the list; in no order."""
        letters = np.zeros(len(codes) + 2 * self._size + self._rest.shape[1], dtype=np.intp)
        self._letters.take(codes, mode="clip", out=letters[: len(codes)])
        openings = self._openings(letters)
        places = self._opens.take(openings[: len(codes)]).nonzero()[0]
        keys = self._keys(openings, places)
        near = self._known.searchsorted(keys, "right") - 1
        found: list[tuple[Ints, Ints]] = []
        while True:
            there = ((self._known[near] ^ keys) & self._masks[near] == 0).nonzero()[0]
            found.append((places[there], near[there]))
            near = self._shorter[near]
            left = near.nonzero()[0]
            if not len(left):
                return self._whole(letters, *map(np.concatenate, zip(*found, strict=True)))
            places, keys, near = places[left], keys[left], near[left]

    def _whole(self, letters: Ints, places: Ints, known: Ints) -> tuple[Ints, Ints]:
        """The words that have known beginnings, if they go on as the text does."""
        counts = self._count[known]
        rows = np.arange(len(known)).repeat(counts)
        places = places[rows]
        words = (self._first[known] - counts.cumsum() + counts)[rows] + np.arange(len(rows))
        is_long = self._is_long[words]
        long = is_long.nonzero()[0]
        rest = self._rest.take(words[long], axis=0)
        behind = letters[places[long, np.newaxis] + self._behind]
        behind[rest == 0] = 0
        is_long[long] = (rest != behind).any(axis=1)
        keep = (~is_long).nonzero()[0]
        return places[keep], self._order[words[keep]]

    def _openings(self, letters: Ints) -> Ints:
        """The key of the first few letters from each on, but for the last ones."""
        openings = letters[: len(letters) - self._few + 1]
        for letter in range(1, self._few):
            openings = openings << self._bits | letters[letter : letter + len(openings)]
        return openings

    def _keys(self, openings: Ints, places: Ints) -> Ints:
        """The keys of beginnings at places, put together from those of a few letters."""
        keys = openings[places]
        for size in range(self._few, self._size, self._few):
            over = max(0, size + self._few - self._size)
            keys <<= (self._few - over) * self._bits
            keys |= openings[places + size] >> over * self._bits
        return keys

    def _beginnings(self, sizes: Ints, masks: Ints) -> Ints:
        """The longest other one that each known beginning begins with, 0 for none; `masks` are the
        bits of keys in which so many letters stand."""
        found = np.zeros(len(sizes) + 1, dtype=np.intp)
        for size in range(1, self._size):
            longer = (sizes > size).nonzero()[0] + 1
            keys = self._known[longer] & masks[size]
            near = self._known.searchsorted(keys)
            there = self._known[near] == keys
            found[longer[there]] = near[there]
        return found

    def _opening(self, spelled: Ints) -> NDArray[np.bool_]:
        """Whether words begin with few letters, by the key of these; short words begin so with any
        letter behind them."""
        opens = np.zeros((1 << self._bits,) * self._few, dtype=bool)
        for letters in spelled.tolist():
            opens[tuple(letter or slice(None) for letter in letters)] = True
        return opens.ravel()
