"""The same notice in other bytes: by number, symbol, issuer and date, or near-equal text."""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.record import Record
from pipeline.text.fold import fold

SHINGLE = 3
"""Syllables in one shingle."""
BANDS = 12
ROWS = 4
"""Two texts that share 75 % of their shingles meet in one of the bands with probability 0.99."""
LEAST_SHINGLES = 20
"""Shorter texts are alike by chance."""
_PRIME = (1 << 31) - 1
_SYLLABLE = re.compile(r"\w+")


def notice_key(record: Record) -> str:
    """What identifies a notice whatever file it is in; "" unless all four parts are known."""
    header = record.header
    parts = (header.number, header.symbol, header.issuer, header.issued_on)
    values = [part.value for part in parts if part is not None]
    if len(values) < len(parts):
        return ""
    return hashlib.sha256("|".join(fold(value).strip() for value in values).encode()).hexdigest()[
        :24
    ]


def shingles(text: str) -> NDArray[np.int64]:
    """Hashes of the runs of `SHINGLE` syllables of a text, each once, accents and case left out."""
    syllables = _SYLLABLE.findall(fold(text))
    runs = {" ".join(syllables[i : i + SHINGLE]) for i in range(len(syllables) - SHINGLE + 1)}
    return np.array(sorted(zlib.crc32(run.encode()) % _PRIME for run in runs), dtype=np.int64)


def bands(text: str) -> tuple[int, ...]:
    """MinHash bands of a text: near-equal texts have at least one in common."""
    hashes = shingles(text)
    if len(hashes) < LEAST_SHINGLES:
        return ()
    factors, offsets = _permutations()
    least = np.full(BANDS * ROWS, _PRIME, dtype=np.int64)
    for part in np.array_split(hashes, len(hashes) // 4096 + 1):
        least = np.minimum(least, ((part[:, None] * factors + offsets) % _PRIME).min(axis=0))
    rows = least.reshape(BANDS, ROWS)
    return tuple(
        int.from_bytes(hashlib.blake2b(bytes([i]) + row.tobytes(), digest_size=7).digest(), "big")
        for i, row in enumerate(rows)
    )


def likeness(a: str, b: str) -> float:
    """Share of the shingles of two texts that both have (Jaccard), 0 to 1."""
    first, second = shingles(a), shingles(b)
    shared = len(np.intersect1d(first, second))
    return shared / max(1, len(np.union1d(first, second)))


@cache
def _permutations() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    random = np.random.default_rng(20200305)
    size = BANDS * ROWS
    return random.integers(1, _PRIME, size), random.integers(0, _PRIME, size)
