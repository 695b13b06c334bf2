"""Time a feed of a whole store into servers of Debian packages, and a second that changes nothing.

python bench/search/make_store.py 100000 /var/tmp/bench
python bench/search/feed.py /var/tmp/bench
python bench/search/feed.py /var/tmp/bench --kills 20      killed at random moments, then compared
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipeline.feed.run import feed, open_engine  # noqa: E402
from pipeline.feed.schema import feed_tables  # noqa: E402
from tests.stores import mariadb, postgres  # noqa: E402
from tests.test_feed_sql import expected, hashes  # noqa: E402

_ONE = "import sys; from pathlib import Path; from pipeline.feed.run import feed"
_FEED = f"{_ONE}; feed(Path(sys.argv[1]), sys.argv[2])"


def server_seconds() -> float:
    """Processor time that the database servers of this machine have used so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue  # it has ended
        if name in ("postgres", "mariadbd"):
            fields = rest.split()
            ticks += sum(map(int, fields[11:15]))  # its own and its ended children's
    return ticks / os.sysconf("SC_CLK_TCK")


def timed_feeds(out: Path, name: str, url: str) -> None:
    for round_ in ("first feed", "again"):
        start, cpu, theirs = time.perf_counter(), time.process_time(), server_seconds()
        report = feed(out, url)
        seconds, own = time.perf_counter() - start, time.process_time() - cpu
        theirs = server_seconds() - theirs
        counts = report.counts
        print(
            f"{name}, {round_}: {seconds:.1f} s, processor {own:.1f} s ours and {theirs:.1f} s the"
            f" server's:"
            f" {report.documents} documents, {counts.inserted} rows inserted,"
            f" {counts.updated} updated",
            flush=True,
        )


def killed_feeds(out: Path, name: str, url: str, times: int) -> None:
    """Kill `times` feeds at random moments; where one gets to the end, the next begins anew."""
    dice, done, whole = random.Random(11), 0, 0
    while done < times:
        process = subprocess.Popen([sys.executable, "-c", _FEED, str(out), url], cwd=ROOT)
        try:
            process.wait(1.0 + dice.random() * 2)
            whole += 1
            _begin_anew(url)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            done += 1
    feed(out, url)
    right = hashes(url) == expected(out)
    print(f"{name}: {done} kills, {whole} feeds to the end between them, rows right: {right}")


def _begin_anew(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in feed_tables("congvan_")[1].values():
            connection.execute(table.delete())
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--only", choices=("PostgreSQL", "MariaDB"))
    arguments = parser.parse_args()
    for name, server in (("PostgreSQL", postgres), ("MariaDB", mariadb)):
        if arguments.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as url:
            if url is None:
                print(f"{name}: no server here")
            elif arguments.kills:
                killed_feeds(arguments.out, name, url, arguments.kills)
            else:
                timed_feeds(arguments.out, name, url)


if __name__ == "__main__":
    main()
