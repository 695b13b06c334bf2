"""The template process: it has loaded code and models, and workers are forked from it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, NamedTuple

from pipeline.bulk.child import READY, Descriptors, Progress
from pipeline.bulk.vitals import exit_name
from pipeline.errors import CongvanError

if TYPE_CHECKING:
    from pipeline.bulk.workers import WorkerOptions

START_SECONDS = 180.0
"""Code is imported and models are loaded within this time."""
STDERR_TAIL = 400


class WorkerLostError(CongvanError):
    """The worker is dead; `reason` is crash, timeout or memory, `exit` its signal or exit code."""

    def __init__(self, reason: str, detail: str = "", exit: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.exit = exit


class Forked(NamedTuple):
    """A worker process and what its supervisor holds of it."""

    pid: int
    jobs: socket.socket
    bell: socket.socket
    stderr: IO[bytes]
    progress: Progress

    def close(self) -> None:
        """Let go of all that is held of it."""
        for held in self[1:]:
            held.close()


def start(
    options: WorkerOptions, control: socket.socket, said: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a template that listens to `control` and says in a file what goes wrong."""
    settings = {**asdict(options.task), "memory_limit_mb": options.memory_limit_mb}
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline.bulk.child"),
            *(options.target, json.dumps(settings), str(control.fileno())),
        ],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        pass_fds=(control.fileno(),),
        start_new_session=True,
        env={**os.environ, **environment()},
    )


class Template:
    """The process that workers are forked from; it has loaded their code and models."""

    def __init__(self, options: WorkerOptions) -> None:
        """Start it and wait until it is ready.

        Raises:
            WorkerLostError: it died or did not get ready.
        """
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with it)
        with theirs:
            try:
                self._process = start(options, theirs, self._stderr)
            except OSError as error:  # no memory for a process, no right to start one
                self._control.close()
                self._stderr.close()
                raise WorkerLostError("crash", str(error)) from error
        self._control.settimeout(START_SECONDS)
        try:
            answer = self._control.recv(64)
        except OSError:
            answer = b""
        if answer != READY:
            self.close()
            raise WorkerLostError("crash", self._said, exit_name(self._process.returncode))

    def fork(self) -> Forked:
        """A new worker.

        Raises:
            WorkerLostError: the template is dead.
        """
        (jobs, theirs), (bell, button) = socket.socketpair(), socket.socketpair()
        stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the worker)
        with theirs, button, tempfile.TemporaryFile() as shared:
            shared.truncate(Progress.SIZE)
            files = Descriptors(*(file.fileno() for file in (theirs, button, stderr, shared)))
            pid = self._ask(b"fork", files)
            progress = Progress(shared.fileno())
        worker = Forked(pid or 0, jobs, bell, stderr, progress)
        if pid is None:
            worker.close()
            raise WorkerLostError("crash", "the template process is gone")
        return worker

    def wait(self, pid: int) -> int | None:
        """The exit code of a dead worker (negative: its signal); None when it cannot be known."""
        return self._ask(b"wait %d" % pid)

    def _ask(self, request: bytes, descriptors: Sequence[int] = ()) -> int | None:
        with self._lock:
            try:
                socket.send_fds(self._control, [request], descriptors)
                return int(self._control.recv(64))
            except (OSError, ValueError):
                return None

    def close(self) -> None:
        """End it; its workers end with it."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._said = tail(self._stderr)
        self._stderr.close()


def environment() -> dict[str, str]:
    """One core a worker, and the same import path as ours."""
    return {
        "CONGVAN_PARENT": str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def tail(stream: IO[bytes]) -> str:
    """The last words of a process."""
    try:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - STDERR_TAIL))
        return stream.read().decode(errors="replace").strip()
    except (OSError, ValueError):
        return ""
