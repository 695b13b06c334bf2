"""Time and memory of the readers that need no OCR, on files given.

    python -m bench.formats FILE_OR_FOLDER... [--guarded] [--repeat N]

Prints one line a media type: files, failures by reason, CPU milliseconds a file (median, largest),
kilobytes, the share of legal Vietnamese syllables, and the peak of resident memory. With --guarded
each file is read in a child process and the time is wall clock.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import read, read_guarded
from pipeline.readers.sniff import sniff
from pipeline.text.syllables import is_syllable, words_of


@dataclass
class Row:
    """What was measured for one media type."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    words: int = 0
    legal: int = 0
    failed: Counter[str] = field(default_factory=Counter)


def files_of(paths: Sequence[str]) -> Iterator[Path]:
    """All files below the paths, in order of their names."""
    for path in map(Path, paths):
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def measure(path: Path, row: Row, *, guarded: bool, repeat: int) -> None:
    """Read one file `repeat` times and keep the shortest time."""
    data = path.read_bytes()
    row.size += len(data)
    clock = time.perf_counter if guarded else time.process_time
    best = float("inf")
    for _ in range(repeat):
        start = clock()
        try:
            document = read_guarded(path) if guarded else read(data, path.name)
        except InputError as error:
            row.failed[error.reason] += 1
            return
        best = min(best, clock() - start)
    row.seconds.append(best)
    words = words_of(document.text)
    row.words += len(words)
    row.legal += sum(map(is_syllable, words))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--guarded", action="store_true")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    rows: dict[str, Row] = defaultdict(Row)
    for path in files_of(options.paths):
        row = rows[sniff(path.read_bytes())]
        measure(path, row, guarded=options.guarded, repeat=options.repeat)
    print(f"{'type':24} files  failed  median ms  largest ms   kB/file  legal syllables")
    for media_type, row in sorted(rows.items()):
        times = [1000 * seconds for seconds in row.seconds] or [0.0]
        count = len(row.seconds) + row.failed.total()
        print(
            f"{media_type[-24:]:24} {count:5}  {row.failed.total():6}  "
            f"{statistics.median(times):9.2f}  {max(times):10.1f}  {row.size / count / 1000:8.1f}  "
            f"{row.legal / max(1, row.words):.4f}  {dict(row.failed) or ''}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak resident memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
