"""The slow lane: documents that take unusually long go on beside the others, not before them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.bulk.task import Job, Outcome
from pipeline.bulk.template import WorkerLostError
from pipeline.bulk.vitals import available_mb
from pipeline.bulk.workers import Pool, Worker

LEAST_PATIENCE = 0.2
"""Seconds; a shorter wait would take the pauses of a busy machine for hanging documents."""
PATIENCE = 20.0
"""How many times the usual cost of its kind a document may take before it is set aside."""
LEARNING = 0.05
"""Weight of each new document in the usual cost of its kind."""

Settle = Callable[[Sequence[Outcome]], None]


@dataclass(eq=False)
class SlowLane:
    """A few places for workers whose document takes long; they yield the cores to all others.

    `costs` are usual seconds of a document by the extension of its name; `other` of all else.
    """

    pool: Pool
    places: int
    settle: Settle
    costs: dict[str, float]
    other: float
    _workers: set[Worker] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _is_closed: bool = False

    def patience(self, job: Job) -> float:
        """Seconds after which a document counts as slow."""
        usual = self.costs.get(suffix_of(job.name), self.other)
        return max(LEAST_PATIENCE, PATIENCE * usual * (1 + len(job.along)))

    @property
    def is_full(self) -> bool:
        """Whether no more worker can be adopted: all places taken, or memory short."""
        is_short = available_mb() < self.pool.options.memory_limit_mb
        return is_short or len(self._workers) >= self.places

    def learn(self, seconds: Mapping[str, float]) -> None:
        """Take in what documents have cost, by the extension of their names."""
        for suffix, cost in seconds.items():
            usual = self.costs.get(suffix, cost)
            self.costs[suffix] = usual + LEARNING * (cost - usual)

    def adopt(self, worker: Worker) -> bool:
        """Follow a worker until its document is done, and end it then; False when all is full."""
        with self._changed:
            if self._is_closed or self.is_full:
                return False
            self._workers.add(worker)
        worker.yield_to_others()
        threading.Thread(target=self._follow, args=(worker,), daemon=True).start()
        return True

    def _follow(self, worker: Worker) -> None:
        outcomes: list[Outcome] = []
        try:
            while worker.in_hand:
                outcomes += [outcome for _, outcome in worker.receive()]
        except WorkerLostError as lost:
            outcomes += blame(worker, lost)
        try:
            self.pool.retire(worker)
            if outcomes and not self._is_closed:
                self.settle(outcomes)
        finally:
            with self._changed:
                self._workers.discard(worker)
                self._changed.notify_all()

    def join(self, stop: threading.Event) -> None:
        """Wait until the lane is empty; `stop` leaves its documents for a later run."""
        with self._changed:
            while self._workers and not stop.is_set():
                self._changed.wait(0.2)
        if stop.is_set():
            self.close()

    def close(self) -> None:
        """End what is still in the lane; its documents stay undone."""
        with self._changed:
            self._is_closed = True
            for worker in self._workers:
                worker.kill()
            while self._workers:
                self._changed.wait(0.2)


def blame(worker: Worker, lost: WorkerLostError) -> list[Outcome]:
    """The outcome of the document that its worker died of; it leaves the worker's hand."""
    if worker.blamed is None:
        return []
    job = worker.in_hand[worker.blamed]
    del worker.in_hand[worker.blamed]
    return [Outcome(job.document, "retry", job.attempts + 1, lost.reason, str(lost), lost.exit)]


def suffix_of(name: str) -> str:
    """The extension of a file's name in lower case, with its dot; the name when it has none."""
    return name[name.rfind(".") :].lower()
