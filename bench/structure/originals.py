"""The files that labelled texts were made from, found by runs of words that both have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipeline.evaluate.align import tokens
from pipeline.evaluate.gold import GoldDocument

RUN = 13
"""Syllables in a row that only copies share."""


def originals(gold: Sequence[GoldDocument], folder: Path) -> dict[str, Path]:
    """For each labelled document the file of `folder` that has more than half of its runs."""
    owners: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for document in gold:
        for run in _runs([token.text for token in document.tokens]):
            owners[run].add(document.name)
    best: dict[str, tuple[int, Path]] = {}
    for path in sorted(folder.glob("*.md")):
        shared = Counter(
            name
            for run in _runs([token.text for token in tokens(path.read_text("utf-8"))])
            for name in owners.get(run, ())
        )
        for name, count in shared.items():
            if count > best.get(name, (0, path))[0]:
                best[name] = (count, path)
    sizes = {document.name: len(document.tokens) for document in gold}
    return {name: path for name, (count, path) in best.items() if count > sizes[name] / 2}


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[k : k + RUN]) for k in range(len(words) - RUN + 1)}
