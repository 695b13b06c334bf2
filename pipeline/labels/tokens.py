"""Sentences as syllables and numbers, all sentences of a document at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.text.characters import Codes, Table, codes_of, text_of

_ZERO, _SPACE, _POINT, _COMMA = map(ord, "0 .,")


def _shown(char: str) -> int:
    if char.isdecimal():
        return _ZERO
    return ord(char) if char.isalnum() or char in "%\n" else _SPACE


_masked = Table(_shown)
"""Letters stay, digits are 0, what parts tokens is a space."""


def tokens_of(lowered: Sequence[str]) -> list[list[str]]:
    """Syllables, numbers and percent signs of lower-case sentences; digits are masked as 0.

    >>> tokens_of(["đạt 1.250,5m2 (98%)", "…"])
    [['đạt', '0.000,0', 'm', '0', '00', '%'], []]
    """
    if not lowered:
        return []
    codes = codes_of("\n".join(lowered).replace("%", " % "))
    masked = _masked(codes)
    points = np.flatnonzero((codes[1:-1] == _POINT) | (codes[1:-1] == _COMMA)) + 1
    inner = points[(masked[points - 1] == _ZERO) & (masked[points + 1] == _ZERO)]
    is_digit = masked == _ZERO
    masked[inner] = codes[inner]
    is_digit[inner] = True
    return [line.split() for line in text_of(_parted(masked, is_digit)).split("\n")]


def _parted(masked: Codes, is_digit: Codes) -> Codes:
    """With a space between letters and digits that touch: "m2"."""
    touching = is_digit[:-1] != is_digit[1:]
    touching &= (masked[:-1] > _SPACE) & (masked[1:] > _SPACE)
    places = np.flatnonzero(touching)
    return np.insert(masked, places + 1, np.uint32(_SPACE)) if len(places) else masked
