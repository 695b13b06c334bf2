"""Checks that are one pattern each (models/lexicons/check_patterns.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from pipeline.checks.catalogue import Reading, catalogue, flag, matches_at, short
from pipeline.record import Issue
from pipeline.resources import lexicon
from pipeline.text.needs import Needs, Sieve, first_words

_ASIDE = re.compile(r"\(([^()]{1,240})\)")
_TABLES = ("confused", "pairs", "doubled")
"""Entries of the file that are tables of other checks."""
_BEFORE = 200
"""How far before a pattern the words begin that belong before it, in characters."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    id: str
    needs: Needs
    pattern: str
    before: str | None
    near: int | None
    anywhere: bool
    families: frozenset[str]
    not_families: frozenset[str]

    def issues(self, reading: Reading) -> Iterator[Issue]:
        """What the pattern finds in a document of a family that it is for."""
        family = reading.record.family
        if (not self.families or family in self.families) and family not in self.not_families:
            for start, end in islice(_spans(self, reading), catalogue()[self.id].limit):
                yield flag(self.id, start, end, words=short(reading.text[start:end]))


class _Confused(NamedTuple):
    needs: Needs
    pattern: str
    right: str

    def issues(self, reading: Reading) -> Iterator[Issue]:
        """The words wherever they stand."""
        for match in _matches(self.pattern, reading, len(reading.text)):
            words = short(match.group())
            yield flag("confused-word", match.start(), match.end(), words=words, right=self.right)


def pattern_checks(reading: Reading) -> Iterator[Issue]:
    """The issues of every pattern that fits the family of the document, and of confused words."""
    rows, sieve = _rows()
    for place in sieve.left(reading.vocabulary):
        yield from rows[place].issues(reading)


def _spans(row: _Pattern, reading: Reading) -> Iterator[tuple[int, int]]:
    text = reading.text
    for match in _matches(row.pattern, reading, len(text) if row.near is None else row.near):
        start = match.start()
        if row.before:
            lead = _compiled(row.before).search(text, max(0, start - _BEFORE), start)
            if lead is None:
                continue
            start = lead.start()
        if row.anywhere or not reading.is_noise(start):
            yield start, match.end()


def _matches(pattern: str, reading: Reading, end: int) -> Iterator[re.Match[str]]:
    """The same as `finditer`, sooner where it is known what a match begins with."""
    compiled = _compiled(pattern)
    if pattern.startswith("^"):
        return matches_at(compiled, reading.text, reading.line_starts, end)
    first = first_words(pattern)
    if first:
        return matches_at(compiled, reading.text, reading.vocabulary.places(first), end)
    return compiled.finditer(reading.text, 0, end)


def mixed_variants(reading: Reading) -> Iterator[Issue]:
    """A short and a long form of one name side by side, the short one not defined."""
    for brief, full in lexicon("check_patterns")["pairs"]:
        if brief not in reading.flat or full not in reading.flat:
            continue
        if any(brief in aside for aside in _ASIDE.findall(reading.flat)):
            continue
        short_form = re.search(rf"(?<![\w(]){brief}(?![\w)])", reading.flat)
        long_form = re.search(rf"(?<!\w){full}(?!\w)", reading.flat)
        if short_form and long_form:
            later = max(short_form, long_form, key=lambda match: match.start())
            yield flag("variant-mixed", later.start(), later.end(), short=brief, long=full)


@cache
def _rows() -> tuple[tuple[_Pattern | _Confused, ...], Sieve]:
    """All patterns, and what tells which of them may match."""
    rows: tuple[_Pattern | _Confused, ...] = (*_patterns(), *_confused())
    return rows, Sieve([row.needs for row in rows])


def _patterns() -> tuple[_Pattern, ...]:
    rows: dict[str, Any] = lexicon("check_patterns")
    return tuple(
        _Pattern(
            id=name,
            needs=Needs(row.get("before", "") + row["pattern"]),
            pattern=row["pattern"],
            before=rf"(?:{row['before']})\Z" if "before" in row else None,
            near=row.get("near"),
            anywhere=row.get("where") == "any",
            families=frozenset(row.get("family", ())),
            not_families=frozenset(row.get("not_family", ())),
        )
        for name, row in rows.items()
        if name not in _TABLES
    )


def _confused() -> tuple[_Confused, ...]:
    """Words that are spelled right but stand for others ("tra kết quả" for "trả kết quả")."""
    rows: dict[str, str] = lexicon("check_patterns")["confused"]
    return tuple(
        _Confused(Needs(words), rf"(?<!\w)(?:{words})(?!\w)", right)
        for words, right in rows.items()
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the file, compiled when a text is met that holds what it needs.

    A blank matches any run of blanks; one followed by a quantifier keeps its own meaning.
    """
    spaced = re.sub(r"(?<![\[\\]) (?![+*?{\]])(?![^\[\]]*\])", r"[ \\u00a0\\n]+", pattern)
    return re.compile(spaced, re.MULTILINE)
