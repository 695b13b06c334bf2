"""What a text must hold before a pattern can match, told from its words without trying the pattern.

Where `pipeline.text.screen` asks for one of some words, all parts of a pattern that must be there
are asked for here, each as a whole phrase. The words of a pattern stand for whole words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, reduce
from operator import or_
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Generic, NamedTuple, TypeVar

from pipeline.text.characters import LONGEST_KEPT, distinct_parts, occurrences
from pipeline.text.words import Table, numbered

_MOST = 40
"""Longer lists of phrases are not worth looking for."""
_MANY_PARTS = 50_000
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_HOLDS_NOTHING = (ops.AT, ops.ASSERT, ops.ASSERT_NOT)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST = re.compile(r"[^\W\d_]+|[^\w\s]+|\w+|\s+")
_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
_IS_MIXED = Table(lambda word: not word.isalpha() and _LETTERS.search(word) is not None, bool)
T = TypeVar("T")


@dataclass(frozen=True)
class Vocabulary:
    """A text in which all blanks are plain spaces, as its words."""

    flat: str

    @property
    def distinct(self) -> frozenset[str]:
        """What stands between blanks, each once."""
        return distinct_parts(self.flat)

    @cached_property
    def joined(self) -> str:
        """The text with one space where blanks are, before it and behind it."""
        joined = f" {self.flat} "
        while "  " in joined:
            joined = joined.replace("  ", " ")
        return joined

    @cached_property
    def _mixed(self) -> list[int]:
        """The words of the text that hold letters and other characters."""
        mixed: list[int] = _IS_MIXED(numbered(self.flat)).nonzero()[0].tolist()
        return mixed

    @cached_property
    def _inside(self) -> dict[str, list[int]]:
        """The runs of letters in these, and where each starts."""
        text = numbered(self.flat)
        found: dict[str, list[int]] = {}
        for at in self._mixed:
            for run in _LETTERS.finditer(text.word(at)):
                found.setdefault(run[0], []).append(int(text.starts[at]) + run.start())
        return found

    def places(self, words: Iterable[str]) -> list[int]:
        """Where some words stand as runs of letters, or some marks, in order."""
        marks: list[str] = []
        runs: list[str] = []
        for word in words:
            (runs if word.isalpha() else marks).append(word)
        found = numbered(self.flat).places_of(runs) if runs else []
        for run in runs:
            found += self._inside.get(run, ())
        for mark in marks:
            found += occurrences(self.flat, mark)
        return sorted(found)

    def doubled(self) -> Iterator[tuple[str, int]]:
        """Words that stand twice with nothing but blanks between, and where they start."""
        text = numbered(self.flat)
        same = (text.numbers[1:] == text.numbers[:-1]).nonzero()[0].tolist()
        beside = (at - step for at in self._mixed for step in (1, 0))
        for at in sorted({*same, *(at for at in beside if 0 <= at < len(text.numbers) - 1)}):
            word, again = _LAST_LETTERS.search(text.word(at)), _LETTERS.match(text.word(at + 1))
            if word and again and word[0] == again[0]:
                start = int(text.starts[at])
                if self.flat[start + word.end() : text.starts[at + 1]].isspace():
                    yield word[0], start + word.start()


class Held(dict[str, T], Generic[T]):
    """What is looked for in texts, told of each part of a text once and then remembered."""

    def __init__(self, read: Callable[[str], T]) -> None:
        """`read` tells what a part holds of what is looked for; false when nothing."""
        super().__init__()
        self._read = read
        self._nothing: set[str] = set()
        """Parts that hold nothing of it, as most do."""

    def among(self, vocabulary: Vocabulary) -> Iterator[T]:
        """What each different part of a text holds of it, those that hold nothing left out."""
        return map(self.__getitem__, vocabulary.distinct - self._nothing)

    def __missing__(self, part: str) -> T:
        """What a part holds that was not met before."""
        held = self._read(part)
        if len(part) <= LONGEST_KEPT and len(self) + len(self._nothing) < _MANY_PARTS:
            self._nothing.add(part) if not held else self.setdefault(part, held)
        return held


class _OneOf(NamedTuple):
    """Phrases of which a text has to hold one."""

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

    @property
    def tokens(self) -> frozenset[str]:
        """The words and marks of all the phrases."""
        long = (tokens for each in self.sets for tokens, _ in each.long)
        return frozenset().union(*(each.short for each in self.sets), *long)

    @property
    def always(self) -> frozenset[str]:
        """The words and marks that every match holds."""
        choices = (
            [*({word} for word in short), *(t for t, _ in long)] for short, long in self.sets
        )
        return frozenset().union(*(frozenset.intersection(*map(frozenset, c)) for c in choices))


class Sieve:
    """Many patterns, of which those are left that may match a text.

    The words and marks that they need are bits: what a part of a text holds of them is one number.
    """

    def __init__(self, needs: Sequence[Needs]) -> None:
        """`needs` of each pattern."""
        tokens = sorted(frozenset().union(*(each.tokens for each in needs)))
        self._bits = {token: 1 << place for place, token in enumerate(tokens)}
        self._marks = [token for token in tokens if not token.isalpha()]
        self._held = Held(self._of_part)
        self._sets = [
            (
                self._of_tokens(each.always),
                [
                    (self._of_tokens(short), [(self._of_tokens(t), phrase) for t, phrase in long])
                    for short, long in each.sets
                ],
            )
            for each in needs
        ]

    def left(self, vocabulary: Vocabulary) -> Iterator[int]:
        """The places in `needs` of the patterns all of whose needs a text holds."""
        held = reduce(or_, self._held.among(vocabulary), 0)
        for place, (always, sets) in enumerate(self._sets):
            if always & ~held:
                continue
            sought = []
            for short, long in sets:
                if held & short:
                    continue
                phrases = [phrase for tokens, phrase in long if held & tokens == tokens]
                if not phrases:
                    break
                sought.append(phrases)
            else:
                if all(any(p in vocabulary.joined for p in phrases) for phrases in sought):
                    yield place

    def _of_tokens(self, tokens: Iterable[str]) -> int:
        return reduce(or_, (self._bits[token] for token in tokens), 0)

    def _of_part(self, part: str) -> int:
        found = self._bits.keys() & set(_LETTERS.findall(part))
        marks = () if part.isalpha() else (mark for mark in self._marks if mark in part)
        return self._of_tokens({*found, *marks})


_Phrases = frozenset[str]
_EMPTY: _Phrases = frozenset([""])
_BLANK: _Phrases = frozenset(["", " "])


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
    return [_fewest(phrases) for phrases in found if not phrases & _BLANK]


@cache
def first_words(pattern: str) -> frozenset[str]:
    """The words or marks with one of which any match of a pattern begins; none if that is open.

    >>> sorted(first_words("(?:[Tt]ại|xã \\w+) (?:đó|này)"))
    ['Tại', 'tại', 'xã']
    """
    parsed = parser.parse(pattern)
    begins = None if parsed.state.flags & re.IGNORECASE else _first_of(parsed)
    return frozenset(_FIRST.match(phrase)[0] for phrase in begins or ())  # type: ignore[index]


def _first_of(items: Iterable[Any]) -> _Phrases | None:
    """What a sequence spells out at its beginning; None where it can begin otherwise."""
    run = _EMPTY
    for op, value in items:
        spelled = _spelled(op, value)
        longer = None if spelled is None else _joined(run, spelled)
        if longer is None:
            if run & _BLANK and op is ops.BRANCH:
                choices = [_first_of(branch) for branch in value[1]]
                known = [choice for choice in choices if choice is not None]
                run = frozenset().union(*known) if len(known) == len(choices) else _EMPTY
            break
        run = longer
    return None if any(phrase[:1] in _BLANK for phrase in run) else run


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
    return _OneOf(short, tuple((frozenset(p.split()), p) for p in sorted(trimmed - short)))


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
