"""Names of features as models keep them: words in a row as numbers, all others as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.features import GRAMS
from pipeline.text.keys import Ints


@dataclass(frozen=True, eq=False)
class Names:
    """The names of features: in order all that are no grams, and behind them those of `GRAMS`.

    `grams` has the shape (4, grams): the place of the group, and of up to three words in `words`,
    the first of which is "", no word.
    """

    others: tuple[str, ...]
    words: tuple[str, ...]
    grams: NDArray[np.unsignedinteger[Any]]

    def __iter__(self) -> Iterator[str]:
        """The names spelled out."""
        yield from self.others
        for group, *words in self.grams.T.tolist():
            yield GRAMS[group] + " ".join(self.words[word] for word in words if word)


def names_of(spelled: Sequence[str]) -> tuple[Names, Ints]:
    """The names of features that are spelled out in order, and where each of them stands there."""
    others: list[int] = []
    grams: list[int] = []
    parts: list[list[str]] = []
    for place, name in enumerate(spelled):
        group, _, gram = name.partition("=")
        if f"{group}=" in GRAMS:
            grams.append(place)
            parts.append([group, *gram.split()])
        else:
            others.append(place)
    words = ("", *sorted({word for _, *in_row in parts for word in in_row}))
    number_of = {word: number for number, word in enumerate(words)}
    table = np.zeros((4, len(parts)), dtype=np.min_scalar_type(len(words)))
    for column, (group, *in_row) in zip(table.T, parts, strict=True):
        column[: 1 + len(in_row)] = GRAMS.index(f"{group}="), *map(number_of.__getitem__, in_row)
    kept = tuple(spelled[place] for place in others)
    return Names(kept, words, table), np.array(others + grams, dtype=np.intp)
