"""Words of mentions stand where a plain search finds them; one look-up tells of all lists."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.mention_lists import NOTHING, Standing, Table, lists
from pipeline.extract.mention_words import Words, plain, words_of
from pipeline.structure.lines import flatten

TEXTS = st.text("aĐđỷ .,_&’-12\n\t\u00a0\u2003", max_size=60) | st.text(max_size=40)
NAMES = [name for name in vars(Standing) if not name.startswith("_")]
LISTS = st.dictionaries(
    st.sampled_from([name for name in NAMES if name not in ("body", "group", "opens")]),
    st.lists(st.lists(st.sampled_from(["sở", "y", "tế", "và"]), min_size=1).map(" ".join)),
)


def read(text: str) -> Words:
    return words_of(text, flatten(text), lists().shapes)


@given(TEXTS)
def test_words_are_where_they_stand(text: str) -> None:
    words = read(text)
    found = list(re.finditer(r"[^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s]", flatten(text)))
    spans = [(words.start(at), words.end(at)) for at in range(words.count)]
    assert spans == [match.span() for match in found]
    assert list(words.low) == [plain(match[0]) for match in found]
    assert list(words.upper) == [
        match[0].isupper() and words.caps[i] for i, match in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Một hai\nBa bốn.\nNăm", ["Một", "Ba", "Năm"]),
        ("một hai\nba bốn.\nnăm\nsáu", ["một", "năm"]),
        ("UBND TỈNH    CỘNG HÒA\n\nSố", ["UBND", "CỘNG", "Số"]),
        ("A  B\n  C", ["A", "C"]),
        ("A \u00a0\tB", ["A", "B"]),
        ("\n", []),
    ],
)
def test_breaks_of_lines_and_columns(text: str, broken: list[str]) -> None:
    words = read(text)
    assert [words.text(i, i + 1) for i in range(words.count) if words.breaks[i]] == broken


@settings(deadline=None)
@given(LISTS, st.lists(st.sampled_from(["sở", "y", "tế", "và", "xã"]), max_size=6))
def test_one_look_up_tells_of_every_list(phrases: dict[str, list[str]], text: list[str]) -> None:
    low = (*text, "", "")
    table = Table(phrases)
    for at in range(len(text) + 1):
        standing = table.at(low, at)
        for name in phrases:
            sizes = [len(p.split()) for p in phrases[name] if _stands(p.split(), low[at:])]
            assert getattr(standing, name) == max(sizes, default=0)


def _stands(phrase: list[str], words: tuple[str, ...]) -> bool:
    return list(words[: len(phrase)]) == phrase


def test_what_stands_nowhere_is_nothing() -> None:
    assert not any(getattr(NOTHING, name) for name in NAMES)
    assert lists().table.at(("Sở", "", ""), 0) is NOTHING  # words of texts are in small letters
    assert lists().table.at(("sở", "", ""), 0).body
