"""Time of understanding a text beside word segmentation and entity recognition of underthesea.

    python -m bench.understanding [FOLDER] [--limit 40]

FOLDER holds .txt files; without it, the documents written for training are used. Times are CPU
seconds of one process for 8 kB of text; what counts is how the rows compare.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.labels.written import read_written
from pipeline.process import understand
from pipeline.readers import read
from pipeline.resources import models_dir

SIZE = 8_000
"""Bytes of text that a row counts for one document."""


def texts_of(folder: Path | None, limit: int) -> list[tuple[str, bytes]]:
    """Names and bytes, spread evenly over the folder."""
    if folder is None:
        paths = sorted((models_dir() / "training" / "labels").glob("*.txt"))
        found = [(path.name, read_written(path).text.encode()) for path in paths]
    else:
        found = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.txt"))]
    return found[:: max(1, len(found) // limit)][:limit]


def seconds(work: Callable[[str, bytes], object], texts: Sequence[tuple[str, bytes]]) -> float:
    """CPU seconds for all texts; the first is done once before, to load what loads once."""
    work(*texts[0])
    start = time.process_time()
    for name, data in texts:
        work(name, data)
    return time.process_time() - start


def main() -> None:
    """Print one row a kind of work."""
    import underthesea

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=40)
    options = parser.parse_args()
    texts = texts_of(options.folder, options.limit)
    size = sum(len(data) for _, data in texts)
    rows: list[tuple[str, Callable[[str, bytes], object]]] = [
        ("read", lambda name, data: read(data, name)),
        ("read and understand", lambda name, data: understand(read(data, name))),
        ("underthesea.word_tokenize", lambda _, data: underthesea.word_tokenize(data.decode())),
        ("underthesea.ner", lambda _, data: underthesea.ner(data.decode())),
    ]
    print(f"{len(texts)} texts, {size / 1000:.0f} kB; CPU milliseconds for {SIZE // 1000} kB")
    for label, work in rows:
        each = seconds(work, texts) / size * SIZE * 1000
        print(f"{label:28}{each:8.1f}   {1000 / each:8.1f} documents a second")


if __name__ == "__main__":
    main()
