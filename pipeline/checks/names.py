"""Names written in several ways, and places that only a caption tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from pipeline.checks.catalogue import Reading, flag, matches_at
from pipeline.record import Issue
from pipeline.text.characters import occurrences
from pipeline.text.fold import fold

_HEADS = frozenset(("Sở", "Bộ", "Ban", "Cục", "Chi", "Phòng"))
_JOINED = re.compile(
    r"(?<!\w)(?:Sở|Bộ|Ban|Cục|Chi cục|Phòng)\s+[A-ZĐ][^\W\d_]*(?:\s(?!và\s)[^\W\d_]+){0,2}?"
    r"(?:\s?[-–]\s?|\s+và\s+|\s+)(?!Sở|Bộ|Cục|Ban|Phòng|Chi|Ủy|UBND)[A-ZĐ][^\W\d_]*(?:\s[a-zà-ỹđ]+)?"
)
_BEFORE_DASH = re.compile(
    r"(?:Sở|Bộ|Ban|Cục|Chi cục|Phòng)\s+[A-ZĐ][^\W\d_]*(?:\s[^\W\d_]+){0,2}\s?$"
)
_FAR = 100
"""How far a dash stands behind the beginning of a name, in characters."""
_PROVINCE_WORDS = frozenset(("tỉnh", "thành", "TP"))
_PROVINCE = re.compile(r"(?<!\w)(?:tỉnh|thành phố|TP\.?)\s+(?P<name>[A-ZĐ]\w+(?:\s[A-ZĐ]\w+)?)")


def name_checks(reading: Reading) -> Iterator[Issue]:
    """Every check of names."""
    yield from agency_variants(reading)
    yield from places_in_captions(reading)


def agency_variants(reading: Reading) -> Iterator[Issue]:
    """ "Sở Tài nguyên-Môi trường", "Sở Tài nguyên Môi trường": one body, several spellings.

    Only names with a hyphen or a dash are looked at, against the same syllables joined otherwise.
    """
    if not _may_hold_dash(reading):
        return
    joined = list(matches_at(_JOINED, reading.flat, reading.vocabulary.places(_HEADS)))
    if not any("-" in match[0] or "–" in match[0] for match in joined):
        return
    forms: dict[str, dict[str, tuple[int, int]]] = {}
    for match in joined:
        words = " ".join(match.group().split())
        forms.setdefault(_key(words), {}).setdefault(words, match.span())
    for found in forms.values():
        if len(found) > 1 and any(re.search(r"[-–]", words) for words in found):
            start, end = max(found.values())
            listed = ", ".join(f"“{words}”" for words in sorted(found))
            yield flag("agency-variant", start, end, forms=listed)


def _may_hold_dash(reading: Reading) -> bool:
    """Whether a dash stands behind what a name may begin with."""
    flat = reading.flat
    dashes = chain(occurrences(flat, "-"), occurrences(flat, "–"))
    return any(_BEFORE_DASH.search(flat, max(0, at - _FAR), at) for at in dashes)


def _key(words: str) -> str:
    """The first four syllables of a name without joints."""
    plain = re.sub(r"\bva\b|[-–]", " ", fold(words))
    return " ".join(plain.split()[:4])


def places_in_captions(reading: Reading) -> Iterator[Issue]:
    """A province that a news item names in captions alone."""
    captions = reading.blocks("caption") if reading.is_news else ()
    if not captions:
        return
    spans: dict[str, list[re.Match[str]]] = {}
    for match in matches_at(_PROVINCE, reading.flat, reading.vocabulary.places(_PROVINCE_WORDS)):
        spans.setdefault(match["name"], []).append(match)
    for name, found in spans.items():
        told = [
            m for m in re.finditer(re.escape(name), reading.flat) if not reading.is_noise(m.start())
        ]
        if all(any(a <= m.start() < b for a, b in captions) for m in told):
            yield flag(
                "place-only-in-caption", found[0].start(), found[0].end(), words=found[0].group()
            )
