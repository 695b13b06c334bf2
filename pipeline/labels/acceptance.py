"""A linear model of which labels would be accepted for a unit: one logistic regression a label.

Two labels can be equally right ("kết quả … tuy nhiên vẫn còn …"), so each label has its own yes or
no. Trained in full batches by Adam from zero: the same data gives the same weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Acceptance:
    """`weights[i]` are the weights of feature `i` for each label; `names` maps features to rows."""

    labels: tuple[str, ...]
    names: dict[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    _families: dict[str, NDArray[np.intp]] = field(default_factory=dict, init=False, repr=False)

    def predict(self, rows: Sequence[Sequence[str]], family: str = "") -> Floats:
        """Probabilities, shape (rows, labels): how likely a label would be accepted.

        Features that the model knows as "family:feature" too count for both.
        """
        row_of = self.names.get
        known = [[at for name in row if (at := row_of(name)) is not None] for row in rows]
        features = np.fromiter(chain.from_iterable(known), dtype=np.intp)
        index = np.repeat(np.arange(len(rows)), [len(row) for row in known])
        own = self._rows_of_family(family)[features]
        features = np.concatenate((features, own[own >= 0]))
        index = np.concatenate((index, index[own >= 0]))
        sizes = np.bincount(index, minlength=len(rows))
        sums = [
            np.bincount(index, self.weights[features, label], len(rows))
            for label in range(len(self.labels))
        ]
        return _sigmoid(self.bias + np.stack(sums, axis=1) * _scale(sizes)[:, np.newaxis])

    def _rows_of_family(self, family: str) -> NDArray[np.intp]:
        """By the row of a feature that of "family:feature", -1 where there is none."""
        if family not in self._families:
            rows = np.full(len(self.names), -1, dtype=np.intp)
            begin = f"{family}:"
            for name, row in self.names.items():
                if name.startswith(begin) and name[len(begin) :] in self.names:
                    rows[self.names[name[len(begin) :]]] = row
            self._families[family] = rows
        return self._families[family]

    def save(self, path: Path) -> None:
        """Write a compressed .npz; weights as half floats."""
        names = "\n".join(sorted(self.names, key=self.names.__getitem__)).encode()
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            names=np.frombuffer(names, dtype=np.uint8),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )


def load(path: Path) -> Acceptance:
    """A saved model."""
    with np.load(path) as stored:
        names = stored["names"].tobytes().decode().split("\n")
        return Acceptance(
            labels=tuple(str(label) for label in stored["labels"]),
            names=dict(zip(names, range(len(names)), strict=True)),
            weights=stored["weights"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
        )


def _scale(sizes: NDArray[np.int64]) -> Floats:
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
    counts = Counter(name for row in rows for name in set(row))
    kept = sorted(name for name, count in counts.items() if count >= min_count)
    names = {name: index for index, name in enumerate(kept)}
    columns = [np.array([names[n] for n in set(row) if n in names], dtype=np.int64) for row in rows]
    sizes = np.array([len(column) for column in columns])
    column = np.concatenate(columns)
    row_of = np.repeat(np.arange(len(rows)), sizes)
    values = _scale(sizes)[row_of]
    weights, bias = _fit(
        column, row_of, values, accepted.astype(np.float64), len(kept), strength, steps
    )
    return Acceptance(tuple(labels), names, weights.astype(np.float32), bias.astype(np.float32))


def _fit(
    column: Any,
    row_of: Any,
    values: Floats,
    wanted: Floats,
    features: int,
    strength: float,
    steps: int,
) -> tuple[Floats, Floats]:
    count, labels = wanted.shape
    weights, bias = np.zeros((features, labels)), np.full(labels, -2.0)
    moments = [np.zeros_like(weights), np.zeros_like(weights)]
    bias_moments = [np.zeros_like(bias), np.zeros_like(bias)]
    for step in range(1, steps + 1):
        scores = np.stack(
            [np.bincount(row_of, weights[column, k] * values, count) for k in range(labels)], axis=1
        )
        error = _sigmoid(scores + bias) - wanted
        gradient = np.stack(
            [np.bincount(column, error[row_of, k] * values, features) for k in range(labels)],
            axis=1,
        )
        rate = 0.05 * (1.0 - 0.9 * step / steps)
        weights -= rate * _adam(gradient + weights / strength, moments, step)
        bias -= rate * _adam(error.sum(axis=0), bias_moments, step)
    return weights, bias


def _adam(gradient: Floats, moments: list[Floats], step: int) -> Floats:
    moments[0] = 0.9 * moments[0] + 0.1 * gradient
    moments[1] = 0.99 * moments[1] + 0.01 * gradient**2
    mean = moments[0] / (1.0 - 0.9**step)
    spread = np.sqrt(moments[1] / (1.0 - 0.99**step)) + 1e-8
    return np.asarray(mean / spread)
