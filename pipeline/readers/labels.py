"""Labels in front of lines, put right by those before them; what was read stays as `raw`."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipeline.readers.notes import Numbering
from pipeline.readers.printed import PrintedLine, PrintedWord
from pipeline.resources import lexicon
from pipeline.text.fold import fold

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LETTERS = "abcdđeghiklmnopqrstuvxy"
"""Letters of the points of a clause, in their order."""


@cache
def repairs() -> dict[str, Any]:
    """The lexicon of what OCR misreads."""
    return dict(lexicon("ocr_repairs"))


def with_text(word: PrintedWord, text: str) -> PrintedWord:
    """The word with another text; what was read first is its `raw`."""
    if text == word.text:
        return word
    return word._replace(text=text, raw=word.text if word.raw is None else word.raw)


def is_bullet(text: str) -> bool:
    """Whether a word in front of a line is what a dash is read as."""
    return text in repairs()["bullets"]


def labelled(line: PrintedLine, numbering: Numbering) -> PrintedLine:
    """A line whose bullet, letter or Roman numeral fits the lines before it."""
    first, rest = line.words[0], " ".join(word.text for word in line.words[1:])
    if is_bullet(first.text) and rest:
        text = "-"
    elif first.text.endswith(")") and rest:
        text = _letter(first.text[:-1], numbering) + ")"
    else:
        text = _numeral(first.text, rest, numbering)
    return PrintedLine((with_text(first, text), *line.words[1:]), line.baseline)


def _letter(token: str, numbering: Numbering) -> str:
    """The letter of a point, given the one before it ("9)" after "b)" is "c)")."""
    following = _LETTERS[_LETTERS.find(numbering.letter) + 1 :][:1] if numbering.letter else ""
    if following and token in repairs()["letters"].get(following, ()):
        token = following
    numbering.letter = token if len(token) == 1 and token in _LETTERS else ""
    return token


def _numeral(token: str, rest: str, numbering: Numbering) -> str:
    """The Roman numeral of a heading, given the one before it; any other token as it is."""
    if fold(token) in ("phan", "chuong", "phu") and rest[:8].isupper():
        numbering.last = 0
    core, mark = token.rstrip(".,:/-"), token[-1:]
    if mark not in ".,:/-" or not _may_be_numeral(core, rest):
        return token
    number = _number_of(core, numbering.last)
    if number is None:
        return token
    numbering.last = number
    return _ROMAN[number - 1] + "."


def _may_be_numeral(token: str, rest: str) -> bool:
    """Whether `token` can number the heading `rest`: capitals, or a token that is nothing else."""
    letters = [char for char in rest if char.isalpha()]
    if not token or len(token) > 5 or len(letters) < 4:
        return False
    if sum(map(str.isupper, letters)) >= 0.9 * len(letters):
        return True
    return len(token) > 1 and token.isalpha() and token.isupper() and rest[:1].isupper()


def _number_of(token: str, last: int) -> int | None:
    """The value of a numeral as printed, given the one before it; None when it is no numeral."""
    expected = last + 1
    if expected <= 10 and (
        token == _ROMAN[expected - 1] or token in repairs()["numerals"][_ROMAN[expected - 1]]
    ):
        return expected
    return _ROMAN.index(token) + 1 if token in _ROMAN else None
