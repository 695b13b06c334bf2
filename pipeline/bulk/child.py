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

from pipeline.bulk.task import Job, Outcome, TaskOptions, attempt

READY = b"ready\n"
_OUTCOME_FIELDS = tuple(f.name for f in fields(Outcome))
_JOB_FIELDS = tuple(f.name for f in fields(Job))
_PR_SET_PDEATHSIG = 1


def pack_job(job: Job) -> bytes:
    """A job as one line."""
    return json.dumps([getattr(job, name) for name in _JOB_FIELDS]).encode() + b"\n"


def pack_outcome(outcome: Outcome) -> bytes:
    """An outcome as one line."""
    return json.dumps([getattr(outcome, name) for name in _OUTCOME_FIELDS]).encode() + b"\n"


def unpack_outcome(line: bytes) -> Outcome:
    """The outcome of a line written by `pack_outcome`."""
    values = dict(zip(_OUTCOME_FIELDS, json.loads(line), strict=True))
    return Outcome(**{**values, "bands": tuple(values["bands"])})


def _unpack_job(line: bytes) -> Job:
    values = dict(zip(_JOB_FIELDS, json.loads(line), strict=True))
    return Job(**{**values, "paths": tuple(values["paths"])})


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
