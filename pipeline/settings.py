"""Settings of a machine: CONGVAN_* in the environment, read by the command line and the flows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    durable: bool = True
    """Flush each file to the disk before it counts as written (survives a power cut)."""
