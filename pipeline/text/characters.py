"""Characters of a text as numbers, so that what is said of each is said of all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
_LIMIT = 0x2100
"""Characters below are looked up in a table; Vietnamese and its punctuation end there."""
_UNKNOWN = 0xFFFFFFFF
LONGEST_KEPT = 40
"""Parts of texts of more characters are no words: nothing that was told of them is remembered."""


def codes_of(text: str) -> Codes:
    """The code points of a text, shape (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def occurrences(text: str, mark: str) -> Iterator[int]:
    """Where some characters stand in a row in a text, overlapping or not, in order."""
    at = -1
    while (at := text.find(mark, at + 1)) >= 0:
        yield at


@lru_cache(maxsize=1)
def spaced_parts(flat: str) -> list[str]:
    """What stands between the plain spaces of a text; that of the text asked for last is kept."""
    return flat.split(" ")


@lru_cache(maxsize=1)
def distinct_parts(flat: str) -> frozenset[str]:
    """What stands between the plain spaces of a text, each once; kept in the same way."""
    return frozenset(spaced_parts(flat))


class Table:
    """A number for each character, such as its kind; `of` says which, once for each."""

    def __init__(self, of: Callable[[str], int]) -> None:
        self._of = of
        self._table = np.full(_LIMIT + 1, _UNKNOWN, dtype=np.uint32)

    def __call__(self, codes: Codes) -> NDArray[np.uint32]:
        """The numbers of characters, shape (characters,)."""
        found = self._table.take(codes, mode="clip")
        unknown = (found == _UNKNOWN).nonzero()[0]
        if len(unknown):
            new = codes[unknown]
            for code in np.bincount(new[new < _LIMIT]).nonzero()[0].tolist():
                self._table[code] = self._of(chr(code))
            found[unknown] = self._table.take(new, mode="clip")
            far = unknown[new >= _LIMIT]
            numbers = {code: self._of(chr(code)) for code in set(codes[far].tolist())}
            found[far] = [numbers[code] for code in codes[far].tolist()]
        return found
