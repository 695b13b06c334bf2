"""A large corpus from the project's own samples: their sentences, recombined; and poison files."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
POISON = {"corrupt": 0.60, "error": 0.25, "crash": 0.11, "timeout": 0.02, "memory": 0.02}
"""Share of each kind among the poison; the name is the reason that quarantine must give."""
MARKS = {"timeout": ("!hang", "!busy")}
"""How a text begins that does not begin with its kind: one sleeps, one computes."""
SENTENCES = 20


@cache
def sentences() -> tuple[str, ...]:
    """The statements that a person marked in the samples."""
    found: set[str] = set()
    for path in sorted(SAMPLES.glob("*/expected.json")):
        labels = json.loads(path.read_text(encoding="utf-8")).get("labels", {})
        for quotes in labels.values():
            found.update(quote for quote in quotes if isinstance(quote, str))
    return tuple(sorted(found))


def make_corpus(
    folder: Path, good: int, *, bad: int = 0, seed: int = 1, prefix: str = "good"
) -> Path:
    """Write `good` texts and `bad` poison files below `folder`; the same seed, the same bytes."""
    chance = random.Random(seed)
    pool = sentences()
    for i in range(good):
        path = folder / f"{i // 1000:04}" / f"{prefix}-{i}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = chance.choices(pool, k=SENTENCES)
        path.write_text(f"Số: {i}/TB-VP\n" + "\n".join(body) + "\n", encoding="utf-8")
    names = [kind for kind, share in POISON.items() for _ in range(round(share * bad))]
    for i, kind in enumerate((*names, *["corrupt"] * bad)[:bad]):
        place = folder / f"{chance.randrange(max(1, good // 1000)):04}" / f"{kind}-{i}.txt"
        marks = MARKS.get(kind, (f"!{kind}",))
        place.write_text(f"{marks[i % len(marks)]} {i}\n", encoding="utf-8")
    return folder
