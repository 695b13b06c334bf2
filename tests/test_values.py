"""Values made by the thousand: as frozen dataclasses but for setting a field; ids; folding."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.header.sheet import Span
from pipeline.structure.draft import Line
from pipeline.structure.ids import statement_id, statement_ids
from pipeline.text.fold import fold


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


@pytest.mark.parametrize(
    "quote", ["Rà  soát", " rà soát", "Rà\nsoát ", "rà\u00a0soát", "RÀ \t soát", "ra\u2003soat"]
)
def test_ids_do_not_see_what_blanks_and_letters_a_quote_is_printed_with(quote: str) -> None:
    assert statement_id("d", quote) == statement_id("d", "ra soat")
    assert statement_ids("d", ["Rà soát", quote]) == [
        statement_id("d", "ra soat"),
        statement_id("d", "ra soat", occurrence=1),
    ]


@given(st.text(min_size=1), st.integers(1, 40))
def test_a_long_text_is_folded_character_by_character(text: str, times: int) -> None:
    assert fold(text * times) == "".join(map(fold, text)) * times
