"""Answers about the whole store, kept until the store changes."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from pipeline.store.schema import store_id

Answer = TypeVar("Answer")
MOST = 64


class Memory:
    """The latest answers; each belongs to one state of the index."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, connection: sqlite3.Connection, key: Hashable, compute: Callable[[], Answer]
    ) -> Answer:
        """The answer to `key`, worked out anew when documents have come or gone."""
        stamp = (store_id(connection), _last_change(connection))
        with self._lock:
            held = self._held.get(key)
        if held is not None and held[0] == stamp:
            return held[1]  # type: ignore[no-any-return]
        answer = compute()
        with self._lock:
            self._held[key] = (stamp, answer)
            self._held.move_to_end(key)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return answer


def _last_change(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT max(seq) FROM changes").fetchone()
    return int(row[0] or 0)
