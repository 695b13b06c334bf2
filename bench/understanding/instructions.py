"""Processor instructions of understanding a text beside word segmentation; the same when busy.

    python -m bench.understanding.instructions [FOLDER] [--limit 15]

Counted by valgrind's callgrind (Debian's package valgrind), each kind of work in a process of its
own, for the second time that it sees the texts. FOLDER is that of `python -m bench.understanding`.
Instructions are not time: look-ups in memory far away take longer than they count.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.understanding.__main__ import SIZE, texts_of
from pipeline.process import understand
from pipeline.readers import read

WORKS = ("read and understand", "underthesea.word_tokenize")
_COLLECTED = re.compile(r"Collected\s*: (\d+)")


def counted(work: str, folder: Path | None, limit: int) -> int:
    """Instructions for all texts.

    Raises:
        SystemExit: valgrind is not there, or it counted nothing.
    """
    if not (shutil.which("valgrind") and shutil.which("callgrind_control")):
        raise SystemExit("valgrind is needed: apt-get install valgrind")
    tool = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null"]
    place = [str(folder)] if folder else []
    again = ["-m", "bench.understanding.instructions", *place, "--limit", str(limit)]
    run = subprocess.run(
        [*tool, sys.executable, *again, "--work", work],
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = _COLLECTED.search(run.stderr)
    if run.returncode or not found:
        raise SystemExit(run.stderr[-2000:])
    return int(found[1])


def do_twice(work: str, texts: Sequence[tuple[str, bytes]]) -> None:
    """Do a work on all texts, then once more while callgrind counts; ends the process."""
    done = _work(work)
    gc.disable()
    for name, data in texts:
        done(name, data)
    subprocess.run(
        ["callgrind_control", "-i", "on", str(os.getpid())],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for name, data in texts:
        done(name, data)
    os._exit(0)  # what an orderly end takes is not counted


def _work(name: str) -> Callable[[str, bytes], object]:
    if name == WORKS[0]:
        return lambda name, data: understand(read(data, name))
    from underthesea import word_tokenize

    return lambda name, data: word_tokenize(data.decode())


def main() -> None:
    """Print a row for each kind of work."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--limit", type=int, default=15)
    parser.add_argument("--work", choices=WORKS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    texts = texts_of(args.folder, args.limit)
    if args.work:
        do_twice(args.work, texts)
    size = sum(len(data) for _, data in texts)
    print(f"{len(texts)} texts, {size // 1000} kB; millions of instructions for 8 kB")
    for work in WORKS:
        count = counted(work, args.folder, args.limit)
        print(f"{work:26} {count / size * SIZE / 1e6:8.1f}", flush=True)


if __name__ == "__main__":
    main()
