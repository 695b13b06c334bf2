"""New files of folders, loaded as they come, without a flow server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.bulk.engine import LoadOptions, load
from pipeline.bulk.report import Report


def watch_folders(
    paths: Sequence[Path],
    options: LoadOptions,
    *,
    every: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Report]:
    """Load again every so many seconds; yields the report of each load that found something new."""
    while True:
        report = load(paths, options)
        if report.counts["done"] or report.counts["quarantined"]:
            yield report
        sleep(every)
