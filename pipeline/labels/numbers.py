"""Sums of the weights that models give to the features of a document, unit by unit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.features import META, OF_FAMILY, Features, Ints
from pipeline.record import Family

Floats = NDArray[np.float64]
_MOST_PAIRS = 100_000
"""Pairs of words that are remembered, those that no model knows among them."""
NONE = -1
"""The number of no feature: that of the last row, which has zeros."""
_WORDS = ("w=", "p:w=", "n:w=")
"""What a word is for its unit, for the one behind it and for the one before it."""
_SEEN_FROM = np.array([[0], [1], [-1], [0]])
"""How far from the unit of a word that is, and what it is for the family."""


class Sums(NamedTuple):
    """What the features of each unit weigh: in the chain and in the linear model, both of the shape
    (units, labels), and how many of them the linear model knows."""

    chain: Floats
    linear: Floats
    known: Floats


class _Pairs(dict[int, int]):
    """The numbers of the features of two words, filled as they are met: a process that reads one
    document does not look them all up. `words` are those of a vocabulary by their numbers."""

    def __init__(self, words: Sequence[str], known: Mapping[str, int]) -> None:
        self._words, self._known = words, known

    def __missing__(self, pair: int) -> int:
        first, second = divmod(pair, len(self._words))
        number = self._known.get(f"b={self._words[first]} {self._words[second]}", NONE)
        if number != NONE or len(self) < _MOST_PAIRS:
            self[pair] = number
        return number


class Weights:
    """Weights of features for a chain and for a linear model, side by side in one table.

    `chain` and `linear` have the shape (features, labels), in the order of their names. Features
    that the linear model knows for the family of a document too count for both.
    """

    def __init__(
        self,
        chain_names: Sequence[str],
        chain: NDArray[Any],
        linear_names: Mapping[str, int],
        linear: NDArray[Any],
    ) -> None:
        known = dict(linear_names)
        for name in filter(lambda name: name not in known, chain_names):
            known[name] = len(known)
        labels = linear.shape[1]
        # single precision stays nearer to the processor; sums are in double
        self._table = np.zeros((len(known) + 1, 2 * labels + 1), dtype=np.float32)
        self._table[[*map(known.__getitem__, chain_names)], :labels] = chain
        self._table[: len(linear), labels:-1] = linear
        self._table[: len(linear), -1] = 1
        self._numbers = known
        self._names = sorted(known)
        words = dict.fromkeys(word for group in _WORDS for word in self._of_group(group)[0])
        self.vocabulary = dict(zip(words, count(1), strict=False))
        """All words of features, numbered from 1 on."""
        self._pairs = _Pairs(["", *words], known)
        self._words: dict[Family, Ints] = {}
        self._facts: dict[tuple[tuple[str, ...], Family], Floats] = {}

    def _of_group(self, group: str) -> tuple[list[str], Ints]:
        """What the features of a group are called behind its name, and their numbers."""
        begin = bisect_left(self._names, group)
        names = self._names[begin : bisect_left(self._names, group[:-1] + ">")]
        numbers = np.fromiter(map(self._numbers.__getitem__, names), np.intp, len(names))
        return "\n".join(names).replace(group, "").split("\n") if names else [], numbers

    def sums(self, features: Features, family: Family) -> Sums:
        """The sums by unit, those of the row above it included."""
        numbers, rows = map(np.concatenate, zip(*self._found(features, family), strict=True))
        known = ((numbers != NONE) & (rows >= 0)).nonzero()[0]
        # numbers of 16 bits are sorted without comparing them
        order = known[rows[known].astype(np.min_scalar_type(features.rows)).argsort(kind="stable")]
        in_order = rows[order]
        starts = np.diff(in_order, prepend=-1).nonzero()[0]
        sums = np.zeros((features.rows, self._table.shape[1]))
        if len(starts):
            weights = self._table.take(numbers[order], axis=0)
            sums[in_order[starts]] = np.add.reduceat(weights, starts, dtype=np.float64)
        sums = sums[: len(features.above)] + sums[features.above]
        facts = features.facts.astype(np.float64)
        for names, seeing, of in features.views:
            sums[seeing] += facts[of, : len(names)] @ self._of_facts(names, family)
        sums[features.is_meta] = self._table[self._numbers.get(META, NONE)]
        labels = sums.shape[1] // 2
        return Sums(sums[:, :labels], sums[:, labels:-1], sums[:, -1])

    def _found(self, features: Features, family: Family) -> Iterator[tuple[Ints, Ints]]:
        """The numbers of features of words and of those with names, and their rows."""
        rows, words = features.words
        yield self._of_vocabulary(family)[:, words].ravel(), (_SEEN_FROM + rows).ravel()
        rows, pairs = features.pairs
        yield np.fromiter(map(self._pairs.__getitem__, pairs.tolist()), np.intp, len(rows)), rows
        begin = f"{family}:"
        named = zip(features.names, features.named, strict=True)
        own = [(begin + name, row) for name, row in named if name.startswith(OF_FAMILY)]
        names = [*features.names, *(name for name, _ in own)]
        numbers = np.fromiter(map(self._numbers.get, names, repeat(NONE)), np.intp, len(names))
        yield numbers, np.array([*features.named, *(row for _, row in own)], dtype=np.intp)

    def _of_vocabulary(self, family: Family) -> Ints:
        """By word the numbers of what it is for its unit, for the family, and for the units beside
        it; shape (4, words and none)."""
        if family not in self._words:
            groups = (*_WORDS, f"{family}:w=")
            numbers = np.full((len(groups), len(self.vocabulary) + 1), NONE)
            for row, (words, of_words) in zip(numbers, map(self._of_group, groups), strict=True):
                row[[self.vocabulary.get(word, 0) for word in words]] = of_words
            numbers[:, 0] = NONE
            self._words[family] = numbers
        return self._words[family]

    def _of_facts(self, names: tuple[str, ...], family: Family) -> Floats:
        """The weights of facts by the names under which they are seen, shape (facts, columns)."""
        if (names, family) not in self._facts:
            own = [f"{family}:{name}" if name.startswith(OF_FAMILY) else "" for name in names]
            numbers = np.array(
                [[self._numbers.get(name, NONE) for name in each] for each in (names, own)]
            )
            self._facts[names, family] = self._table[numbers].sum(axis=0, dtype=np.float64)
        return self._facts[names, family]
