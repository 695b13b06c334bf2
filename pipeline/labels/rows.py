"""Rows of features for training: which feature is in which row, and sums over both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Rows:
    """Rows of features, each feature once a row; `names` are the features in order.

    Entry `i` says that feature `column[i]` is in row `row[i]`; rows are in order, `count` of them.
    """

    names: tuple[str, ...]
    column: Ints
    row: Ints
    count: int

    @property
    def sizes(self) -> Ints:
        """How many features each row has."""
        return np.bincount(self.row, minlength=self.count)

    def sums(self, weights: NDArray[Any]) -> Floats:
        """The sums of the weights of each row, shape (rows, labels)."""
        return _summed(weights, self.column, self.row, self.count)

    def spread(self, errors: NDArray[Any]) -> Floats:
        """The sums of the errors of the rows that a feature is in, shape (features, labels)."""
        return _summed(errors, self.row, self.column, len(self.names))


def _summed(values: NDArray[Any], taken: Ints, into: Ints, count: int) -> Floats:
    by_label = np.ascontiguousarray(values.T)
    return np.stack([np.bincount(into, of[taken], count) for of in by_label], axis=1)


def rows_of(rows: Sequence[Sequence[str]], min_count: int) -> Rows:
    """Rows without the features that are in fewer than `min_count` of them."""
    counts = Counter(name for row in rows for name in set(row))
    names = sorted(name for name, count in counts.items() if count >= min_count)
    numbers = {name: number for number, name in enumerate(names)}
    columns = [
        np.array([numbers[n] for n in sorted(set(row)) if n in numbers], dtype=np.intp)
        for row in rows
    ]
    sizes = [*map(len, columns)]
    return Rows(
        tuple(names), np.concatenate(columns), np.arange(len(rows)).repeat(sizes), len(rows)
    )
