"""Worker processes, owned and supervised: limits of time and memory, killed from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue

from pipeline.bulk.child import pack_jobs, unpack_outcomes
from pipeline.bulk.task import Job, Outcome, TaskOptions
from pipeline.bulk.template import Forked, Template, WorkerLostError, tail
from pipeline.bulk.vitals import cpu_seconds, exit_name, is_at_work, resident_mb
from pipeline.errors import CongvanError

WATCH_SECONDS = 0.25
"""How often a silent worker is looked at."""
WEIGH_DOCUMENTS = 100
"""After so many documents a worker's memory is looked at, whether it is to be replaced."""
FAILED_STARTS = 4
LOWEST_PRIORITY = 19
YIELDING_LIMITS = 10
"""A worker of lowest priority may take this many times its limit, while it really computes."""

Patience = Callable[[Job], float]


class WorkerStartError(CongvanError):
    """Workers cannot start at all: a broken installation, no document is to blame."""

    reason = "worker-start"


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How workers run. Times in seconds; `target` is "module:function" of (Job, TaskOptions)."""

    task: TaskOptions
    target: str = "pipeline.bulk.task:make_record"
    time_limit: float = 300.0
    time_limit_per_mb: float = 60.0
    memory_limit_mb: int = 3072
    recycle_after: int = 1000
    recycle_seconds: float = 600.0
    """A worker is never replaced sooner: loading code and models again costs seconds."""

    def limit_of(self, job: Job) -> float:
        """Seconds that one document may take."""
        return self.time_limit + self.time_limit_per_mb * job.size / 1e6


@dataclass(eq=False)
class Worker:
    """One worker process and the jobs it has in hand, oldest first."""

    options: WorkerOptions
    template: Template
    process: Forked
    in_hand: deque[Job] = field(default_factory=deque)
    done: int = 0
    born: float = field(default_factory=time.monotonic)
    exit: int | None = None
    blamed: int | None = None
    """After a death: the place in `in_hand` of the job that was being done."""
    is_yielding: bool = False
    _sent: float = 0.0
    _weighed: int = 0
    _cpu_before: float = 0.0
    _noticed: tuple[int, float] = (0, 0.0)
    """The job that was first seen to take long (its number), and the CPU time used until then."""
    _buffer: bytes = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def send(self, jobs: Sequence[Job]) -> None:
        """Hand over a batch of jobs; the answers come in the same order."""
        if not jobs:
            return
        self._sent = time.monotonic()
        self.in_hand.extend(jobs)
        try:
            self.process.jobs.sendall(pack_jobs(jobs))
        except OSError as error:
            raise self.lost("crash") from error

    def receive(self, patience: Patience | None = None) -> list[tuple[Job, Outcome]]:
        """Wait for answers; none when the job being done takes longer than `patience` allows.

        Raises:
            WorkerLostError: the worker died or passed a limit; `blamed` tells whose fault it was.
        """
        number, has_answers = -1, self._collect()
        while not has_answers:
            before, number = number, self.process.progress.begun
            job, seconds = self.running()
            # only a job that was there at the last look too is worth a closer one
            if number == before:
                if self._collect():
                    break
                self._check(job, seconds)
                if patience is not None and self._is_slow(seconds, patience(job)):
                    return []
            left = self.options.limit_of(job) - seconds
            if patience is not None and seconds < patience(job):
                left = min(left, patience(job) - seconds)
            has_answers = self._is_rung(min(max(left, 0.001), WATCH_SECONDS)) and self._collect()
        lines, _, self._buffer = self._buffer.rpartition(b"\n")
        outcomes = unpack_outcomes(lines)
        self.done += len(outcomes)
        # of a job taken back too late the answer is not wanted: it has nobody in hand
        return [(self.in_hand.popleft(), outcome) for outcome in outcomes if self.in_hand]

    def running(self) -> tuple[Job, float]:
        """The job that is being done (the first in hand, when none is yet), and its seconds."""
        count = self._unanswered
        since = self.process.progress.since if count else self._sent
        return self.in_hand[max(0, count - 1)], time.monotonic() - since

    @property
    def _unanswered(self) -> int:
        """Jobs in hand that were begun; the last of them is being done."""
        return max(0, min(self.process.progress.begun - self.done, len(self.in_hand)))

    @property
    def is_worn(self) -> bool:
        """Whether the worker is due to be replaced (number of documents, memory kept)."""
        is_old = time.monotonic() - self.born >= self.options.recycle_seconds
        if is_old and self.done + len(self.in_hand) >= self.options.recycle_after:
            return True
        if self.done - self._weighed < WEIGH_DOCUMENTS:
            return False
        self._weighed = self.done
        return resident_mb(self.pid) > self.options.memory_limit_mb * 0.6

    def take_back(self) -> list[Job]:
        """The jobs in hand that were not begun; the worker will not do them."""
        self.process.progress.dismiss()
        rest = [self.in_hand.pop() for _ in range(len(self.in_hand) - self._unanswered)]
        return rest[::-1]

    def yield_to_others(self) -> None:
        """Compute only while no other process wants the core."""
        self.is_yielding = True
        self._cpu_before = cpu_seconds(self.pid)
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self.pid, LOWEST_PRIORITY)

    def _is_slow(self, seconds: float, patience: float) -> bool:
        """Whether the job in hand waits, or has used the CPU, for longer than the patience with it.

        On a crowded machine a job takes long because it does not get the CPU: that is not its own.
        """
        if seconds < patience or not self._unanswered:
            return False
        if not is_at_work(self.pid):
            return True
        begun, used = self.process.progress.begun, cpu_seconds(self.pid)
        if self._noticed[0] != begun:
            self._noticed = begun, used
        return used - self._noticed[1] >= patience

    def _is_overdue(self, job: Job, seconds: float) -> bool:
        """Whether the time limit is passed: seconds of the clock, of CPU when it yields."""
        limit = self.options.limit_of(job)
        if seconds <= limit:
            return False
        if not self.is_yielding or not is_at_work(self.pid):
            return True
        used = cpu_seconds(self.pid) - self._cpu_before
        return used >= limit or seconds > YIELDING_LIMITS * limit

    def _check(self, job: Job, seconds: float) -> None:
        """End a worker that passes a limit."""
        if self._is_overdue(job, seconds):
            raise self.lost("timeout")
        if resident_mb(self.pid) > self.options.memory_limit_mb:
            raise self.lost("memory")

    def _is_rung(self, seconds: float) -> bool:
        """Wait for the bell; a worker that is dead and left no answers is lost."""
        try:
            self.process.bell.settimeout(seconds)
            rung = self.process.bell.recv(64)
        except TimeoutError:
            return False
        except OSError:
            rung = b""
        if not rung and not self._collect():
            raise self.lost("crash")
        return True

    def _collect(self) -> bool:
        """Take in the answers that are there; whether a whole one is."""
        with contextlib.suppress(OSError):
            while block := self.process.jobs.recv(1 << 16, socket.MSG_DONTWAIT):
                self._buffer += block
        return b"\n" in self._buffer

    def lost(self, reason: str) -> WorkerLostError:
        """Make sure that the worker is dead; say how it died."""
        unanswered = self._unanswered
        self.blamed = unanswered - 1 if unanswered else None
        self.close()
        return WorkerLostError(reason, tail(self.process.stderr), exit_name(self.exit))

    def kill(self) -> None:
        """Kill its process; who listens to it will notice."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the worker and everything that it started."""
        if self.process.jobs.fileno() < 0:
            return
        self.kill()
        self.exit = self.template.wait(self.pid)
        self.process.jobs.close()
        self.process.bell.close()


class Pool:
    """A fixed number of workers; each is used by one thread at a time."""

    def __init__(self, options: WorkerOptions, size: int) -> None:
        """Workers start when they are first needed."""
        self.options = options
        self.size = size
        self.has_cut_off = False
        """Whether a worker was ended in the middle of a document."""
        self._free: SimpleQueue[Worker | None] = SimpleQueue()
        for _ in range(size):
            self._free.put(None)
        self._all: set[Worker] = set()
        self._spares: deque[Worker] = deque()
        self._lock = threading.Lock()
        self._failed_starts = 0
        self._template: Template | None = None
        # the kernel ends a process with the *thread* that started it: one as old as the pool
        self._spawner = ThreadPoolExecutor(1, thread_name_prefix="spawner")

    def take(self) -> Worker:
        """A worker for this thread alone; `give` it back."""
        worker = self._free.get()
        try:
            return worker if worker is not None else self.spawn()
        except BaseException:
            self._free.put(None)
            raise

    def give(self, worker: Worker | None) -> None:
        """Put a worker back; None stands for one that is to be started anew."""
        self._free.put(worker)

    def spawn(self) -> Worker:
        """Start a worker, or take the spare one.

        Raises:
            WorkerStartError: several starts in a row failed.
        """
        while True:
            try:
                return self._spares.popleft()
            except IndexError:
                pass
            try:
                return self._spawner.submit(self._fork).result()
            except WorkerLostError as error:
                self._failed_starts += 1
                if self._failed_starts >= FAILED_STARTS:
                    raise WorkerStartError(f"workers cannot start: {error}") from error

    def _fork(self) -> Worker:
        worker = self._forked()
        self._failed_starts = 0
        with self._lock:
            self._all.add(worker)
        return worker

    def _forked(self) -> Worker:
        if self._template is not None:
            try:
                return Worker(self.options, self._template, self._template.fork())
            except WorkerLostError:  # somebody ended it
                self._template.close()
        self._template = None
        self._template = Template(self.options)
        return Worker(self.options, self._template, self._template.fork())

    def replace(self, worker: Worker) -> Worker:
        """End a worker and put a fresh one in its place."""
        self.retire(worker)
        return self.relieve()

    def relieve(self) -> Worker:
        """A fresh worker; another one is made ready: where one was needed, more will be."""
        fresh = self.spawn()
        self._spawner.submit(self._make_spare)
        return fresh

    def _make_spare(self) -> None:
        with contextlib.suppress(WorkerLostError):  # who needs one will meet the same trouble
            if not self._spares:
                self._spares.append(self._fork())

    def retire(self, worker: Worker) -> None:
        """End a worker."""
        self.has_cut_off |= bool(worker.in_hand) or worker.blamed is not None
        worker.close()
        with self._lock:
            self._all.discard(worker)
            worker.process.close()

    def in_hand(self) -> list[tuple[str, float]]:
        """(name, seconds so far) of the documents that are being read now, slowest first."""
        busy = []
        with self._lock:
            for worker in self._all:
                with contextlib.suppress(IndexError):  # it has just answered
                    busy.append(worker.running())
        return sorted(((job.name, seconds) for job, seconds in busy), key=lambda item: -item[1])

    def pids(self) -> list[int]:
        """Process ids of the live workers."""
        with self._lock:
            return [worker.pid for worker in self._all]

    def close(self) -> None:
        """End all workers."""
        with contextlib.suppress(RuntimeError):  # the interpreter is ending: no more threads
            self._spawner.submit(lambda: None).result()  # a spare that is being made is made
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            self.retire(worker)
        if self._template is not None:
            self._template.close()
        self._spawner.shutdown()
