"""All measurements of bulk loading, one after another: make bench-bulk [ARGS=small].

Each can be run alone with the command that is printed above its figures; a table ends it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.bulk.results import RESULTS, table

LARGE = (
    "overhead 5 50 2000",
    "overhead --speedup 50",
    "faults ledger --rows 1000000",
    "faults memory --good 100000",
    "faults poison --good 20000 --bad 1000",
    "kills --good 24000 --parents 22 --workers 20 --servers 8",
    "disks --good 3000",
)
SMALL = (
    "overhead 5",
    "faults ledger --rows 50000",
    "faults memory --good 5000",
    "faults poison --good 2000 --bad 100",
    "kills --good 3000 --parents 3 --workers 3 --servers 0",
)


def main() -> None:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="congvan-bench-") as folder:
        results = Path(folder, "results")
        for line in SMALL if sys.argv[1:] == ["small"] else LARGE:
            print(f"$ python -m bench.bulk.{line}", flush=True)
            name, *arguments = line.split()
            command = [sys.executable, "-m", f"bench.bulk.{name}", *arguments]
            failed += subprocess.call(command, env={**os.environ, RESULTS: str(results)}) != 0
        print(table(results))
    sys.exit(failed)


if __name__ == "__main__":
    main()
