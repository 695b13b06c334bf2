"""What a load would do, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from pipeline.bulk.engine import ENTER_FILES, Counts, LoadOptions
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.places import is_url, url_sha256
from pipeline.bulk.scan import NO_DOCUMENT, Refused, Seen, scan
from pipeline.store.files import file_sha256


def plan(paths: Sequence[Path | str], options: LoadOptions) -> Counts:
    """Count what a load of `paths` would do; reads every file that the ledger does not know."""
    counts = Counts()
    statuses: dict[str, str] = {}
    if (options.out / "ledger.sqlite").exists():
        with closing(Ledger(options.out, write=False)) as ledger:
            statuses = dict(
                ledger.query("SELECT sha256, status FROM documents JOIN work ON document = id")
            )
            documents = _documents(paths, options, counts, ledger)
    else:
        documents = _documents(paths, options, counts, None)
    found_as = [statuses.get(sha256, "new") for sha256 in documents]
    if not options.force:
        counts.skipped = found_as.count("done") + found_as.count("unpacked")
        counts.earlier_quarantine = found_as.count("quarantine")
    counts.total = len(documents) - counts.skipped - counts.earlier_quarantine
    if options.limit is not None:
        counts.total = min(counts.total, options.limit)
    return counts


def _documents(
    paths: Sequence[Path | str], options: LoadOptions, counts: Counts, ledger: Ledger | None
) -> set[str]:
    """The SHA-256 of all documents below `paths`; counts the files on the way."""
    documents: set[str] = set()
    found = scan(paths, since=options.since, skip=options.out)
    while batch := list(islice(found, ENTER_FILES)):
        counts.files += len(batch)
        refused = [item for item in batch if isinstance(item, Refused)]
        counts.ignored += sum(item.reason == NO_DOCUMENT for item in refused)
        counts.failed += sum(item.reason != NO_DOCUMENT for item in refused)
        seen = [item for item in batch if isinstance(item, Seen)]
        known = ledger.known_sha256(seen) if ledger is not None and not options.force else {}
        for item in seen:
            sha256 = known.get(item.path) or _sha256(item)
            counts.failed += sha256 is None
            counts.duplicate_paths += sha256 in documents
            documents |= {sha256} if sha256 else set()
    return documents


def _sha256(seen: Seen) -> str | None:
    try:
        return (url_sha256 if is_url(seen.path) else file_sha256)(seen.path)
    except OSError:
        return None
