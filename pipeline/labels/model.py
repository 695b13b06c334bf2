"""Units -> labels with calibrated confidence: a CRF over the sequence blended with a linear model.

The CRF knows what follows what; the acceptance model knows which labels would be
equally right. Both see the same features. Without trained models nothing is labelled by guess:
every statement is `context` with confidence 0 (origin "rule:no-model").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import acceptance
from pipeline.labels.chain import Chain, read_chain
from pipeline.labels.features import Context, Look, features_of, look_at, neighbour_words
from pipeline.labels.numbers import NONE, Numbers
from pipeline.record import Label
from pipeline.resources import models_dir
from pipeline.structure.draft import Draft, Labelled, Unit

LABELS: tuple[str, ...] = (
    "achievement",
    "shortcoming",
    "task",
    "cause",
    "proposal",
    "context",
    "heading",
)
_TASK = LABELS.index("task")
_CONTEXT = LABELS.index("context")
_HEADING = LABELS.index("heading")


@dataclass(frozen=True)
class Settings:
    """How the two models are put together; chosen by cross-validation, stored with the model."""

    crf_share: float = 0.4
    preference: float = 1.4
    """Factor on the classes that say something, against context and heading."""
    overrule_heading: float = 0.8
    """A line that looks like a heading is a statement from this probability on."""
    second: float = 0.45
    """A second label is reported from this probability on."""
    calibration: tuple[float, ...] = (0.0, 1.0)
    """Measured accuracy at evenly spaced blended scores from 0 to 1 (isotonic)."""


@dataclass(frozen=True)
class LabelModel:
    """A trained model; `name` identifies it in records."""

    name: str
    chain: Chain
    acceptance: acceptance.Acceptance
    settings: Settings = field(default_factory=Settings)

    def scores(
        self, units: Sequence[Unit], looks: Sequence[Look], context: Context
    ) -> NDArray[Any]:
        """Blended scores, shape (units, labels); rows of header and footer units are zero."""
        body = [index for index, unit in enumerate(units) if unit.kind != "meta"]
        if not body:
            return np.zeros((len(units), len(LABELS)))
        rows = features_of(units, looks, context, self._numbers)
        for index in body:
            rows[index] += neighbour_words(index, looks, self._numbers)
        features = np.array([number for row in rows for number in (NONE, *row)], dtype=np.intp)
        starts = np.cumsum([0, *(len(row) + 1 for row in rows[:-1])], dtype=np.intp)
        chain = self.chain.marginals(self._in_chain[features], starts)
        linear = self.acceptance.predict(features, starts, context.family)
        share = self.settings.crf_share
        scores = np.zeros_like(chain)
        scores[body] = share * chain[body] + (1.0 - share) * linear[body]
        # what comes of the order of features in a sum must not reach a record
        return scores.round(9)

    @cached_property
    def _known(self) -> dict[str, int]:
        """All features: those of the acceptance model, then those that only the CRF knows."""
        only = [name for name in self.chain.names if name not in self.acceptance.names]
        return self.acceptance.names | dict(zip(only, count(len(self.acceptance.names))))

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(self._known)

    @cached_property
    def _in_chain(self) -> NDArray[np.int32]:
        """By the number of a feature its row in the state weights of the CRF; the last for none."""
        rows = np.full(len(self._known) + 1, len(self.chain.names), dtype=np.int32)
        places = np.array(list(map(self._known.__getitem__, self.chain.names)), dtype=np.intp)
        rows[places + 1] = np.arange(len(self.chain.names))
        return rows


def context_of(draft: Draft) -> Context:
    """What the features need to know of the document."""
    kind = draft.header.kind.value if draft.header.kind else None
    return Context(draft.family, kind, {section.id: section for section in draft.sections})


def label_units(draft: Draft, model: LabelModel | None = None) -> tuple[Labelled | None, ...]:
    """The label of each unit of `draft`; None for headings, header and footer lines."""
    chosen = model or trained_model()
    if chosen is None:
        unknown = Labelled("context", 0.0, "rule:no-model")
        return tuple(unknown if unit.kind == "statement" else None for unit in draft.units)
    context = context_of(draft)
    looks = look_at(draft.flat, draft.units, context)
    scores = chosen.scores(draft.units, looks, context)
    weighted = scores * np.where(np.arange(len(LABELS)) < _CONTEXT, chosen.settings.preference, 1.0)
    best = weighted.argmax(axis=1)
    sure = _calibrated(scores[np.arange(len(scores)), best], chosen.settings.calibration)
    rows = zip(draft.units, scores.tolist(), best.tolist(), sure.tolist(), strict=True)
    return tuple(_decide(*row, chosen) for row in rows)


def _decide(
    unit: Unit, scores: list[float], best: int, confidence: float, model: LabelModel
) -> Labelled | None:
    if unit.kind == "meta":
        return None
    sure = scores[best] >= model.settings.overrule_heading
    if unit.kind == "heading" and (best >= _CONTEXT or not sure):
        return None
    label = LABELS[best] if best != _HEADING else "context"
    rest = [*scores[:best], 0.0, *scores[best + 1 :]][: _CONTEXT + 1]
    second = max(rest)
    also = LABELS[rest.index(second)] if second >= model.settings.second else None
    return Labelled(
        label=cast(Label, label),
        confidence=confidence,
        origin=f"model:{model.name}",
        also=cast("Label | None", also),
        task=scores[_TASK],
    )


def _calibrated(scores: NDArray[Any], table: Sequence[float]) -> NDArray[Any]:
    return np.asarray(np.interp(scores, np.linspace(0.0, 1.0, len(table)), table))


def load_model(folder: Path) -> LabelModel:
    """The model stored in `folder`: crf.bin, acceptance.npz and meta.json."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    settings = {**meta["settings"], "calibration": tuple(meta["settings"]["calibration"])}
    return LabelModel(
        name=meta["name"],
        chain=read_chain(folder / "crf.bin").in_order(LABELS),
        acceptance=acceptance.load(folder / "acceptance.npz"),
        settings=Settings(**settings),
    )


@cache
def trained_model() -> LabelModel | None:
    """The model that ships with congvan, or None when models/trained/labels is empty."""
    folder = models_dir() / "trained" / "labels"
    return load_model(folder) if (folder / "meta.json").is_file() else None


def model_name() -> str:
    """The name that records state in their provenance."""
    model = trained_model()
    return model.name if model else "none"
