"""Weights that make a sum smallest, most of them zero: L-BFGS that keeps to an orthant.

Andrew and Gao, "Scalable training of L1-regularized log-linear models", 2007 (OWL-QN). From zero
and without chance: the same data gives the same weights.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]
"""A smooth sum and its gradient."""
_REMEMBERED = 6
"""Steps that the curvature is read from."""
_HALVINGS = 20
_ENOUGH = 1e-5
"""A step that makes the sum smaller by a smaller share is the last."""


def smallest(objective: Objective, size: int, *, l1: float, steps: int, settled: int) -> Floats:
    """Where `objective` with `l1` times the sum of the absolute weights is about smallest.

    That is the mean of what all `steps` behind the first `settled` lead to, so that it says little
    where they end.
    """
    weights, total, counted = np.zeros(size), np.zeros(size), 0
    value, gradient = objective(weights)
    seen: deque[tuple[Floats, Floats]] = deque(maxlen=_REMEMBERED)
    for step in range(steps):
        slope = _slope(weights, gradient, l1)
        direction = -_curved(slope, seen)
        direction[direction * slope > 0] = 0.0
        orthant = np.where(weights != 0, np.sign(weights), -np.sign(slope))
        length = 1.0 if step else 1.0 / float(np.linalg.norm(slope) or 1.0)
        for _ in range(_HALVINGS):
            moved = weights + length * direction
            moved[moved * orthant < 0] = 0.0
            found, onward = objective(moved)
            found += l1 * float(np.abs(moved).sum())
            if found <= value + 1e-4 * float(slope @ (moved - weights)):
                break
            length /= 2
        if float((moved - weights) @ (onward - gradient)) > 0:
            seen.append((moved - weights, onward - gradient))
        gained, value = value - found, found
        weights, gradient = moved, onward
        if step >= settled:
            total, counted = total + weights, counted + 1
        if gained < _ENOUGH * value:
            break
    return total / counted if counted else weights


def _slope(weights: Floats, gradient: Floats, l1: float) -> Floats:
    """The gradient with that of the absolute values; at zero the one that leads down, if any."""
    at_zero = np.sign(gradient) * np.maximum(np.abs(gradient) - l1, 0.0)
    return np.where(weights != 0, gradient + l1 * np.sign(weights), at_zero)


def _curved(slope: Floats, seen: Iterable[tuple[Floats, Floats]]) -> Floats:
    """The slope times the inverse of the curvature that the last steps showed."""
    result, shares = slope.copy(), []
    pairs = [*seen]
    for moved, turned in reversed(pairs):
        share = float(moved @ result) / float(moved @ turned)
        shares.append(share)
        result -= share * turned
    if pairs:
        moved, turned = pairs[-1]
        result *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), share in zip(pairs, reversed(shares), strict=True):
        result += (share - float(turned @ result) / float(moved @ turned)) * moved
    return result
