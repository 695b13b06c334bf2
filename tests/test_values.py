"""Values made by the thousand behave as frozen dataclasses do, but for setting a field."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from pipeline.header.sheet import Span
from pipeline.structure.draft import Line


def test_values_are_compared_hashed_replaced_and_pickled_by_their_fields() -> None:
    line = Line(3, 5, "ab", bold=True)
    assert line == Line(3, 5, "ab", bold=True) != Line(3, 5, "ab")
    assert len({line, Line(3, 5, "ab", bold=True)}) == 1
    assert replace(line, start=4) == Line(4, 5, "ab", bold=True)
    assert pickle.loads(pickle.dumps(line)) == line
    assert line != Span(3, 5, "ab")


def test_values_hold_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Span(1, 2).width = 3  # type: ignore[attr-defined]
