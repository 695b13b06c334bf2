"""Cues: patterns that are tried only where a word stands that they cannot do without.

Tables of patterns over every sentence are what understanding costs; most cannot match, and a plain
`word in text` says so much sooner than the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple, cast

MOST = 80
"""Longer lists of words are not worth trying one by one."""


class Screened:
    """A compiled pattern and the words of which any match holds at least one; () if not known."""

    __slots__ = ("needed", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.needed = needed_words(pattern)

    def finditer(
        self, text: str, start: int = 0, end: int | None = None
    ) -> Iterable[re.Match[str]]:
        """The same as `pattern.finditer`, sooner where nothing is to be found in all of `text`."""
        if self.needed and not any(word in text for word in self.needed):
            return ()
        return self.pattern.finditer(text, start, len(text) if end is None else end)

    def search(self, text: str) -> re.Match[str] | None:
        """The same as `pattern.search`, sooner where nothing is to be found."""
        if self.needed and not any(word in text for word in self.needed):
            return None
        return self.pattern.search(text)


class _Told(NamedTuple):
    """What a word in the text says of a cue: that it is there, or only that it may be.

    `left` and `right` ask for the end of a word on that side, `size` characters apart.
    """

    cue: int
    is_sure: bool
    left: bool
    right: bool
    size: int


class Cues:
    """A table of patterns of which only is asked whether they are there, for many texts at once.

    One pass finds all words of the table. Alternatives that are mere words are then settled; the
    rest of a pattern is tried where a word stands that a match cannot do without.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._names = tuple(patterns)
        self._rest: list[re.Pattern[str]] = []
        self._unscreened: set[int] = set()
        told: dict[str, set[_Told]] = {}
        for cue, pattern in enumerate(patterns.values()):
            parts = [part for whole in alternatives(pattern) for part in _spelled_out(whole)]
            words = list(filter(None, map(_MERE_WORDS.fullmatch, parts)))
            rest = re.compile("|".join(p for p in parts if not _MERE_WORDS.fullmatch(p)) or "(?!)")
            needed = needed_words(rest)
            if not needed and rest.pattern != "(?!)":
                self._unscreened.add(cue)
            for match in words:
                left, word, right = match.groups()
                entry = _Told(cue, True, bool(left), bool(right), len(word))
                told.setdefault(word, set()).add(entry)
            for word in needed:
                told.setdefault(word, set()).add(_Told(cue, False, False, False, len(word)))
            self._rest.append(rest)
        self._word = re.compile(f"(?=({longest_of(told) or '(?!)'}))")
        self._told = {
            word: tuple(entry for begin in _beginnings(word) for entry in told.get(begin, ()))
            for word in told
        }
        """By word: what it and the words it begins with tell."""

    def in_each(self, texts: Sequence[str]) -> list[list[str]]:
        """The names of the cues in each of the texts, in the order of the table."""
        sure: list[set[int]] = [set() for _ in texts]
        maybe = [set(self._unscreened) for _ in texts]
        ends = list(accumulate(len(text) + 1 for text in texts))
        joined = "\n".join(texts) + "\n"
        at = 0
        for match in self._word.finditer(joined):
            start = match.start()
            while start >= ends[at]:
                at += 1
            for cue, is_sure, left, right, size in self._told[match[1]]:
                if not is_sure:
                    maybe[at].add(cue)
                elif not (left and start and _is_letter(joined[start - 1])) and not (
                    right and _is_letter(joined[start + size])
                ):
                    sure[at].add(cue)
        return [
            [self._names[cue] for cue in sorted(found | self._tried(text, others - found))]
            for text, found, others in zip(texts, sure, maybe, strict=True)
        ]

    def _tried(self, text: str, cues: set[int]) -> set[int]:
        return {cue for cue in cues if self._rest[cue].search(text)}


def _is_letter(char: str) -> bool:
    """Whether a character is part of a word, as patterns see it."""
    return char.isalnum() or char == "_"


def _beginnings(word: str) -> Iterator[str]:
    return (word[:size] for size in range(1, len(word) + 1))


def longest_of(words: Iterable[str]) -> str:
    """A pattern of the words that takes the longest one, letter by letter like a tree.

    >>> longest_of(["giao", "gia", "ban"])
    '(?:ban|gia(?:o)?)'
    """
    by_letter: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        by_letter.setdefault(word[:1], []).append(word[1:])
    ends = by_letter.pop("", None) is not None
    parts = [re.escape(letter) + longest_of(rest) for letter, rest in by_letter.items()]
    if len(parts) == 1 and not ends:
        return parts[0]
    return f"(?:{'|'.join(parts)}){'?' * ends}" if parts else ""


_MERE_WORDS = re.compile(r"(?:(\\b)(?=\w))?([\w ,%/-]+)(?:(?<=\w)(\\b))?")
_ONE_GROUP = re.compile(r"([^()\[\]|]*)\(\?:([^()\[\]]*)\)(?![?*+{])([^()\[\]|]*)")
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


def _spelled_out(pattern: str) -> list[str]:
    """A pattern with one plain group as mere words, and the pattern of what is left.

    >>> _spelled_out(r"giảm (?:còn|từ|\\d)")
    ['giảm còn', 'giảm từ', 'giảm (?:\\\\d)']
    """
    match = _ONE_GROUP.fullmatch(pattern)
    if match is None:
        return [pattern]
    before, inner, after = match.groups()
    choices = inner.split("|")
    words = [before + choice + after for choice in choices]
    left = [c for c, word in zip(choices, words, strict=True) if not _MERE_WORDS.fullmatch(word)]
    mere = list(filter(_MERE_WORDS.fullmatch, words))
    return [*mere, f"{before}(?:{'|'.join(left)}){after}"] if left else mere


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


def core_of(pattern: str) -> re.Pattern[str]:
    """`pattern` for a text in small letters, without what may be missing at its front.

    Where it finds nothing, the whole pattern finds nothing; as it begins with what it cannot do
    without, it runs to those places and tries no others.

    >>> bool(core_of(r"(?<!\\w)(?:trước )?ngày (?:I|V)").search("các ngày i"))
    True
    """
    tree = parser.parse(in_small_letters(pattern))
    while len(tree) > 1 and _may_be_missing(*tree[0]):
        del tree[0]
    return cast("re.Pattern[str]", compiler.compile(tree))


def in_small_letters(pattern: str) -> str:
    r"""`pattern` for a text in small letters.

    >>> in_small_letters(r"\D(?P<n>I[A-Z]\S)")
    '\\D(?P<n>i[a-z]\\S)'
    """
    return _UPPER.sub(lambda m: m[1] or m[0].lower(), pattern)


_UPPER = re.compile(r"(\\.|\(\?P<\w+>)|[^\W\d_]+")
"""Letters of a pattern that stand for themselves, beside those that do not."""


def _may_be_missing(op: Any, value: Any) -> bool:
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return bool(value[0] == 0)
    return op in (ops.ASSERT, ops.ASSERT_NOT, ops.AT)


def needs_digit(pattern: str) -> bool:
    """Whether every match of `pattern` holds a digit.

    >>> needs_digit(r"quý (?:I|[1-4])"), needs_digit(r"tháng [1-9]|ngày 1")
    (False, True)
    """
    return _holds_digit(parser.parse(pattern))


def _holds_digit(items: Iterable[Any]) -> bool:
    return any(_is_digit(op, value) for op, value in items)


def _is_digit(op: Any, value: Any) -> bool:
    if op is ops.LITERAL:
        return chr(value).isdigit()
    if op is ops.IN:
        return all(map(_is_digit, *zip(*value, strict=True)))
    if op is ops.RANGE:
        return all(chr(letter).isdigit() for letter in value)
    if op is ops.CATEGORY:
        return bool(value is ops.CATEGORY_DIGIT)
    if op is ops.BRANCH:
        return all(map(_holds_digit, value[1]))
    if op is ops.SUBPATTERN:
        return _holds_digit(value[3])
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return value[0] > 0 and _holds_digit(value[2])
    return op is ops.ATOMIC_GROUP and _holds_digit(value)


def _of_branches(branches: Sequence[_Words]) -> _Words:
    return frozenset().union(*branches) if all(branches) else _NONE


def _worth(words: _Words) -> tuple[int, int]:
    return (min(min(map(len, words)), 4), -len(words))
