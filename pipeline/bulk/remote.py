"""Chunks on the machines of a cluster: jobs in, outcomes out; the ledger stays with the caller."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.bulk.chunks import drive
from pipeline.bulk.task import Job, Outcome
from pipeline.bulk.workers import Pool, WorkerOptions


def run_jobs(jobs: Sequence[Job], options: WorkerOptions, attempts: int) -> list[Outcome]:
    """Do jobs on a supervised worker of this machine.

    The store of `options` must be reachable here under the same absolute path; with `share`, only
    that URL must be: records are written beside, in a folder of this process, and put there.

    Raises:
        StoreError: the store cannot be written from here.
        WorkerStartError: no worker can be started here.
    """
    outcomes: list[Outcome] = []
    if options.task.share:
        options = replace(options, task=replace(options.task, out=_scratch()))
    drive(_pool(options, threading.get_ident()), jobs, outcomes.extend, threading.Event(), attempts)
    return outcomes


@cache
def _scratch() -> str:
    """A store of this process alone; it goes with it."""
    folder = tempfile.mkdtemp(prefix="congvan-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _pool(options: WorkerOptions, _: int) -> Pool:
    """One worker for each thread of a cluster worker, kept until the process ends."""
    pool = Pool(options, 1)
    atexit.register(pool.close)
    return pool
