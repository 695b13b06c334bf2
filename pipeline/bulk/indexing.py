"""Keeps the search index and the links up with the records while a load goes on."""

from __future__ import annotations

import threading
from pathlib import Path

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.links import link
from pipeline.bulk.versions import carry_to_versions
from pipeline.errors import CongvanError, StoreError
from pipeline.store import index

INDEX_SECONDS = 20.0
"""How far the index may lag behind the records while a load goes on."""
INDEX_DOCUMENTS = 200


class Indexer:
    """A thread that indexes new records in batches; the ledger knows which are searchable."""

    def __init__(self, out: Path, ledger: Ledger) -> None:
        self._out = out
        self._ledger = ledger
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(INDEX_SECONDS):
            try:
                self._batch()
            except CongvanError:
                return  # `finish` meets the same trouble and reports it

    def _batch(self) -> bool:
        ids = self._ledger.unindexed(INDEX_DOCUMENTS)
        if ids:
            self._update(ids)
            link(self._ledger, self._out, ids)
            carry_to_versions(self._ledger, self._out, ids)
            self._ledger.mark_indexed(ids)
        return bool(ids)

    def _update(self, ids: list[str]) -> None:
        try:
            index.update(self._out, ids)
        except StoreError as error:
            # a damaged record is found by `congvan verify`; here it must not hold up the others
            if error.facts.get("code") != "broken-records":
                raise

    def finish(self) -> None:
        """Index all that is left, and whatever the index lacks (it may have been deleted).

        Raises:
            StoreError: the index cannot be written.
        """
        self.close()
        while self._batch():
            pass
        if index.count(self._out) != self._ledger.stored():
            self._update(index.stale(self._out))


def searchable_count(out: Path) -> int:
    """How many documents can be found."""
    return index.count(out)
