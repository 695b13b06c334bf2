"""Syllables of two texts side by side, so that spacing, line breaks and OCR slips do not count."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.text.fold import nfc

_SYLLABLE = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_NAME_OVERLAP = 0.8


class Token(NamedTuple):
    """A syllable or number, NFC and case-folded, with its offsets in the text as given."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The syllables and numbers of `text`."""
    return [
        Token(nfc(match.group()).casefold(), match.start(), match.end())
        for match in _SYLLABLE.finditer(text)
    ]


def align(left: Sequence[str], right: Sequence[str]) -> list[int | None]:
    """For each item of `left` its place in `right`, or None; misread items keep their place."""
    if left == right:
        return list(range(len(left)))
    places: list[int | None] = [None] * len(left)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            for offset in range(min(i2 - i1, j2 - j1)):
                places[i1 + offset] = j1 + offset
    return places


def same_name(left: str, right: str) -> bool:
    """Two names of bodies are one when their syllables overlap by 80 % or more (Dice)."""
    a = Counter(token.text for token in tokens(left))
    b = Counter(token.text for token in tokens(right))
    total = a.total() + b.total()
    return bool(total) and 2 * (a & b).total() / total >= _NAME_OVERLAP


def plain(text: object) -> str:
    """NFC with single blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", str(text or ""))).strip()


def bare(text: str) -> str:
    """Letters and digits only, case-folded."""
    return re.sub(r"[\W_]+", "", plain(text).casefold())


def nearly_same(left: str, right: str) -> bool:
    """Equal letters and digits, or 95 % alike: what an OCR slip leaves of a value."""
    a, b = bare(left), bare(right)
    return a == b or difflib.SequenceMatcher(None, a, b).ratio() >= 0.95


def document_code(code: object) -> str:
    """A document code for comparing: no blanks, capitals, one kind of hyphen and of Đ."""
    return re.sub(r"\s+", "", plain(code)).upper().replace("–", "-").replace("Ð", "Đ")


def within(places: Iterable[Token], start: int, end: int) -> frozenset[int]:
    """Numbers of the tokens that begin in the half-open span."""
    return frozenset(k for k, token in enumerate(places) if start <= token.start < end)
