"""Characters of a text as numbers, so that what is said of each is said of all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
_LIMIT = 0x2100
"""Characters below are looked up in a table; Vietnamese and its punctuation end there."""


def codes_of(text: str) -> Codes:
    """The code points of a text, shape (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


class Table:
    """A number for each character, such as its kind; `of` says which."""

    def __init__(self, of: Callable[[str], int]) -> None:
        self._of = of

    def __call__(self, codes: Codes) -> NDArray[np.uint32]:
        """The numbers of characters, shape (characters,)."""
        found: NDArray[Any] = self._table.take(codes, mode="clip")
        if codes.size and codes.max() >= _LIMIT:
            for place in np.flatnonzero(codes >= _LIMIT).tolist():
                found[place] = self._of(chr(codes[place]))
        return found

    @cached_property
    def _table(self) -> NDArray[np.uint32]:
        return np.fromiter(map(self._of, map(chr, range(_LIMIT))), np.uint32, _LIMIT)
