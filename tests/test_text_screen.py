"""Cues are found just where their whole patterns match."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resources import lexicon
from pipeline.text.characters import codes_of
from pipeline.text.finder import Finder
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


def _found(cues: Cues, texts: list[str]) -> list[list[str]]:
    found = cues.find(texts, codes_of("\n".join([*texts, ""])))
    return [[cues.names[cue] for cue in np.flatnonzero(row)] for row in found]


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
    assert _found(CUES, texts) == wanted


def test_cues_without_words_are_tried_everywhere():
    cues = Cues({"number": r"\d", "or": r"tốt|\d\d", "never": "(?!)x"})
    assert _found(cues, ["1 tốt", "", "12", "x"]) == [["number", "or"], [], ["number", "or"], []]
    assert _found(Cues({"number": r"\d"}), ["1"]) == [["number"]]
    assert _found(Cues({}), []) == []


def test_patterns_for_the_start_of_a_text():
    cues = Cues({"start": "^(?:các |về\\b|việc .{0,9}chậm)", "there": "về"})
    texts = ["về đích", "đi về", "vềx", "các", "các xã", "việc còn chậm", "nói việc chậm"]
    wanted = [bool(re.search("^(?:các |về\\b|việc .{0,9}chậm)", text)) for text in texts]
    assert ["start" in names for names in _found(cues, texts)] == wanted
    assert wanted == [True, False, False, False, True, True, False]


@given(st.lists(st.text("aâb", min_size=1, max_size=14), max_size=8), st.text("aâbc", max_size=40))
def test_finder_finds_all_places_of_all_words(words, text):
    places, found = Finder(words).find(codes_of(text))
    wanted = [
        (place, number)
        for place in range(len(text))
        for number, word in enumerate(words)
        if text.startswith(word, place)
    ]
    assert sorted(zip(places.tolist(), found.tolist(), strict=True)) == wanted


def test_one_word_within_another():
    cues = Cues({"long": "giao việc", "short": "giao", "end": r"việc\b"})
    assert _found(cues, ["được giao việc", "giao viện", "công việc"]) == [
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
        (r"\d+ (?:hộ|vụ)", "12 vụ", True),
        (r"\d+ (?:hộ|vụ)", "² vụ", False),
        (r"\d ?%", "đạt 5%", True),
        (r"\d ?%", "đạt 5 %", True),
        (r"\d ?%", "đạt %", False),
        (r"quý \d+", "quý ٣", True),
        (r"quý \d", "quý i", False),
        (r"\bđược\b (?:cho )?(?:vay|\w{4})", "được cho vay", True),
        (r"\bđược\b (?:cho )?(?:vay|\w{4})", "được vay", True),
        (r"\bđược\b (?:cho )?(?:vay|\w{4})", "được nghỉ", True),
        (r"\bđược\b (?:cho )?(?:vay|\w{4})", "được cho ai", False),
        (r"gửi,? (?:về|cho)", "gửi, cho", True),
        (r"gửi,? (?:về|cho)", "gửi. cho", False),
    ],
)
def test_groups_and_ends_of_words(pattern: str, text: str, there: bool) -> None:
    cues = Cues({"cue": pattern, "other": r"\bgiao\b"})
    found = ["cue" in names for names in _found(cues, ["", text, "x"])]
    assert found == [False, there, False]
    assert bool(re.search(pattern, text)) is there


def test_most_cues_are_screened():
    known = [part for pattern in PATTERNS.values() for part in alternatives(pattern)]
    assert sum(bool(needed_words(re.compile(part))) for part in known) >= 0.9 * len(known)
