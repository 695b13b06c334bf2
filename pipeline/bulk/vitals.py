"""What the system tells of a process: its memory, its CPU time, whether it is at work."""

from __future__ import annotations

import math
import os
import re
import signal

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (0 where the system does not tell)."""
    fields = _told(f"/proc/{pid}/statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20 if len(fields) > 1 else 0.0


def available_mb() -> float:
    """Memory in MB that processes can still get without swapping (no end where it is not told)."""
    found = re.search(rb"MemAvailable:\s+(\d+) kB", _told("/proc/meminfo"))
    return int(found.group(1)) / 1024 if found else math.inf


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used (0 where the system does not tell)."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if len(fields) > 12 else 0.0


def is_at_work(pid: int) -> bool:
    """Whether a process computes or would if it had a core, not waits for something."""
    return _stat(pid)[:1] == [b"R"]


def _stat(pid: int) -> list[bytes]:
    """The fields of /proc/PID/stat after the name: state, parent, ..."""
    return _told(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def _told(path: str) -> bytes:
    """What a file of the system says; bare calls, because workers are looked at all the time."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(handle, 4096)
    except OSError:  # the process has just ended
        return b""
    finally:
        os.close(handle)


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
