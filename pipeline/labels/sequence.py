"""Sequences of units -> a chain: weights of what a unit is by its features and by its neighbours.

A linear-chain CRF (Lafferty, McCallum and Pereira, 2001) of what would be accepted: every way to
label a document with labels that are right counts as right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain as chained

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.chain import Chain
from pipeline.labels.descent import smallest
from pipeline.labels.names import names_of
from pipeline.labels.rows import Floats, Ints, Rows, rows_of


@dataclass(frozen=True)
class Steps:
    """All sequences side by side: the first units of all, the second ones, and so on.

    `order` has the units by their number in the sequences one behind the other. The longest
    sequence comes first, so those that go on to step `t` are the first `going[t]`, from `starts[t]`
    on.
    """

    order: Ints
    starts: list[int]
    going: list[int]

    @property
    def before(self) -> Ints:
        """The place of the unit before, for all but the first units."""
        places = np.arange(len(self.order))
        return np.asarray(places[self.going[0] :] - np.repeat(self.going[:-1], self.going[1:]))


def side_by_side(lengths: Sequence[int]) -> Steps:
    """How sequences of these lengths are laid side by side."""
    longest_first = np.argsort(-np.asarray(lengths), kind="stable")
    sizes = np.asarray(lengths)[longest_first]
    begins = np.concatenate(([0], np.cumsum(lengths)[:-1]))[longest_first]
    going = [int((sizes > step).sum()) for step in range(int(sizes[0]))]
    order = np.concatenate([begins[:count] + step for step, count in enumerate(going)])
    return Steps(order, [0, *np.cumsum(going)[:-1].tolist()], going)


def train(
    sequences: Sequence[Sequence[Sequence[str]]],
    right: Sequence[NDArray[np.bool_]],
    labels: Sequence[str],
    *,
    l1: float = 0.3,
    l2: float = 1.0,
    steps: int = 60,
    settled: int = 20,
    min_count: int = 8,
) -> Chain:
    """Fit from feature strings; `right` says which labels are right, shape (units, labels).

    `min_count` is how many units a feature must be in, `l1` and `l2` weigh absolute values and
    squares of the weights, which are the mean of the `steps` behind the first `settled`. The same
    data gives the same weights.
    """
    side = side_by_side([*map(len, sequences)])
    units = [*chained.from_iterable(sequences)]
    rows = rows_of([units[number] for number in side.order], min_count)
    is_right = np.concatenate(right)[side.order]
    size, count = len(rows.names) * len(labels), len(labels)

    def objective(weights: Floats) -> tuple[float, Floats]:
        state, following = weights[:size].reshape(-1, count), weights[size:].reshape(count, count)
        loss, here, after = loss_of(rows, side, is_right, state, following)
        gradient = np.concatenate((rows.spread(here).ravel(), after.ravel()))
        return loss + l2 * float(weights @ weights), gradient + 2 * l2 * weights

    weights = smallest(objective, size + count * count, l1=l1, steps=steps, settled=settled)
    state = weights[:size].reshape(-1, count)
    kept = np.flatnonzero(state.any(axis=1))
    names, order = names_of([rows.names[row] for row in kept])
    return Chain(tuple(labels), names, state[kept[order]], weights[size:].reshape(count, count))


def loss_of(
    rows: Rows, side: Steps, right: NDArray[np.bool_], state: Floats, following: Floats
) -> tuple[float, Floats, Floats]:
    """How unlikely what is right is, and how that changes with the scores here and after a label.

    Forward and backward sums of products as in `Chain.marginals`, for all labellings and, beside
    them, for those that are right.
    """
    scores = rows.sums(state)
    every = np.exp(scores - scores.max(axis=1, keepdims=True))
    here = np.stack((every, every * right), axis=1)
    onward = np.exp(following - following.max())
    left, norms = _forward(here, onward, side)
    rest = _backward(here / norms, onward, side)
    shares = left * rest
    arriving = (here * rest / norms)[side.going[0] :]
    leaving = left[side.before]
    pairs = [leaving[:, k].T @ arriving[:, k] * onward for k in (0, 1)]
    loss = float(np.log(norms[:, 0]).sum() - np.log(norms[:, 1]).sum())
    return loss, shares[:, 0] - shares[:, 1], pairs[0] - pairs[1]


def _forward(here: Floats, onward: Floats, side: Steps) -> tuple[Floats, Floats]:
    """What leads to each label, brought to a sum of 1, and the sums, by both ways of counting."""
    left, norms = here.copy(), np.empty((*here.shape[:2], 1))
    for step, (start, going) in enumerate(zip(side.starts, side.going, strict=True)):
        now = slice(start, start + going)
        if step:
            last = side.starts[step - 1]
            left[now] *= _after(left[last : last + going], onward)
        norms[now] = left[now].sum(axis=2, keepdims=True)
        left[now] /= norms[now]
    return left, norms


def _backward(here: Floats, onward: Floats, side: Steps) -> Floats:
    """What follows each label; `here` is brought to scale."""
    rest = np.ones_like(here)
    for step in range(len(side.going) - 1, 0, -1):
        start, going, last = side.starts[step], side.going[step], side.starts[step - 1]
        now = slice(start, start + going)
        rest[last : last + going] = _after(here[now] * rest[now], onward.T)
    return rest


def _after(sums: Floats, onward: Floats) -> Floats:
    flat = sums.reshape(-1, len(onward)) @ onward
    return flat.reshape(sums.shape)
