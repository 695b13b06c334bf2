"""What a text must hold before a pattern can match, told from its words without trying the pattern.

Where `pipeline.text.screen` asks for one of some words, all parts of a pattern that must be there
are asked for here, each as a whole phrase. The words of a pattern stand for whole words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, count, islice
from operator import eq
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeVar

_MOST = 40
"""Longer lists of phrases are not worth looking for."""
_MANY_PARTS = 50_000
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_HOLDS_NOTHING = (ops.AT, ops.ASSERT, ops.ASSERT_NOT)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTERS = re.compile(r"[^\W\d_]+")


_Told = TypeVar("_Told")


class _Remembered(dict[str, _Told]):
    """What is told of parts of texts; each part is read once."""

    def __init__(self, read: Callable[[str], _Told]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, part: str) -> _Told:
        told = self._read(part)
        if len(self) < _MANY_PARTS:
            self[part] = told
        return told


_WORDS: _Remembered[list[str]] = _Remembered(_LETTERS.findall)
_FIRST = _Remembered(lambda part: "".join(_LETTERS.findall(part)[:1]) if part[0].isalpha() else " ")
_LAST = _Remembered(lambda part: "".join(_LETTERS.findall(part)[-1:]) if part[-1].isalpha() else "")
"""The word that a part begins or ends with; what equals no other where it is none."""


@dataclass(frozen=True)
class Vocabulary:
    """A text as its words."""

    text: str

    @cached_property
    def parts(self) -> list[str]:
        """What stands between blanks, in order."""
        return self.text.split()

    @cached_property
    def words(self) -> frozenset[str]:
        """The different runs of letters."""
        distinct = map(_WORDS.__getitem__, set(self.parts))
        return frozenset(chain.from_iterable(distinct))

    @cached_property
    def doubled(self) -> list[tuple[str, int]]:
        """Words that stand twice with nothing but blanks between, and where they start."""
        last = list(map(_LAST.__getitem__, self.parts))
        first = map(_FIRST.__getitem__, islice(self.parts, 1, None))
        same = list(compress(count(), map(eq, last, first)))
        ends = [match.end() for match in re.finditer(r"\S+", self.text)] if same else []
        return [(last[at], ends[at] - len(last[at])) for at in same]

    @cached_property
    def joined(self) -> str:
        """The parts with one space before, between and behind them."""
        return " ".join(("", *self.parts, ""))


class Needs:
    """Sets of phrases of each of which any match of a pattern holds at least one."""

    __slots__ = ("sets",)

    def __init__(self, pattern: str) -> None:
        """`pattern` in the syntax of `re`; a blank in it may stand for any run of blanks."""
        parsed = parser.parse(pattern)
        folds = parsed.state.flags & re.IGNORECASE
        needed = [] if folds else _of_sequence(parsed)
        self.sets = tuple((_one_word_each(p), tuple(map(_wanted, sorted(p)))) for p in needed)
        """A word of each phrase, if they all have one; the phrases, each with all its words and
        "" for one that is a single word."""

    def may_match(self, vocabulary: Vocabulary) -> bool:
        """Whether nothing is missing that a match needs."""
        known = vocabulary.words
        for one_each, _ in self.sets:
            if one_each and known.isdisjoint(one_each):
                return False
        joined = vocabulary.joined
        for _, phrases in self.sets:
            if not any(words <= known and phrase in joined for words, phrase in phrases):
                return False
        return True


_Phrases = frozenset[str]
_EMPTY: _Phrases = frozenset([""])


def _of_sequence(items: Iterable[Any]) -> list[_Phrases]:
    """What a sequence needs; what is spelled out in a row is one phrase."""
    found: list[_Phrases] = []
    run = _EMPTY
    for op, value in items:
        spelled = _spelled(op, value)
        longer = None if spelled is None else _joined(run, spelled)
        if longer is not None:
            run = longer
            if op is ops.ASSERT:
                found += _of_sequence(value[1])
        elif spelled is not None:
            found.append(run)
            run = spelled
        else:
            found += [run, *_within(op, value)]
            run = _EMPTY
    found.append(run)
    return [_fewest(phrases) for phrases in found if not phrases & {"", " "}]


def _spelled(op: Any, value: Any) -> _Phrases | None:
    """All that an item can match, where these are few words; None where they are not."""
    if op in _HOLDS_NOTHING:
        return _EMPTY
    if op is ops.LITERAL:
        return frozenset([_spaced(chr(value))])
    if op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
        return frozenset(_spaced(chr(letter)) for _, letter in value)
    if op is ops.SUBPATTERN and not value[1]:
        return _all_spelled(value[3])
    if op is ops.BRANCH:
        choices = [_all_spelled(branch) for branch in value[1]]
        known = [choice for choice in choices if choice is not None]
        return _few(frozenset().union(*known)) if len(known) == len(choices) else None
    if op in _REPEATS and value[:2] == (0, 1):
        spelled = _all_spelled(value[2])
        return None if spelled is None else spelled | _EMPTY
    return None


def _all_spelled(items: Iterable[Any]) -> _Phrases | None:
    run: _Phrases | None = _EMPTY
    for op, value in items:
        spelled = _spelled(op, value)
        run = None if run is None or spelled is None else _joined(run, spelled)
    return run


def _within(op: Any, value: Any) -> list[_Phrases]:
    """What an item needs that can match more than a few words."""
    if op is ops.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _of_sequence(value[3])
    if op in _REPEATS and value[0] > 0:
        return _of_sequence([*value[2]] * min(value[0], 2))
    if op is ops.BRANCH:
        choices = [_of_sequence(branch) for branch in value[1]]
        needed = [max(choice, key=_worth) for choice in choices if choice]
        union = _few(frozenset().union(*needed)) if len(needed) == len(choices) else None
        return [union] if union else []
    return []


def _joined(first: _Phrases, second: _Phrases) -> _Phrases | None:
    if len(first) * len(second) > _MOST:
        return None
    return frozenset(_spaced(before + behind) for before in first for behind in second)


def _one_word_each(phrases: _Phrases) -> frozenset[str]:
    words = [_LETTERS.findall(phrase) for phrase in phrases]
    return frozenset(max(each, key=len) for each in words) if all(words) else frozenset()


def _wanted(phrase: str) -> tuple[frozenset[str], str]:
    return frozenset(_LETTERS.findall(phrase)), "" if phrase.strip().isalpha() else phrase


def _few(phrases: _Phrases) -> _Phrases | None:
    return phrases if len(phrases) <= _MOST else None


def _spaced(phrase: str) -> str:
    return re.sub(r"\s+", " ", phrase)


def _fewest(phrases: _Phrases) -> _Phrases:
    """The phrases without those that hold another one."""
    return frozenset(p for p in phrases if not any(o != p and o in p for o in phrases))


def _worth(phrases: _Phrases) -> tuple[int, int]:
    """Many words and marks in each phrase, few phrases."""
    return (min(len(_TOKEN.findall(phrase)) for phrase in phrases), -len(phrases))
