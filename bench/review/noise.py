"""A second reading of a text by a worse OCR: letters changed, and where each one went."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text.fold import fold

LOOK_ALIKE = {
    "l": "1I", "1": "l", "I": "l1", "0": "O", "O": "0", "o": "0c", "c": "eo", "e": "c", "h": "b",
    "b": "h6", "n": "u", "u": "n", "t": "f", "f": "t", "i": "l", "S": "5", "5": "S", "B": "8",
    "8": "B", "g": "q", "q": "g", "y": "v", "v": "y", "a": "o", "r": "n", "d": "đ", "đ": "d",
}  # fmt: skip
"""What Tesseract takes for what, from confusions seen on scans of notices."""
KINDS = (("accent", 40), ("look-alike", 35), ("drop", 10), ("insert", 10), ("break", 5))


@dataclass(frozen=True)
class Reading:
    """The new text; `place[k]` is where character k of the old text went."""

    text: str
    place: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the new text."""
        return self.place[start], max(self.place[start], self.place[end - 1] + 1)


def read_again(text: str, share: float, chance: random.Random) -> Reading:
    """`text` with `share` of its letters changed."""
    pieces: list[str] = []
    place: list[int] = []
    length = 0
    names, weights = zip(*KINDS, strict=True)
    for char in text:
        place.append(length)
        new = char
        if char.isalnum() and chance.random() < share:
            new = _changed(char, chance.choices(names, weights)[0], chance)
        elif char in " \n" and chance.random() < share:
            new = "\n" if char == " " else " "
        pieces.append(new)
        length += len(new)
    return Reading("".join(pieces), place)


def _changed(char: str, kind: str, chance: random.Random) -> str:
    if kind == "accent" and fold(char) != char.lower():
        plain = fold(char)
        return plain.upper() if char.isupper() else plain
    if kind == "drop":
        return ""
    if kind == "insert":
        return char + chance.choice(".,'il ")
    if kind == "break":
        return char + "\n"
    return chance.choice(LOOK_ALIKE.get(char, "eoanit"))
