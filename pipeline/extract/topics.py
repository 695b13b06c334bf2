"""What a task is about, and what it is to bring forth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.phrases import Phrases, split_list, words_of
from pipeline.resources import lexicon

_LONGEST = 22
"""The longest name of a product, in words."""


@dataclass(frozen=True, slots=True)
class _Pointer:
    """A phrase of several words that points to a topic; `sure` ones are needed for it."""

    words: list[str]
    topic: int
    sure: bool


@cache
def _topics() -> tuple[tuple[str, ...], dict[str, list[_Pointer]]]:
    """The names of the topics, and their phrases by first word."""
    rows = lexicon("topics")
    pointers: dict[str, list[_Pointer]] = {}
    for number, row in enumerate(rows):
        phrases = set(split_list(row["phrases"]))
        needs = set(split_list(row.get("needs", row["phrases"])))
        for phrase in phrases | needs:
            words = [word.lower for word in words_of(phrase, 0, len(phrase))]
            pointers.setdefault(words[0], []).append(_Pointer(words, number, phrase in needs))
    return tuple(row["name"] for row in rows), pointers


def topic_of(flat: str, pieces: Sequence[tuple[int, int]] | None = None) -> str | None:
    """The field that the words of a task name most often, or None when they name none.

    `pieces` are the spans that the task stands in, all of `flat` by default.

    The six fields of administrative reform (Nghị quyết 76/NQ-CP, 2021) come before all others.

    >>> topic_of("Công khai thủ tục hành chính tại bộ phận một cửa")
    'cải cách thủ tục hành chính'
    """
    names, pointers = _topics()
    spans = pieces or [(0, len(flat))]
    words = [word.lower for span in spans for word in words_of(flat, *span)]
    counts: Counter[int] = Counter()
    sure: set[int] = set()
    for at, word in enumerate(words):
        for pointer in pointers.get(word, ()):
            if words[at : at + len(pointer.words)] == pointer.words:
                counts[pointer.topic] += 1
                if pointer.sure:
                    sure.add(pointer.topic)
    best = min(sure, key=lambda topic: (-counts[topic], topic), default=None)
    return None if best is None else names[best]


@cache
def _products() -> tuple[Phrases, Phrases, Phrases]:
    table = lexicon("products")
    makers, nouns, ends = (Phrases(split_list(table[name])) for name in ("makers", "nouns", "ends"))
    return makers, nouns, ends


def find_product(flat: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of the document or other result that a task is to bring forth, or None.

    The first noun of that kind right after a verb of making ("xây dựng kế hoạch …").
    """
    makers, nouns, ends = _products()
    words = words_of(flat, start, end)
    for pos in range(len(words)):
        if words[pos].lower not in makers.first_words:
            continue
        made = makers.match(words, pos)
        noun = nouns.match(words, pos + made) if made else 0
        if not noun:
            continue
        first = stop = pos + made
        stop += noun
        while stop < min(len(words), first + _LONGEST):
            if not words[stop].text[0].isalnum() or ends.match(words, stop):
                break
            stop += 1
        if stop == first + noun and stop < len(words) and words[stop].lower == "này":
            continue
        return words[first].start, words[stop - 1].end
    return None
