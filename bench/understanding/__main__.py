"""Time of understanding a text beside word segmentation and entity recognition of underthesea.

    python -m bench.understanding [FOLDER] [--limit 40] [--stages] [--start]

FOLDER holds .txt files; without it, the documents written for training are used. Times are CPU
milliseconds of one process for 8 kB of text, the best of some rounds for each text, the kinds of
work by turns: what counts is how the rows compare. --stages shows where the time goes, --start
what `congvan process` takes for one file from its start to its end.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline import process
from pipeline.labels.written import read_written
from pipeline.process import understand
from pipeline.readers import read
from pipeline.resources import models_dir

SIZE = 8_000
"""Bytes of text that a row counts for one document."""
NER_TEXTS = 2
"""Recognising entities takes ten seconds for 8 kB: fewer texts, once."""
STAGES = {
    "lines_of": "lines",
    "parse_header": "header",
    "structure_of": "sections and units",
    "label_units": "labels",
    "_statements": "statements, speakers",
    "extract_tasks": "tasks",
    "_figures": "figures",
    "find_references": "references",
    "_references": "references",
    "find_mentions": "mentions",
    "run_checks": "checks",
    "verify": "verbatim check",
}
"""Functions that pipeline.process calls, and what they are called here."""

Work = Callable[[str, bytes], object]


def texts_of(folder: Path | None, limit: int) -> list[tuple[str, bytes]]:
    """Names and bytes, spread evenly over the folder."""
    if folder is None:
        paths = sorted((models_dir() / "training" / "labels").glob("*.txt"))
        found = [(path.name, read_written(path).text.encode()) for path in paths]
    else:
        found = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.txt"))]
    return found[:: max(1, len(found) // limit)][:limit]


def milliseconds(
    rows: dict[str, Work], texts: Sequence[tuple[str, bytes]], rounds: int
) -> dict[str, float]:
    """CPU milliseconds for 8 kB by row; each work is done once before, to load what loads once."""
    best: dict[tuple[str, int], float] = defaultdict(lambda: float("inf"))
    for work in rows.values():
        work(*texts[0])
    for _ in range(rounds):
        for label, work in rows.items():
            for number, text in enumerate(texts):
                start = time.process_time()
                work(*text)
                taken = time.process_time() - start
                best[label, number] = min(best[label, number], taken)
    return _for_size(best, texts)


def _for_size(
    best: dict[tuple[str, int], float], texts: Sequence[tuple[str, bytes]]
) -> dict[str, float]:
    size = sum(len(data) for _, data in texts)
    total: dict[str, float] = defaultdict(float)
    for (label, _), taken in best.items():
        total[label] += taken / size * SIZE * 1000
    return total


def stages(texts: Sequence[tuple[str, bytes]], rounds: int) -> dict[str, float]:
    """CPU milliseconds for 8 kB by stage of understanding; what no stage has is "the rest"."""
    best: dict[tuple[str, int], float] = defaultdict(lambda: float("inf"))
    documents = [read(data, name) for name, data in texts]
    with _timed() as taken:
        for _ in range(rounds):
            for number, document in enumerate(documents):
                taken.clear()
                start = time.process_time()
                understand(document)
                whole = time.process_time() - start
                for label, part in {**taken, "the rest": whole - sum(taken.values())}.items():
                    best[label, number] = min(best[label, number], part)
    return _for_size(best, texts)


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """The CPU seconds of each stage, while pipeline.process calls it through a watch."""
    taken: dict[str, float] = defaultdict(float)
    plain = {name: getattr(process, name) for name in STAGES}

    def watched(label: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return stage(*args, **options)
            finally:
                taken[label] += time.process_time() - start

        return run

    for name, stage in plain.items():
        setattr(process, name, watched(STAGES[name], stage))
    try:
        yield taken
    finally:
        for name, stage in plain.items():
            setattr(process, name, stage)


def start_up(texts: Sequence[tuple[str, bytes]], rounds: int) -> float:
    """CPU seconds of `congvan process` in a process of its own, for the text nearest to 8 kB."""
    name, data = min(texts, key=lambda text: abs(len(text[1]) - SIZE))
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "process"]
    best = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        for _ in range(rounds + 1):  # the first may still write bytecode
            before = _cpu_of_children()
            subprocess.run([*command, str(path)], check=True, stdout=subprocess.DEVNULL)
            best = min(best, _cpu_of_children() - before)
    return best


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print one row a kind of work, and what else is asked for."""
    import underthesea

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stages", action="store_true", help="where the time goes")
    parser.add_argument("--start", action="store_true", help="start-up of `congvan process`")
    options = parser.parse_args()
    texts = texts_of(options.folder, options.limit)
    rows: dict[str, Work] = {
        "read": lambda name, data: read(data, name),
        "read and understand": lambda name, data: understand(read(data, name)),
        "underthesea.word_tokenize": lambda _, data: underthesea.word_tokenize(data.decode()),
    }
    ner: dict[str, Work] = {"underthesea.ner": lambda _, data: underthesea.ner(data.decode())}
    size = sum(len(data) for _, data in texts)
    print(f"{len(texts)} texts, {size / 1000:.0f} kB; CPU milliseconds for {SIZE // 1000} kB")
    found = milliseconds(rows, texts, options.rounds) | milliseconds(ner, texts[:NER_TEXTS], 1)
    for label, each in found.items():
        print(f"{label:28}{each:8.1f}   {1000 / each:8.1f} documents a second")
    if options.stages:
        parts = stages(texts, options.rounds)
        for label in sorted(parts, key=lambda label: -parts[label]):
            print(f"  {label:26}{parts[label]:8.1f}   {parts[label] / sum(parts.values()):8.0%}")
    if options.start:
        print(f"congvan process, one file {start_up(texts, options.rounds):11.2f} s of CPU")


if __name__ == "__main__":
    main()
