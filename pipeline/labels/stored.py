"""Weights of features in files: compressed, as half floats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Stored(NamedTuple):
    """What a file of weights holds; rows of the weights of features are in the order of `names`."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    weights: Mapping[str, NDArray[Any]]


def write_weights(
    path: Path, labels: Iterable[str], names: Iterable[str], **weights: NDArray[Any]
) -> None:
    """Write a .npz of labels, names of features and arrays of weights."""
    arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in weights.items()}
    arrays["labels"] = np.array([*labels])
    arrays["names"] = np.frombuffer("\n".join(names).encode(), dtype=np.uint8)
    np.savez_compressed(path, **arrays)


def read_weights(path: Path) -> Stored:
    """A file of weights.

    Raises:
        ValueError: the file is none.
    """
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    names = arrays.pop("names").tobytes().decode().split("\n")
    labels = (str(label) for label in arrays.pop("labels"))
    return Stored(tuple(labels), tuple(names), arrays)
