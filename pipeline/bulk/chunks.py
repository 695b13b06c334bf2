"""Chunks of documents: cut by what they cost, and driven through one supervised worker."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.bulk.ahead import together
from pipeline.bulk.lane import Settle, SlowLane, blame, suffix_of
from pipeline.bulk.task import Job, Outcome
from pipeline.bulk.template import WorkerLostError
from pipeline.bulk.vitals import is_at_work
from pipeline.bulk.workers import FAILED_STARTS, Pool, Worker, WorkerStartError
from pipeline.errors import StoreError

WINDOW = 256
BATCH_SECONDS = 2.0
"""A worker has so much work in hand, at most `WINDOW` jobs: it never waits for its supervisor."""
CHUNK_SECONDS = 30.0
CHUNK_DOCUMENTS = 2000
REST_DOCUMENTS = 20
LEAST_SECONDS = 1.0
CHUNKS_PER_WORKER = 4
"""A chunk is at most this share of what is left of a wave: chunks become small towards its end, so
that all workers end at about the same time."""
DEFAULT_COSTS = {".txt": 0.03, ".md": 0.03, ".html": 0.05, ".docx": 0.1, ".pdf": 1.0}
OTHER_COST = 2.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """Documents that make one task."""

    number: int
    jobs: tuple[Job, ...]
    is_rest: bool = False
    """Whether these failed among the others, or were too slow: now they get all their time."""


def cut_chunks(
    jobs: Sequence[Job],
    costs: Mapping[str, float],
    workers: int,
    *,
    first: int = 0,
    least: int = 1,
) -> list[Chunk]:
    """Cut jobs into chunks of about `CHUNK_SECONDS` each, and of less towards the end.

    `costs` are mean seconds of a document by the extension of its name; `least` is the number of
    documents that a chunk holds at least.
    """
    costs = {**DEFAULT_COSTS, **costs}
    prices = [costs.get(suffix_of(job.name), OTHER_COST) for job in jobs]
    left = sum(prices)
    chunks: list[Chunk] = []
    batch: list[Job] = []
    price = 0.0
    for job, cost in zip(jobs, prices, strict=True):
        batch.append(job)
        price += cost
        target = min(CHUNK_SECONDS, max(LEAST_SECONDS, left / (CHUNKS_PER_WORKER * workers)))
        if len(batch) >= least and (price >= target or len(batch) >= CHUNK_DOCUMENTS):
            chunks.append(Chunk(first + len(chunks), tuple(batch)))
            left -= price
            batch, price = [], 0.0
    if batch:
        chunks.append(Chunk(first + len(chunks), tuple(batch)))
    return chunks


def cut_rest(jobs: Sequence[Job], workers: int, *, first: int = 0, least: int = 1) -> list[Chunk]:
    """Cut suspects into small chunks: any of them may take its whole time limit."""
    size = max(least, min(REST_DOCUMENTS, len(jobs) // (8 * workers)))
    return [
        Chunk(first + number, tuple(jobs[start : start + size]), is_rest=True)
        for number, start in enumerate(range(0, len(jobs), size))
    ]


def drive(
    pool: Pool,
    jobs: Sequence[Job],
    report: Settle,
    stop: threading.Event,
    attempts: int,
    lane: SlowLane | None = None,
) -> None:
    """Do jobs on one worker of the pool, replacing it when it dies or is worn.

    Office files are grouped, to be read together.
    A document that kills its worker or raises an unexpected error is reported as "retry", after
    `attempts` tries as quarantined. One that takes unusually long goes on in `lane`, or is left
    undone when that is full. `stop` ends the work after the jobs in hand.

    Raises:
        StoreError: the store cannot be written; the jobs in hand stay undone.
        WorkerStartError: no worker can be started.
    """
    _Drive(pool, deque(together(jobs)), report, stop, attempts, lane).run()


@dataclass(eq=False)
class _Drive:
    pool: Pool
    waiting: deque[Job]
    report: Settle
    stop: threading.Event
    attempts: int
    lane: SlowLane | None
    window: int = 1
    stillborn: int = 0
    is_patient: bool = False
    """Whether the slow job in hand may go on where it is."""

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
        """One batch of answers of the worker, or its replacement."""
        is_worn = worker.is_worn
        if is_worn and not worker.in_hand:
            return self.pool.replace(worker)
        try:
            if not is_worn and len(worker.in_hand) <= self.window // 2:
                worker.send(self._next(self.window - len(worker.in_hand), bool(worker.in_hand)))
            if not worker.in_hand:  # stopped meanwhile
                return worker
            is_hasty = self.lane is not None and not self.is_patient
            answers = worker.receive(self.lane.patience if self.lane and is_hasty else None)
        except WorkerLostError as lost:
            return self._bury(worker, lost)
        if not answers:
            return self._set_aside(worker)
        self._learn(answers)
        self._settle([outcome for _, outcome in answers])
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

    def _learn(self, answers: Sequence[tuple[Job, Outcome]]) -> None:
        """Batches that keep a worker busy for about `BATCH_SECONDS`; what kinds usually cost."""
        self.is_patient, self.stillborn = False, 0
        mean = sum(outcome.seconds for _, outcome in answers) / len(answers)
        self.window = max(1, min(WINDOW, int(BATCH_SECONDS / max(mean, 1e-6))))
        if self.lane is not None:
            kinds: dict[str, list[float]] = {}
            for job, outcome in answers:
                if outcome.status == "done":
                    kinds.setdefault(suffix_of(job.name), []).append(outcome.seconds)
            self.lane.learn({kind: sum(all_) / len(all_) for kind, all_ in kinds.items()})

    def _set_aside(self, worker: Worker) -> Worker:
        """The job being done takes long: let it not hold up the others."""
        assert self.lane is not None
        if self.lane.is_full and is_at_work(worker.pid):
            self.is_patient = True  # it uses the core, nothing is gained by stopping it
            return worker
        self.waiting.extendleft(reversed(worker.take_back()))
        if self.lane.adopt(worker):
            return self.pool.relieve()
        # it waits for something and there is no place to let it: it is left for the end
        return self.pool.replace(worker)

    def _bury(self, worker: Worker, lost: WorkerLostError) -> Worker:
        """Only the job that was being done is blamed for a death; the others are sent again."""
        outcomes = blame(worker, lost)
        self.stillborn += not outcomes
        if self.stillborn >= FAILED_STARTS:
            raise WorkerStartError(f"workers die before they begin: {lost}")
        self.waiting.extendleft(reversed(worker.in_hand))
        worker.in_hand.clear()
        self.window, self.is_patient = 1, False
        self._settle(outcomes)
        return self.pool.replace(worker)

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        halted = next((outcome for outcome in outcomes if outcome.status == "halt"), None)
        self.report([judged(o, self.attempts) for o in outcomes if o.status != "halt"])
        if halted is not None:
            raise StoreError(halted.detail)


def judged(outcome: Outcome, attempts: int) -> Outcome:
    """An outcome that asks for one try too many is a quarantined document."""
    if outcome.status == "retry" and outcome.attempts >= attempts:
        return outcome._replace(status="quarantine")
    return outcome
