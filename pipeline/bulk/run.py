"""One run over the ledger: what it is asked for, what it does with documents, what it counts."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from math import ceil
from pathlib import Path

from pipeline.bulk.chunks import (
    DEFAULT_COSTS,
    OTHER_COST,
    Chunk,
    cut_chunks,
    cut_rest,
    drive,
    judged,
)
from pipeline.bulk.lane import SlowLane
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.places import is_url, place_sha256
from pipeline.bulk.scan import NO_DOCUMENT, Refused, Seen, scan
from pipeline.bulk.task import Outcome
from pipeline.bulk.workers import Pool, WorkerOptions
from pipeline.errors import StoreError, ToolMissingError

RUN_CHUNKS = 2000
"""About so many tasks a flow run, which keeps some 40 kB for each: in a large load chunks grow."""
WAVE_DOCUMENTS = 100_000
ENTER_FILES = 2000
ENTER_SECONDS = 1.0
"""Files are entered so many at a time, or after so many seconds of reading them."""
LANE_PLACES = 4


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """One load. `limit` counts documents; `attempts` are tries of one that kills its worker."""

    out: Path
    workers: WorkerOptions
    jobs: int = 2
    attempts: int = 2
    limit: int | None = None
    since: datetime | None = None
    force: bool = False
    searchable: bool = True
    """Whether the search index and the links follow; without, a later load brings them up."""
    settle: float = 0.0
    """Files changed in the last so many seconds are left for the next run: still being copied."""
    quiet: bool = False
    """A run that finds nothing new leaves no trace: a watch looks thousands of times."""


@dataclass
class Counts:
    """What happened so far in this run, in documents (`failed`: paths that gave no document)."""

    files: int = 0
    total: int = 0
    done: int = 0
    failed: int = 0
    quarantined: int = 0
    skipped: int = 0
    earlier_quarantine: int = 0
    opened_before: int = 0
    """Containers that were opened in an earlier run."""
    inside: int = 0
    """Documents that were taken out of containers, in this run or before."""
    same_files: int = 0
    """Files that hold the same bytes as another one of this run."""
    ignored: int = 0
    """Files of folders whose names say that they are no documents."""
    duplicate_paths: int = 0
    new_versions: int = 0
    unpacked: int = 0
    """Containers: they give documents, and no record of their own."""
    members: int = 0
    pages: int = 0

    @property
    def left(self) -> int:
        """Documents of this run that are still to be done."""
        return max(0, self.total - self.done - self.quarantined - self.unpacked)


@dataclass(eq=False)
class Run:
    """One run over the ledger: its counts, its workers, and the switch that ends it early."""

    options: LoadOptions
    ledger: Ledger
    pool: Pool
    command: str = "load"
    id: str = field(default_factory=lambda: new_run_id())
    counts: Counts = field(default_factory=Counts)
    stop: threading.Event = field(default_factory=threading.Event)
    problem: Exception | None = None
    phase: str = "scan"
    started: float = field(default_factory=time.time)
    work_started: float = 0.0
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Refused] = field(default_factory=list)
    leased: int = 0
    lane: SlowLane = field(init=False)
    _begun: set[int] = field(default_factory=set)
    """Numbers of the chunks that were begun."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """The slow lane: what is in it yields to the workers, so it may hold more than they are."""
        places = LANE_PLACES * self.options.jobs
        self.lane = SlowLane(self.pool, places, self.settle_slow, dict(DEFAULT_COSTS), OTHER_COST)

    def collect(self, paths: Sequence[Path | str]) -> None:
        """Enter all files below `paths` into the ledger and this run's scope."""
        found = scan(
            paths, since=self.options.since, settle=self.options.settle, skip=self.options.out
        )
        while (batch := list(islice(found, ENTER_FILES))) and not self.stop.is_set():
            self._refuse([item for item in batch if isinstance(item, Refused)])
            self._enter([item for item in batch if isinstance(item, Seen)])
        self.ledger.refuse(self.id, self.refused)

    def _refuse(self, refused: Sequence[Refused]) -> None:
        self.counts.files += len(refused)
        for item in refused:
            (self.ignored if item.reason == NO_DOCUMENT else self.refused).append(item)
        self.counts.failed, self.counts.ignored = len(self.refused), len(self.ignored)

    def _enter(self, batch: Sequence[Seen]) -> None:
        known = {} if self.options.force else self.ledger.known(batch)
        self.counts.files += len(known)
        self.ledger.include(known.values())
        new = (_hashed(seen) for seen in batch if seen.path not in known)
        while (read := list(_for_seconds(new, ENTER_SECONDS))) and not self.stop.is_set():
            self._refuse([item for item in read if isinstance(item, Refused)])
            self._add([item for item in read if isinstance(item, Found)])

    def _add(self, found: Sequence[Found]) -> None:
        self.counts.files += len(found)
        with self.ledger.transaction():
            added = self.ledger.add(found)
            self.ledger.include(item.document for item in added)
        self.counts.duplicate_paths += sum(a.is_new_path and not a.is_new for a in added)
        self.counts.new_versions += sum(a.is_new_version for a in added)

    def count_scope(self) -> None:
        """Count what is to be done, was done before, and is in quarantine."""
        named = self.ledger.scope_size()
        readable = self.counts.files - self.counts.failed - self.counts.ignored
        self.counts.same_files = max(0, readable - named)
        if self.options.force or self.command == "reprocess":
            self.ledger.include_members()
            self.ledger.reopen(self.options.limit)
        self.ledger.include_members()
        if not self.options.quiet:
            self.ledger.reopen_stopped(ToolMissingError.reason)  # the tool may be there by now
        statuses = self.ledger.scope_counts()
        self.counts.inside = self.ledger.scope_size() - named
        self.counts.skipped = statuses.get("done", 0)
        self.counts.opened_before = statuses.get("unpacked", 0)
        self.counts.earlier_quarantine = statuses.get("quarantine", 0)
        self.counts.total = statuses.get("new", 0)
        if self.options.limit is not None:
            self.counts.total = min(self.counts.total, self.options.limit)

    def waves(self) -> Iterator[list[Chunk]]:
        """Leased chunks, one wave after the other, until nothing is left or the run is stopped."""
        number = rounds = 0
        while not self.stop.is_set() and self.counts.left and rounds <= self.options.attempts:
            chunks = self._fresh(number)
            if not chunks:
                rounds += 1
                self.lane.join(self.stop)
                chunks = self._rest(number)
            if not chunks or self.stop.is_set():
                break
            number += len(chunks)
            yield chunks

    def _fresh(self, number: int) -> list[Chunk]:
        """Chunks of documents that were not tried yet."""
        unleased = min(self.counts.total - self.leased, WAVE_DOCUMENTS)
        jobs = self.ledger.lease(unleased) if unleased > 0 else []
        costs = self.ledger.costs() if jobs else {}
        self.lane.costs |= costs
        self.leased += len(jobs)
        least = self._least(number)
        return cut_chunks(jobs, costs, self.options.jobs, first=number, least=least)

    def _rest(self, number: int) -> list[Chunk]:
        """Chunks of what failed, or was too slow to be waited for: nothing else is left to do."""
        jobs = self.ledger.rest(min(self.counts.left, WAVE_DOCUMENTS))
        return cut_rest(jobs, self.options.jobs, first=number, least=self._least(number))

    def _least(self, number: int) -> int:
        """Documents that a chunk holds at least, for all that is left to fit into the run."""
        return max(1, ceil(self.counts.left / max(RUN_CHUNKS - number, RUN_CHUNKS // 10)))

    def run_chunk(self, chunk: Chunk) -> None:
        """Do the documents of a chunk on one worker.

        The ledger hears of all answers of the worker before it gets another batch: when this
        process is killed, at most one batch a worker is done again.
        """
        try:
            is_again = chunk.number in self._begun  # a flow may: some of it may be done
            self._begun.add(chunk.number)
            jobs = self.ledger.still_new(chunk.jobs) if is_again else chunk.jobs
            lane = None if chunk.is_rest else self.lane
            drive(self.pool, jobs, self.settle, self.stop, self.options.attempts, lane)
        except Exception as error:
            self.halt(error)
            raise

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Enter outcomes into the ledger and add them to the counts."""
        self.ledger.mark(self.id, outcomes)
        opened = sum(self.ledger.add_members(o) for o in outcomes if o.members or o.lost)
        with self._lock:
            self.counts.total += opened
            self.counts.inside += opened
            for outcome in outcomes:
                self.counts.unpacked += outcome.status == "unpacked"
                self.counts.members += len(outcome.members)
                self.counts.done += outcome.status == "done"
                self.counts.quarantined += outcome.status == "quarantine"
                self.counts.pages += outcome.pages

    def settle_slow(self, outcomes: Sequence[Outcome]) -> None:
        """Enter what came out of the slow lane, in a thread of its own."""
        try:
            halted = next((o for o in outcomes if o.status == "halt"), None)
            if halted is not None:
                raise StoreError(halted.detail)
            self.settle([judged(outcome, self.options.attempts) for outcome in outcomes])
        except Exception as error:
            self.halt(error)

    def halt(self, error: Exception) -> None:
        """Stop the run for a reason that is not a document's."""
        self.problem = self.problem or error
        self.stop.set()

    @property
    def status(self) -> str:
        """done, interrupted or failed."""
        if self.problem is not None:
            return "failed"
        return "interrupted" if self.stop.is_set() else "done"


def _for_seconds(items: Iterator[Found | Refused], seconds: float) -> Iterator[Found | Refused]:
    """Items for so long; the others are left for the next call."""
    ends = time.monotonic() + seconds
    for item in items:
        yield item
        if time.monotonic() > ends:
            return


def _hashed(seen: Seen) -> Found | Refused:
    try:
        name = seen.path.partition("::")[0] if is_url(seen.path) else seen.path
        return Found(seen, place_sha256(seen.path), name.rpartition("/")[2])
    except OSError as error:
        return Refused(seen.path, "permission", error.strerror or "")


def new_run_id() -> str:
    """A name for a run that sorts by time: 20261121T101500.123456Z-4711."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}"
