"""Document -> printed lines with the layout facts that the reader knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.document import Block, Document
from pipeline.structure.draft import Line
from pipeline.structure.unwrap import unwrap

_BLANK = "\n\r\t\x0b\x0c\u00a0\u2007\u202f\u200b\ufeff"
_BLANKS = str.maketrans(dict.fromkeys(_BLANK, " "))
_LINE = re.compile(r"[^\n]*")


def flatten(text: str) -> str:
    """`text` with every kind of blank as one plain space; the same length, so the same offsets."""
    for blank in _BLANK:  # some sixty times faster than str.translate
        text = text.replace(blank, " ")
    return text


def lines_of(document: Document) -> tuple[Line, ...]:
    """The non-empty lines of the text in reading order; what was broken at a column is one line."""
    return unwrap(flatten(document.text), printed_lines(document))


def printed_lines(document: Document) -> tuple[Line, ...]:
    """The non-empty lines of the text as they stand there."""
    blocks = iter(sorted(document.blocks, key=lambda block: block.start))
    block: Block | None = next(blocks, None)
    lines: list[Line] = []
    blank_before = True
    for match in _LINE.finditer(document.text):
        raw = match.group()
        stripped = raw.translate(_BLANKS).strip()
        if not stripped:
            blank_before = blank_before or match.start() != match.end() or bool(lines)
            if match.start() == match.end() and match.start() < len(document.text) and lines:
                blank_before = document.text[match.start() - 1 : match.start()] == "\n"
            continue
        start = match.start() + len(raw.translate(_BLANKS)) - len(raw.translate(_BLANKS).lstrip())
        end = start + len(stripped)
        while block is not None and block.end <= start:
            block = next(blocks, None)
        inside = block if block is not None and block.start <= start < block.end else None
        lines.append(
            Line(
                start=start,
                end=end,
                text=stripped,
                blank_before=blank_before,
                page=inside.page if inside else None,
                kind=inside.kind if inside else "paragraph",
                note=inside.note if inside else None,
                bold=inside.bold if inside else None,
                align=inside.align if inside else None,
                size=inside.size if inside else None,
            )
        )
        blank_before = False
    return tuple(lines)


def cut_at(lines: Sequence[Line], offsets: Iterable[int]) -> tuple[Line, ...]:
    """`lines` with each line that runs over one of the offsets cut in two there."""
    cuts = sorted(offsets)
    result: list[Line] = []
    for line in lines:
        inner = [cut for cut in cuts[bisect_right(cuts, line.start) :] if cut < line.end]
        bounds = [line.start, *inner, line.end]
        for start, end in pairwise(bounds):
            raw = line.text[start - line.start : end - line.start]
            text = raw.strip()
            if text:
                left = start + len(raw) - len(raw.lstrip())
                first = start == line.start
                result.append(
                    replace(
                        line,
                        start=left,
                        end=left + len(text),
                        text=text,
                        blank_before=line.blank_before if first else False,
                    )
                )
    return tuple(result)
