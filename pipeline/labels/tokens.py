"""Sentences as syllables and numbers, and these as numbers of a vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import Codes, Table, codes_of
from pipeline.text.keys import Ints, Keys, changes, distinct

END = 0
"""The number of the end of a line."""
_BLANK, _POINT, _LETTER, _DIGIT, _SINGLE = range(5)
_BITS = 3
"""Bits of the kind of a character, below its number."""
_TOKEN = re.compile(r"0+(?:[.,]0+)*|[%\n]|[^ 0%.,\n]+")
_MOST_KEPT = 20
"""Powers for more bits of characters than these take tens of MB: they are not kept."""
_ODD = 0x9E3779B97F4A7C15
_INVERSE = np.uint64(pow(_ODD, -1, 1 << 64))


def _kind_of(char: str) -> int:
    if char in "%\n":
        return _SINGLE
    if char in ".,":
        return _POINT
    return _DIGIT if char.isdecimal() else _LETTER if char.isalnum() else _BLANK


class _Shown(dict[int, str]):
    """Letters stay, digits are 0, what parts tokens is a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = _kind_of(char) != _BLANK
        self[code] = "0" if char.isdecimal() else char if kept else " "
        return self[code]


_SHOWN = _Shown()
_letters = Table(lambda char: ord("0" if char.isdecimal() else char) << _BITS | _kind_of(char))


def tokens_of(lowered: str) -> list[str]:
    """Syllables, numbers, percent signs and ends of lines; digits are masked as 0.

    >>> tokens_of("đạt 1.250,5m2 (98%)…")
    ['đạt', '0.000,0', 'm', '0', '00', '%']
    """
    return _TOKEN.findall(lowered.translate(_SHOWN))


def hashes_of(codes: Codes) -> Ints:
    """What `tokens_of` finds in the characters of a text, each token as a number of 64 bits: the
    sum of its letters times powers of an odd number."""
    letters = _letters(codes)
    kinds = (letters & (1 << _BITS) - 1).astype(np.uint8)
    points = (kinds[1:-1] == _POINT).nonzero()[0]
    between = (kinds[points] == _DIGIT) & (kinds[points + 2] == _DIGIT)
    kinds[points[between] + 1] = _DIGIT
    parted = np.append(changes(kinds), True)
    parted[:-1] |= kinds == _SINGLE
    places = parted.nonzero()[0]
    bits = len(codes).bit_length()
    powers = _powers(bits) if bits <= _MOST_KEPT else _powers.__wrapped__(bits)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.multiply(letters, powers[: len(codes)], out=sums[1:])
    sums.cumsum(out=sums)
    read = (kinds[places[:-1]] >= _LETTER).nonzero()[0]
    begins = places[read]
    spelled = sums[places[1:][read]] - sums[begins]
    # each letter counts by its place in the text: brought to the place in its token
    spelled *= powers[len(codes) - begins]
    spelled *= _INVERSE ** np.uint64(len(codes))
    return spelled.view(np.intp)


@lru_cache(maxsize=2)
def _powers(bits: int) -> NDArray[np.uint64]:
    """Powers of an odd number, for texts of up to that many bits of characters."""
    powers = np.full(1 << bits, _ODD, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


class WordNumbers:
    """Words by their numbers: those of a text from 1 on, and one, `unknown`, for all others.

    Words are given as `hashes_of` does: no strings are made of them.
    """

    def __init__(self, hashes: Ints) -> None:
        words, end = distinct(hashes), hashes_of(codes_of("\n"))
        self._keys = Keys(np.append(end, words[words != end]))
        self.unknown = len(self._keys)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return self.unknown + 1

    def numbers(self, hashes: Ints) -> Ints:
        """The numbers of words, `END` for each end of a line."""
        return self._keys.find(hashes)
