"""Error rates of a reading: edits of characters and of words against what was printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from pipeline.document import Document

_UNIFIED = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-"})


def unified(text: str) -> str:
    """Quotes and dashes made one kind, blanks made one space."""
    return re.sub(r"\s+", " ", text.translate(_UNIFIED)).strip()


def cut_out(truth: str, read: str) -> str:
    """The part of `read` that aligns best with `truth`: what stands around it costs nothing.

    Semi-global alignment, one row of the table at a time.
    """
    codes = np.frombuffer(read.encode("utf-32-le"), np.uint32)
    columns = np.arange(codes.size + 1)
    costs = np.zeros(codes.size + 1, np.int32)
    starts = columns.copy()
    for row, letter in enumerate(truth, start=1):
        costs, starts = _next_row(costs, starts, codes != ord(letter), row, columns)
    end = int(costs.argmin())
    return read[int(starts[end]) : end]


def _next_row(
    costs: npt.NDArray[np.int32],
    starts: npt.NDArray[np.int64],
    differs: npt.NDArray[np.bool_],
    row: int,
    columns: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    best, origin = costs + 1, starts.copy()
    diagonal = costs[:-1] + differs
    better = diagonal < best[1:]
    best[1:][better] = diagonal[better]
    origin[1:][better] = starts[:-1][better]
    # A gap in the truth: the cheapest cell to the left plus its distance.
    shifted = best - columns
    lowest = np.minimum.accumulate(shifted)
    holder = np.maximum.accumulate(np.where(shifted == lowest, columns, 0))
    return (lowest + columns).astype(np.int32), origin[holder]


def without_page_numbers(document: Document, *, corrected: bool = True) -> str:
    """The text without page numbers and the like, which the truth does not have.

    Not `corrected`: each word as OCR read it at first.
    """
    aside = [block for block in document.blocks if block.kind in ("page-number", "boilerplate")]
    changes = [(block.start, block.end, "") for block in aside]
    if not corrected:
        changes += [
            (word.start, word.end, word.raw)
            for word in document.words
            if word.raw is not None and not any(b.start <= word.start < b.end for b in aside)
        ]
    text = document.text
    for start, end, instead in sorted(changes, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def error_rate(truth: Sequence[str], read: Sequence[str]) -> tuple[int, int]:
    """Edits, and length of the truth."""
    return Levenshtein.distance(truth, read), len(truth)


def character_and_word_edits(truth: str, read: str) -> tuple[int, int, int, int]:
    """Edits and length in characters, then in words, of the part of `read` that is `truth`."""
    truth, read = unified(truth), unified(read)
    found = cut_out(truth, read)
    return *error_rate(truth, found), *error_rate(truth.split(), found.split())
