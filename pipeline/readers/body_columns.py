"""Body text set in two columns, as gazettes and newspapers have it, told from text that is not."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.readers.blocks import INDENTED, Margins, margins_of_column
from pipeline.readers.printed import PrintedLine
from pipeline.resources import lexicon


class Stretch(NamedTuple):
    """Lines that are read one after the other, and the edges they are set between."""

    lines: list[PrintedLine]
    margins: Margins
    goes_on: bool = False
    """The second column of the stretch before: its first line may go on with a paragraph there."""


class _Limits(NamedTuple):
    """Thresholds of models/lexicons/layout.yaml, `body_columns`."""

    middle: tuple[float, float]
    gap: float
    rows: int
    letters: int
    full: float


def stretches_of(rows: list[PrintedLine], margins: Margins) -> list[Stretch]:
    """`rows` from top to bottom, cut into what runs across the page and columns of text."""
    limits = _Limits(**lexicon("layout")["body_columns"])
    gutter = _gutter(rows, margins, limits)
    if gutter is None:
        return [Stretch(rows, margins)]
    stretches: list[Stretch] = []
    for apart, group in groupby(_bands(rows, gutter, limits), key=lambda entry: entry[0]):
        lines = [line for _, line in group]
        if apart is None:
            stretches.append(Stretch(lines, margins))
            continue
        left = [cut for line in lines if (cut := _part(line, gutter, left=True))]
        right = [cut for line in lines if (cut := _part(line, gutter, left=False))]
        stretches.append(Stretch(left, margins_of_column(left)))
        stretches.append(Stretch(right, margins_of_column(right), goes_on=True))
    return stretches


def _gutter(rows: list[PrintedLine], margins: Margins, limits: _Limits) -> float | None:
    """The place near the middle at which most rows are parted into columns of text."""
    low, high = (margins.left + share * margins.width for share in limits.middle)
    places = [
        (before.box[2] + word.box[0]) / 2
        for line in rows
        for before, word in pairwise(line.words)
        if _wide(line, word.box[0] - before.box[2], limits)
        and low < (before.box[2] + word.box[0]) / 2 < high
    ]
    if len(places) < limits.rows:
        return None
    candidates = sorted(set(places))[:: max(1, len(set(places)) // 16)]
    best = max(candidates, key=lambda x: sum(_is_apart(line, x, limits) for line in rows))
    found = sum(1 for band, _ in _bands(rows, best, limits) if band is not None)
    return best if found else None


def _bands(
    rows: list[PrintedLine], gutter: float, limits: _Limits
) -> list[tuple[int | None, PrintedLine]]:
    """Each row with the number of the band of columns it stands in, None where it runs across."""
    banded: list[tuple[int | None, PrintedLine]] = []
    for number, (free, group) in enumerate(
        groupby(rows, key=lambda line: not _crosses(line, gutter, limits))
    ):
        lines = list(group)
        start = next(
            (i for i, line in enumerate(lines) if _is_apart(line, gutter, limits)), len(lines)
        )
        kept = lines[start:] if free and _are_columns(lines[start:], gutter, limits) else []
        banded += [(None, line) for line in lines[: len(lines) - len(kept)]]
        banded += [(number, line) for line in kept]
    return banded


def _are_columns(lines: list[PrintedLine], gutter: float, limits: _Limits) -> bool:
    """Whether rows parted at `gutter` are text in columns, not cells or a list with values."""
    if sum(_is_apart(line, gutter, limits) for line in lines) < limits.rows:
        return False
    return all(
        _is_running_text([cut for line in lines if (cut := _part(line, gutter, left=side))], limits)
        for side in (True, False)
    )


def _is_running_text(column: list[PrintedLine], limits: _Limits) -> bool:
    """Whether most lines are long and go to the right edge, as in a paragraph."""
    margins = margins_of_column(column)
    full = [
        line
        for line in column
        if margins.right - line.x1 < 2 * line.size
        and line.x0 - margins.left < 4 * INDENTED * line.size
    ]
    letters = sorted(len(line.text) for line in full)
    long = bool(letters) and letters[len(letters) // 2] >= limits.letters
    return long and len(full) >= limits.full * len(column)


def _wide(line: PrintedLine, gap: float, limits: _Limits) -> bool:
    return gap > limits.gap * max(line.size, 6)


def _is_apart(line: PrintedLine, gutter: float, limits: _Limits) -> bool:
    """Whether the line has words on both sides and a wide blank at `gutter`."""
    return any(
        before.box[2] < gutter < word.box[0] and _wide(line, word.box[0] - before.box[2], limits)
        for before, word in pairwise(line.words)
    )


def _crosses(line: PrintedLine, gutter: float, limits: _Limits) -> bool:
    """Whether words stand at `gutter`, or on both sides with the blank of a sentence."""
    return line.x0 < gutter < line.x1 and not _is_apart(line, gutter, limits)


def _part(line: PrintedLine, gutter: float, *, left: bool) -> PrintedLine | None:
    words = tuple(word for word in line.words if (word.box[0] < gutter) == left)
    return PrintedLine(words, line.baseline) if words else None
