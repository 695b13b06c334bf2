"""Gold documents -> trained label model, with honest scores: every document is labelled by a model
that has not seen it (folds by document name)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import acceptance, sequence
from pipeline.labels.features import OF_FAMILY, spelled
from pipeline.labels.model import LABELS, LabelModel, Settings, label_units, load_model
from pipeline.structure.draft import Draft, Unit

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


_PART = 1 / 3
"""Share of a unit from which on what it holds is one of its labels."""


@dataclass(frozen=True)
class Example:
    """One gold document as the labels see it: a draft and, unit by unit, what would be accepted."""

    name: str
    draft: Draft
    features: list[list[str]]
    around: list[list[str]]
    """What only the acceptance model sees of a unit: the words of the units beside it."""
    accepted: tuple[frozenset[str], ...]

    @property
    def body(self) -> list[int]:
        """Indexes of the units that have labels and are not header or footer."""
        units = zip(self.draft.units, self.accepted, strict=True)
        return [i for i, (unit, labels) in enumerate(units) if unit.kind != "meta" and labels]


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
    carried = [_carried(unit, gold) for unit in draft.units]
    features, around = spelled(draft)
    return Example(
        name=name,
        draft=draft,
        features=features,
        around=around,
        accepted=tuple(frozenset(GOLD_LABELS[code] for code in codes) for codes in carried),
    )


def _carried(unit: Unit, gold: dict[str, Any]) -> set[str]:
    """The labels of the unit that a unit shares most characters with, and of all that make up a
    third of it; none if no labels were given there."""
    if unit.kind == "meta":
        return {"META"}
    shared = {
        index: min(unit.end, other["end"]) - max(unit.start, other["start"])
        for index, other in enumerate(gold["units"])
        if other["start"] < unit.end and unit.start < other["end"]
    }
    least = min(max(shared.values(), default=0), _PART * (unit.end - unit.start))
    codes = set()
    for index in (index for index, size in shared.items() if size >= least):
        other = gold.get("alt", {}).get(str(index), [])
        codes |= {gold["labels"][index], *([other] if isinstance(other, str) else other)}
    return codes


def train(examples: Sequence[Example], name: str, settings: Settings | None = None) -> LabelModel:
    """Fit both models on all examples. Deterministic."""
    linear = acceptance.train(*_rows_and_wanted(examples), LABELS)
    rows = [example.features for example in examples]
    chain = sequence.train(rows, [*map(_right, examples)], LABELS)
    return LabelModel(name, chain, linear, settings or Settings())


def _rows_and_wanted(examples: Sequence[Example]) -> tuple[list[list[str]], NDArray[np.bool_]]:
    rows, wanted = [], []
    for example in examples:
        family = example.draft.family
        for index in example.body:
            row = example.features[index]
            own = [f"{family}:{name}" for name in row if name.startswith(OF_FAMILY)]
            rows.append([*row, *example.around[index], *own])
            wanted.append([label in example.accepted[index] for label in LABELS])
    return rows, np.array(wanted, dtype=bool)


def _right(example: Example) -> NDArray[np.bool_]:
    """Which labels are right for each unit; where none was given, any may be."""
    right = [labels or frozenset(LABELS) for labels in example.accepted]
    return np.array([[label in labels for label in LABELS] for labels in right])


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


def save(model: LabelModel, folder: Path, card: dict[str, Any]) -> None:
    """Write chain.npz, acceptance.npz and meta.json (settings and card)."""
    folder.mkdir(parents=True, exist_ok=True)
    model.chain.save(folder / "chain.npz")
    model.acceptance.save(folder / "acceptance.npz")
    meta = {"name": model.name, "settings": asdict(model.settings), **card}
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
