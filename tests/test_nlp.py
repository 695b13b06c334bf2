"""Words of a text as a spaCy Doc: the text is kept, whatever blanks stand in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.nlp import segmented

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_WORDS = ("ngày", "tháng", "hồ sơ", "Đồng Tháp", ",", "9", "18/5/2023", "TP.HCM", "1.000.000đ")
_ODD = ("...", '"', "''", "``", "https://tinh.vn/a", "a@tinh.vn", "😀", "\ufeff", "\x00", "e\u0301")
_BLANKS = " \t\x0b\x0c\r\n\x1c\x1f\x85\u00a0\u2003\u2028\u3000\u200b"
texts = st.lists(
    st.sampled_from(_WORDS + _ODD) | st.text(_BLANKS, max_size=3) | st.text(max_size=3), max_size=15
).map("".join)


def words(text: str) -> list[str]:
    doc = segmented(text, [match.span() for match in _LINE.finditer(text)])
    assert doc.text == text
    return [token.text for token in doc if not token.is_space]


@settings(deadline=None, max_examples=300)
@given(texts)
@example("Đồng Tháp, ngày\u00a0\u00a0 tháng 9")
@example("")
@example(" \n\t")
def test_the_text_is_kept_whatever_stands_in_it(text: str) -> None:
    words(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Đồng Tháp, ngày\u00a0\u00a0 tháng 9",
            ["Đồng Tháp", ",", "ngày\u00a0\u00a0 tháng", "9"],
        ),
        ("xử lý  hồ\tsơ", ["xử lý", "hồ\tsơ"]),
    ],
)
def test_a_word_holds_the_blanks_that_stand_in_it(text: str, found: list[str]) -> None:
    assert words(text) == found
