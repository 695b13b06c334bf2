"""Time indexing one document again in a store of `make_store.py`, reading its rows included.

python bench/search/update.py /var/tmp/bench
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

from make_store import PER_DOCUMENT, records
from run import percentiles

from pipeline.store import index
from pipeline.store.schema import open_writer

DOCUMENTS = 40


def main(out: Path) -> None:
    with closing(open_writer(out)) as connection:
        held = connection.execute("SELECT count(*) FROM statements").fetchone()[0]
        wall, own = [], []
        for record in islice(records(held), DOCUMENTS):
            start, cpu = time.perf_counter(), time.process_time()
            index.put(connection, record, record.id)
            wall.append((time.perf_counter() - start) * 1000)
            own.append((time.process_time() - cpu) * 1000)
    print(
        f"{DOCUMENTS} documents of {PER_DOCUMENT} statements among {held}, p50 / p95 ms:"
        f" {percentiles(wall)} on the wall, {percentiles(own)} of processor time"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
