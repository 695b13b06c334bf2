"""Gold documents -> trained label model, with honest scores: every document is labelled by a model
that has not seen it (folds by document name)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.labels import acceptance
from pipeline.labels.chain import Chain, read_chain
from pipeline.labels.features import OF_FAMILY, spelled
from pipeline.labels.model import LABELS, LabelModel, Settings, label_units, load_model
from pipeline.nlp import train_crf
from pipeline.structure.draft import Draft

GOLD_LABELS = {
    "ACH": "achievement",
    "SHO": "shortcoming",
    "TASK": "task",
    "CAUSE": "cause",
    "REQ": "proposal",
    "CTX": "context",
    "META": "context",
    "HEAD": "heading",
}
CRF_L1, CRF_L2, CRF_ITERATIONS = 0.3, 0.5, 60
"""Chosen by cross-validation (docs/quality.md)."""
CRF_MIN_COUNT = 8
"""Rarer features double the size of the CRF and are left to the linear model."""


@dataclass(frozen=True)
class Example:
    """One gold document as the labels see it: a draft and, unit by unit, what would be accepted."""

    name: str
    draft: Draft
    features: list[list[str]]
    around: list[list[str]]
    """What only the acceptance model sees of a unit: the words of the units beside it."""
    labels: tuple[str, ...]
    accepted: tuple[frozenset[str], ...]

    @property
    def body(self) -> list[int]:
        """Indexes of the units that are not header or footer."""
        return [index for index, unit in enumerate(self.draft.units) if unit.kind != "meta"]


def load_examples(
    gold: Path, draft_of: Callable[[bytes, str], Draft], names: Iterable[str] | None = None
) -> list[Example]:
    """Every NAME.json/NAME.txt pair of a gold folder (docs/evaluation.md), sorted by name."""
    wanted = set(names) if names is not None else None
    examples = []
    for path in sorted(gold.glob("*.json")):
        if wanted is None or path.stem in wanted:
            labels = json.loads(path.read_text(encoding="utf-8"))
            draft = draft_of(path.with_suffix(".txt").read_bytes(), path.stem + ".txt")
            examples.append(example_of(path.stem, draft, labels))
    return examples


def example_of(name: str, draft: Draft, gold: dict[str, Any]) -> Example:
    """Gold labels carried over to our own units by the characters they share."""
    labels, accepted = [], []
    for unit in draft.units:
        index = _best_overlap(unit.start, unit.end, gold["units"])
        own = "META" if index is None else gold["labels"][index]
        other = gold.get("alt", {}).get(str(index), [])
        accepted.append(
            frozenset(
                GOLD_LABELS[n] for n in (own, *([other] if isinstance(other, str) else other))
            )
        )
        labels.append(GOLD_LABELS[own])
    features, around = spelled(draft)
    return Example(
        name=name,
        draft=draft,
        features=features,
        around=around,
        labels=tuple(labels),
        accepted=tuple(accepted),
    )


def _best_overlap(start: int, end: int, units: Sequence[dict[str, Any]]) -> int | None:
    shared = [
        (min(end, unit["end"]) - max(start, unit["start"]), -index)
        for index, unit in enumerate(units)
        if unit["start"] < end and start < unit["end"]
    ]
    return -max(shared)[1] if shared else None


@dataclass(frozen=True)
class Trained:
    """A model with the CRF it was made from, which writes its own file."""

    model: LabelModel
    crf: Any


def train(examples: Sequence[Example], name: str, settings: Settings | None = None) -> Trained:
    """Fit both models on all examples. Deterministic."""
    counts = Counter(f for example in examples for row in example.features for f in set(row))
    sequences = [
        [[f for f in row if counts[f] >= CRF_MIN_COUNT] for row in example.features]
        for example in examples
    ]
    crf = train_crf(
        sequences,
        [list(example.labels) for example in examples],
        l1_penalty=CRF_L1,
        l2_penalty=CRF_L2,
        max_iterations=CRF_ITERATIONS,
    )
    rows, wanted = [], []
    for example in examples:
        for index in example.body:
            row = example.features[index]
            family = example.draft.family
            own = [f"{family}:{name}" for name in row if name.startswith(OF_FAMILY)]
            rows.append([*row, *example.around[index], *own])
            wanted.append([label in example.accepted[index] for label in LABELS])
    linear = acceptance.train(rows, np.array(wanted, dtype=bool), LABELS)
    return Trained(LabelModel(name, _chain_of(crf), linear, settings or Settings()), crf)


def _chain_of(crf: Any) -> Chain:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crf.bin"
        crf.save(str(path))
        return read_chain(path).in_order(LABELS)


def fold_of(name: str, folds: int) -> int:
    """The fold of a document, from its name alone."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % folds


def cross_validate(
    examples: Sequence[Example],
    folds: int = 5,
    settings: Settings | None = None,
    always: Sequence[Example] = (),
) -> dict[str, LabelModel]:
    """For every document name the model that was trained without it (and without its fold).

    `always` are documents to learn from that are never scored: those written for training.
    """
    models = _trained_apart(
        [
            [*(e for e in examples if fold_of(e.name, folds) != fold), *always]
            for fold in range(folds)
        ],
        settings,
    )
    return {example.name: models[fold_of(example.name, folds)] for example in examples}


def _trained_apart(
    sets: Sequence[Sequence[Example]], settings: Settings | None
) -> list[LabelModel]:
    """One model a set of examples, trained in processes of their own, a core each."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / f"fold-{number}" for number in range(len(sets))]
        jobs = min(len(sets), os.cpu_count() or 1)
        context = get_context("fork")  # examples are inherited: they are too large to be sent
        with ProcessPoolExecutor(jobs, context, _receive, (sets, settings)) as pool:
            list(pool.map(_train_set, range(len(sets)), places))
        return [load_model(place) for place in places]


_received: tuple[Sequence[Sequence[Example]], Settings | None] = ((), None)
"""In a process that trains: what it was started with."""


def _receive(sets: Sequence[Sequence[Example]], settings: Settings | None) -> None:
    global _received
    _received = (sets, settings)


def _train_set(number: int, place: Path) -> None:
    sets, settings = _received
    save(train(sets[number], f"labels-fold-{number}", settings), place, {})


def calibration(
    examples: Sequence[Example], models: dict[str, LabelModel], bins: int = 20
) -> tuple[float, ...]:
    """Share of accepted answers by blended score, made monotone (pool adjacent violators).

    The result has one entry for each of `bins + 1` evenly spaced scores from 0 to 1.
    """
    pairs = []
    for example in examples:
        model = models[example.name]
        scores = model.scores(example.draft)
        labels = label_units(example.draft, model)
        for index in example.body:
            label = labels[index]
            if label is not None:
                score = float(scores[index][LABELS.index(label.label)])
                pairs.append((score, label.label in example.accepted[index]))
    pairs.sort()
    return _isotonic([p[0] for p in pairs], [float(p[1]) for p in pairs], bins)


def _isotonic(scores: Sequence[float], right: Sequence[float], bins: int) -> tuple[float, ...]:
    blocks: list[list[float]] = []  # [sum of right, count, last score]
    for score, value in zip(scores, right, strict=True):
        blocks.append([value, 1.0, score])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], last[2]]
    ends = np.array([block[2] for block in blocks])
    levels = np.array([block[0] / block[1] for block in blocks])
    grid = np.linspace(0.0, 1.0, bins + 1)
    places = np.minimum(np.searchsorted(ends, grid), len(levels) - 1)
    return tuple(round(float(levels[place]), 4) for place in places)


def save(trained: Trained, folder: Path, card: dict[str, Any]) -> None:
    """Write crf.bin, acceptance.npz and meta.json (settings and card)."""
    folder.mkdir(parents=True, exist_ok=True)
    trained.crf.save(str(folder / "crf.bin"))
    trained.model.acceptance.save(folder / "acceptance.npz")
    meta = {"name": trained.model.name, "settings": asdict(trained.model.settings), **card}
    text = json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "meta.json").write_text(text, encoding="utf-8")


def accepted_share(examples: Sequence[Example], models: dict[str, LabelModel]) -> float:
    """Share of body units whose label is accepted, each labelled by a model that never saw it."""
    right = total = 0
    for example in examples:
        labels = label_units(example.draft, models[example.name])
        for index in example.body:
            label = labels[index]
            answer = label.label if label else "heading"
            wanted = example.accepted[index]
            right += answer in wanted or (answer == "context" and "heading" in wanted)
            total += 1
    return round(right / max(total, 1), 4)
