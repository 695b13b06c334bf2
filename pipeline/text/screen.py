"""Cues: patterns that are tried only where a word stands that they cannot do without.

Tables of patterns over every sentence are what understanding costs; most cannot match, and a plain
`word in text` says so much sooner than the pattern itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import Codes, Table
from pipeline.text.finder import Finder

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

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The same as `pattern.search`, sooner where nothing is to be found."""
        if self.needed:
            part = text[start:end]  # `in` is told twice as soon as `find` between two places
            for word in self.needed:
                if word in part:
                    break
            else:
                return None
        return self.pattern.search(text, start, end)


class _Told(NamedTuple):
    """What a word in the text says of a cue: that it is there, or that a pattern is to be tried.

    `left` and `right` are the signs of what has to stand on that side of it, "" for anything.
    """

    word: str
    cue: int
    tried: int = -1
    left: str = ""
    right: str = ""


class Cues:
    """A table of patterns of which only is asked whether they are there, for many texts at once.

    One pass finds all words of the table. Alternatives that are mere words are then settled; others
    are tried where a word stands that a match cannot do without.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self.names = tuple(patterns)
        self._tried: list[tuple[int, Callable[[str], object]]] = []
        self._unscreened: list[int] = []
        told: set[_Told] = set()
        for cue, pattern in enumerate(patterns.values()):
            for part in _spelled_out(pattern):
                told.update(self._told(cue, part))
        ordered = sorted(told)
        self._finder = Finder([entry.word for entry in ordered])
        self._column = np.array([self._column_of(entry) for entry in ordered], dtype=np.intp)
        self._size = np.array([len(entry.word) for entry in ordered], dtype=np.intp)
        sides = [[_FITS[entry.left], _FITS[entry.right]] for entry in ordered]
        left, right = np.array(sides, dtype=bool).reshape(-1, 2, _KINDS).swapaxes(0, 1)
        self._fits = (left[:, :, np.newaxis] & right[:, np.newaxis]).ravel()

    def _column_of(self, entry: _Told) -> int:
        """Where a word is noted: patterns that are to be tried stand behind the cues."""
        return entry.cue if entry.tried < 0 else len(self.names) + entry.tried

    def _told(self, cue: int, part: str) -> Iterator[_Told]:
        """The words of one alternative of a cue."""
        mere = _MERE_WORDS.fullmatch(part)
        if mere:
            left, word, right = mere.groups("")
            yield _Told(word, cue, left=left[:2], right=right[:2])
            return
        pattern = re.compile(part)
        number = len(self._tried)
        choices = alternatives(part)
        is_start = all(choice.startswith("^") for choice in choices)
        # a search for the start goes on to the end of the text
        self._tried.append((cue, pattern.match if is_start else pattern.search))
        openings = [*filter(None, map(_OPENING.match, choices))]
        if len(openings) == len(choices):
            yield from (_Told(opening[1], cue, number, left="^") for opening in openings)
            return
        needed = needed_words(pattern)
        if not needed:
            self._unscreened.append(number)
        yield from (_Told(word, cue, number) for word in needed)

    def find(self, texts: Sequence[str], codes: Codes) -> NDArray[np.bool_]:
        """Which cues are in which texts, shape (texts, cues); `codes` are those of all of them, a
        line each."""
        places, words = self._finder.find(codes)
        behind = places + self._size[words]
        # the end of the last text also stands before the first character
        left, right = _kind(np.concatenate((codes[places - 1], codes[behind]))).reshape(2, -1)
        there = self._fits[(words * _KINDS + left) * _KINDS + right].nonzero()[0]
        rows = (codes == _LINE).nonzero()[0].searchsorted(places[there])
        cues, tried = len(self.names), len(self._tried)
        told = np.zeros((len(texts), cues + tried), dtype=bool)
        told[rows, self._column[words[there]]] = True
        found, maybe = told[:, :cues], told[:, cues:]
        maybe[:, self._unscreened] = True
        for place in maybe.ravel().nonzero()[0].tolist():
            row, number = divmod(place, tried)
            cue, is_there = self._tried[number]
            if not found[row, cue] and is_there(texts[row]):
                found[row, cue] = True
        return found


_LINE = ord("\n")
_FITS = {"": (1, 1, 1, 1), r"\b": (1, 0, 0, 1), r"\d": (0, 0, 1, 0), "^": (0, 0, 0, 1)}
"""By the sign of a pattern, whether characters of each kind may stand there: 1 is a letter, 2 a
digit, 3 the end of a text, 0 any other."""
_KINDS = 4


def _kind_of(char: str) -> int:
    """The kind of a character, as patterns see it."""
    if char == "\n":
        return 3
    return 2 if char.isdecimal() else char.isalnum() or char == "_"


_kind = Table(_kind_of)


def longest_of(words: Iterable[str]) -> str:
    """A pattern of the words that takes the longest one, letter by letter like a tree.

    >>> longest_of(["giao", "gia", "ban"])
    '(?:ban|gia(?:o|))'
    """
    by_letter: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        by_letter.setdefault(word[:1], []).append(word[1:])
    ends = by_letter.pop("", None) is not None
    parts = [re.escape(letter) + longest_of(rest) for letter, rest in by_letter.items()]
    if len(parts) == 1 and not ends:
        return parts[0]
    return f"(?:{'|'.join(parts + [''] * ends)})" if parts else ""


_MERE_WORDS = re.compile(r'(\^|\\b(?=\w)|\\d\+?)?([\w ,%/“"‘«-]+)((?<=\w)\\b|\\d\+?)?')
_OPENING = re.compile(r"\^([\w ]+)(?![\w ?*+{])")
"""The letters with which a pattern for the start begins, whatever is behind them."""
_REPEATED = re.compile(r"[*+{]|\?[?+]")
_SAME = (
    (re.compile(r"(?<!\\)(\w)\\b(?= )"), r"\1"),
    (re.compile(r"(?<!\\)([\w ,])\?"), r"(?:\1)?"),
)
"""Signs of patterns that say nothing, and single letters that may be missing, as groups."""
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


def _spelled_out(pattern: str) -> Iterator[str]:
    """The mere words of a pattern, those in its groups too, and patterns of what is left.

    >>> list(_spelled_out(r"giảm (?:còn|từ|\\w)|tốt"))
    ['giảm còn', 'giảm từ', 'giảm \\\\w', 'tốt']
    """
    for part in alternatives(pattern):
        expanded = list(_expanded(part))
        mere = list(filter(_MERE_WORDS.fullmatch, expanded))
        yield from mere
        if not mere:
            yield part
        elif len(mere) < len(expanded):
            yield "|".join(choice for choice in expanded if not _MERE_WORDS.fullmatch(choice))


def _expanded(pattern: str) -> Iterator[str]:
    """A pattern for each choice in its plain groups."""
    for sign, same in _SAME:
        pattern = sign.sub(same, pattern)
    start, end = _plain_group(pattern)
    if not end:
        yield pattern
        return
    optional = pattern[end : end + 1] == "?"
    for choice in alternatives(pattern[start + 3 : end - 1]) + [""] * optional:
        yield from _expanded(pattern[:start] + choice + pattern[end + optional :])


def _plain_group(pattern: str) -> tuple[int, int]:
    """Where the first group of a pattern stands if it is there once or not at all, else (0, 0)."""
    depth = start = 0
    for match in _JOINT.finditer(pattern):
        if match[0] == "(" and not depth:
            start = match.start()
        depth += (match[0] == "(") - (match[0] == ")")
        if match[0] == ")" and not depth:
            is_plain = pattern.startswith("(?:", start) and not _REPEATED.match(
                pattern, match.end()
            )
            return (start, match.end()) if is_plain else (0, 0)
    return 0, 0


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
