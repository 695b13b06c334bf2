"""Time a feed of a whole store into servers of Debian packages, and a second that changes nothing.

python bench/search/make_store.py 100000 /var/tmp/bench
python bench/search/feed.py /var/tmp/bench
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipeline.feed.run import feed  # noqa: E402
from tests.stores import mariadb, postgres  # noqa: E402


def main(out: Path) -> None:
    for name, server in (("PostgreSQL", postgres), ("MariaDB", mariadb)):
        with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
            if url is None:
                print(f"{name}: no server here")
                continue
            for round_ in ("first feed", "again"):
                start, cpu = time.perf_counter(), time.process_time()
                report = feed(out, url)
                seconds, own = time.perf_counter() - start, time.process_time() - cpu
                counts = report.counts
                print(
                    f"{name}, {round_}: {seconds:.1f} s ({own:.1f} s of them ours):"
                    f" {report.documents} documents, {counts.inserted} rows inserted,"
                    f" {counts.updated} updated"
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
