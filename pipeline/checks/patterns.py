"""Checks that are one pattern each (models/lexicons/check_patterns.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from pipeline.checks.catalogue import Reading, catalogue, flag, short
from pipeline.record import Issue
from pipeline.resources import lexicon
from pipeline.text.screen import Screened

_ASIDE = re.compile(r"\(([^()]{1,240})\)")
_TABLES = ("confused", "pairs", "doubled")
"""Entries of the file that are tables of other checks."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    id: str
    pattern: Screened
    near: int | None
    anywhere: bool
    families: frozenset[str]
    not_families: frozenset[str]


def pattern_checks(reading: Reading) -> Iterator[Issue]:
    """The issues of every pattern that fits the family of the document."""
    family = reading.record.family
    for row in _patterns():
        if (row.families and family not in row.families) or family in row.not_families:
            continue
        found = row.pattern.finditer(reading.text, 0, row.near)
        told = (match for match in found if row.anywhere or not reading.is_noise(match.start()))
        for match in islice(told, catalogue()[row.id].limit):
            yield flag(row.id, match.start(), match.end(), words=short(match.group()))


def confused_words(reading: Reading) -> Iterator[Issue]:
    """Words that are spelled right but stand for others ("tra kết quả" for "trả kết quả")."""
    union, patterns = _confused()
    for match in union.finditer(reading.text):
        right = next(right for pattern, right in patterns if pattern.fullmatch(match.group()))
        yield flag(
            "confused-word", match.start(), match.end(), words=short(match.group()), right=right
        )


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
def _patterns() -> tuple[_Pattern, ...]:
    rows: dict[str, Any] = lexicon("check_patterns")
    return tuple(
        _Pattern(
            id=name,
            pattern=Screened(_compiled(row["pattern"])),
            near=row.get("near"),
            anywhere=row.get("where") == "any",
            families=frozenset(row.get("family", ())),
            not_families=frozenset(row.get("not_family", ())),
        )
        for name, row in rows.items()
        if name not in _TABLES
    )


@cache
def _confused() -> tuple[Screened, tuple[tuple[re.Pattern[str], str], ...]]:
    rows: dict[str, str] = lexicon("check_patterns")["confused"]
    union = Screened(_compiled(rf"(?<!\w)(?:{'|'.join(rows)})(?!\w)"))
    return union, tuple((_compiled(words), right) for words, right in rows.items())


def _compiled(pattern: str) -> re.Pattern[str]:
    """A blank matches any run of blanks; one followed by a quantifier keeps its own meaning."""
    spaced = re.sub(r"(?<![\[\\]) (?![+*?{\]])(?![^\[\]]*\])", r"[ \\u00a0\\n]+", pattern)
    return re.compile(spaced, re.MULTILINE)
