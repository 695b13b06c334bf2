"""Indexing that nobody waits for: a document of 300 pages takes seconds."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import CongvanError
from pipeline.store import index

PAUSE = 2.0
"""Seconds before indexing begins, so that the page which follows a correction comes first."""
log = logging.getLogger(__name__)


@dataclass
class Later:
    """One thread that indexes what was corrected; a document corrected again waits once."""

    _waiting: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.Thread | None = None

    def update(self, out: Path, document_id: str) -> None:
        """Index a document soon."""
        with self._lock:
            self._waiting.add(document_id)
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
            time.sleep(PAUSE)
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                ids = sorted(self._waiting)
                self._waiting.clear()
            try:
                index.update(out, ids)
            except CongvanError:
                # the log has the correction; `congvan reindex` or the next correction brings it in
                log.exception("corrected documents could not be indexed: %s", ids)
