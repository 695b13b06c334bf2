"""What a task is about, and what it is to bring forth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.extract.phrases import Phrases, split_list, words_of
from pipeline.resources import lexicon

_LONGEST = 22
"""The longest name of a product, in words."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A field of work and the phrases that point to it."""

    name: str
    phrases: re.Pattern[str]
    needs: re.Pattern[str]


def _alternatives(row: str) -> re.Pattern[str]:
    phrases = sorted(split_list(row), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


@cache
def _topics() -> tuple[Topic, ...]:
    return tuple(
        Topic(
            row["name"],
            _alternatives(row["phrases"]),
            _alternatives(row.get("needs", row["phrases"])),
        )
        for row in lexicon("topics")
    )


def topic_of(words: str) -> str | None:
    """The field that the words of a task name most often, or None when they name none.

    The six fields of administrative reform (Nghị quyết 76/NQ-CP, 2021) come before all others.

    >>> topic_of("Công khai thủ tục hành chính tại bộ phận một cửa")
    'cải cách thủ tục hành chính'
    """
    lowered = words.lower()
    best, most = None, 0
    for topic in _topics():
        if not topic.needs.search(lowered):
            continue
        count = len(topic.phrases.findall(lowered)) or 1
        if count > most:
            best, most = topic.name, count
    return best


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
