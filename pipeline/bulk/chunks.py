"""Chunks of documents: cut by what they cost, and driven through one supervised worker."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.bulk.task import Job, Outcome
from pipeline.bulk.workers import Pool, Worker, WorkerLostError
from pipeline.errors import StoreError

WINDOW = 16
"""Jobs that one worker has in hand while documents are cheap: it never waits for its supervisor."""
CHEAP_SECONDS = 0.25
CHUNK_SECONDS = 30.0
CHUNK_DOCUMENTS = 500
CHUNKS_PER_WORKER = 4
"""Chunks of one wave that each worker gets at least, so that all end at about the same time."""
DEFAULT_COSTS = {".txt": 0.03, ".md": 0.03, ".html": 0.05, ".docx": 0.1, ".pdf": 1.0}
OTHER_COST = 2.0

Report = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Documents that make one task."""

    number: int
    jobs: tuple[Job, ...]


def cut_chunks(
    jobs: Sequence[Job], costs: dict[str, float], workers: int, *, first: int = 0
) -> list[Chunk]:
    """Cut jobs into chunks of about `CHUNK_SECONDS` each, small enough that all workers have some.

    `costs` are mean seconds of a document by the extension of its name.
    """
    costs = {**DEFAULT_COSTS, **costs}
    prices = [costs.get(Path(job.name).suffix.lower(), OTHER_COST) for job in jobs]
    target = min(CHUNK_SECONDS, max(1.0, sum(prices) / (CHUNKS_PER_WORKER * workers)))
    chunks: list[Chunk] = []
    batch: list[Job] = []
    price = 0.0
    for job, cost in zip(jobs, prices, strict=True):
        batch.append(job)
        price += cost
        if price >= target or len(batch) >= CHUNK_DOCUMENTS:
            chunks.append(Chunk(first + len(chunks), tuple(batch)))
            batch, price = [], 0.0
    if batch:
        chunks.append(Chunk(first + len(chunks), tuple(batch)))
    return chunks


def drive(
    pool: Pool, jobs: Sequence[Job], report: Report, stop: threading.Event, attempts: int
) -> None:
    """Do jobs on one worker of the pool, replacing it when it dies or is worn.

    `stop` ends it after the jobs in hand. A document that kills its worker or raises an unexpected
    error is tried `attempts` times, the last time after all others.

    Raises:
        StoreError: the store cannot be written; the jobs in hand stay undone.
        WorkerStartError: no worker can be started.
    """
    _Drive(pool, deque(jobs), report, stop, attempts).run()


@dataclass(eq=False)
class _Drive:
    pool: Pool
    waiting: deque[Job]
    report: Report
    stop: threading.Event
    attempts: int
    window: int = 1

    def run(self) -> None:
        worker: Worker | None = self.pool.take()
        try:
            while worker is not None and (worker.in_hand or self._has_more()):
                worker = self._step(worker)
        except BaseException:
            if worker is not None:
                self.pool.retire(worker)
            worker = None
            raise
        finally:
            self.pool.give(worker)

    def _has_more(self) -> bool:
        return bool(self.waiting) and not self.stop.is_set()

    def _step(self, worker: Worker) -> Worker:
        """One answer of the worker, or its replacement."""
        is_worn = worker.is_worn
        if is_worn and not worker.in_hand:
            return self.pool.replace(worker)
        try:
            if not is_worn and len(worker.in_hand) <= self.window // 2:
                worker.send(self._next(self.window - len(worker.in_hand), bool(worker.in_hand)))
            if not worker.in_hand:  # stopped meanwhile
                return worker
            job = worker.in_hand[0]
            outcome = worker.receive()
        except WorkerLostError as lost:
            return self._bury(worker, lost)
        self.window = WINDOW if outcome.seconds < CHEAP_SECONDS else 1
        self._settle(job, outcome)
        return worker

    def _next(self, free: int, is_busy: bool) -> list[Job]:
        """Jobs to hand over now; one that failed before goes alone, so that no other suffers."""
        batch: list[Job] = []
        while self._has_more() and len(batch) < free:
            is_suspect = self.waiting[0].attempts > 0
            if is_suspect and (batch or is_busy):
                break
            batch.append(self.waiting.popleft())
            if is_suspect:
                break
        return batch

    def _bury(self, worker: Worker, lost: WorkerLostError) -> Worker:
        """Only the job that was being done is blamed for a death; the others are sent again."""
        job = worker.in_hand[worker.blamed]
        del worker.in_hand[worker.blamed]
        self.waiting.extendleft(reversed(worker.in_hand))
        worker.in_hand.clear()
        self.window = 1
        outcome = Outcome(
            job.document, "retry", job.attempts + 1, lost.reason, str(lost), lost.exit
        )
        self._settle(job, outcome)
        return self.pool.replace(worker)

    def _settle(self, job: Job, outcome: Outcome) -> None:
        if outcome.status == "halt":
            raise StoreError(outcome.detail)
        if outcome.status != "retry":
            self.report(outcome)
        elif outcome.attempts < self.attempts:
            self.waiting.append(replace(job, attempts=outcome.attempts))
        else:
            self.report(replace(outcome, status="quarantine"))
