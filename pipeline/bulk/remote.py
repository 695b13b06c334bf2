"""Chunks on the machines of a cluster: jobs in, outcomes out; the ledger stays with the caller."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from functools import cache

from pipeline.bulk.chunks import drive
from pipeline.bulk.task import Job, Outcome
from pipeline.bulk.workers import Pool, WorkerOptions


def run_jobs(jobs: Sequence[Job], options: WorkerOptions, attempts: int) -> list[Outcome]:
    """Do jobs on a supervised worker of this machine.

    The store of `options` must be reachable here under the same absolute path.

    Raises:
        StoreError: the store cannot be written from here.
        WorkerStartError: no worker can be started here.
    """
    outcomes: list[Outcome] = []
    drive(_pool(options, threading.get_ident()), jobs, outcomes.extend, threading.Event(), attempts)
    return outcomes


@cache
def _pool(options: WorkerOptions, _: int) -> Pool:
    """One worker for each thread of a cluster worker, kept until the process ends."""
    pool = Pool(options, 1)
    atexit.register(pool.close)
    return pool
