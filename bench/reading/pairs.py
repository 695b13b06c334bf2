"""Count pairs of neighbouring syllables in text files: `python -m bench.reading.pairs OUT FILE...`.

Makes models/lexicons/syllable_pairs.tsv, which OCR correction reads. Files are text, or .jsonl
and .jsonl.xz with a "text" in each line.
"""

from __future__ import annotations

import json
import lzma
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pipeline.text.syllables import is_syllable

LEAST = 8
"""Rarer pairs are left out."""
_PART = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")
_SOURCE = "pairs of syllables counted in Vietnamese news of 2017 and official documents of 2025"


def texts(path: Path) -> Iterator[str]:
    """The texts in a file."""
    if path.name.endswith((".jsonl", ".jsonl.xz")):
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]
    else:
        yield re.sub(r"(?<!\n)\n(?!\n)", " ", path.read_text(encoding="utf-8", errors="replace"))


def count(paths: list[Path]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each syllable, and each pair of them without anything between, occurs."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for path in paths:
        for text in texts(path):
            for part in _PART.findall(unicodedata.normalize("NFC", text).lower()):
                words = [word if is_syllable(word) else "" for word in part.split(" ")]
                single.update(words)
                pairs.update(pair for pair in pairwise(words) if all(pair))
    return single, pairs


def level(times: int) -> int:
    """The logarithm to base 2, rounded down."""
    return int(math.log2(times))


def write(out: Path, pairs: Counter[tuple[str, str]]) -> None:
    """One line a first syllable; the second ones by how often they follow, as powers of two."""
    rows: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (first, second), times in pairs.items():
        if times >= LEAST:
            rows[first][level(times)].append(second)
    lines = [
        f"# source: {_SOURCE}; at least {LEAST} times; n: twice to the power of n",
        "first\tnext",
    ]
    for first in sorted(rows):
        groups = (f"{n}:{','.join(sorted(rows[first][n]))}" for n in sorted(rows[first]))
        lines.append(f"{first}\t{' '.join(groups)}")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), count([Path(name) for name in sys.argv[2:]])[1])
