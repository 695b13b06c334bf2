"""Cues are found just where their whole patterns match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resources import lexicon
from pipeline.text.screen import Cue, alternatives, needed_words

PATTERNS = [
    pattern.replace("<A>", lexicon("cues")["agents"])
    for pattern in lexicon("cues")["words"].values()
]
CUES = [Cue(pattern) for pattern in PATTERNS]
WORDS = sorted({word for cue in CUES for word in (*cue.words, *cue.needed)})


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
def test_a_cue_is_there_where_its_pattern_matches(parts):
    for text in (" ".join(parts), "".join(parts)):
        for half in (text, text[: len(text) // 2], text[len(text) // 2 :]):
            for pattern, cue in zip(PATTERNS, CUES, strict=True):
                assert cue.within(text).is_in(half) == bool(re.search(pattern, half))


def test_most_cues_are_screened():
    known = [cue for cue in CUES if cue.pattern is None or cue.needed]
    assert len(known) >= 0.9 * len(CUES)
