"""The one folding of Vietnamese text, used for indexes, queries and lexicon look-ups alike.

NFC in, lower case without tone marks, circumflexes, horns and strokes out; one character in, one
character out, so offsets in the folded text are offsets in the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray


@cache
def _fold_character(char: str) -> str:
    if char in "đĐÐ":
        return "d"
    base = unicodedata.normalize("NFD", char.lower())[:1]
    return base if len(base) == 1 else char


class _FoldTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_TABLE = _FoldTable()
_LIMIT = 0x3000
_SHORT = 64


@cache
def _codes() -> NDArray[np.uint32]:
    """The folded code point of every character below `_LIMIT`, for long texts."""
    return np.array([ord(_fold_character(chr(code))) for code in range(_LIMIT)], dtype=np.uint32)


def fold(text: str) -> str:
    """`text` (NFC) without case and diacritics: "Đường dây nóng" becomes "duong day nong"."""
    if len(text) < _SHORT:
        return text.translate(_TABLE)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if codes.max() >= _LIMIT:
        return text.translate(_TABLE)
    return _codes().take(codes).tobytes().decode("utf-32-le", "surrogatepass")


def small_letters(text: str) -> str:
    """`text` in small letters, character by character, so that offsets stay."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def nfc(text: str) -> str:
    """`text` in NFC; the form that every stage after reading expects."""
    return unicodedata.normalize("NFC", text)


def has_accents(text: str) -> bool:
    """Whether a text was typed with diacritics."""
    return fold(nfc(text)) != nfc(text).lower()
