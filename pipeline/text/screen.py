"""Patterns that are tried only where one of the words they cannot do without is there.

Tables of patterns over every sentence are what understanding costs; most cannot match, and a plain
`word in text` says so much sooner than the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST = 80
"""Longer lists of words are not worth trying one by one."""


class Screened:
    """A compiled pattern and the words of which any match holds at least one; () if not known."""

    __slots__ = ("needed", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.needed = needed_words(pattern)

    def may_match(self, text: str) -> bool:
        """Whether `text` holds a word that a match cannot do without."""
        return not self.needed or any(word in text for word in self.needed)

    def search(self, text: str) -> re.Match[str] | None:
        """The same as `pattern.search(text)`, sooner."""
        return self.pattern.search(text) if self.may_match(text) else None


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
