"""Sums of the weights that models give to the features of a document, unit by unit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.features import (
    BESIDE,
    META,
    OF_FAMILY,
    Features,
    NamesOf,
    gram_of,
    names_of_facts,
)
from pipeline.labels.names import Names
from pipeline.labels.tokens import END, WordNumbers, hashes_of
from pipeline.record import Family
from pipeline.text.characters import codes_of
from pipeline.text.keys import Ints, Keys, changes, distinct

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Tables of weights stay nearer to the processor in single precision; sums are in double."""
_NONE = 0
"""The row of no feature."""
_WORDS = ("w=", "p:w=", "n:w=")
"""What a word is for its unit, for the one behind it and for the one before it; what it is for
others only the linear model knows."""


class Sums(NamedTuple):
    """What the features of each unit weigh: in the chain and in the linear model, both of the shape
    (units, labels), and how many of them the linear model knows."""

    chain: Floats
    linear: Floats
    known: Floats


class Weights:
    """Weights of features for a chain and for a linear model, side by side.

    `chain` and `linear` have the shape (features, labels), in the order of their names. Features
    that the linear model knows for the family of a document too count for both.
    """

    def __init__(
        self, chain_names: Names, chain: NDArray[Any], linear_names: Names, linear: NDArray[Any]
    ) -> None:
        labels = linear.shape[1]
        self._names = chain_names, linear_names
        self._starts = 0, len(chain)
        self._weights = np.zeros((len(chain) + len(linear) + 1, 2 * labels + 1), dtype=np.float32)
        self._weights[: len(chain), :labels] = chain
        self._weights[len(chain) : -1, labels:-1] = linear
        self._weights[len(chain) : -1, -1] = 1
        of_grams = [_hashed(names.words[1:]) for names in self._names]
        words, rows = zip(*map(self._group, _WORDS), strict=True)
        self.vocabulary = WordNumbers(np.concatenate((*of_grams, *words)))
        """All words of features."""
        self._grams, self._of_grams = self._known_grams(of_grams)
        self._named, self._of_named = self._rest(np.concatenate(rows))
        self._words: dict[Family, Singles] = {}
        self._facts: dict[Family, tuple[Floats, Floats]] = {}

    def _group(self, group: str) -> tuple[Ints, Ints]:
        """The words of the features of a group as hashes, and their rows."""
        words: list[str] = []
        rows = []
        for names, start in zip(self._names, self._starts, strict=True):
            begin = bisect_left(names.others, group)
            end = bisect_left(names.others, group[:-1] + ">", begin)
            words += (name[len(group) :] for name in names.others[begin:end])
            rows.append(np.arange(start + begin, start + end))
        return _hashed(words), np.concatenate(rows)

    def _known_grams(self, words: Sequence[Ints]) -> tuple[Keys, Singles]:
        """The grams of models, and their weights; the last ones are those of all others."""
        grams, rows = [], []
        for names, start, hashes in zip(self._names, self._starts, words, strict=True):
            numbers = np.append(END, self.vocabulary.numbers(hashes))
            group, *places = names.grams.astype(np.intp)
            in_row = [*map(numbers.take, places)]
            grams.append(gram_of(group, in_row, self.vocabulary.size))
            rows.append(start + len(names.others) + np.arange(len(group)))
        every = np.concatenate(grams)
        known = Keys(distinct(every))
        return known, self._table(len(known) + 1, known.find(every), np.concatenate(rows))

    def _rest(self, words: Ints) -> tuple[dict[str, int], Singles]:
        """Numbers by name of the features that are neither grams nor `words`, and their weights."""
        is_rest = np.ones(len(self._weights), dtype=bool)
        is_rest[words] = False
        names: list[str] = []
        rows = []
        for of, start in zip(self._names, self._starts, strict=True):
            rest = is_rest[start : start + len(of.others)].nonzero()[0]
            names += map(of.others.__getitem__, rest.tolist())
            rows.append(start + rest)
        known = {name: number for number, name in enumerate(dict.fromkeys(names), _NONE + 1)}
        places = np.array([*map(known.__getitem__, names)], dtype=np.intp)
        return known, self._table(len(known) + 1, places, np.concatenate(rows))

    def _table(self, size: int, places: Ints, rows: Ints) -> Singles:
        """Weights in rows at their places; of each model there is one row for a place at most."""
        of_chain = rows < self._starts[1]
        row_of = np.full((2, size), -1)
        row_of[(~of_chain).astype(np.intp), places] = rows
        chain, linear = (self._weights.take(rows, axis=0) for rows in row_of)
        chain += linear
        return chain

    def sums(self, features: Features, family: Family) -> Sums:
        """The sums by unit, those of the row above it included."""
        sums = self._of_rows(features, family)
        self._add_facts(sums, features, family)
        self._add_words(sums, features, family)
        self._add_grams(sums, features)
        sums[features.is_meta] = self._of_named[self._named.get(META, _NONE)]
        labels = sums.shape[1] // 2
        return Sums(sums[:, :labels], sums[:, labels:-1], sums[:, -1])

    def _of_rows(self, features: Features, family: Family) -> Floats:
        """The sums of the features that have names."""
        numbers, rows = [], []
        for name, row in zip(features.names, features.named, strict=True):
            own = (name, f"{family}:{name}") if name.startswith(OF_FAMILY) else (name,)
            numbers += [self._named.get(each, _NONE) for each in own]
            rows += [row] * len(own)
        sums = np.zeros((features.rows, self._weights.shape[1]))
        _add(sums, np.array(rows, dtype=np.intp), self._of_named.take(numbers, axis=0))
        return sums[: len(features.above)] + sums[features.above]

    def _add_facts(self, sums: Floats, features: Features, family: Family) -> None:
        """What facts of a unit weigh for itself, those in `BESIDE` and units that it leads in."""
        weights, below = self._of_facts(family)
        facts = features.facts.astype(np.float64)
        given, columns = facts @ weights, sums.shape[1]
        sums += given[:, :columns]
        for begin, (_, distance) in enumerate(BESIDE, 1):
            seen = given[:, begin * columns : (begin + 1) * columns]
            if distance > 0:
                sums[distance:] += seen[:-distance]
            else:
                sums[:distance] += seen[-distance:]
        led = (features.leads >= 0).nonzero()[0]
        if len(led):
            sums[led] += facts[features.leads[led], : len(below)] @ below

    def _add_words(self, sums: Floats, features: Features, family: Family) -> None:
        rows, words = features.words
        of_words = self._of_words(family)
        found = np.zeros((len(sums), of_words.shape[1]))
        _add(found, rows, of_words.take(words, axis=0))
        columns, labels = sums.shape[1], sums.shape[1] // 2
        behind, before = columns, columns + labels + 1
        sums += found[:, :behind]
        sums[1:, labels:] += found[:-1, behind:before]
        sums[:-1, labels:] += found[1:, before:]

    def _add_grams(self, sums: Floats, features: Features) -> None:
        rows, pairs = features.pairs
        grams = self._grams.find(np.concatenate((pairs, features.ends.ravel())))
        weights = self._of_grams.take(grams, axis=0)
        _add(sums, rows, weights[: len(rows)])
        ends = weights[len(rows) :].astype(np.float64).reshape(-1, *sums.shape)
        sums += np.add.reduce(ends, axis=0)

    def _of_words(self, family: Family) -> Singles:
        """The weights of words by number, for their unit and, in the linear model, for those beside
        it, side by side."""
        if family not in self._words:
            tables = []
            for group in (*_WORDS, f"{family}:w="):
                hashes, rows = self._group(group)
                words = self.vocabulary.numbers(hashes)
                table = self._table(self.vocabulary.size, words, rows)
                table[self.vocabulary.unknown] = 0
                tables.append(table)
            tables[0] += tables.pop()
            own, *beside = tables
            labels = own.shape[1] // 2
            self._words[family] = np.hstack((own, *(table[:, labels:] for table in beside)))
        return self._words[family]

    def _of_facts(self, family: Family) -> tuple[Floats, Floats]:
        """The weights of facts for their unit and for those beside it, side by side, and for units
        that it leads in."""
        if family not in self._facts:
            seen, below = names_of_facts(family)
            every = [self._of_names(names, family, len(seen[0])) for names in seen]
            self._facts[family] = np.hstack(every), self._of_names(below, family, len(below))
        return self._facts[family]

    def _of_names(self, names: NamesOf, family: Family, size: int) -> Floats:
        """The weights of facts by all their names, shape (size, columns)."""
        weights = np.zeros((size, self._weights.shape[1]))
        for fact, each in enumerate(names):
            own = (f"{family}:{name}" for name in each if name.startswith(OF_FAMILY))
            for name in (*each, *own):
                weights[fact] += self._of_named[self._named.get(name, _NONE)]
        return weights


def _add(sums: Floats, rows: Ints, weights: Singles) -> None:
    """Add weights to their rows, which are in order."""
    starts = changes(rows).nonzero()[0]
    if len(starts):
        sums[rows[starts]] += np.add.reduceat(weights.astype(np.float64), starts)


def _hashed(words: Sequence[str]) -> Ints:
    lines = hashes_of(codes_of("\n".join([*words, ""])))
    return lines[::2]
