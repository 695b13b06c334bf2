"""Words as numbers: the same for the same word, and none kept of what is no word."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import words as module
from pipeline.text.words import WORD, Table, numbered

FLAT = st.text("aĐđ .,_&’-12\u2003", max_size=60) | st.text(max_size=40).map(
    lambda text: re.sub(r"[\n\t\u00a0]", " ", text)
)
LONG = "ab-1" * 30


def read(flat: str) -> list[tuple[str, int]]:
    found = numbered(flat)
    return [(found.word(at), start) for at, start in enumerate(found.starts.tolist())]


@given(FLAT)
def test_words_stand_where_a_search_finds_them(flat: str) -> None:
    matches = (match for part in re.finditer("[^ ]+", flat) for match in _of(part))
    assert read(flat) == list(matches)


def _of(part: re.Match[str]) -> list[tuple[str, int]]:
    return [(match[0], part.start() + match.start()) for match in WORD.finditer(part[0])]


def test_a_word_has_the_same_number_in_every_text() -> None:
    first, second = numbered("Sở Y tế"), numbered("Sở Y tế, Sở Tài chính")
    assert second.numbers[:3].tolist() == first.numbers.tolist()
    assert second.numbers[4] == first.numbers[0]


def test_what_is_told_of_words_is_told_once_of_each() -> None:
    asked: list[str] = []
    table = Table(lambda word: asked.append(word) or len(word), np.uint8)
    assert table(numbered("xã xã huyện")).tolist() == [2, 2, 5]
    assert table(numbered("huyện xã, thôn")).tolist() == [5, 2, 1, 4]
    assert sorted(asked) == sorted(set(asked))


def test_long_parts_are_words_of_their_own_text_only() -> None:
    table = Table(len, np.uint8)
    kept = len(module._KNOWN.parts)
    for other in ("qzxw", "zzqj"):  # new words get the numbers that those of the part had
        flat = f"{LONG} {other}"
        assert read(flat) == [(m[0], m.start()) for m in WORD.finditer(flat)]
        assert table(numbered(flat)).tolist() == [len(m[0]) for m in WORD.finditer(flat)]
    assert LONG not in module._KNOWN.parts
    assert len(module._KNOWN.parts) <= kept + 2


def test_no_more_parts_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    known = module._Known()
    monkeypatch.setattr(module, "_MANY_PARTS", 3)
    for flat in ("a b c d e", "e d c b a", "f"):
        found = known.read(flat)
        assert [found.word(at) for at in range(len(found.numbers))] == flat.split()
        assert len(known.parts) == 3


def test_many_threads_read_the_same_words() -> None:
    table = Table(str.upper, np.object_)
    texts = [f"từ{n} từ{n // 2} {LONG}{n}" for n in range(200)]
    wrong: list[str] = []

    def run() -> None:
        for flat in texts:
            expected = [match[0].upper() for match in WORD.finditer(flat)]
            if table(numbered(flat)).tolist() != expected:
                wrong.append(flat)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
