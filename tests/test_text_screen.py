"""Screened patterns find just what the plain ones find."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resources import lexicon
from pipeline.text.screen import Screened, needed_words

CUES = [
    re.compile(pattern.replace("<A>", lexicon("cues")["agents"]))
    for pattern in lexicon("cues")["words"].values()
]
SCREENED = [Screened(cue) for cue in CUES]
WORDS = sorted({word for cue in CUES for word in needed_words(cue)})


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


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(WORDS) | st.text("ađưạ 0:.", max_size=4), max_size=12))
def test_screening_never_loses_a_match(parts):
    for text in (" ".join(parts), "".join(parts)):
        for cue, screen in zip(CUES, SCREENED, strict=True):
            plain, screened = cue.search(text), screen.search(text)
            assert (plain and plain.span()) == (screened and screened.span())


def test_most_cues_are_screened():
    assert sum(bool(needed_words(cue)) for cue in CUES) >= 0.9 * len(CUES)
