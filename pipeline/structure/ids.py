"""Stable ids: from the document and the folded quote, never from offsets or labels."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from pipeline.text.fold import fold

_SPACES = re.compile(r"\s+")


def statement_id(document_id: str, quote: str, occurrence: int = 0) -> str:
    """Sixteen hex digits for the `occurrence`-th unit that reads `quote` when folded."""
    folded = _SPACES.sub(" ", fold(quote)).strip()
    key = f"{document_id}\n{folded}\n{occurrence}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def statement_ids(document_id: str, quotes: Iterable[str]) -> list[str]:
    """Ids of the quotes of one document in reading order; equal quotes are numbered."""
    seen: Counter[str] = Counter()
    ids = []
    for quote in quotes:
        folded = _SPACES.sub(" ", fold(quote)).strip()
        ids.append(statement_id(document_id, quote, seen[folded]))
        seen[folded] += 1
    return ids
