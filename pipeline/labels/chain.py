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
"""Places after which sums of products are brought back to 1, long before they vanish."""
_WEIGHT = np.dtype([("type", "<u4"), ("from", "<u4"), ("to", "<u4"), ("weight", "<f8")])


@dataclass(frozen=True)
class Chain:
    """Weights of attributes, shape (attributes, labels), and of a label after another one."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    state: Floats
    following: Floats

    def marginals(self, scores: Floats) -> Floats:
        """The probability of each label at each place, shape (places, labels).

        `scores` are the sums of the weights there, of the same shape. Forward and backward sums of
        products, kept in scale, in one walk: one is the left half of a row, the other the right.
        """
        here = np.exp(scores - scores.max(axis=1, keepdims=True))
        labels = here.shape[1]
        onward = np.zeros((2 * labels, 2 * labels))
        onward[:labels, :labels] = np.exp(self.following - self.following.max())
        onward[labels:, labels:] = onward[:labels, :labels].T
        sums = np.hstack((here, here[::-1]))
        last = sums[0]
        for place, row in enumerate(sums[1:], 1):
            row *= last.dot(onward)
            if place % _SCALED_EACH == 0:
                row.reshape(2, labels)[...] /= row.reshape(2, labels).sum(axis=1, keepdims=True)
            last = row
        both = sums[:, :labels].copy()
        both[:-1] *= sums[::-1, labels:][1:].dot(onward[labels:, labels:])
        return np.asarray(both / both.sum(axis=1, keepdims=True))

    def in_order(self, labels: tuple[str, ...]) -> Chain:
        """The same with its labels in another order."""
        order = [self.labels.index(label) for label in labels]
        return Chain(labels, self.names, self.state[:, order], self.following[order][:, order])


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
    state, following = np.zeros((len(names), len(labels))), np.zeros((len(labels), len(labels)))
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
