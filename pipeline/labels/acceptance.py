"""A linear model of which labels would be accepted for a unit: one logistic regression a label.

Two labels can be equally right ("kết quả … tuy nhiên vẫn còn …"), so each label has its own yes or
no. Trained in full batches by Adam from zero: the same data gives the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.names import Names, names_of
from pipeline.labels.rows import Floats, Rows, rows_of
from pipeline.labels.stored import read_weights, write_weights


@dataclass(frozen=True)
class Acceptance:
    """`weights` are those of features for each label, in the order of their names."""

    labels: tuple[str, ...]
    names: Names
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def predict(self, sums: Floats, known: Floats) -> Floats:
        """Probabilities, shape (units, labels): how likely a label would be accepted.

        `sums` of the weights of all features of a unit, and how many of them are `known`.
        """
        return _sigmoid(self.bias + sums * _scale(known)[:, np.newaxis])

    def save(self, path: Path) -> None:
        """Write a compressed .npz; weights as half floats."""
        write_weights(path, self.labels, self.names, weights=self.weights, bias=self.bias)


def load(path: Path) -> Acceptance:
    """A saved model."""
    labels, names, stored = read_weights(path)
    weights, bias = stored["weights"].astype(np.float32), stored["bias"].astype(np.float32)
    return Acceptance(labels, names, weights, bias)


def _scale(sizes: NDArray[Any]) -> Floats:
    # rows of any length get the same norm, so long sentences do not shout
    return np.asarray(4.0 / np.sqrt(np.maximum(sizes, 1)))


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30))))


def train(
    rows: Sequence[Sequence[str]],
    accepted: NDArray[np.bool_],
    labels: Sequence[str],
    *,
    strength: float = 1.0,
    steps: int = 60,
    min_count: int = 3,
) -> Acceptance:
    """Fit from feature strings; `accepted` has shape (rows, labels), `strength` is inverse L2."""
    table = rows_of(rows, min_count)
    weights, bias = _fit(table, accepted.astype(np.float64), strength, steps)
    names, order = names_of(table.names)
    single = weights[order].astype(np.float32), bias.astype(np.float32)
    return Acceptance(tuple(labels), names, *single)


def _fit(rows: Rows, wanted: Floats, strength: float, steps: int) -> tuple[Floats, Floats]:
    labels, scale = wanted.shape[1], _scale(rows.sizes)[:, np.newaxis]
    weights, bias = np.zeros((len(rows.names), labels)), np.full(labels, -2.0)
    moments = [np.zeros_like(weights), np.zeros_like(weights)]
    bias_moments = [np.zeros_like(bias), np.zeros_like(bias)]
    for step in range(1, steps + 1):
        error = _sigmoid(rows.sums(weights) * scale + bias) - wanted
        gradient = rows.spread(error * scale) + weights / strength
        rate = 0.05 * (1.0 - 0.9 * step / steps)
        weights -= rate * _adam(gradient, moments, step)
        bias -= rate * _adam(error.sum(axis=0), bias_moments, step)
    return weights, bias


def _adam(gradient: Floats, moments: list[Floats], step: int) -> Floats:
    moments[0] = 0.9 * moments[0] + 0.1 * gradient
    moments[1] = 0.99 * moments[1] + 0.01 * gradient**2
    mean = moments[0] / (1.0 - 0.9**step)
    spread = np.sqrt(moments[1] / (1.0 - 0.99**step)) + 1e-8
    return np.asarray(mean / spread)
