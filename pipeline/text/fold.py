"""The one folding of Vietnamese text, used for indexes, queries and lexicon look-ups alike.

NFC in, lower case without tone marks, circumflexes, horns and strokes out; one character in, one
character out, so offsets in the folded text are offsets in the original.
"""

from __future__ import annotations

import unicodedata
from functools import cache


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


def fold(text: str) -> str:
    """`text` (NFC) without case and diacritics: "Đường dây nóng" becomes "duong day nong"."""
    return text.translate(_TABLE)


def nfc(text: str) -> str:
    """`text` in NFC; the form that every stage after reading expects."""
    return unicodedata.normalize("NFC", text)
