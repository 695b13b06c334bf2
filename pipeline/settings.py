"""Settings of a machine: CONGVAN_* in the environment, read by the command line and the flows."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.bulk.run import LoadOptions
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.workers import WorkerOptions

KeepSources = Literal["copy", "link", "none"]


def default_jobs() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """Defaults of the options of `congvan load` and the limits of its workers."""

    model_config = SettingsConfigDict(env_prefix="CONGVAN_", extra="ignore", frozen=True)

    out: Path = Path("outputs")
    jobs: int = Field(default_factory=default_jobs, ge=1)
    time_limit: float = Field(300.0, gt=0)
    """Seconds for one document, before the worker is killed."""
    time_limit_per_mb: float = Field(60.0, ge=0)
    """Seconds more for each megabyte of the file: a long scan is slow, not stuck."""
    memory_limit_mb: int = Field(3072, ge=128)
    """Resident memory of one worker, before it is killed."""
    recycle_after: int = Field(1000, ge=1)
    """Documents after which a worker is replaced by a fresh one."""
    attempts: int = Field(2, ge=1)
    """Tries of a document that killed its worker or raised an unexpected error."""
    keep_sources: KeepSources = "copy"
    """How the bytes of the sources are kept beside the records."""
    target: str = "pipeline.bulk.task:make_record"
    """What a worker does with a document, as "module:function" of (Job, TaskOptions)."""
    durable: bool = True
    """Flush each file to the disk before it counts as written (survives a power cut)."""


def load_options(
    out: Path,
    *,
    jobs: int | None = None,
    keep_sources: KeepSources | None = None,
    read_again: bool = False,
    limit: int | None = None,
    since: datetime | None = None,
    force: bool = False,
    settle: float = 0.0,
    quiet: bool = False,
    share: str = "",
) -> LoadOptions:
    """Options of a run: what was asked for, else the settings of this machine."""
    settings = Settings()
    task = TaskOptions(
        out=str(out.absolute()),
        keep_sources=keep_sources or settings.keep_sources,
        durable=settings.durable,
        read_again=read_again,
        share=share,
    )
    workers = WorkerOptions(
        task=task,
        target=settings.target,
        time_limit=settings.time_limit,
        time_limit_per_mb=settings.time_limit_per_mb,
        memory_limit_mb=settings.memory_limit_mb,
        recycle_after=settings.recycle_after,
    )
    return LoadOptions(
        out=out,
        workers=workers,
        jobs=jobs or settings.jobs,
        attempts=settings.attempts,
        limit=limit,
        since=since,
        force=force,
        settle=settle,
        quiet=quiet,
    )
