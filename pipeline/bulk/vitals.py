"""What the system tells of a process: its memory, its CPU time, whether it is at work."""

from __future__ import annotations

import os
import signal
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (0 where the system does not tell)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used (0 where the system does not tell)."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if len(fields) > 12 else 0.0


def is_at_work(pid: int) -> bool:
    """Whether a process computes or would if it had a core, not waits for something."""
    return _stat(pid)[:1] == ["R"]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def exit_name(code: int | None) -> str:
    """ "SIGSEGV" or "exit 7"; "" when the code is not known."""
    if code is None:
        return ""
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"
