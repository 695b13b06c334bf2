"""Cues are found just where their whole patterns match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resources import lexicon
from pipeline.text.screen import Cues, Screened, alternatives, longest_of, needed_words

PATTERNS = {
    name: pattern.replace("<A>", lexicon("cues")["agents"])
    for name, pattern in lexicon("cues")["words"].items()
}
CUES = Cues(PATTERNS)
WORDS = sorted(
    {
        word
        for pattern in PATTERNS.values()
        for part in alternatives(pattern)
        for word in needed_words(re.compile(part))
    }
)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("chưa được", ("chưa được",)),
        (r"\bchậm\b|quá hạn", ("chậm", "quá hạn")),
        (r"(?:đã|được) giao", (" giao",)),
        (r"giao (?:cho )?\w+", ("giao ",)),
        (r"\w+", ()),
        (r"(?:hạn)?", ()),
        (r"a|\d", ()),
        (r"(?i)hạn", ()),
        (r"[“\"]", ('"', "“")),
        (r"(?=hạn)", ()),
        (r"(?:nộp ){2}", ("nộp ",)),
    ],
)
def test_needed_words(pattern, needed):
    assert needed_words(re.compile(pattern)) == needed


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("quá hạn|chậm", ["quá hạn", "chậm"]),
        (r"(?:rất|khá) cao|tốt\b", ["(?:rất|khá) cao", r"tốt\b"]),
        (r"[(|]|\|x|\(", ["[(|]", r"\|x", r"\("]),
        (r"[^\]|]|]", [r"[^\]|]", "]"]),
        ("a(?=b|c)|", ["a(?=b|c)", ""]),
    ],
)
def test_alternatives(pattern, parts):
    assert alternatives(pattern) == parts


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS) | st.text("ađưạ 0:.", max_size=4), max_size=12))
def test_cues_are_where_their_patterns_match(parts):
    joined = (" ".join(parts), "".join(parts))
    texts = [*joined, *(text[: len(text) // 2] for text in joined), *parts]
    wanted = [
        [name for name, pattern in PATTERNS.items() if re.search(pattern, text)] for text in texts
    ]
    assert CUES.in_each(texts) == wanted


def test_cues_without_words_are_tried_everywhere():
    cues = Cues({"number": r"\d", "or": r"tốt|\d\d", "never": "(?!)x"})
    assert cues.in_each(["1 tốt", "", "12", "x"]) == [["number", "or"], [], ["number", "or"], []]
    assert Cues({"number": r"\d"}).in_each(["1"]) == [["number"]]
    assert Cues({}).in_each([]) == []


def test_one_word_within_another():
    cues = Cues({"long": "giao việc", "short": "giao", "end": r"việc\b"})
    assert cues.in_each(["được giao việc", "giao viện", "công việc"]) == [
        ["long", "short", "end"],
        ["short"],
        ["end"],
    ]


@given(st.lists(st.text("aâb", max_size=4), max_size=8), st.text("aâb", max_size=8))
def test_longest_of(words, text):
    if words:
        wanted = max((w for w in words if text.startswith(w)), key=len, default=None)
        match = re.match(longest_of(words), text)
        assert (match and match[0]) == wanted


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS) | st.text("ađưạ 0:.", max_size=4), max_size=12))
def test_screened_patterns_find_the_same(parts):
    text = " ".join(parts)
    for pattern in map(re.compile, PATTERNS.values()):
        for end in (None, len(text) // 2):
            found = [match.span() for match in Screened(pattern).finditer(text, 0, end)]
            plain = pattern.finditer(text, 0, len(text) if end is None else end)
            assert found == [match.span() for match in plain]


@pytest.mark.parametrize(
    ("pattern", "text", "there"),
    [
        (r"\bgiao (?:cho|các)\b", "bàn giao các", True),
        (r"\bgiao (?:cho|các)\b", "hay_giao cho", False),
        (r"\bgiao (?:cho|các)\b", "giao cho0", False),
        (r"giảm (?:còn|\d)", "giảm 4", True),
        (r"giảm (?:còn|\d)", "giảm còn", True),
        (r"giảm(?: sâu| còn)?\b", "giảm", True),
        (r"tốt\b", "tốt\nlên", True),
        (r"tốt\b", "tốtlên", False),
    ],
)
def test_groups_and_ends_of_words(pattern: str, text: str, there: bool) -> None:
    cues = Cues({"cue": pattern, "other": r"\bgiao\b"})
    found = ["cue" in names for names in cues.in_each(["", text, "x"])]
    assert found == [False, there, False]
    assert bool(re.search(pattern, text)) is there


def test_most_cues_are_screened():
    known = [part for pattern in PATTERNS.values() for part in alternatives(pattern)]
    assert sum(bool(needed_words(re.compile(part))) for part in known) >= 0.9 * len(known)
