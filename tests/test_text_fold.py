"""The normal form of texts: the same as Unicode's, at a cost that grows with the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.fold import nfc
from tests.pace import Stopwatch

VIETNAMESE = "Uỷ ban nhân dân xã đề nghị các hộ rà soát đê điều trước mùa lũ.\n"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(1, 40))
def test_long_texts_are_normalized_as_short_ones(text: str, times: int) -> None:
    line = unicodedata.normalize("NFD", VIETNAMESE) + text
    plain = unicodedata.normalize("NFC", line * times)
    assert nfc(line * times) == plain


@pytest.mark.parametrize("line", [VIETNAMESE, VIETNAMESE.replace("\n", " ")])
def test_a_line_of_any_length_is_normalized(line: str) -> None:
    apart = unicodedata.normalize("NFD", line * 200)
    assert nfc(apart) == line * 200 != apart


def test_a_run_of_marks_costs_no_more_than_its_length_and_stays() -> None:
    run = "\u0301\u0323" * 100_000
    watch = Stopwatch()
    assert nfc(f"đe{run} đê\u0300") == f"đe{run} đề"
    assert watch.seconds() < 2
