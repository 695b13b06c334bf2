"""Trying quarantined documents again from the desk: the same command, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.desk.state import Desk

RetryStatus = Literal["idle", "running", "done", "failed"]
_MAIN = "from pipeline.cli import main; main()"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class RetryState:
    """How the latest retry stands; `output` is the end of what it said."""

    status: RetryStatus
    output: str = ""


def start_retry(desk: Desk, ids: tuple[str, ...], reason: str) -> None:
    """Start `congvan quarantine retry`, unless one is running. Workers get a process of their own,
    because forking them from a server with threads is not safe."""
    with _LOCK:
        if retry_state(desk).status == "running":
            return
        command = [sys.executable, "-c", _MAIN, "quarantine", "retry", *ids]
        command += ["--out", str(desk.out)]
        command += ["--reason", reason] if reason else []
        log = _log(desk)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            desk.processes["retry"] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )


def retry_state(desk: Desk) -> RetryState:
    """Whether a retry is running, and how the last one ended."""
    process = desk.processes.get("retry")
    if process is None:
        return RetryState("idle")
    code = process.poll()
    if code is None:
        return RetryState("running")
    # 3: some documents failed again, which the list shows; 4: none was left
    return RetryState("done" if code in (0, 3, 4) else "failed", _end(desk))


def _log(desk: Desk) -> Path:
    return desk.out / "desk" / "retry.log"


def _end(desk: Desk) -> str:
    try:
        text = _log(desk).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-4:])[-800:]
