"""Indexing that nobody waits for: 300 pages take seconds, in a process of its own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.store import index

PAUSE = 2.0
"""Seconds without a correction before indexing begins, so that a row of them is indexed once."""
LONGEST = 20.0
"""Seconds after which it begins in any case."""
log = logging.getLogger(__name__)


@dataclass
class Later:
    """One thread that has indexed what was corrected; a document corrected again waits once."""

    _waiting: set[str] = field(default_factory=set)
    _last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def update(self, out: Path, document_id: str) -> None:
        """Index a document soon."""
        with self._lock:
            self._waiting.add(document_id)
            self._last = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(out,), name="index-later")
                self._thread.start()

    def wait(self) -> None:
        """Come back when nothing is left to index."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self, out: Path) -> None:
        while True:
            self._rest()
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                ids = sorted(self._waiting)
                self._waiting.clear()
            # in this process it would hold up the pages that follow
            command = [sys.executable, "-m", "pipeline.desk.later", str(out), *ids]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
            if done.returncode:
                # the log has the correction; `congvan reindex` or the next correction brings it in
                said = done.stderr.decode(errors="replace").strip()[-2000:]
                log.error("corrected documents could not be indexed: %s\n%s", ids, said)

    def _rest(self) -> None:
        latest = time.monotonic() + LONGEST
        while (left := min(self._last + PAUSE, latest) - time.monotonic()) > 0:
            time.sleep(left)


def main() -> None:
    """Index the documents that the command line names, when nothing else needs the processor."""
    if hasattr(os, "nice"):
        os.nice(10)
    index.update(Path(sys.argv[1]), sys.argv[2:])


if __name__ == "__main__":
    main()
