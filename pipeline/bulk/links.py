"""Links between documents that are the same notice; shown, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.likeness import likeness
from pipeline.errors import StoreError
from pipeline.store.files import read_record

LEAST_LIKENESS = 0.7
"""Share of common shingles from which two texts are taken for the same notice.

A scan with one wrong character in a hundred keeps some 0.74 of them (bench/bulk/likeness.py).
"""
CANDIDATES = 50

_SAME_KEY = """
SELECT d.sha256 FROM notices mine JOIN notices other ON other.key = mine.key
JOIN documents d ON d.id = other.document
WHERE mine.document = ? AND other.document != mine.document LIMIT ?
"""
_SAME_BAND = """
SELECT DISTINCT d.sha256 FROM bands mine JOIN bands other ON other.band = mine.band
JOIN documents d ON d.id = other.document
LEFT JOIN notices key ON key.document = mine.document
LEFT JOIN notices theirs ON theirs.document = other.document
WHERE mine.document = ? AND other.document != mine.document
  AND (key.key IS NULL OR theirs.key IS NULL) LIMIT ?
"""


def link(ledger: Ledger, out: Path, sha256_ids: Sequence[str]) -> int:
    """Link these documents with all that are the same notice; how many pairs were found.

    Two documents whose number, symbol, issuer and date are all known and differ are not compared:
    they are different notices, however alike their texts are.
    """
    pairs: dict[tuple[str, str], tuple[str, float]] = {}
    for sha256 in sha256_ids:
        document = ledger.query("SELECT id FROM documents WHERE sha256 = ?", sha256)[0][0]
        ledger.unlink(document)
        for (other,) in ledger.query(_SAME_KEY, document, CANDIDATES):
            pairs[_pair(sha256, other)] = ("same-notice", 1.0)
        for (other,) in ledger.query(_SAME_BAND, document, CANDIDATES):
            pair = _pair(sha256, other)
            if pair not in pairs and (score := _likeness(out, *pair)) >= LEAST_LIKENESS:
                pairs[pair] = ("near-text", round(score, 3))
    ledger.add_links((a, b, kind, score) for (a, b), (kind, score) in pairs.items())
    return len(pairs)


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _likeness(out: Path, a: str, b: str) -> float:
    try:
        return likeness(read_record(out, a).text, read_record(out, b).text)
    except StoreError:
        return 0.0
