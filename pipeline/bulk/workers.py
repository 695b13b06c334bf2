"""Worker processes, owned and supervised: limits of time and memory, killed from outside."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from pipeline.bulk.child import READY, pack_job, read_begun, unpack_outcome
from pipeline.bulk.task import Job, Outcome, TaskOptions
from pipeline.errors import CongvanError

WATCH_SECONDS = 0.25
"""How often a silent worker's memory is looked at."""
START_SECONDS = 180.0
"""A worker imports its code and loads its models within this time."""
FAILED_STARTS = 4
STDERR_TAIL = 400


class WorkerLostError(CongvanError):
    """The worker is dead; `reason` is crash, timeout or memory, `exit` its signal or exit code."""

    def __init__(self, reason: str, detail: str = "", exit: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.exit = exit


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


class Template:
    """The process that workers are forked from; it has loaded their code and models."""

    def __init__(self, options: WorkerOptions) -> None:
        """Start it and wait until it is ready.

        Raises:
            WorkerLostError: it died or did not get ready.
        """
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with it)
        settings = {**asdict(options.task), "memory_limit_mb": options.memory_limit_mb}
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pipeline.bulk.child"),
                *(options.target, json.dumps(settings), str(theirs.fileno())),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._stderr,
            stderr=self._stderr,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
            env={**os.environ, **_environment()},
        )
        theirs.close()
        self._control.settimeout(START_SECONDS)
        try:
            answer = self._control.recv(64)
        except OSError:
            answer = b""
        if answer != READY:
            self.close()
            raise WorkerLostError("crash", self._said, _exit_name(self._process.returncode))

    def fork(self, options: WorkerOptions) -> Worker:
        """A new worker.

        Raises:
            WorkerLostError: the template is dead.
        """
        ours, theirs = socket.socketpair()
        stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        begun: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        with theirs:
            pid = self._ask(b"fork", [theirs.fileno(), stderr.fileno(), begun.fileno()])
        if pid is None:
            for file in (ours, stderr, begun):
                file.close()
            raise WorkerLostError("crash", "the template process is gone")
        return Worker(options, self, pid, ours, stderr, begun)

    def wait(self, pid: int) -> int | None:
        """The exit code of a dead worker (negative: its signal); None when it cannot be known."""
        return self._ask(b"wait %d" % pid)

    def _ask(self, request: bytes, descriptors: Sequence[int] = ()) -> int | None:
        with self._lock:
            try:
                socket.send_fds(self._control, [request], descriptors)
                return int(self._control.recv(64))
            except (OSError, ValueError):
                return None

    def close(self) -> None:
        """End it; its workers end with it."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._said = _tail(self._stderr)
        self._stderr.close()


@dataclass(eq=False)
class Worker:
    """One worker process and the jobs it has in hand, oldest first."""

    options: WorkerOptions
    template: Template
    pid: int
    jobs: socket.socket
    stderr: IO[bytes]
    begun: IO[bytes]
    in_hand: deque[Job] = field(default_factory=deque)
    done: int = 0
    since: float = field(default_factory=time.monotonic)
    born: float = field(default_factory=time.monotonic)
    exit: int | None = None
    blamed: int = 0
    """After a death: the place in `in_hand` of the job that was being done."""
    _buffer: bytes = b""

    def send(self, jobs: Sequence[Job]) -> None:
        """Hand over jobs; the answers come in the same order."""
        if not jobs:
            return
        if not self.in_hand:
            self.since = time.monotonic()
        self.in_hand.extend(jobs)
        try:
            self.jobs.sendall(b"".join(map(pack_job, jobs)))
        except OSError as error:
            raise self.lost("crash") from error

    def receive(self) -> Outcome:
        """Wait for the answer to the oldest job in hand.

        Raises:
            WorkerLostError: the worker died or passed a limit; its oldest job is to blame.
        """
        line = self._line(self.since + self.options.limit_of(self.in_hand[0]))
        self.in_hand.popleft()
        self.since = time.monotonic()
        self.done += 1
        return unpack_outcome(line)

    @property
    def is_worn(self) -> bool:
        """Whether the worker is due to be replaced (number of documents, memory kept)."""
        limit = self.options.memory_limit_mb * 0.6
        is_old = time.monotonic() - self.born >= self.options.recycle_seconds
        is_used = self.done + len(self.in_hand) >= self.options.recycle_after
        is_fat = self.done % 100 == 99 and resident_mb(self.pid) > limit
        return (is_old and is_used) or is_fat

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self.lost("timeout")
            if select.select([self.jobs], [], [], min(left, WATCH_SECONDS))[0]:
                block = self._read()
                if not block:
                    raise self.lost("crash")
                self._buffer += block
            elif resident_mb(self.pid) > self.options.memory_limit_mb:
                raise self.lost("memory")
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _read(self) -> bytes:
        try:
            return self.jobs.recv(1 << 16)
        except ConnectionError:
            return b""

    def lost(self, reason: str) -> WorkerLostError:
        """Make sure that the worker is dead; say how it died."""
        self.close()
        said = _tail(self.stderr)
        # answers that the worker had not sent yet are lost with it: the culprit is the last begun
        self.blamed = max(
            0, min(read_begun(self.begun.fileno()) - self.done, len(self.in_hand)) - 1
        )
        return WorkerLostError(reason, said, _exit_name(self.exit))

    def close(self) -> None:
        """End the worker and everything that it started."""
        if self.jobs.fileno() < 0:
            return
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)
        self.exit = self.template.wait(self.pid)
        self.jobs.close()


class Pool:
    """A fixed number of workers; each is used by one thread at a time."""

    def __init__(self, options: WorkerOptions, size: int) -> None:
        """Workers start when they are first needed."""
        self.options = options
        self.size = size
        self._free: SimpleQueue[Worker | None] = SimpleQueue()
        for _ in range(size):
            self._free.put(None)
        self._all: set[Worker] = set()
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
        """Start a worker.

        Raises:
            WorkerStartError: several starts in a row failed.
        """
        while True:
            try:
                worker = self._spawner.submit(self._fork).result()
            except WorkerLostError as error:
                self._failed_starts += 1
                if self._failed_starts >= FAILED_STARTS:
                    raise WorkerStartError(f"workers cannot start: {error}") from error
            else:
                self._failed_starts = 0
                with self._lock:
                    self._all.add(worker)
                return worker

    def _fork(self) -> Worker:
        if self._template is not None:
            try:
                return self._template.fork(self.options)
            except WorkerLostError:  # somebody ended it
                self._template.close()
        self._template = None
        self._template = Template(self.options)
        return self._template.fork(self.options)

    def replace(self, worker: Worker) -> Worker:
        """End a worker and start a fresh one in its place."""
        self.retire(worker)
        return self.spawn()

    def retire(self, worker: Worker) -> None:
        """End a worker."""
        worker.close()
        worker.stderr.close()
        worker.begun.close()
        with self._lock:
            self._all.discard(worker)

    def in_hand(self) -> list[tuple[str, float]]:
        """(name, seconds so far) of the documents that are being read now, slowest first."""
        now = time.monotonic()
        with self._lock:
            workers = list(self._all)
        busy = []
        for worker in workers:
            try:
                busy.append((worker.in_hand[0].name, now - worker.since))
            except IndexError:
                continue
        return sorted(busy, key=lambda item: -item[1])

    def pids(self) -> list[int]:
        """Process ids of the live workers."""
        with self._lock:
            return [worker.pid for worker in self._all]

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            self.retire(worker)
        self._spawner.shutdown()
        if self._template is not None:
            self._template.close()


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (0 where the system does not tell)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _environment() -> dict[str, str]:
    """One core a worker, and the same import path as ours."""
    return {
        "CONGVAN_PARENT": str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def _tail(stream: IO[bytes]) -> str:
    try:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - STDERR_TAIL))
        return stream.read().decode(errors="replace").strip()
    except (OSError, ValueError):
        return ""


def _exit_name(code: int | None) -> str:
    if code is None:
        return ""
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"
