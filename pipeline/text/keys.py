"""Places of whole numbers in a fixed list, many looked up at once."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Whole = TypeVar("Whole", bound=np.integer[Any])
_ODD = 0x9E3779B97F4A7C15
_ROOM = 4
"""A table has so many times more room than there are numbers, or up to twice that."""
_TURNS = 200


class Keys:
    """A list of whole numbers, each of them once.

    A number stands in one of two tables where the upper bits of a product say (Pagh and Rodler,
    "Cuckoo hashing", 2001).
    """

    def __init__(self, keys: Ints) -> None:
        self._keys = np.append(keys, -1)
        self._shift = np.uint64(64 - (_ROOM * len(keys) + 1).bit_length())
        for power in count(1, 2):
            self._odds = [np.uint64(pow(_ODD, power + table, 2**64)) for table in (0, 1)]
            self._tables = np.full((2, 1 << 64 - int(self._shift)), len(keys), dtype=np.int32)
            if self._fill(keys):
                break

    def __len__(self) -> int:
        """How many numbers are in the list."""
        return len(self._keys) - 1

    def find(self, keys: Ints) -> Ints:
        """The places of numbers in the list; its length for those that are not in it."""
        found = self._tables[0].take(self._slots(keys, 0))
        left = (self._keys.take(found) != keys).nonzero()[0]
        wanted = keys.take(left)
        places = self._tables[1].take(self._slots(wanted, 1))
        places[self._keys.take(places) != wanted] = len(self._keys) - 1
        found[left] = places
        return np.asarray(found, dtype=np.intp)

    def _fill(self, keys: Ints) -> bool:
        """Put each number into one table or, if another one needs its place there, into the other;
        whether that came to an end."""
        left = np.arange(len(keys), dtype=np.int32)
        for turn in range(_TURNS):
            slots, table = self._slots(keys[left], turn % 2), self._tables[turn % 2]
            before = table[slots]
            table[slots] = left
            left = distinct(
                np.concatenate((left[table[slots] != left], before[before < len(keys)]))
            )
            if not len(left):
                return True
        return False

    def _slots(self, keys: Ints, table: int) -> Ints:
        products = keys.view(np.uint64) * self._odds[table]
        products >>= self._shift
        return products.view(np.intp)


def distinct(numbers: NDArray[Whole]) -> NDArray[Whole]:
    """Each number once, in order."""
    ordered = numbers.copy()
    ordered.sort()
    return ordered[changes(ordered)]


def changes(numbers: NDArray[Whole]) -> NDArray[np.bool_]:
    """Where a number is another one than that before it; the first one is."""
    differs = np.empty(len(numbers), dtype=bool)
    differs[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=differs[1:])
    return differs
