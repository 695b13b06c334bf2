"""Links between documents that are the same notice; shown, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.likeness import likeness
from pipeline.errors import StoreError
from pipeline.store.files import read_record

LEAST_LIKENESS = 0.7
"""Share of common shingles from which two texts are taken for the same notice.

With one wrong letter in a hundred, as in a scan, a text keeps 0.74 to 0.95 of them.
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
        _unlink(ledger, document)
        for (other,) in ledger.query(_SAME_KEY, document, CANDIDATES):
            pairs[_pair(sha256, other)] = ("same-notice", 1.0)
        for (other,) in ledger.query(_SAME_BAND, document, CANDIDATES):
            pair = _pair(sha256, other)
            if pair not in pairs and (score := _likeness(out, *pair)) >= LEAST_LIKENESS:
                pairs[pair] = ("near-text", round(score, 3))
    _add(ledger, ((a, b, kind, score) for (a, b), (kind, score) in pairs.items()))
    return len(pairs)


def links(ledger: Ledger, sha256: str | None = None) -> list[tuple[str, str, str, float]]:
    """(a, b, kind, score) of the linked pairs, all or those of one document."""
    where = "WHERE a.sha256 = ?1 OR b.sha256 = ?1" if sha256 else ""
    pairs: list[tuple[str, str, str, float]] = ledger.query(
        "SELECT a.sha256, b.sha256, kind, score FROM links l "
        f"JOIN documents a ON a.id = l.a JOIN documents b ON b.id = l.b {where} "
        "ORDER BY a.sha256, b.sha256",
        *([sha256] if sha256 else []),
    )
    return pairs


def links_of_run(ledger: Ledger, run: str, limit: int) -> list[tuple[str, str, str]]:
    """(path, other path, kind) of the linked pairs that a document of this run is part of."""
    pairs = ledger.query(
        "SELECT DISTINCT a.sha256, b.sha256, kind FROM links l JOIN work w "
        "ON w.document IN (l.a, l.b) JOIN documents a ON a.id = l.a "
        "JOIN documents b ON b.id = l.b WHERE w.run = ? ORDER BY 1, 2 LIMIT ?",
        *(run, limit),
    )
    return [(ledger.path_of(a), ledger.path_of(b), kind) for a, b, kind in pairs]


def same_bytes(ledger: Ledger) -> list[tuple[str, str, str]]:
    """(sha256, first path, other path) of the files that hold the same bytes."""
    files: list[tuple[str, str, str]] = ledger.query(
        "SELECT DISTINCT d.sha256, f.path, p.path FROM paths p "
        "JOIN (SELECT document, min(path) AS path FROM paths GROUP BY document) f "
        "ON f.document = p.document AND f.path < p.path "
        "JOIN documents d ON d.id = p.document ORDER BY f.path, p.path"
    )
    return files


def _unlink(ledger: Ledger, document: int) -> None:
    """Forget the links of a document, before they are found anew."""
    with ledger.transaction() as db:
        db.execute("DELETE FROM links WHERE a = ?1 OR b = ?1", (document,))


def _add(ledger: Ledger, pairs: Iterable[tuple[str, str, str, float]]) -> None:
    with ledger.transaction() as db:
        db.executemany(
            "INSERT OR REPLACE INTO links SELECT a.id, b.id, ?3, ?4 "
            "FROM documents a, documents b WHERE a.sha256 = ?1 AND b.sha256 = ?2",
            pairs,
        )


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _likeness(out: Path, a: str, b: str) -> float:
    try:
        return likeness(read_record(out, a).text, read_record(out, b).text)
    except StoreError:
        return 0.0
