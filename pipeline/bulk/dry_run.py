"""What a load would do, and whether it has anything to do, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.places import is_url, place_sha256
from pipeline.bulk.run import ENTER_FILES, Counts, LoadOptions
from pipeline.bulk.scan import NO_DOCUMENT, Refused, Seen, scan
from pipeline.errors import ToolMissingError
from pipeline.text.paths import real_path

_STATES = (
    "SELECT d.sha256, w.status, coalesce(c.sha256, '') FROM documents d "
    "JOIN work w ON w.document = d.id LEFT JOIN documents c ON c.id = d.parent"
)
_STOPPED = "SELECT 1 FROM work WHERE status = 'quarantine' AND reason = ? LIMIT 1"
_OPEN = "SELECT p.path FROM work w JOIN paths p USING(document) WHERE w.status = 'new'"


@dataclass
class Plan:
    """What a load would do; `refused` are the files that it could not read."""

    counts: Counts = field(default_factory=Counts)
    refused: list[Refused] = field(default_factory=list)


def plan(paths: Sequence[Path | str], options: LoadOptions) -> Plan:
    """What a load of `paths` would do; reads every file that the ledger does not know.

    An archive that was never opened counts as one document.
    """
    found = Plan()
    states: dict[str, tuple[str, str]] = {}
    if (options.out / "ledger.sqlite").exists():
        with closing(Ledger(options.out, write=False)) as ledger:
            states = {sha256: (status, parent) for sha256, status, parent in ledger.query(_STATES)}
            documents = _documents(paths, options, found, ledger)
    else:
        documents = _documents(paths, options, found, None)
    counts = found.counts
    inside = {d for d, (_, parent) in states.items() if parent in documents and d not in documents}
    found_as = [states[d][0] if d in states else "new" for d in documents | inside]
    counts.inside = len(inside)
    counts.failed = len(found.refused)
    if not options.force:
        counts.skipped = found_as.count("done")
        counts.opened_before = found_as.count("unpacked")
        counts.earlier_quarantine = found_as.count("quarantine")
    known = counts.skipped + counts.opened_before + counts.earlier_quarantine
    counts.total = len(found_as) - known
    if options.limit is not None:
        counts.total = min(counts.total, options.limit)
    return found


def has_work(paths: Sequence[Path | str], options: LoadOptions) -> bool:
    """Whether a load of `paths` would do any document; reads none, ends at the first new file."""
    if options.force or not (options.out / "ledger.sqlite").exists():
        return True
    with closing(Ledger(options.out, write=False)) as ledger:
        # perhaps of other paths: looking closer would cost more than it saves
        if ledger.query(_STOPPED, ToolMissingError.reason) or any(
            map(_may_be_there, ledger.column(_OPEN))
        ):
            return True
        return any(len(ledger.known(seen)) < len(seen) for _, seen in _batches(paths, options))


def _may_be_there(path: str) -> bool:
    """Whether a path still leads to something; not looked at inside archives and behind URLs."""
    return is_url(path) or "!/" in path or Path(real_path(path)).exists()


def _batches(
    paths: Sequence[Path | str], options: LoadOptions
) -> Iterator[tuple[list[Refused], list[Seen]]]:
    found = scan(paths, since=options.since, settle=options.settle, skip=options.out)
    while batch := list(islice(found, ENTER_FILES)):
        refused = [item for item in batch if isinstance(item, Refused)]
        yield refused, [item for item in batch if isinstance(item, Seen)]


def _documents(
    paths: Sequence[Path | str], options: LoadOptions, found: Plan, ledger: Ledger | None
) -> set[str]:
    """The SHA-256 of all documents below `paths`; counts the files on the way."""
    documents: set[str] = set()
    for refused, seen in _batches(paths, options):
        found.counts.files += len(refused) + len(seen)
        found.counts.ignored += sum(item.reason == NO_DOCUMENT for item in refused)
        found.refused += [item for item in refused if item.reason != NO_DOCUMENT]
        known = ledger.known_sha256(seen) if ledger is not None and not options.force else {}
        for item in seen:
            sha256 = known.get(item.path) or _sha256(item, found)
            found.counts.same_files += sha256 in documents
            documents |= {sha256} if sha256 else set()
    return documents


def _sha256(seen: Seen, found: Plan) -> str | None:
    try:
        return place_sha256(seen.path)
    except OSError as error:
        found.refused.append(Refused(seen.path, "permission", error.strerror or ""))
        return None
