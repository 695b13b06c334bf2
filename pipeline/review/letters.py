"""The letters of a text, and how far a pattern of letters is from each place of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.text.fold import fold

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Letters:
    """The folded letters and digits of a text; `places[k]` is the offset of letter k."""

    codes: Codes
    places: NDArray[np.int64]
    _where: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def span(self, start: int, end: int) -> Codes:
        """The letters between two offsets of the text."""
        first, last = np.searchsorted(self.places, (start, end))
        return self.codes[first:last]

    def where(self, code: int) -> int:
        """A number whose bit k is set where letter k is `code`."""
        if code not in self._where:
            bits = np.packbits(self.codes == code, bitorder="little")
            self._where[code] = int.from_bytes(bits.tobytes(), "little")
        return self._where[code]


@lru_cache(maxsize=8)
def letters_of(text: str) -> Letters:
    """The letters of `text` with their offsets."""
    folded = fold(text)
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kept = np.fromiter((char.isalnum() for char in folded), dtype=bool, count=len(folded))
    return Letters(codes[kept], np.flatnonzero(kept))


def distances(pattern: Codes, letters: Letters) -> NDArray[np.int32]:
    """For each end in the letters the errors of the best place of `pattern` that ends there.

    Shape (len(letters.codes) + 1,). Sellers' table, one row a letter of the pattern; a row is kept
    as its steps up and down, one bit a letter of the text (Myers 1999, the roles of pattern and
    text exchanged), so 300 printed pages take milliseconds.
    """
    size = len(letters.codes)
    every = (1 << size) - 1
    up = down = 0
    for code in pattern.tolist():
        same = letters.where(code)
        level = same | down
        right = ((((same & up) + up) ^ up) | same) & every
        worse = ((down | (every ^ (right | up))) << 1 | 1) & every
        better = (up & right) << 1 & every
        up = better | (every ^ (level | worse))
        down = worse & level
    steps = _bits(up, size) - _bits(down, size)
    return np.concatenate(([0], np.cumsum(steps, dtype=np.int32))).astype(np.int32) + len(pattern)


def _bits(number: int, size: int) -> NDArray[np.int8]:
    held = np.frombuffer(number.to_bytes((size + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(held, bitorder="little", count=size).astype(np.int8)


def traced(pattern: Codes, codes: Codes, part: tuple[int, int]) -> tuple[int, int, int]:
    """The alignment of `pattern` that ends with the last of `codes`, read off at a part of it.

    Returns first and last letter of `codes` that stand for pattern[part], and their errors.
    """
    steps = np.arange(len(codes) + 1, dtype=np.int32)
    table = np.zeros((len(pattern) + 1, len(codes) + 1), dtype=np.int32)
    for number, code in enumerate(pattern, start=1):
        table[number] = _next_row(table[number - 1], codes != code, steps, number)
    row, column = len(pattern), len(codes)
    edges: dict[int, tuple[int, int]] = {row: (column, int(table[row, column]))}
    while row > part[0]:
        row, column = _step_back(table, pattern, codes, row, column)
        edges[row] = (column, int(table[row, column]))
    (before, low), (after, high) = edges[part[0]], edges[part[1]]
    return before, after, high - low


def _next_row(
    row: NDArray[np.int32], differs: NDArray[np.bool_], steps: NDArray[np.int32], first: int
) -> NDArray[np.int32]:
    """One row of the table: substitution and deletion first, then insertions from the left."""
    new = np.empty_like(row)
    new[0] = first
    np.minimum(row[:-1] + differs, row[1:] + 1, out=new[1:])
    return np.minimum.accumulate(new - steps) + steps


def _step_back(table: Any, pattern: Codes, codes: Codes, row: int, column: int) -> tuple[int, int]:
    """Where the best way came from, up to the row before."""
    while True:
        here = table[row, column]
        if column and here == table[row - 1, column - 1] + (pattern[row - 1] != codes[column - 1]):
            return row - 1, column - 1
        if here == table[row - 1, column] + 1:
            return row - 1, column
        column -= 1
