"""What was wanted, what was measured: told as it comes, and as one table at the end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

RESULTS = "CONGVAN_BENCH_RESULTS"
"""Names the file in which the results of several programs meet."""


class Result(NamedTuple):
    """One target and whether it was reached."""

    what: str
    wanted: str
    measured: str
    is_reached: bool

    @property
    def verdict(self) -> str:
        """In a word."""
        return "reached" if self.is_reached else "missed"


def note(what: str, wanted: str, measured: str, *, reached: bool) -> None:
    """Tell a result, and keep it for the table."""
    result = Result(what, wanted, measured, reached)
    print(f"{what}: {measured} (wanted: {wanted}): {result.verdict}", flush=True)
    if RESULTS in os.environ:
        with Path(os.environ[RESULTS]).open("a") as file:
            file.write(json.dumps(result) + "\n")


def table(path: Path) -> str:
    """The kept results in Markdown."""
    lines = path.read_text().splitlines() if path.exists() else []
    results = [Result(*json.loads(line)) for line in lines]
    rows = [("", "wanted", "measured", ""), ("---",) * 4]
    rows += [(r.what, r.wanted, r.measured, r.verdict) for r in results]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
