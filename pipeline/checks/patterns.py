"""Checks that are one pattern each (models/lexicons/check_patterns.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from pipeline.checks.catalogue import Reading, catalogue, flag, short
from pipeline.record import Issue
from pipeline.resources import lexicon
from pipeline.text.needs import Held, Needs, sought

_ASIDE = re.compile(r"\(([^()]{1,240})\)")
_TABLES = ("confused", "pairs", "doubled")
"""Entries of the file that are tables of other checks."""
_BEFORE = 200
"""How far before a pattern the words begin that belong before it, in characters."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    id: str
    needs: Needs
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    near: int | None
    anywhere: bool
    families: frozenset[str]
    not_families: frozenset[str]


class _Confused(NamedTuple):
    needs: Needs
    pattern: re.Pattern[str]
    right: str


def pattern_checks(reading: Reading) -> Iterator[Issue]:
    """The issues of every pattern that fits the family of the document, and of confused words."""
    family, vocabulary = reading.record.family, reading.vocabulary
    held = _sought().among(vocabulary)
    for row in _patterns():
        if (row.families and family not in row.families) or family in row.not_families:
            continue
        if row.needs.may_match(held, vocabulary):
            for start, end in islice(_spans(row, reading), catalogue()[row.id].limit):
                yield flag(row.id, start, end, words=short(reading.text[start:end]))
    for needs, pattern, right in _confused():
        if needs.may_match(held, vocabulary):
            for match in pattern.finditer(reading.text):
                words = short(match.group())
                yield flag("confused-word", match.start(), match.end(), words=words, right=right)


def _spans(row: _Pattern, reading: Reading) -> Iterator[tuple[int, int]]:
    text = reading.text
    for match in row.pattern.finditer(text, 0, len(text) if row.near is None else row.near):
        start = match.start()
        if row.before:
            lead = row.before.search(text, max(0, start - _BEFORE), start)
            if lead is None:
                continue
            start = lead.start()
        if row.anywhere or not reading.is_noise(start):
            yield start, match.end()


def mixed_variants(reading: Reading) -> Iterator[Issue]:
    """A short and a long form of one name side by side, the short one not defined."""
    asides = " ".join(_ASIDE.findall(reading.flat))
    for brief, full in lexicon("check_patterns")["pairs"]:
        if brief not in reading.flat or full not in reading.flat or brief in asides:
            continue
        short_form = re.search(rf"(?<![\w(]){brief}(?![\w)])", reading.flat)
        long_form = re.search(rf"(?<!\w){full}(?!\w)", reading.flat)
        if short_form and long_form:
            later = max(short_form, long_form, key=lambda match: match.start())
            yield flag("variant-mixed", later.start(), later.end(), short=brief, long=full)


@cache
def _sought() -> Held:
    """What any of the patterns needs."""
    return sought([*(row.needs for row in _patterns()), *(row.needs for row in _confused())])


@cache
def _patterns() -> tuple[_Pattern, ...]:
    rows: dict[str, Any] = lexicon("check_patterns")
    return tuple(
        _Pattern(
            id=name,
            needs=Needs(row.get("before", "") + row["pattern"]),
            pattern=_compiled(row["pattern"]),
            before=_compiled(rf"(?:{row['before']})\Z") if "before" in row else None,
            near=row.get("near"),
            anywhere=row.get("where") == "any",
            families=frozenset(row.get("family", ())),
            not_families=frozenset(row.get("not_family", ())),
        )
        for name, row in rows.items()
        if name not in _TABLES
    )


@cache
def _confused() -> tuple[_Confused, ...]:
    """Words that are spelled right but stand for others ("tra kết quả" for "trả kết quả")."""
    rows: dict[str, str] = lexicon("check_patterns")["confused"]
    return tuple(
        _Confused(Needs(words), _compiled(rf"(?<!\w)(?:{words})(?!\w)"), right)
        for words, right in rows.items()
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    """A blank matches any run of blanks; one followed by a quantifier keeps its own meaning."""
    spaced = re.sub(r"(?<![\[\\]) (?![+*?{\]])(?![^\[\]]*\])", r"[ \\u00a0\\n]+", pattern)
    return re.compile(spaced, re.MULTILINE)
