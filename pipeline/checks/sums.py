"""Totals and parts, shares, and what they imply without saying it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.checks.catalogue import Reading, flag
from pipeline.record import Figure, Issue
from pipeline.text.numerals import plain

_REACH = 7
"""How many figures after a total its parts are looked for."""
_NEXT_CELL = re.compile(r"\||\n\s*\n|\t")
"""What parts one statement from the next: cells of a table, paragraphs."""
_MAX_GAP = 260
"""How far apart neighbouring figures of one statement stand, in characters."""
_SMALLEST = 10
"""Smaller totals agree by chance too often."""
_EXHAUSTIVE = re.compile(r"(?:\b(?:gồm|bao gồm|chia ra|cụ thể)\b[^.;]{0,30}|\()$")
_ENDS_LIST = re.compile(r"^[^.;()]{0,60}[).;]")
_RUNNING = re.compile(r"đang (?:thực hiện|giải quyết|xử lý)[^.;]*$")
_TOLERANCE = Decimal("0.51")
"""Percentage points that rounding explains for a share in whole percent."""


def sum_checks(reading: Reading) -> Iterator[Issue]:
    """Sums and shares that hold, that fail, and remainders that the text leaves out."""
    for run in _runs(reading.text, reading.record.figures):
        if len(run) == 1:
            continue
        amounts = _amounts(run)
        yield from _sums(reading, amounts)
        yield from _shares(reading, run)
        yield from _overdue(reading, amounts)


def _runs(text: str, figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """Figures that stand near one another."""
    run: list[Figure] = []
    end = 0
    for figure in figures:
        start = figure.start
        if run and (start - end > _MAX_GAP or _NEXT_CELL.search(text, end, start)):
            yield run
            run = []
        run.append(figure)
        end = figure.end
    if run:
        yield run


class _Amount(NamedTuple):
    """A figure that may be a total or a part, its size, the first word of its unit, its span."""

    figure: Figure
    size: Decimal
    unit: str
    start: int
    end: int


def _amounts(run: list[Figure]) -> list[_Amount]:
    return [
        _Amount(
            figure,
            Decimal(figure.value),
            figure.unit.split(maxsplit=1)[0] if figure.unit else "",
            figure.start,
            figure.end,
        )
        for figure in run
        if figure.kind in ("count", "money") and figure.value_max is None
    ]


def _of_unit(unit: str, amounts: list[_Amount]) -> list[_Amount]:
    """The amounts that may be of a unit."""
    return [part for part in amounts if part.unit == unit or not part.unit or not unit]


def _sums(reading: Reading, amounts: list[_Amount]) -> Iterator[Issue]:
    for index, total in enumerate(amounts[:-2]):
        if total.size < _SMALLEST:
            continue
        after = amounts[index + 1 : index + 1 + _REACH]
        fitting = list(_parts_that_fit(total.size, _of_unit(total.unit, after)))
        for parts in fitting:
            yield flag("sum-confirmed", total.start, parts[-1].end, **_terms(total, parts))
        if not fitting:
            yield from _failed(reading, total, after)
            yield from _within(reading.flat, total, after)


def _parts_that_fit(total: Decimal, after: list[_Amount]) -> Iterator[list[_Amount]]:
    """The unbroken runs of two or more figures that add up to the total, none overlapping."""
    sizes = [part.size for part in after]
    if sum(sizes) < total:
        return
    first = 0
    while first < len(after) - 1:
        added, last = sizes[first], first
        while added < total and last < len(after) - 1:
            last += 1
            added += sizes[last]
        if added == total and last > first and min(sizes[first : last + 1]) > 0:
            yield after[first : last + 1]
            first = last
        first += 1


def _within(flat: str, total: _Amount, after: list[_Amount]) -> Iterator[Issue]:
    """ "123, trong đó có 26 … và 62 …": parts that stay below their total."""
    parts = _of_unit(total.unit, after[:2])
    if len(parts) < 2 or parts[0].size + parts[1].size >= total.size:
        return
    lead, between = flat[total.end : parts[0].start], flat[parts[0].end : parts[1].start]
    if re.fullmatch(r"[\s,(]*trong đó\s(?:có\s)?", lead) and not re.search(r"[.;(]", between):
        yield flag("parts-within", total.start, parts[1].end, **_terms(total, parts))


def _terms(total: _Amount, parts: Sequence[_Amount]) -> dict[str, str]:
    written = " + ".join(part.figure.value for part in parts)
    return {"total": total.figure.value, "parts": written}


def _failed(reading: Reading, total: _Amount, after: list[_Amount]) -> Iterator[Issue]:
    """A list that claims to be the whole of a total and is not."""
    parts = _claimed_parts(reading.flat, total, after)
    added = sum((part.size for part in parts), Decimal(0))
    if len(parts) < 2 or added == total.size or not total.size / 2 < added < total.size * 2:
        return
    facts = {"total": total.figure.value, "sum": plain(added)}
    yield flag("sum-differs", total.start, parts[-1].end, **facts)
    number, source = reading.page_source(total.start)
    if source.startswith("ocr"):
        yield flag("page-reread", total.start, parts[-1].end, page=number)


def _claimed_parts(flat: str, total: _Amount, after: list[_Amount]) -> list[_Amount]:
    """The parts of "T (gồm A, B và C)": of one unit, one by one, to the end of the list."""
    unit = total.figure.unit
    if not after or after[0].start - total.end > 80 or after[0].figure.unit != unit:
        return []
    if not _EXHAUSTIVE.search(flat[total.end : after[0].start]):
        return []
    parts = [after[0]]
    for before, part in pairwise(after):
        between = flat[before.end : part.start]
        if re.search(r"[.;()]|trong đó|còn lại", between) or part.figure.unit != unit:
            break
        parts.append(part)
    return parts if _ENDS_LIST.match(flat[parts[-1].end :]) else []


def _shares(reading: Reading, run: list[Figure]) -> Iterator[Issue]:
    for index, share in enumerate(run):
        if share.kind != "percent" or share.value_max is not None or share.change is not None:
            continue
        before = run[max(0, index - 4) : index]
        pair = _pair_of(share.value, before)
        if pair is not None:
            part, whole = pair
            facts = {"part": part, "whole": whole, "percent": share.value}
            yield flag("percent-confirmed", before[-1].start, share.end, **facts)
        elif before:
            yield from _failed_share(reading.flat, before[-1], share)


def _pair_of(share: str, before: list[Figure]) -> tuple[str, str] | None:
    """A part and a whole before a share that give it within rounding."""
    percent, tolerance = Decimal(share), _TOLERANCE.scaleb(-len(share.partition(".")[2]))
    for ratio in reversed([figure for figure in before if figure.kind == "ratio"]):
        value, most = ratio.value, ratio.value_max
        if most and _agrees(percent, tolerance, Decimal(value), Decimal(most)):
            return value, most
    for part, whole in _pairs(_amounts(before)):
        if _agrees(percent, tolerance, part.size, whole.size):
            return part.figure.value, whole.figure.value
    return None


def _pairs(amounts: list[_Amount]) -> Iterator[tuple[_Amount, _Amount]]:
    """Parts and wholes that counts of one unit may be; the nearest part first."""
    for part in reversed(amounts):
        for whole in amounts:
            fits = _SMALLEST <= whole.size >= part.size
            if whole is not part and fits and _of_unit(whole.unit, [part]):
                yield part, whole


def _agrees(percent: Decimal, tolerance: Decimal, part: Decimal, whole: Decimal) -> bool:
    return whole != 0 and abs(part * 100 / whole - percent) <= tolerance


def _failed_share(flat: str, ratio: Figure, share: Figure) -> Iterator[Issue]:
    """A ratio with its own share beside it ("56/93 nhiệm vụ, đạt 70%") that disagree."""
    if ratio.kind != "ratio" or not ratio.value_max or share.comparator != "eq":
        return
    between = flat[ratio.end : share.start]
    if not re.fullmatch(r"[^.;\d]{0,24}?(?:\(|đạt|chiếm|tỷ lệ|bằng|đạt tỷ lệ)[\s(]*", between):
        return
    part, whole = Decimal(ratio.value), Decimal(ratio.value_max)
    if whole and part <= whole:
        computed = plain((part * 100 / whole).quantize(Decimal("0.01")))
        facts = {"part": ratio.value, "whole": ratio.value_max, "percent": share.value}
        yield flag("percent-differs", ratio.start, share.end, computed=computed, **facts)


def _overdue(reading: Reading, amounts: list[_Amount]) -> Iterator[Issue]:
    """ "289 đang thực hiện, trong đó trong hạn 201": 88 overdue, which the text does not say."""
    for whole, part in pairwise(amounts):
        between = reading.flat[whole.end : part.start]
        if "trong hạn" not in between or not _of_unit(whole.unit, [part]):
            continue
        before = reading.flat[max(0, whole.start - 60) : whole.start]
        after = reading.flat[part.end : part.end + 80].partition(".")[0]
        if "quá hạn" in between + after or not _RUNNING.search(before):
            continue
        if whole.size > part.size:
            facts = {"whole": whole.figure.value, "part": part.figure.value}
            left = {"value": plain(whole.size - part.size), "unit": whole.figure.unit or ""}
            yield flag("derived-overdue", whole.start, part.end, **facts, **left)
