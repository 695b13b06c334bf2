"""New files of folders, loaded as they come, without a flow server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.bulk.engine import load
from pipeline.bulk.report import Report
from pipeline.bulk.run import LoadOptions
from pipeline.store.files import run_path


def watch_folders(
    paths: Sequence[Path],
    options: LoadOptions,
    *,
    every: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Report]:
    """Load again every so many seconds; yields the reports that were written.

    With `quiet` options a load that finds nothing new writes none.
    """
    while True:
        report = load(paths, options)
        if run_path(options.out, report.run).exists():
            yield report
        sleep(every)
