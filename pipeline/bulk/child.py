"""The processes that do the work: a template with code and models, and workers forked from it.

A fresh worker costs milliseconds instead of seconds, so killing one is cheap. None outlives the
parent. Started as `python -m pipeline.bulk.child MODULE:FUNCTION OPTIONS CONTROL_FD`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import itertools
import json
import os
import queue
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

from pipeline.bulk.task import Job, Outcome, TaskOptions, attempt

Target = Callable[[Job, TaskOptions], Outcome]
READY = b"ready\n"
ANSWERS = 8
ANSWER_SECONDS = 0.1
"""Answers wait for each other at most so many, and so long."""
_outcome_values = attrgetter(*(f.name for f in fields(Outcome)))
_job_values = attrgetter(*(f.name for f in fields(Job)))
_PR_SET_PDEATHSIG = 1


def pack_job(job: Job) -> bytes:
    """A job as one line."""
    return json.dumps(_job_values(job)).encode() + b"\n"


def pack_outcome(outcome: Outcome) -> bytes:
    """An outcome as one line."""
    return json.dumps(_outcome_values(outcome)).encode() + b"\n"


def unpack_outcome(line: bytes) -> Outcome:
    """The outcome of a line written by `pack_outcome`."""
    values: list[Any] = [tuple(v) if isinstance(v, list) else v for v in json.loads(line.decode())]
    return Outcome(*values)


def _unpack_job(line: bytes) -> Job:
    document, sha256, name, size, paths, attempts = json.loads(line.decode())
    return Job(document, sha256, name, size, tuple(paths), attempts)


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


def read_begun(begun: int) -> int:
    """How many jobs a worker has begun, from the file that it counts in."""
    return int.from_bytes(os.pread(begun, 8, 0), "little")


def _serve(control: socket.socket, target: Target, options: TaskOptions) -> None:
    """Answer "fork" (with a worker's descriptors) and "wait PID" until the parent is gone."""
    while True:
        request, descriptors, *_ = socket.recv_fds(control, 64, 3)
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
    """What a worker is given: its socket, a file for its stderr, a file to count begun jobs in."""

    jobs: int
    errors: int
    begun: int


def _work(template: int, files: Descriptors, target: Target, options: TaskOptions) -> None:
    """A worker: one answer a job, until the parent closes the socket or dies.

    Answers of cheap documents go in batches: waking the parent for each would cost more than they
    do. The count of begun jobs tells the parent which one was in hand when a worker died.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    _die_with(template)
    os.dup2(files.errors, 1)
    os.dup2(files.errors, 2)
    jobs = socket.socket(fileno=files.jobs)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs, lines), daemon=True).start()
    answers: list[bytes] = []
    first = time.monotonic()
    for begun in itertools.count(1):
        job = _unpack_job(lines.get())
        os.pwrite(files.begun, begun.to_bytes(8, "little"), 0)
        answers.append(pack_outcome(attempt(target, job, options)))
        now = time.monotonic()
        if lines.empty() or len(answers) >= ANSWERS or now - first > ANSWER_SECONDS:
            jobs.sendall(b"".join(answers))
            answers, first = [], now


def _read_jobs(jobs: socket.socket, lines: queue.SimpleQueue[bytes]) -> None:
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
