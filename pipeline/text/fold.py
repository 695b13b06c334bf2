"""The one folding of Vietnamese text, used for indexes, queries and lexicon look-ups alike.

NFC in, lower case without tone marks, circumflexes, horns and strokes out; one character in, one
character out, so offsets in the folded text are offsets in the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.text.characters import Table, codes_of, text_of


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
_FOLDED = Table(lambda char: ord(_fold_character(char)))
_SHORT = 64
_LONG = 2_000
"""Characters that are normalized at once, whatever they are."""
_MARKS = re.compile(r"([^\w\s\x00-\x7f]{65,})")
"""Combining marks are neither letters nor blanks nor ASCII."""


def fold(text: str) -> str:
    """`text` (NFC) without case and diacritics: "Đường dây nóng" becomes "duong day nong"."""
    if len(text) < _SHORT:
        return text.translate(_TABLE)
    return text_of(_FOLDED(codes_of(text)))


@lru_cache(maxsize=1)
def small_letters(text: str) -> str:
    """`text` in small letters, character by character, so that offsets stay.

    Several stages ask for that of their document: the last one is kept.
    """
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def nfc(text: str) -> str:
    """`text` in NFC; the form that every stage after reading expects.

    Runs of more marks than any language writes stay as they are: to put them in order takes the
    square of their length (compare the limit of 30 in Unicode Standard Annex 15, section 13).
    """
    if len(text) <= _LONG:
        return unicodedata.normalize("NFC", text)
    return "\n".join(map(_nfc_of_line, text.split("\n")))


def _nfc_of_line(line: str) -> str:
    if len(line) <= _LONG or line.isascii():
        return unicodedata.normalize("NFC", line)
    parts = _MARKS.split(line)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def has_accents(text: str) -> bool:
    """Whether a text was typed with diacritics."""
    return fold(nfc(text)) != nfc(text).lower()
