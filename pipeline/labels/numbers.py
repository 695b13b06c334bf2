"""Sums of the weights that models give to the features of a document, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.features import META, OF_FAMILY, Features, Ints
from pipeline.record import Family

Floats = NDArray[np.float64]
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


class Weights:
    """Weights of features for a chain and for a linear model, side by side in one table.

    `chain` and `linear` have the shape (features, labels), in the order of their names. Features
    that the linear model knows for the family of a document too count for both.
    """

    def __init__(
        self,
        chain_names: Sequence[str],
        chain: NDArray[Any],
        linear_names: Iterable[str],
        linear: NDArray[Any],
    ) -> None:
        known = {name: number for number, name in enumerate(linear_names, 1)}
        for name in chain_names:
            known.setdefault(name, len(known) + 1)
        labels = linear.shape[1]
        # single precision stays nearer to the processor; sums are in double
        self._table = np.zeros((len(known) + 1, 2 * labels + 1), dtype=np.float32)
        self._table[[known[name] for name in chain_names], :labels] = chain
        self._table[1 : len(linear) + 1, labels:-1] = linear
        self._table[1 : len(linear) + 1, -1] = 1
        self._known = known
        pairs = [name for name in known if name.startswith("b=")]
        words = " ".join(pairs).replace("b=", "").split(" ") if pairs else []
        single = [name.partition("=")[2] for name in known if name.startswith(_WORDS)]
        self.vocabulary = {
            word: number for number, word in enumerate(dict.fromkeys(single + words), 1)
        }
        """All words of features, numbered from 1 on."""
        self._pairs, self._pair_numbers = self._numbered(words, pairs)
        self._words: dict[Family, Ints] = {}
        self._facts: dict[tuple[tuple[str, ...], Family], Floats] = {}

    def _numbered(self, words: Sequence[str], pairs: Sequence[str]) -> tuple[Ints, Ints]:
        """Keys of pairs of words in order and the numbers of their features; last one of none."""
        places = np.fromiter(map(self.vocabulary.__getitem__, words), np.intp, len(words))
        keys = self._keys(places[::2], places[1::2])
        order = keys.argsort()
        numbers = np.fromiter(map(self._known.__getitem__, pairs), np.intp, len(pairs))
        return np.append(keys[order], -1), np.append(numbers[order], 0)

    def _keys(self, first: Ints, second: Ints) -> Ints:
        return first * (len(self.vocabulary) + 1) + second

    def sums(self, features: Features, family: Family) -> Sums:
        """The sums by unit, those of the row above it included."""
        numbers, rows = map(np.concatenate, zip(*self._found(features, family), strict=True))
        known = ((numbers > 0) & (rows >= 0)).nonzero()[0]
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
        sums[features.is_meta] = self._table[self._known.get(META, 0)]
        labels = sums.shape[1] // 2
        return Sums(sums[:, :labels], sums[:, labels:-1], sums[:, -1])

    def _found(self, features: Features, family: Family) -> Iterator[tuple[Ints, Ints]]:
        """The numbers of features of words and of those with names, 0 for none, and their rows."""
        rows, words = features.words
        yield self._of_vocabulary(family)[:, words].ravel(), (_SEEN_FROM + rows).ravel()
        rows, *pair = features.pairs
        keys = self._keys(*pair)
        places = self._pairs[:-1].searchsorted(keys)
        yield np.where(self._pairs[places] == keys, self._pair_numbers[places], 0), rows
        number_of = self._known.get
        named = [
            *((number_of(name, 0), row) for name, row in features.named),
            *(
                (number_of(f"{family}:{name}", 0), row)
                for name, row in features.named
                if name.startswith(OF_FAMILY)
            ),
        ]
        numbers, rows = np.array(named, dtype=np.intp).reshape(-1, 2).T
        yield numbers, rows

    def _of_vocabulary(self, family: Family) -> Ints:
        """By word the numbers of what it is for its unit, for the family, and for the units beside
        it; shape (4, words and none)."""
        if family not in self._words:
            words = ("", *self.vocabulary)
            numbers = [
                [self._known.get(group + word, 0) for word in words]
                for group in (*_WORDS, f"{family}:w=")
            ]
            self._words[family] = np.array(numbers, dtype=np.intp)
        return self._words[family]

    def _of_facts(self, names: tuple[str, ...], family: Family) -> Floats:
        """The weights of facts by the names under which they are seen, shape (facts, columns)."""
        if (names, family) not in self._facts:
            own = [f"{family}:{name}" if name.startswith(OF_FAMILY) else "" for name in names]
            numbers = np.array(
                [[self._known.get(name, 0) for name in each] for each in (names, own)]
            )
            self._facts[names, family] = self._table[numbers].sum(axis=0, dtype=np.float64)
        return self._facts[names, family]
