"""The surnames of Vietnamese people."""

from __future__ import annotations

from functools import cache

from pipeline.resources import lexicon


@cache
def surnames() -> frozenset[str]:
    """All that are known, in small letters."""
    return frozenset(lexicon("header_patterns")["surnames"])
