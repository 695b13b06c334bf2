"""Walls around a reader process: memory, CPU, file size, and no network.

Works on Linux; elsewhere what the system lacks is left out, and the caller's time limit remains.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

resource: Any = import_module("resource") if os.name == "posix" else None
"""Imported here, not where it is used: between fork and exec nothing may be imported."""
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_LARGEST_FILE = 1_000_000_000


def limit_resources(memory_bytes: int, cpu_seconds: float, *, raisable_to: int = 0) -> None:
    """Cap this process: address space, CPU time, size of files it writes, no core dumps.

    `raisable_to` is the address space that a child (LibreOffice) may ask for itself.
    """
    if resource is None:
        return
    seconds = int(cpu_seconds) + 1
    wanted = (
        (resource.RLIMIT_AS, memory_bytes, max(memory_bytes, raisable_to)),
        (resource.RLIMIT_CPU, seconds, seconds + 5),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for kind, soft, hard in wanted:
        _, ceiling = resource.getrlimit(kind)
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))


def drop_network() -> bool:
    """Move this process to a network of its own with nothing in it; whether that worked.

    Must run before any thread is started. Needs user namespaces or root; without them sockets of
    this Python are made unusable instead, which a native library could get around.
    """
    if enter_empty_network():
        return True
    _break_sockets()
    return False


def enter_empty_network() -> bool:
    """The part of `drop_network` that holds for any program, and may run between fork and exec."""
    return sys.platform == "linux" and (_unshare(_CLONE_NEWNET) or _unshare_as_user())


def _unshare(flags: int) -> bool:
    try:
        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    except (OSError, AttributeError):
        return False


def _unshare_as_user() -> bool:
    """The same without rights, inside a user namespace in which this user keeps its number."""
    user, group = os.getuid(), os.getgid()
    if not _unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        pass  # the process then has no name for itself, but still no network
    return True


def _break_sockets() -> None:
    import socket

    def refuse(*_: object, **__: object) -> object:
        raise OSError("a reader has no network")

    socket.socket = refuse  # type: ignore[assignment,misc]
    socket.create_connection = refuse  # type: ignore[assignment]


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a process started in a session of its own, and all its children."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
