"""Cues: patterns that are tried only where a word stands that they cannot do without.

Tables of patterns over every sentence are what understanding costs; most cannot match, and a plain
`word in text` says so much sooner than the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

MOST = 80
"""Longer lists of words are not worth trying one by one."""


class Cue:
    """A pattern of which only is asked whether it is there, and where that can be seen at once.

    Alternatives that are mere words are looked for as such. The pattern is tried for the others,
    where one of the words is that a match cannot do without (`needed`; () if none is known).
    """

    __slots__ = ("needed", "pattern", "words")

    def __init__(self, pattern: str) -> None:
        parts = alternatives(pattern)
        rest = [part for part in parts if not _MERE_WORDS.fullmatch(part)]
        self.words = tuple(part for part in parts if _MERE_WORDS.fullmatch(part))
        self.pattern = re.compile("|".join(rest)) if rest else None
        self.needed = needed_words(self.pattern) if self.pattern else ()

    def within(self, text: str) -> Present:
        """The cue for parts of `text`: only the words that stand there are looked for in them."""
        words = tuple(word for word in self.words if word in text)
        needed = tuple(word for word in self.needed if word in text)
        return Present(words, needed, self.pattern if needed or not self.needed else None)


class Present(NamedTuple):
    """What of a cue can stand in the parts of a text; `pattern` is None when it cannot match."""

    words: tuple[str, ...]
    needed: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def is_in(self, part: str) -> bool:
        """Whether the cue stands in a part of the text."""
        for word in self.words:  # a generator for `any` costs more than the search itself
            if word in part:
                return True
        if self.pattern is None:
            return False
        for word in self.needed:
            if word in part:
                return self.pattern.search(part) is not None
        return not self.needed and self.pattern.search(part) is not None


_MERE_WORDS = re.compile(r"[\w ,%/-]+")
_JOINT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[(|)]")


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, those in its groups left together.

    >>> alternatives(r"tốt\\b|(?:rất|khá) cao")
    ['tốt\\\\b', '(?:rất|khá) cao']
    """
    parts, depth, last = [], 0, 0
    for match in _JOINT.finditer(pattern):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[0] == "|" and not depth:
            parts.append(pattern[last : match.start()])
            last = match.end()
    return [*parts, pattern[last:]]


def needed_words(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Words of which every match of `pattern` holds at least one; () when nothing can be said."""
    if pattern.flags & re.IGNORECASE:
        return ()
    found = _of_sequence(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    if not found or len(found) > MOST or "" in found:
        return ()
    return tuple(sorted(w for w in found if not any(o != w and o in w for o in found)))


_Words = frozenset[str]
_NONE: _Words = frozenset()


def _of_sequence(items: Iterable[Any]) -> _Words:
    """The best of what the parts of a sequence need; letters in a row are one word."""
    choices: list[_Words] = []
    run = ""
    for op, value in items:
        if op is ops.LITERAL:
            run += chr(value)
            continue
        choices.append(frozenset([run]) if run else _NONE)
        run = ""
        choices.append(_of_item(op, value))
    choices.append(frozenset([run]) if run else _NONE)
    return max((choice for choice in choices if choice), key=_worth, default=_NONE)


def _of_item(op: Any, value: Any) -> _Words:
    if op is ops.SUBPATTERN:
        return _NONE if value[1] & re.IGNORECASE else _of_sequence(value[3])
    if op is ops.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in value[1]])
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    if op is ops.ATOMIC_GROUP:
        return _of_sequence(value)
    if op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
        return frozenset(chr(letter) for _, letter in value)
    return _NONE


def _of_branches(branches: Sequence[_Words]) -> _Words:
    return frozenset().union(*branches) if all(branches) else _NONE


def _worth(words: _Words) -> tuple[int, int]:
    return (min(min(map(len, words)), 4), -len(words))
