"""The head and the foot of a document: two columns that are read one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipeline.document import BlockKind
from pipeline.readers.blocks import (
    CENTRED,
    Margins,
    PrintedBlock,
    followed,
    is_motto,
    label_of,
    pattern,
    rows_of,
    word_list,
)
from pipeline.readers.printed import PrintedLine, PrintedPage
from pipeline.text.fold import fold

_COLUMN_GAP = 1.6
"""Blank in a line that may part two columns, in ems."""
_NARROW_GAP = 0.8
"""The same before the motto, which long names of offices come close to."""
_WIDEST_TAB = 4.0
"""Blank behind a printed number up to which it belongs to the text behind it, in ems."""
_MOTTO_WORDS = 4


@dataclass
class Columns:
    """Two columns in the making: the free strip between them and what stands in each.

    A line that fits both goes to the column whose middle is nearer: left of `pivot` or right of it.
    """

    strip: tuple[float, float]
    pivot: float
    left: list[PrintedLine] = field(default_factory=list)
    right: list[PrintedLine] = field(default_factory=list)

    def take(self, line: PrintedLine) -> bool:
        """Put `line` into the column it fits; False when it would close the strip."""
        low, high = self.strip
        if line.centre < self.pivot and line.x1 < high - 2:
            self.strip = (max(low, line.x1), high)
            self.left.append(line)
            return True
        if line.centre >= self.pivot and line.x0 > low + 2:
            self.strip = (low, min(high, line.x0))
            self.right.append(line)
            return True
        return False


def segments_of(line: PrintedLine) -> list[PrintedLine]:
    """The line cut at blanks as wide as between columns; a number keeps the text after its tab."""
    em = max(line.size, 6)
    gaps = [word.box[0] - before.box[2] for before, word in pairwise(line.words)]
    cut = [0]
    for index, gap in enumerate(gaps, start=1):
        tab = index == 1 and gap < _WIDEST_TAB * em and label_of(line.words[0].text) is not None
        if gap > _COLUMN_GAP * em and not tab:
            cut.append(index)
    if cut == [0] and len(line.words) > _MOTTO_WORDS:
        cut += _motto_start(line, gaps, em)
    if len(cut) == 1:
        return [line]
    return [
        PrintedLine(line.words[start:end], line.baseline)
        for start, end in zip(cut, [*cut[1:], len(line.words)], strict=True)
    ]


def _motto_start(line: PrintedLine, gaps: list[float], em: float) -> list[int]:
    """The word where the motto begins behind a name that ends close to it; [] without one.

    A blank as narrow as between words parts them where the motto stands in capitals, word for word,
    and is not part of a name ("Đại sứ quán nước Cộng hòa ...").
    """
    widest = 1 + gaps.index(max(gaps))
    if gaps[widest - 1] > _NARROW_GAP * em and is_motto(fold(_text_from(line, widest))):
        return [widest]
    for motto in word_list("close_mottos"):
        start = len(line.words) - motto.count(" ") - 1
        if start > 0 and line.folded.endswith(f" {motto}") and _text_from(line, start).isupper():
            named = fold(line.words[start - 1].text) in word_list("named_after")
            return [] if named else [start]
    return []


def _text_from(line: PrintedLine, start: int) -> str:
    return " ".join(word.text for word in line.words[start:])


def head_of(
    segments: list[PrintedLine], page: PrintedPage, margins: Margins
) -> tuple[list[PrintedBlock], list[PrintedLine]]:
    """The two columns of the head of a document, and the lines that are left."""
    anchor = next((line for line in segments if is_motto(line.folded)), None)
    if anchor is None:
        anchor = _dated_head(segments, page)
    if anchor is None or anchor.centre < page.width * 0.5:
        return [], segments
    if abs(anchor.centre - margins.centre) < CENTRED * page.width:
        return [], segments
    pivot = (margins.left + 0.22 * margins.width + anchor.centre) / 2
    columns = Columns((0.0, page.width), pivot)
    taken: list[PrintedLine] = []
    top = anchor.baseline - 4 * anchor.size
    for line in segments:
        if line.baseline < top and line.baseline < anchor.baseline - 0.2 * page.height:
            continue
        if not _belongs_to_head(line, columns, anchor, taken, margins, page):
            break
        taken.append(line)
    rest = [line for line in segments if line not in taken]
    blocks = _column_blocks(columns, "header", page.number, _header_lines)
    return blocks, rest


def _dated_head(segments: list[PrintedLine], page: PrintedPage) -> PrintedLine | None:
    """The date line at the right of a number line, where the motto is missing or unreadable."""
    top = [line for line in segments if line.baseline < 0.4 * page.height]
    numbers = [line for line in top if pattern("number_line").match(line.folded)]
    for line in top:
        dated = line.x0 > 0.4 * page.width and pattern("date_line").match(line.folded)
        if dated and any(abs(line.baseline - other.baseline) < 2 * line.size for other in numbers):
            return line
    return None


def _belongs_to_head(
    line: PrintedLine,
    columns: Columns,
    anchor: PrintedLine,
    taken: list[PrintedLine],
    margins: Margins,
    page: PrintedPage,
) -> bool:
    folded = line.folded
    if folded.startswith(("kinh gui", "can cu")) or (
        taken and line.baseline - taken[-1].baseline > 5.5 * line.size
    ):
        return False
    right = median([item.centre for item in columns.right] or [anchor.centre])
    left = median([item.centre for item in columns.left] or [margins.left + 0.22 * margins.width])
    off_left, off_right = abs(line.centre - left), abs(line.centre - right)
    off_centre = abs(line.centre - margins.centre)
    if off_centre < min(off_left, off_right) and line.baseline > anchor.baseline:
        return False
    complete = any(_is_date(item) for item in columns.right) and any(
        pattern("number_line").match(item.folded) for item in columns.left
    )
    if complete and min(off_left, off_right) > 0.07 * page.width:
        return False
    return columns.take(line)


def _is_date(line: PrintedLine) -> bool:
    return bool(pattern("date_line").match(line.folded))


def _header_lines(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Lines of a column of the head; a wrapped subject or date is put together."""
    joined: list[PrintedLine] = []
    in_subject = False
    for line in lines:
        folded = line.folded
        wrapped_date = bool(joined) and folded.strip(" .").isdigit() and len(folded) <= 6
        if joined and (in_subject or (wrapped_date and "thang" in joined[-1].folded)):
            joined[-1] = followed(joined[-1], line)
        else:
            joined.append(line)
        in_subject = in_subject or bool(pattern("subject_line").match(folded))
    return joined


def _column_blocks(
    columns: Columns,
    kind: BlockKind,
    page: int,
    arrange: Callable[[list[PrintedLine]], list[PrintedLine]],
) -> list[PrintedBlock]:
    """One block for each column that has lines, left first."""
    blocks = []
    for side, lines in (("left", columns.left), ("right", columns.right)):
        if lines:
            rows = rows_of(lines)
            blocks.append(
                PrintedBlock(
                    kind,
                    tuple(arrange(rows)),
                    page,
                    whole=False,
                    note=f"{kind}-{side}",
                    align="center" if kind == "header" or side == "right" else "left",
                )
            )
    return blocks


def foot_of(
    segments: list[PrintedLine], page: PrintedPage, margins: Margins, carried: bool
) -> tuple[list[PrintedLine], list[PrintedBlock], list[PrintedLine]]:
    """The lines before the foot of a document, its two columns, and the lines after it."""
    start = 0 if carried else _foot_start(segments, page)
    if start is None or not segments:
        return segments, [], []
    middle = margins.left + 0.45 * margins.width
    strip = _opening_strip(segments[start:], (middle - 30, middle + 60), page)
    columns = Columns(strip, sum(strip) / 2)
    taken = 0
    for line in segments[start:]:
        centred = abs(line.centre - margins.centre) < CENTRED * page.width and line.bold
        if (centred and not carried and line.centre < columns.strip[1]) or not columns.take(line):
            break
        taken += 1
    if not taken or (carried and not _is_foot_rest(columns)):
        return segments, [], []
    blocks = _column_blocks(columns, "footer", page.number, _footer_lines)
    return segments[:start], blocks, segments[start + taken :]


def _opening_strip(
    segments: list[PrintedLine], strip: tuple[float, float], page: PrintedPage
) -> tuple[float, float]:
    """The strip as the first lines of the foot leave it, wide as possible."""
    middle = 0.5 * page.width
    near = [line for line in segments if line.baseline < segments[0].baseline + 60]
    lefts = [line.x1 for line in near if line.centre < middle * 0.9 and line.x0 < 0.4 * page.width]
    rights = [line.x0 for line in near if line.centre > middle]
    low = max(lefts, default=strip[0])
    high = min(rights, default=strip[1])
    return (min(low, high - 4), high) if lefts and rights else strip


def _is_foot_rest(columns: Columns) -> bool:
    """Whether the lines at the top of a page go on with the foot of the page before."""
    left = [line.text for line in columns.left]
    return bool(columns.right or left) and all(
        label_of(text) in ("-", "–", "+") or index for index, text in enumerate(left)
    )


def _foot_start(segments: list[PrintedLine], page: PrintedPage) -> int | None:
    """Index of the first line of the foot, or None."""
    for index, line in enumerate(segments):
        folded = line.folded
        if line.x0 < 0.45 * page.width and folded.strip(" .:;-") in word_list("recipients"):
            return _up_the_right(segments, index, page)
    for index, line in enumerate(segments):
        if _is_signature(line, page) and _ends_in_columns(segments[index:], page):
            return index
    return None


def _is_signature(line: PrintedLine, page: PrintedPage) -> bool:
    if line.x0 <= 0.4 * page.width or not pattern("signature").match(line.folded):
        return False
    letters = [char for char in line.text if char.isalpha()]
    return sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _ends_in_columns(segments: list[PrintedLine], page: PrintedPage) -> bool:
    """Whether no line runs over the middle in the rest of the page, but for its last lines."""
    crossing = [line.x0 < 0.4 * page.width and line.x1 > 0.6 * page.width for line in segments]
    return len(segments) <= 24 and sum(crossing) <= 0.25 * len(crossing)


def _up_the_right(segments: list[PrintedLine], index: int, page: PrintedPage) -> int:
    """Start of the right column where it begins a little above the list of recipients."""
    first = segments[index]
    while index and segments[index - 1].x0 > 0.42 * page.width:
        near = first.baseline - segments[index - 1].baseline < 6 * first.size
        if not near or label_of(segments[index - 1].text):
            break
        index -= 1
    return index


def _footer_lines(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Lines of a column of the foot; an item that runs over lines is put together."""
    joined: list[PrintedLine] = []
    for line in lines:
        item = joined[-1].text if joined else ""
        goes_on = (
            label_of(item) in ("-", "–", "+", "*")
            and label_of(line.text) is None
            and (line.text[:1].islower() or item[-1] not in ".;")
        )
        if goes_on:
            joined[-1] = followed(joined[-1], line)
        else:
            joined.append(line)
    return joined
