"""Tables that have level rules only: their columns are found by pdfplumber from the words."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium

from pipeline.document import Box
from pipeline.readers.grid import Rule, Rules
from pipeline.readers.printed import RuledTable

_LONG = 150.0
"""Points; the rules under the names of a letterhead are shorter."""
_NEAR = 3.0
_ENOUGH = 3
"""Rules of one width, below each other: head, and two rows at least."""
_GAP = 9.0
"""Points between two columns: thrice a blank between words."""
_PIECES = 40
"""A page with more upright rules is ruled both ways, or a drawing."""


def open_tables(pdf: pdfium.PdfDocument, number: int, rules: Rules) -> tuple[RuledTable, ...]:
    """Tables of the `number`th page (from 1) whose rows are ruled and whose columns are not."""
    stacks = _stacks(rules)
    if not stacks or pdf[number - 1].get_rotation():
        return ()
    import pdfplumber

    found = []
    with pdfplumber.open(_alone(pdf, number)) as plumber:
        page = plumber.pages[0]
        left, top = page.bbox[0], page.bbox[1]
        for stack in stacks:
            area = (stack[0].start, stack[0].at - 1, stack[0].end, stack[-1].at + 1)
            part = page.crop(_moved(area, -left, -top), strict=False)
            borders = _borders(part.extract_words())
            settings = {
                "vertical_strategy": "explicit",
                "horizontal_strategy": "explicit",
                "explicit_vertical_lines": [area[0] + left, *borders, area[2] + left],
                "explicit_horizontal_lines": [rule.at + top for rule in stack],
            }
            if not borders:
                continue
            for table in part.find_tables(settings):
                cells = ([cell for cell in row.cells if cell] for row in table.rows)
                rows = tuple(tuple(_moved(cell, left, top) for cell in row) for row in cells)
                found.append(RuledTable(_moved(table.bbox, left, top), rows))
    return tuple(found)


def _borders(words: Sequence[dict[str, float]]) -> list[float]:
    """Places across where no word of any row stands, wide enough to part two columns."""
    ends: list[float] = []
    borders = []
    for word in sorted(words, key=lambda word: word["x0"]):
        if ends and word["x0"] - max(ends) >= _GAP:
            borders.append((word["x0"] + max(ends)) / 2)
        ends.append(word["x1"])
    return borders


def _stacks(rules: Rules) -> list[list[Rule]]:
    """Long level rules of one width below each other, from top to bottom."""
    if len(rules.upright) > _PIECES:
        return []
    stacks: list[list[Rule]] = []
    for rule in sorted(rule for rule in rules.level if rule.end - rule.start >= _LONG):
        for stack in stacks:
            if abs(stack[0].start - rule.start) <= _NEAR and abs(stack[0].end - rule.end) <= _NEAR:
                if rule.at - stack[-1].at > _NEAR:
                    stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [stack for stack in stacks if len(stack) >= _ENOUGH and not _crossed(stack, rules)]


def _crossed(stack: Sequence[Rule], rules: Rules) -> bool:
    """Whether upright rules run through: then the page's own rules say what the cells are."""
    return any(
        rule.start < stack[-1].at
        and rule.end > stack[0].at
        and stack[0].start - _NEAR <= rule.at <= stack[0].end + _NEAR
        for rule in rules.upright
    )


def _alone(pdf: pdfium.PdfDocument, number: int) -> io.BytesIO:
    """One page as a PDF of its own: pdfplumber would parse the whole file for each table."""
    single = pdfium.PdfDocument.new()
    try:
        single.import_pages(pdf, [number - 1])
        out = io.BytesIO()
        single.save(out)
    finally:
        single.close()
    out.seek(0)
    return out


def _moved(box: Box, left: float, top: float) -> Box:
    return (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
