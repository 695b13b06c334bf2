"""Units -> labels with calibrated confidence: a CRF over the sequence blended with a linear model.

The CRF knows what follows what; the acceptance model knows which labels would be
equally right. Both see the same features. Without trained models nothing is labelled by guess:
every statement is `context` with confidence 0 (origin "rule:no-model").
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.labels import acceptance, chain
from pipeline.labels.chain import Chain
from pipeline.labels.features import features_of
from pipeline.labels.numbers import Weights
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

    chain_share: float = 0.5
    preference: float = 1.4
    """Factor on the classes that say something, against context and heading."""
    rare: float = 1.4
    """Factor on cause and proposal beside: few are learned from, so they are found too seldom."""
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

    def scores(self, draft: Draft) -> NDArray[Any]:
        """Blended scores, shape (units, labels); rows of header and footer units are zero."""
        if not any(unit.kind != "meta" for unit in draft.units):
            return np.zeros((len(draft.units), len(LABELS)))
        features = features_of(draft, self._weights.vocabulary)
        sums = self._weights.sums(features, draft.family)
        share = self.settings.chain_share
        scores = share * self.chain.marginals(sums.chain)
        scores += (1.0 - share) * self.acceptance.predict(sums.linear, sums.known)
        scores[features.is_meta] = 0.0
        # what comes of the order of features in a sum must not reach a record
        return scores.round(9)

    def confidence(self, scores: NDArray[Any]) -> NDArray[Any]:
        """How often blended scores were right when that was measured."""
        return np.asarray(np.interp(scores, self._measured, self.settings.calibration))

    @cached_property
    def preferences(self) -> NDArray[Any]:
        """A factor on the score of each label."""
        factors = np.where(np.arange(len(LABELS)) < _CONTEXT, self.settings.preference, 1.0)
        factors[[LABELS.index("cause"), LABELS.index("proposal")]] *= self.settings.rare
        return np.asarray(factors)

    @cached_property
    def _measured(self) -> NDArray[Any]:
        return np.linspace(0.0, 1.0, len(self.settings.calibration))

    @cached_property
    def _weights(self) -> Weights:
        linear = self.acceptance
        return Weights(self.chain.names, self.chain.state, linear.names, linear.weights)


def label_units(draft: Draft, model: LabelModel | None = None) -> tuple[Labelled | None, ...]:
    """The label of each unit of `draft`; None for headings, header and footer lines."""
    chosen = model or trained_model()
    if chosen is None:
        unknown = Labelled("context", 0.0, "rule:no-model")
        return tuple(unknown if unit.kind == "statement" else None for unit in draft.units)
    scores = chosen.scores(draft)
    best = (scores * chosen.preferences).argmax(axis=1)
    sure = chosen.confidence(scores[np.arange(len(scores)), best])
    rows = zip(draft.units, scores.tolist(), best.tolist(), sure.tolist(), strict=True)
    origin = f"model:{chosen.name}"
    return tuple([_decide(*row, chosen.settings, origin) for row in rows])


def _decide(
    unit: Unit,
    scores: list[float],
    best: int,
    confidence: float,
    settings: Settings,
    origin: str,
) -> Labelled | None:
    if unit.kind == "meta":
        return None
    if unit.kind == "heading" and (best >= _CONTEXT or scores[best] < settings.overrule_heading):
        return None
    task = scores[_TASK]
    scores[best] = 0.0
    second = max(scores[:_HEADING])
    also = LABELS[scores.index(second)] if second >= settings.second else None
    label = LABELS[best] if best != _HEADING else "context"
    return Labelled(cast(Label, label), confidence, origin, cast("Label | None", also), task)


def load_model(folder: Path) -> LabelModel:
    """The model stored in `folder`: chain.npz, acceptance.npz and meta.json."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    settings = {**meta["settings"], "calibration": tuple(meta["settings"]["calibration"])}
    return LabelModel(
        name=meta["name"],
        chain=chain.load(folder / "chain.npz"),
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
