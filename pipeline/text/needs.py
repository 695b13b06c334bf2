"""What a text must hold before a pattern can match, told from its words without trying the pattern.

Where `pipeline.text.screen` asks for one of some words, all parts of a pattern that must be there
are asked for here, each as a whole phrase. The words of a pattern stand for whole words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import LONGEST_KEPT, Table, codes_of, spaced_parts

_MOST = 40
"""Longer lists of phrases are not worth looking for."""
_MANY_PARTS = 50_000
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_HOLDS_NOTHING = (ops.AT, ops.ASSERT, ops.ASSERT_NOT)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTERS = re.compile(r"[^\W\d_]+")
_IS_LETTER = Table(lambda letter: _LETTERS.match(letter) is not None)
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """A text in which all blanks are plain spaces, as its words."""

    flat: str

    @cached_property
    def distinct(self) -> set[str]:
        """What stands between blanks, each once."""
        return set(spaced_parts(self.flat))

    @cached_property
    def joined(self) -> str:
        """The text with one space where blanks are, before it and behind it."""
        return f" {' '.join(filter(None, spaced_parts(self.flat)))} "

    @cached_property
    def _runs(self) -> tuple[Ints, Ints, Ints]:
        """Where runs of letters start and end, and a number that is the same for the same run."""
        codes = codes_of(self.flat)
        letters = np.zeros(len(codes) + 2, dtype=bool)
        letters[1:-1] = _IS_LETTER(codes)
        edges = (letters[1:] != letters[:-1]).nonzero()[0]
        start, end = edges[::2], edges[1::2]
        return start, end, _signs(codes[start], codes[end - 1], end - start)

    def places(self, words: set[str]) -> Iterator[tuple[str, int]]:
        """Where some words stand as runs of letters, in order."""
        start, end, signs = self._runs
        wanted = _signs(*np.array([(ord(w[0]), ord(w[-1]), len(w)) for w in words]).T)
        for at in np.isin(signs, wanted).nonzero()[0].tolist():
            word = self.flat[start[at] : end[at]]
            if word in words:
                yield word, int(start[at])

    def doubled(self) -> Iterator[tuple[str, int]]:
        """Words that stand twice with nothing but blanks between, and where they start."""
        flat, (start, end, signs) = self.flat, self._runs
        for at in (signs[1:] == signs[:-1]).nonzero()[0].tolist():
            word, again = (flat[start[i] : end[i]] for i in (at, at + 1))
            if word == again and flat[end[at] : start[at + 1]].isspace():
                yield word, int(start[at])


def _signs(first: Ints, last: Ints, size: Ints) -> Ints:
    """One number for the first and the last letter of a word and its length."""
    signs: Ints = (first.astype(np.int64) << 42) + (last.astype(np.int64) << 21) + size
    return signs


class Held(dict[str, tuple[str, ...]]):
    """What is looked for in texts, told of each part of a text once and then remembered."""

    def __init__(self, read: Callable[[str], Iterable[str]]) -> None:
        """`read` tells what a part holds of what is looked for."""
        super().__init__()
        self._read = read
        self._nothing: set[str] = set()
        """Parts that hold nothing of it, as most do."""

    def among(self, vocabulary: Vocabulary) -> set[str]:
        """All that a text holds of it."""
        parts = vocabulary.distinct - self._nothing
        return set(chain.from_iterable(map(self.__getitem__, parts)))

    def __missing__(self, part: str) -> tuple[str, ...]:
        """What a part holds that was not met before."""
        held = tuple(self._read(part))
        if len(part) <= LONGEST_KEPT and len(self) + len(self._nothing) < _MANY_PARTS:
            self._nothing.add(part) if not held else self.setdefault(part, held)
        return held


class _OneOf(NamedTuple):
    """Phrases of which a text has to hold one."""

    one_each: frozenset[str]
    """What stands between two blanks of each: a whole word, or marks and what belongs to them."""
    short: frozenset[str]
    """The phrases without a blank."""
    long: tuple[tuple[frozenset[str], str], ...]
    """The others, each with all that its blanks part."""


class Needs:
    """Sets of phrases of each of which any match of a pattern holds at least one."""

    __slots__ = ("sets",)

    def __init__(self, pattern: str) -> None:
        """`pattern` in the syntax of `re`; a blank in it may stand for any run of blanks."""
        parsed = parser.parse(pattern)
        folds = parsed.state.flags & re.IGNORECASE
        needed = [] if folds else _of_sequence(parsed)
        self.sets = tuple(sorted(map(_one_of, needed), key=lambda one_of: len(one_of.long)))

    def may_match(self, held: set[str], vocabulary: Vocabulary) -> bool:
        """Whether a text lacks nothing that a match needs; `held` is what `sought` found in it."""
        for one_each, _, _ in self.sets:
            if held.isdisjoint(one_each):
                return False
        for _, short, long in self.sets:
            if held.isdisjoint(short):
                for tokens, phrase in long:
                    if tokens <= held and phrase in vocabulary.joined:
                        break
                else:
                    return False
        return True


def sought(needs: Iterable[Needs]) -> Held:
    """The words and marks that some patterns need."""
    sets = list(chain.from_iterable(each.sets for each in needs))
    long = (tokens for each in sets for tokens, _ in each.long)
    tokens = frozenset().union(*(each.short for each in sets), *long)
    words = frozenset(filter(str.isalpha, tokens))
    marks = tokens - words

    def held(part: str) -> Iterator[str]:
        yield from words.intersection(_LETTERS.findall(part))
        if not part.isalpha():
            yield from (mark for mark in marks if mark in part)

    return Held(held)


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
    if op in _REPEATS and value[0] == 1 and list(value[2]) == [(ops.LITERAL, ord(" "))]:
        return frozenset(" ")
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


def _one_of(phrases: _Phrases) -> _OneOf:
    trimmed = {phrase.strip() if phrase.strip().isalpha() else phrase for phrase in phrases}
    short = frozenset(phrase for phrase in trimmed if " " not in phrase)
    long = {phrase: frozenset(phrase.split()) for phrase in sorted(trimmed - short)}
    one_each = (max(tokens, key=len) for tokens in long.values())
    return _OneOf(short.union(one_each), short, tuple((t, phrase) for phrase, t in long.items()))


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
