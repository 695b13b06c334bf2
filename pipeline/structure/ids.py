"""Stable ids: from the document and the folded quote, never from offsets or labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pipeline.text.fold import fold


def statement_id(document_id: str, quote: str, occurrence: int = 0) -> str:
    """Sixteen hex digits for the `occurrence`-th unit that reads `quote` when folded."""
    return folded_id(document_id, fold(quote), occurrence)


def folded_id(document_id: str, folded: str, occurrence: int = 0) -> str:
    """`statement_id` of a quote that is folded already."""
    return _id(document_id, _key(folded), occurrence)


def statement_ids(document_id: str, quotes: Iterable[str]) -> list[str]:
    """Ids of the quotes of one document in reading order; equal quotes are numbered."""
    listed = list(quotes)
    folded = fold("".join(listed))  # one character in, one out: folded once, cut again
    seen: dict[str, int] = {}
    ids = []
    start = 0
    for quote in listed:
        end = start + len(quote)
        key = _key(folded[start:end])
        occurrence = seen[key] = seen.get(key, -1) + 1
        ids.append(_id(document_id, key, occurrence))
        start = end
    return ids


def _key(folded: str) -> str:
    if folded.isprintable() and "  " not in folded:  # no blanks but single spaces
        return folded.strip()
    return " ".join(folded.split())


def _id(document_id: str, key: str, occurrence: int) -> str:
    return hashlib.sha256(f"{document_id}\n{key}\n{occurrence}".encode()).hexdigest()[:16]
