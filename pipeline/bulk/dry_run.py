"""What a load would do, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pipeline.bulk.engine import Counts, LoadOptions
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.places import is_url, url_sha256
from pipeline.bulk.scan import NO_DOCUMENT, Refused, scan
from pipeline.store.files import file_sha256


def plan(paths: Sequence[Path | str], options: LoadOptions) -> Counts:
    """Count what a load of `paths` would do; reads every file that the ledger does not know."""
    statuses = _statuses(options.out)
    counts = Counts()
    documents: set[str] = set()
    for found in scan(paths, since=options.since, skip=options.out):
        counts.files += 1
        if isinstance(found, Refused):
            counts.ignored += found.reason == NO_DOCUMENT
            counts.failed += found.reason != NO_DOCUMENT
            continue
        try:
            sha256 = (url_sha256 if is_url(found.path) else file_sha256)(found.path)
        except OSError:
            counts.failed += 1
            continue
        counts.duplicate_paths += sha256 in documents
        documents.add(sha256)
    found_as = [statuses.get(sha256, "new") for sha256 in documents]
    counts.skipped = found_as.count("done") if not options.force else 0
    counts.earlier_quarantine = found_as.count("quarantine") if not options.force else 0
    counts.total = len(documents) - counts.skipped - counts.earlier_quarantine
    if options.limit is not None:
        counts.total = min(counts.total, options.limit)
    return counts


def _statuses(out: Path) -> dict[str, str]:
    if not (out / "ledger.sqlite").exists():
        return {}
    with closing(Ledger(out, write=False)) as ledger:
        return dict(ledger.query("SELECT sha256, status FROM documents JOIN work ON document = id"))
