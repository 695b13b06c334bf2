"""Patterns are tried wherever they match: what a text holds is told from its words alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.patterns import _compiled
from pipeline.resources import lexicon
from pipeline.text.needs import Needs, Vocabulary

TABLE = lexicon("check_patterns")
PATTERNS = [row["pattern"] for row in TABLE.values() if isinstance(row, dict) and "pattern" in row]
PATTERNS += list(TABLE["confused"])
PIECES = sorted(
    {
        phrase.strip()
        for pattern in PATTERNS
        for _, each in Needs(pattern).sets
        for _, phrase in each
    }
    | {word for pattern in PATTERNS for word in re.findall(r"[^\W_]+", pattern)}
)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("kế hoạch 20", [["kế hoạch 20"]]),
        ("(?:rà|xem) (?:các )?xã", [["rà các xã", "rà xã", "xem các xã", "xem xã"]]),
        (r"tổ \w+ (?:tra lại|sát)", [["tổ"], [" tra lại", "sát"]]),
        (r"\d(?:ND|QD)-", [["ND-", "QD-"]]),
        (r"-{2,}x", [["--"], ["x"]]),
        (r"(?:đến nay|quý \w+)", [["quý", "đến nay"]]),
        (r"(?:đến nay|\w+)", []),
        (r"giảm(?= xuống)", [["xuống"], ["giảm"]]),
        (r"(?:a|b|c){2}", [["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"]]),
        (r"(?i)giảm", []),
        (r"(?i:giảm) sâu", [["sâu"]]),
        (r"\s*", []),
    ],
)
def test_what_patterns_need(pattern: str, needed: list[list[str]]) -> None:
    found = [sorted(p or "".join(words) for words, p in each) for _, each in Needs(pattern).sets]
    assert found == needed


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.sampled_from(list("12-/%:,;.…-Đ")), max_size=14),
    st.sampled_from([" ", "\n", "  ", "\u00a0"]),
    st.sampled_from(["", " "]),
)
def test_what_matches_is_never_screened_out(pieces: list[str], blank: str, glue: str) -> None:
    text = blank.join(pieces).replace(" ,", f"{glue},").replace(" -", f"{glue}-")
    vocabulary = Vocabulary(text)
    for pattern in PATTERNS:
        match = _compiled(rf"(?<!\w)(?:{pattern})(?!\w)").search(text)
        if match:
            assert Needs(pattern).may_match(vocabulary), (pattern, match[0])


def test_words_and_their_doubles() -> None:
    vocabulary = Vocabulary("Rà soát (hồ\u00a0\n hồ, sơ/sơ sơ2 x_y y.")
    assert vocabulary.words == {"Rà", "soát", "hồ", "sơ", "x", "y"}
    assert [(word, vocabulary.text[start:][:2]) for word, start in vocabulary.doubled] == [
        ("hồ", "hồ"),
        ("sơ", "sơ"),
        ("y", "y "),
    ]
