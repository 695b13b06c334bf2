"""Words of mentions stand where a plain search finds them; one look-up tells of all lists."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.mention_lists import NOTHING, Standing, Table
from pipeline.extract.mention_names import Names
from pipeline.extract.mention_spelling import plain
from pipeline.extract.mention_words import Phrases, Word, Words, words_of
from pipeline.structure.lines import flatten

TEXTS = st.text("aĐđỷ .,_&’-12\n\t\u00a0\u2003", max_size=60) | st.text(max_size=40)
NAMES = [name for name in vars(Standing) if not name.startswith("_")]
COMPUTED = ("head", "body", "group", "opens", "opens_small", "counts")
LISTS = st.dictionaries(
    st.sampled_from([name for name in NAMES if name not in COMPUTED]),
    st.lists(st.lists(st.sampled_from(["sở", "y", "tế", "và"]), min_size=1).map(" ".join)),
)


def read(text: str) -> Words:
    return words_of(text, flatten(text))


@given(TEXTS)
def test_words_are_where_they_stand(text: str) -> None:
    words = read(text)
    found = list(re.finditer(r"[^\W_]+(?:[&.’'][^\W_]+)*|[^\w\s]", flatten(text)))
    assert [words.span(at, at + 1) for at in range(words.count)] == [m.span() for m in found]
    assert list(words.low) == [*(plain(match[0]) for match in found), " ", " "]
    capitals = [match[0] != match[0].lower() and match[0][0].isupper() for match in found]
    assert [word.cap for word in words.low] == [*capitals, False, False]
    assert words.capitals == [at for at, cap in enumerate(capitals) if cap]
    assert [word.all_caps for word in words.low[:-2]] == [
        match[0].isupper() and cap for match, cap in zip(found, capitals, strict=True)
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
    spans = [words.span(at, at + 1) for at in range(words.count) if words.breaks[at]]
    assert [text[start:end] for start, end in spans] == broken


@settings(deadline=None)
@given(LISTS, st.lists(st.sampled_from(["sở", "y", "tế", "và", "xã"]), max_size=6))
def test_one_look_up_tells_of_every_list(phrases: dict[str, list[str]], text: list[str]) -> None:
    table = Table(phrases)
    low = tuple(Word.read(word) for word in (*text, " ", " "))
    for word in low:
        word.alone, word.longer = table.entry(word)[:2]
    names = Names(replace(read(" ".join(text)), low=low), Phrases([]))
    for at in range(len(text) + 1):
        standing = names.standing(at)
        for name in phrases:
            sizes = [len(p.split()) for p in phrases[name] if _stands(p.split(), text[at:])]
            assert getattr(standing, name) == max(sizes, default=0)


def _stands(phrase: list[str], words: list[str]) -> bool:
    return words[: len(phrase)] == phrase


def test_what_stands_nowhere_is_nothing() -> None:
    assert not any(getattr(NOTHING, name) for name in NAMES)
    assert Word.read("ngoằn").alone is NOTHING
    assert Word.read("Sở").alone.body


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Sở đã họp", ["Sở"]),
        ("tại ngân hàng", []),  # a body that needs a capital
        ("ba đoàn kiểm tra", ["ba", "đoàn"]),
        ("Nguyễn Ái và nguyễn", ["Nguyễn"]),
        ("năm 2024", []),
        ("các xã và các cháu", ["các", "xã"]),  # children are no collective
        ("38 ngành, 12/ba", ["38", "ngành", "12"]),
    ],
)
def test_words_with_which_a_mention_may_begin(text: str, begins: list[str]) -> None:
    words = read(text)
    assert [text[slice(*words.span(at, at + 1))] for at in words.begins] == begins
