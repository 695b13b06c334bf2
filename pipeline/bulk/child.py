"""The worker process: takes jobs from a pipe, one answer a job, and never outlives its parent.

Started as `python -m pipeline.bulk.child MODULE:FUNCTION OPTIONS ANSWER_FD`.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import queue
import resource
import signal
import sys
import threading
from dataclasses import fields
from operator import attrgetter
from typing import Any

from pipeline.bulk.task import Job, Outcome, TaskOptions, attempt

READY = b"ready\n"
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


def main(target_name: str, options_json: str, answers: int) -> None:
    """Answer jobs until the parent closes the pipe or dies."""
    _die_with_parent()
    options = json.loads(options_json)
    _limit_memory(options.pop("memory_limit_mb"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(lines,), daemon=True).start()
    module, _, function = target_name.partition(":")
    target = getattr(importlib.import_module(module), function)
    task_options = TaskOptions(**options)
    os.write(answers, READY)
    while True:
        outcome = attempt(target, _unpack_job(lines.get()), task_options)
        os.write(answers, pack_outcome(outcome))


def _read_jobs(lines: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        lines.put(line)
    # the parent closed the pipe or is gone: end at once, with everything that this worker started
    os.killpg(0, signal.SIGKILL)


def _die_with_parent() -> None:
    """On Linux the kernel ends us with our parent, even while C code holds the interpreter lock."""
    parent = int(os.environ.get("CONGVAN_PARENT", os.getppid()))
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
