"""A linear-chain CRF as numbers: what a unit is by its features and by its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.names import Names
from pipeline.labels.stored import read_weights, write_weights

Floats = NDArray[np.float64]

_SMALLEST = -300.0
"""Powers of e to which sums of products may shrink, or grow; the product of two is a number still.
"""


@dataclass(frozen=True)
class Chain:
    """Weights of attributes, shape (attributes, labels), and of a label after another one."""

    labels: tuple[str, ...]
    names: Names
    state: Floats
    following: Floats

    def marginals(self, scores: Floats) -> Floats:
        """The probability of each label at each place, shape (places, labels).

        `scores` are the sums of the weights there, of the same shape. Forward and backward sums of
        products, kept in scale, in one walk: one is the left half of a row, the other the right.
        """
        here = np.exp(scores - np.maximum.reduce(scores, axis=1, keepdims=True))
        labels = here.shape[1]
        onward, scaled_each = self._onward
        sums = np.concatenate((here, here[::-1]), axis=1)
        last = sums[0]
        for place, row in enumerate(sums[1:], 1):
            row *= last.dot(onward)
            if place % scaled_each == 0:
                row.reshape(2, labels)[...] /= row.reshape(2, labels).sum(axis=1, keepdims=True)
            last = row
        both = sums[:, :labels].copy()
        both[:-1] *= sums[::-1, labels:][1:].dot(onward[labels:, labels:])
        both /= np.add.reduce(both, axis=1, keepdims=True)
        return both

    @cached_property
    def _onward(self) -> tuple[Floats, int]:
        """What follows what, forward beside backward, and after how many places sums of products
        are to be brought back to 1, before they vanish."""
        labels = len(self.following)
        scaled = self.following - self.following.max()
        onward = np.zeros((2 * labels, 2 * labels))
        onward[:labels, :labels] = np.exp(scaled)
        onward[labels:, labels:] = onward[:labels, :labels].T
        return onward, max(1, int(_SMALLEST / min(scaled.min(), -np.log(labels + 1))))

    def save(self, path: Path) -> None:
        """Write a compressed .npz; weights as half floats."""
        write_weights(path, self.labels, self.names, state=self.state, following=self.following)


def load(path: Path) -> Chain:
    """A saved chain.

    Raises:
        ValueError: the file holds none.
    """
    labels, names, weights = read_weights(path)
    state, following = weights["state"].astype(np.float64), weights["following"].astype(np.float64)
    return Chain(labels, names, state, following)
