"""Weights of features in files: compressed, as half floats, with names of grams as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.labels.names import Names


class Stored(NamedTuple):
    """What a file of weights holds; rows of the weights of features are in the order of `names`."""

    labels: tuple[str, ...]
    names: Names
    weights: Mapping[str, NDArray[Any]]


def write_weights(path: Path, labels: Iterable[str], names: Names, **weights: NDArray[Any]) -> None:
    """Write a .npz of labels, names of features and arrays of weights."""
    arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in weights.items()}
    arrays["labels"] = np.array([*labels])
    arrays["names"], arrays["words"] = _bytes_of(names.others), _bytes_of(names.words)
    arrays["grams"] = names.grams
    np.savez_compressed(path, **arrays)


def read_weights(path: Path) -> Stored:
    """A file of weights.

    Raises:
        ValueError: the file is none.
    """
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    others, words = (_lines_of(arrays.pop(name)) for name in ("names", "words"))
    labels = (str(label) for label in arrays.pop("labels"))
    return Stored(tuple(labels), Names(others, words, arrays.pop("grams")), arrays)


def _bytes_of(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _lines_of(lines: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(lines.tobytes().decode().split("\n"))
