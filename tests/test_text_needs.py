"""Patterns are tried wherever they match: what a text holds is told from its words alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks.patterns import _compiled
from pipeline.resources import lexicon
from pipeline.structure.lines import flatten
from pipeline.text.needs import Held, Needs, Sieve, Vocabulary, first_words


def phrases(pattern: str) -> list[list[str]]:
    return [sorted({*short, *(p for _, p in long)}) for short, long in Needs(pattern).sets]


TABLE = lexicon("check_patterns")
PATTERNS = [row["pattern"] for row in TABLE.values() if isinstance(row, dict) and "pattern" in row]
PATTERNS += list(TABLE["confused"])
SIEVE = Sieve([*map(Needs, PATTERNS)])
PIECES = sorted(
    {phrase.strip() for pattern in PATTERNS for each in phrases(pattern) for phrase in each}
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
        (r"\d(?: +/ ?|/ +)\w", [[" /", "/ "]]),
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
    assert sorted(phrases(pattern)) == sorted(needed)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.sampled_from(list("12-/%:,;.…-Đ")), max_size=14),
    st.sampled_from([" ", "\n", "  ", "\u00a0"]),
    st.sampled_from(["", " "]),
)
def test_what_matches_is_never_screened_out(pieces: list[str], blank: str, glue: str) -> None:
    text = blank.join(pieces).replace(" ,", f"{glue},").replace(" -", f"{glue}-")
    vocabulary = Vocabulary(flatten(text))
    left = set(SIEVE.left(vocabulary))
    for place, pattern in enumerate(PATTERNS):
        match = _compiled(rf"(?<!\w)(?:{pattern})(?!\w)").search(text)
        if match:
            assert place in left, (pattern, match[0])
            first = first_words(pattern)
            assert not first or match.start() in vocabulary.places(first), (pattern, match[0])


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("(?:[Tt]ại|xã \\w+) (?:đó|này)", ["Tại", "tại", "xã"]),
        (r"(?:^|[;,] )GD(?=;)", [",", ";", "GD"]),
        (r"\.\.\.(?= *$)|…", ["...", "…"]),
        (r"(?:xã|\w+) này", []),
        (r" ?xã", []),
        (r"\d+ xã", []),
        (r"(?i)xã", []),
    ],
)
def test_what_patterns_begin_with(pattern: str, first: list[str]) -> None:
    assert sorted(first_words(pattern)) == sorted(first)


def test_what_parts_of_a_text_hold() -> None:
    read: list[str] = []

    def tones(part: str) -> str:
        read.append(part)
        return "".join(letter for letter in part if letter in "àá")

    held = Held(tones)
    for _ in range(2):  # what was read once is remembered
        assert set(held.among(Vocabulary("là má, là ba bá"))) - {""} == {"à", "á"}
    assert sorted(read) == ["ba", "bá", "là", "má,"]


@given(st.text("aàb. -\n1", max_size=20))
def test_words_and_their_doubles(text: str) -> None:
    doubles = re.finditer(r"(?<![^\W\d_])([^\W\d_]+)(?=\s+\1(?![^\W\d_]))", text)
    assert list(Vocabulary(flatten(text)).doubled()) == [(m[0], m.start()) for m in doubles]


@given(st.text("aàb. -\n1", max_size=20), st.sets(st.sampled_from(["a", "àa", "ab", "aab"])))
def test_where_words_stand(text: str, words: set[str]) -> None:
    runs = re.finditer(r"[^\W\d_]+", text)
    standing = [m.start() for m in runs if m[0] in words]
    assert Vocabulary(flatten(text)).places(words | {"đ"}) == standing


def test_where_marks_stand() -> None:
    assert Vocabulary("a... b-c ....").places({"...", "-"}) == [1, 6, 9, 10]


def test_where_words_stand_that_are_too_long_to_be_remembered() -> None:
    long = "à" * 50
    vocabulary = Vocabulary(f"a {long} {long}, {long}b x.{long}")
    assert vocabulary.places([long, "none"]) == [2, 53, 159]
    assert list(vocabulary.doubled()) == [(long, 2)]
