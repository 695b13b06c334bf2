"""Numbers as Vietnamese offices write them: 1.713, 10,22, 02, "hai mươi mốt", "quý IV"."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from pipeline.resources import lexicon

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_ENGLISH = re.compile(
    r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3},000"
)
_DECIMAL = re.compile(r"\d+[.,]\d+")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MARKS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MAX_DIGITS = 24
"""Longer runs of digits are account numbers or noise of OCR, not quantities."""


def parse_number(digits: str) -> Decimal | None:
    """The value of digits ("." marks thousands, "," decimals); None for what is no number.

    >>> parse_number("1.219,11")
    Decimal('1219.11')
    """
    text = digits.replace(" ", "")
    if len(text) > _MAX_DIGITS or not text.isascii():
        return None
    if text.isdigit():
        return Decimal(int(text))
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _GROUPED_ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def parse_roman(letters: str) -> int | None:
    """The value of a Roman numeral in normal form ("IV" is 4), or None."""
    values = [_ROMAN.get(letter, 0) for letter in letters.upper()]
    if not values or 0 in values:
        return None
    pairs = zip(values, [*values[1:], 0], strict=True)
    total = sum(-value if value < after else value for value, after in pairs)
    return total if roman(total) == letters.upper() else None


def roman(value: int) -> str:
    """`value` (1 to 3999) as a Roman numeral."""
    letters = ""
    for size, mark in _MARKS:
        letters += mark * (value // size)
        value %= size
    return letters


@cache
def _words() -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    table = lexicon("numerals")
    return dict(table["digits"]), dict(table["scales"]), frozenset(table["fillers"])


def parse_words(words: str) -> int | None:
    """The value of a number in words ("một trăm linh năm" is 105), or None.

    >>> parse_words("hai mươi mốt")
    21
    """
    digits, scales, fillers = _words()
    total = group = 0
    pending: int | None = None
    for word in words.lower().split():
        if word in digits:
            if pending is not None:
                return None
            pending = digits[word]
        elif word in scales:
            group, total, pending = _scale(scales[word], group, total, pending)
        elif word not in fillers:
            return None
    if pending is None and not group and not total:
        return None
    return total + group + (pending or 0)


def _scale(size: int, group: int, total: int, pending: int | None) -> tuple[int, int, int | None]:
    """Close the open digit: "mươi", "trăm" within a group, "nghìn", "triệu", "tỷ" end one."""
    if size < 1000:
        return group + (1 if pending is None else pending) * size, total, None
    return 0, total + (group + (pending or 0) or 1) * size, None


def number(text: str) -> Decimal | None:
    """The value of digits or words."""
    value = parse_number(text)
    if value is not None:
        return value
    words = parse_words(text)
    return None if words is None else Decimal(words)


def plain(value: Decimal) -> str:
    """`value` in plain digits, in full, "." as decimal point, its printed decimals kept ("3.0")."""
    return format(value, "f")
