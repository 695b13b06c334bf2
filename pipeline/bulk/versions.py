"""New versions of documents that people have corrected: their corrections go along."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.bulk.ledger import Ledger
from pipeline.review.carry import carry
from pipeline.review.log import log_path, reviewed_ids
from pipeline.review.reviewed import Reviewed
from pipeline.store import index
from pipeline.store.reviews import corrected, reviewed_record

_EARLIER = """
SELECT DISTINCT old.sha256, new.sha256 FROM documents new
JOIN links l ON new.id IN (l.a, l.b)
JOIN documents old ON old.id IN (l.a, l.b) AND old.id < new.id
WHERE new.sha256 IN (SELECT value FROM json_each(?)) AND (
  l.kind = 'same-notice' OR EXISTS (
    SELECT 1 FROM paths p JOIN paths q ON q.path = p.path
    WHERE p.document = new.id AND q.document = old.id AND q.version < p.version))
ORDER BY old.id, new.id
"""
"""The same number, symbol, issuer and date; or a file that was changed and still reads alike."""
_OF_RUN = """
SELECT d.sha256 FROM work w JOIN documents d ON d.id = w.document
WHERE w.run = ? AND d.sha256 IN (SELECT value FROM json_each(?)) ORDER BY d.sha256
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """Corrections that went from one version to another in a run; `lost` are those without a place
    there, in words."""

    old: str
    new: str
    count: int
    lost: tuple[str, ...] = ()


def carry_to_versions(ledger: Ledger, out: Path, sha256_ids: Sequence[str]) -> None:
    """Take the corrections of earlier versions of these documents over, and index what changed.

    Nothing goes from a document with a secrecy mark to a version without one: the words that
    corrections quote would be seen there.

    Raises:
        StoreError: a log or the index cannot be written.
    """
    if not (out / "reviews").is_dir():
        return
    changed = set()
    for old, new in ledger.query(_EARLIER, json.dumps(sha256_ids)):
        is_reviewed = log_path(out, old).exists()
        if is_reviewed and not _would_leak(out, old, new) and carry(out, old, new, tool="load"):
            changed.add(new)
    if changed:
        index.update(out, sorted(changed))


def _would_leak(out: Path, old: str, new: str) -> bool:
    before, after = corrected(out, old).header.secrecy, corrected(out, new).header.secrecy
    return before is not None and after is None


def carried_in(ledger: Ledger, out: Path, run: str, started: float) -> tuple[Carried, ...]:
    """What was taken over to documents of a run since it started (POSIX time), for its report."""
    since = datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds")
    known = ledger.query(_OF_RUN, run, json.dumps(list(reviewed_ids(out))))
    return tuple(found for (new,) in known for found in _carried(ledger, out, new, since))


def _carried(ledger: Ledger, out: Path, new: str, since: str) -> Iterator[Carried]:
    reviewed = reviewed_record(out, new)
    held = [e for e in reviewed.standing if e.carried_from and e.at >= since and e.tool == "load"]
    for old, count in sorted(Counter(str(entry.carried_from) for entry in held).items()):
        lost = tuple(_lost(reviewed, old))
        yield Carried(ledger.path_of(old), ledger.path_of(new), count, lost)


def _lost(reviewed: Reviewed, old: str) -> Iterator[str]:
    for entry in (orphan.entry for orphan in reviewed.orphans):
        if entry.carried_from == old:
            said = "; ".join(value.value for value in entry.new)
            quote = entry.target.anchor.quote if entry.target.anchor else entry.target.id or ""
            yield " ".join(f"{said or entry.action} ({quote})".split())[:200]
