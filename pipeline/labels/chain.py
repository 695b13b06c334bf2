"""A linear-chain CRF as numbers: read from the file it was trained to, and asked for marginals."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_HEADER = struct.Struct("<4sI4sIIIIIIIII")
_STATE = 0
"""Features of this type weigh an attribute for a label; others a label after a label."""
_SCALED_EACH = 8
_WEIGHT = np.dtype([("type", "<u4"), ("from", "<u4"), ("to", "<u4"), ("weight", "<f8")])


@dataclass(frozen=True)
class Chain:
    """Weights of attributes, shape (attributes + 1, labels), and of a label after another one.

    The last row of `state` holds zeros: that of any attribute that is not known.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    state: Floats
    following: Floats

    def marginals(self, attributes: NDArray[np.int32], starts: NDArray[np.intp]) -> Floats:
        """The probability of each label at each place, shape (places, labels).

        `attributes` are the rows of those of all places one after another; `starts` says where
        those of a place begin (each has one). Forward and backward sums of products, kept in scale.
        """
        scores = np.add.reduceat(self.state[attributes], starts)
        here = np.exp(scores - scores.max(axis=1, keepdims=True))
        onward = np.exp(self.following - self.following.max())
        before, after = np.empty_like(here), np.empty_like(here)
        before[0], after[-1] = here[0], 1.0
        for place in range(1, len(here)):
            before[place] = _scaled(before[place - 1].dot(onward) * here[place], place)
        back = onward.T.copy()
        for place in range(len(here) - 1, 0, -1):
            after[place - 1] = _scaled((after[place] * here[place]).dot(back), place)
        both = before * after
        return np.asarray(both / both.sum(axis=1, keepdims=True))

    def in_order(self, labels: tuple[str, ...]) -> Chain:
        """The same with its labels in another order."""
        order = [self.labels.index(label) for label in labels]
        return Chain(labels, self.names, self.state[:, order], self.following[order][:, order])


def _scaled(sums: Floats, place: int) -> Floats:
    """Sums of products now and then brought back to a sum of 1, long before they vanish."""
    return sums if place % _SCALED_EACH else np.asarray(sums / sums.sum())


def read_chain(path: Path) -> Chain:
    """The CRF of a file in the format of CRFsuite.

    Raises:
        ValueError: the file is none.
    """
    data = path.read_bytes()
    if len(data) < _HEADER.size or data[:4] != b"lCRF":
        raise ValueError(f"{path} is no CRF model")
    count, labels_at, names_at = _HEADER.unpack_from(data)[4], *_HEADER.unpack_from(data)[8:10]
    labels, names = _strings(data, labels_at), _strings(data, names_at)
    table = np.frombuffer(data, _WEIGHT, count, _HEADER.size + 12)
    state, following = np.zeros((len(names) + 1, len(labels))), np.zeros((len(labels), len(labels)))
    is_state = table["type"] == _STATE
    for rows, weights in ((table[is_state], state), (table[~is_state], following)):
        weights[rows["from"], rows["to"]] = rows["weight"]
    return Chain(labels, names, state, following)


def _strings(data: bytes, at: int) -> tuple[str, ...]:
    """The strings of a constant database (CQDB) by their numbers.

    Each is stored as its number and size, four bytes both, and the bytes with a zero behind.
    """
    count, places_at = struct.unpack_from("<II", data, at + 16)
    places = np.frombuffer(data, "<u4", count, at + places_at).astype(np.intp)
    end = int(places[-1]) + 8 + struct.unpack_from("<I", data, at + int(places[-1]) + 4)[0]
    kept = np.ones(end - int(places[0]), dtype=bool)
    kept[(places[:, np.newaxis] - places[0] + np.arange(8)).ravel()] = False
    letters = np.frombuffer(data, np.uint8, len(kept), at + int(places[0]))[kept]
    return tuple(letters.tobytes().decode().rstrip("\0").split("\0"))
