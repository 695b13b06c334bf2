"""Document -> printed lines with the layout facts that the reader knows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from pipeline.document import Block, Document
from pipeline.structure.draft import Line
from pipeline.structure.unwrap import unwrap

_BLANK = "\n\r\t\x0b\x0c\u00a0\u2007\u202f\u200b\ufeff"


@lru_cache(maxsize=1)
def flatten(text: str) -> str:
    """`text` with every kind of blank as one plain space; the same length, so the same offsets.

    Each stage asks for that of its document: the last one is kept.
    """
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
    offset = 0
    flat = flatten(document.text)
    for length in map(len, document.text.split("\n")):
        raw = flat[offset : offset + length]
        text = raw.strip()
        start = offset + raw.find(text)
        offset += length + 1
        if not text:
            blank_before = True
            continue
        while block is not None and block.end <= start:
            block = next(blocks, None)
        if block is not None and block.start <= start:
            facts = (block.page, block.kind, block.note, block.bold, block.align, block.size)
            lines.append(Line(start, start + len(text), text, blank_before, *facts))
        else:
            lines.append(Line(start, start + len(text), text, blank_before))
        blank_before = False
    return tuple(lines)


def cut_at(lines: Sequence[Line], offsets: Iterable[int]) -> tuple[Line, ...]:
    """`lines` with each line that runs over one of the offsets cut in two there."""
    cuts = sorted(offsets)
    result: list[Line] = []
    for line in lines:
        inner = cuts[bisect_right(cuts, line.start) : bisect_left(cuts, line.end)]
        if not inner:
            result.append(line)
            continue
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
