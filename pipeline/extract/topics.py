"""What a task is about, and what it is to bring forth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from pipeline.extract.phrases import Phrases, Words, places, split_list, words_of
from pipeline.resources import lexicon

_LONGEST = 22
"""The longest name of a product, in words."""


class _Branch(NamedTuple):
    """The phrases that go on with certain words, and the topics of one that ends before them."""

    further: dict[str, _Branch]
    topics: list[tuple[int, bool]]
    """Numbers of topics; `True` beside those that need this or another such phrase."""


@cache
def _topics() -> tuple[tuple[str, ...], dict[str, _Branch]]:
    """The names of the topics, and their phrases word by word."""
    rows = lexicon("topics")
    first: dict[str, _Branch] = {}
    for number, row in enumerate(rows):
        phrases = set(split_list(row["phrases"]))
        needs = set(split_list(row.get("needs", row["phrases"])))
        for phrase in phrases | needs:
            branches = first
            topics: list[tuple[int, bool]] = []
            for word in words_of(phrase, 0, len(phrase)).low:
                branches, topics = branches.setdefault(word, _Branch({}, []))
            topics.append((number, phrase in needs))
    return tuple(row["name"] for row in rows), first


def topic_of(flat: str, pieces: Sequence[tuple[int, int]] | None = None) -> str | None:
    """The field that the words of a task name most often, or None when they name none.

    `pieces` are the spans that the task stands in, all of `flat` by default.

    The six fields of administrative reform (Nghị quyết 76/NQ-CP, 2021) come before all others.

    >>> topic_of("Công khai thủ tục hành chính tại bộ phận một cửa")
    'cải cách thủ tục hành chính'
    """
    names, first = _topics()
    spans = pieces or [(0, len(flat))]
    words = list(chain.from_iterable(words_of(flat, *span).low for span in spans))
    counts: dict[int, int] = {}
    sure: set[int] = set()
    words.append("")  # no phrase goes on with it
    for at, branch in enumerate(map(first.get, words)):
        while branch is not None:
            for topic, is_sure in branch.topics:
                counts[topic] = counts.get(topic, 0) + 1
                if is_sure:
                    sure.add(topic)
            at += 1
            branch = branch.further.get(words[at])
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
    for pos in places(words.low, makers.first_words):
        made = makers.match(words, pos)
        noun = nouns.match(words, pos + made) if made else 0
        named = pos > 0 and words[pos].is_capital and words[pos - 1].is_capital  # "Bộ Xây dựng"
        if not noun or named or _is_cited(words, pos + made + noun):
            continue
        first = stop = pos + made
        stop += noun
        while stop < min(len(words), first + _LONGEST):
            if not words[stop].text[0].isalnum() or ends.match(words, stop):
                break
            stop += 1
        if stop == first + noun and stop < len(words) and words[stop].lower == "này":
            continue
        return words.starts[first], words.end(stop - 1)
    return None


def _is_cited(words: Words, at: int) -> bool:
    """Whether a number behind the noun says that the document is there: "sửa Quyết định số 5"."""
    if at + 1 >= len(words) or words[at].lower != "số":
        return False
    return words[at + 1].text[0].isdigit()
