"""The processes that do the work: a template with code and models, and workers forked from it.

A fresh worker costs milliseconds instead of seconds, so killing one is cheap. None outlives the
parent. Started as `python -m pipeline.bulk.child MODULE:FUNCTION OPTIONS CONTROL_FD`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import mmap
import os
import queue
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.bulk.task import Job, Outcome, TaskOptions, attempt

Target = Callable[[Job, TaskOptions], Outcome]
READY = b"ready\n"
BELL_SECONDS = 1.0
"""The supervisor is woken for answers at most so often: that costs more than a cheap document."""
_COUNT, _SINCE = struct.Struct("Q"), struct.Struct("d")
_PR_SET_PDEATHSIG = 1


def pack_jobs(jobs: Sequence[Job]) -> bytes:
    """A batch of jobs as one line."""
    return json.dumps(jobs).encode() + b"\n"


def pack_outcome(outcome: Outcome) -> bytes:
    """An outcome as one line."""
    return json.dumps(outcome).encode() + b"\n"


def unpack_outcomes(lines: bytes) -> list[Outcome]:
    """The outcomes of lines written by `pack_outcome`."""
    return [Outcome._make(row) for row in json.loads(b"[" + lines.replace(b"\n", b",") + b"]")]


def _unpack_jobs(line: bytes) -> list[Job]:
    return [Job._make(row) for row in json.loads(line)]


class Progress:
    """Memory that a worker and its supervisor share: how many jobs were begun, and when the last.

    It tells without a message which job is in hand, how long, and which one a dead worker died of.
    """

    SIZE = 32

    def __init__(self, file: int) -> None:
        self._memory = mmap.mmap(file, self.SIZE)

    def begin(self, count: int, now: float) -> None:
        """The worker begins its job number `count`; the time first, so that none seems too long."""
        _SINCE.pack_into(self._memory, 8, now)
        _COUNT.pack_into(self._memory, 0, count)

    @property
    def begun(self) -> int:
        """Number of jobs begun."""
        return int(_COUNT.unpack_from(self._memory)[0])

    @property
    def since(self) -> float:
        """When the last one was begun (monotonic seconds)."""
        return float(_SINCE.unpack_from(self._memory, 8)[0])

    def dismiss(self) -> None:
        """The supervisor takes back all jobs that were not begun."""
        self._memory[16] = 1

    @property
    def is_dismissed(self) -> bool:
        """Whether the job in hand is the last one."""
        return self._memory[16] == 1

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


def main(target_name: str, options_json: str, control_fd: int) -> None:
    """Load code and models once, then fork a worker whenever the parent asks for one."""
    _die_with(int(os.environ.get("CONGVAN_PARENT", os.getppid())))
    options = json.loads(options_json)
    _limit_memory(options.pop("memory_limit_mb"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module_name, _, function = target_name.partition(":")
    module = importlib.import_module(module_name)
    target: Target = getattr(module, function)
    getattr(module, "warm", lambda: None)()
    gc.freeze()  # what was loaded stays shared between the workers
    control = socket.socket(fileno=control_fd)
    control.sendall(READY)
    _serve(control, target, TaskOptions(**options))


def _serve(control: socket.socket, target: Target, options: TaskOptions) -> None:
    """Answer "fork" (with a worker's descriptors) and "wait PID" until the parent is gone."""
    while True:
        request, descriptors, *_ = socket.recv_fds(control, 64, len(Descriptors._fields))
        if not request:
            os.killpg(0, signal.SIGKILL)
        if request.startswith(b"wait"):
            _, status = os.waitpid(int(request.split()[1]), 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            template, answer = os.getpid(), os.fork()
            if answer == 0:
                control.close()
                _work(template, Descriptors(*descriptors), target, options)
            with contextlib.suppress(OSError):
                os.setpgid(answer, answer)
            for descriptor in descriptors:
                os.close(descriptor)
        control.sendall(b"%d\n" % answer)


class Descriptors(NamedTuple):
    """What a worker is given: sockets for jobs and answers and for the bell, and files for stderr
    and `Progress`.

    Answers are written at once, so that none is lost with the worker; the bell says when to look.
    """

    jobs: int
    bell: int
    errors: int
    progress: int


def _work(template: int, files: Descriptors, target: Target, options: TaskOptions) -> None:
    """A worker: batches of jobs in, answers out, until the parent closes the socket."""
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    _die_with(template)
    os.dup2(files.errors, 1)
    os.dup2(files.errors, 2)
    jobs = socket.socket(fileno=files.jobs)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_lines, args=(jobs, lines), daemon=True).start()
    bell = socket.socket(fileno=files.bell)
    progress = Progress(files.progress)
    while True:
        batch = _unpack_jobs(lines.get())
        now = rung = time.monotonic()
        for number, job in enumerate(batch, start=progress.begun + 1):
            if progress.is_dismissed:
                break
            progress.begin(number, now)
            jobs.sendall(pack_outcome(attempt(target, options, job)))
            now = time.monotonic()
            if now - rung > BELL_SECONDS:
                bell.send(b"!")
                rung = now
        bell.send(b"!")


def _read_lines(jobs: socket.socket, lines: queue.SimpleQueue[bytes]) -> None:
    for line in jobs.makefile("rb"):
        lines.put(line)
    # the parent closed the socket or is gone: end at once, with everything that this worker started
    os.killpg(0, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """On Linux the kernel ends us with our parent, even while C code holds the interpreter lock."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _limit_memory(megabytes: int) -> None:
    """A last barrier: the parent watches resident memory, this stops a sudden huge allocation."""
    limit = 2 * megabytes * 2**20 + 4 * 2**30
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
