"""Which documents are the same notice, for those who count what documents say."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from pipeline.bulk.ledger import Ledger

_LINKED = (
    "SELECT a.sha256, b.sha256 FROM links l JOIN documents a ON a.id = l.a"
    " JOIN documents b ON b.id = l.b"
)
_AMONG = (
    "SELECT a.sha256, b.sha256 FROM json_each(?) x JOIN documents a ON a.sha256 = x.value"
    " JOIN links l ON l.a = a.id JOIN documents b ON b.id = l.b"
)


def linked(out: Path, among: Collection[str] | None = None) -> tuple[tuple[str, str], ...]:
    """Pairs of ids that the ledger of a store holds for the same notice; none without a ledger.

    `among` asks only for the pairs of these ids.
    """
    if not (out / "ledger.sqlite").exists():
        return ()
    with closing(Ledger(out, write=False)) as ledger:
        if among is None:
            return tuple(ledger.query(_LINKED))
        pairs = ledger.query(_AMONG, json.dumps(sorted(among)))
        return tuple((a, b) for a, b in pairs if b in among)
