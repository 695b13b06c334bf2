"""Where numbers in digits stand in a text: told once to all who look for them."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.text.characters import Table, codes_of

_IS_DIGIT = Table(str.isdecimal)
_DIGITS = re.compile(r"\d+")
_SHORT = 300
"""The digits of a text of fewer characters are found again whenever they are asked for."""
_last = threading.local()


def digit_runs(text: str, start: int, end: int) -> Sequence[int]:
    """The offsets in `text[start:end]` at which runs of digits begin, as all of `text` shows them.

    Those of the text asked for last are kept.
    """
    if len(text) < _SHORT:
        return [run.start() for run in _DIGITS.finditer(text) if start <= run.start() < end]
    if getattr(_last, "text", None) != text:
        _last.text, _last.runs = text, _all_runs(text)
    runs: list[int] = _last.runs
    first = bisect_left(runs, start)
    return runs[first : bisect_left(runs, end, first)]


def _all_runs(text: str) -> list[int]:
    are_digits = _IS_DIGIT(codes_of(f" {text}"))
    begin: list[int] = (are_digits[1:] > are_digits[:-1]).nonzero()[0].tolist()
    return begin
