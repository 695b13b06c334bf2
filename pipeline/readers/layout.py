"""Lines of a page -> blocks in reading order: head and foot in columns, paragraphs, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

from rapidfuzz import fuzz

from pipeline.document import Align, BlockKind
from pipeline.readers.printed import PrintedLine, PrintedPage
from pipeline.resources import lexicon
from pipeline.text.fold import fold

_COLUMN_GAP = 1.6
"""Blank in a line that may part two columns, in ems."""
_MOTTO_LIKENESS = 82
_CENTRED = 0.035
"""How far the middle of a centred line may be off, as a share of the width of the page."""
_INDENTED = 0.8
"""Indent that begins a paragraph, in ems."""
_EDGE_ZONE = 0.11
"""Share of the page at top and bottom in which a lone number is a page number."""


@dataclass(frozen=True)
class PrintedBlock:
    """Lines that belong together: one paragraph if `whole`, else each is a line of its own."""

    kind: BlockKind
    lines: tuple[PrintedLine, ...]
    page: int
    whole: bool = True
    note: str | None = None
    align: Align | None = None
    label: str | None = None
    cells: tuple[tuple[PrintedLine, ...], ...] = ()
    """Of a table row: the lines of each cell."""


@dataclass(frozen=True)
class Margins:
    """Left and right edge of the body text in points."""

    left: float
    right: float

    @property
    def centre(self) -> float:
        """Middle of the body text."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """Width of the body text."""
        return max(self.right - self.left, 1.0)


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


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(lexicon("layout")[name])


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(lexicon("layout")[name])


def label_of(text: str) -> str | None:
    """The printed number or bullet at the start of `text`."""
    found = _pattern("label").match(text)
    return found.group().strip() if found else None


def is_page_number(line: PrintedLine, height: float) -> bool:
    """A lone number near the upper or lower edge."""
    edge = line.box[3] < _EDGE_ZONE * height or line.box[1] > (1 - _EDGE_ZONE) * height
    return edge and bool(_pattern("page_number").match(line.text.lower()))


def margins_of(lines: Sequence[PrintedLine], width: float) -> Margins | None:
    """Margins from the wide lines of a page; None where there are too few."""
    wide = [line for line in lines if line.x1 - line.x0 > 0.55 * width]
    if len(wide) < 3:
        return None
    lefts = sorted(line.x0 for line in wide)
    rights = sorted(line.x1 for line in wide)
    return Margins(lefts[len(lefts) // 10], rights[-1 - len(rights) // 10])


def blocks_of(page: PrintedPage, margins: Margins, carried: bool) -> list[PrintedBlock]:
    """The blocks of one page in reading order.

    `carried`: the page before ended inside the foot, which may go on here.
    """
    numbers = [line for line in page.lines if is_page_number(line, page.height)]
    segments = [
        part
        for line in page.lines
        if line not in numbers and not _in_table(line, page)
        for part in _segments(line)
    ]
    segments.sort(key=lambda line: (line.baseline, line.x0))
    above = [line for line in numbers if line.box[1] < page.height / 2]
    blocks = _numbers(above, page)
    head, rest = _head(segments, page, margins)
    blocks += head
    before, foot, after = _foot(rest, page, margins, carried)
    blocks += _body(before, page, margins)
    blocks += foot
    blocks += _paragraphs(_rows(after), page, margins)
    blocks += _numbers([line for line in numbers if line not in above], page)
    blocks += [
        PrintedBlock("boilerplate", (line,), page.number, note=_stray_note(page))
        for line in page.strays
    ]
    return blocks


def _stray_note(page: PrintedPage) -> str:
    return "illegible" if page.source == "ocr" else "watermark"


def _numbers(lines: Iterable[PrintedLine], page: PrintedPage) -> list[PrintedBlock]:
    return [PrintedBlock("page-number", (line,), page.number, note="page-number") for line in lines]


def _segments(line: PrintedLine) -> list[PrintedLine]:
    """The line cut at blanks as wide as between columns; a number keeps the text after its tab."""
    cut = [0]
    for index in range(1, len(line.words)):
        before, word = line.words[index - 1], line.words[index]
        wide = word.box[0] - before.box[2] > _COLUMN_GAP * max(line.size, 6)
        label_only = index == 1 and label_of(before.text) is not None
        if wide and not label_only:
            cut.append(index)
    return [
        PrintedLine(line.words[start:end], line.baseline)
        for start, end in zip(cut, [*cut[1:], len(line.words)], strict=True)
    ]


def is_motto(text: str) -> bool:
    """Whether a line is the motto of the state or the name of the Party, also misread."""
    folded = fold(text)
    if len(folded) < 15:
        return False
    return any(fuzz.ratio(folded, motto) >= _MOTTO_LIKENESS for motto in _words("mottos"))


def _head(
    segments: list[PrintedLine], page: PrintedPage, margins: Margins
) -> tuple[list[PrintedBlock], list[PrintedLine]]:
    """The two columns of the head of a document, and the lines that are left."""
    anchor = next((line for line in segments if is_motto(line.text)), None)
    if anchor is None:
        anchor = _dated_head(segments, page)
    if anchor is None or anchor.centre < page.width * 0.5:
        return [], segments
    if abs(anchor.centre - margins.centre) < _CENTRED * page.width:
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
    numbers = [line for line in top if _pattern("number_line").match(fold(line.text))]
    for line in top:
        dated = line.x0 > 0.4 * page.width and _pattern("date_line").match(fold(line.text))
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
    folded = fold(line.text)
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
        _pattern("number_line").match(fold(item.text)) for item in columns.left
    )
    if complete and min(off_left, off_right) > 0.07 * page.width:
        return False
    return columns.take(line)


def _is_date(line: PrintedLine) -> bool:
    return bool(_pattern("date_line").match(fold(line.text)))


def _header_lines(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Lines of a column of the head; a wrapped subject or date is put together."""
    joined: list[PrintedLine] = []
    in_subject = False
    for line in lines:
        folded = fold(line.text)
        wrapped_date = bool(joined) and folded.strip(" .").isdigit() and len(folded) <= 6
        if joined and (in_subject or (wrapped_date and "thang" in fold(joined[-1].text))):
            joined[-1] = _followed(joined[-1], line)
        else:
            joined.append(line)
        in_subject = in_subject or bool(_pattern("subject_line").match(folded))
    return joined


def _followed(first: PrintedLine, second: PrintedLine) -> PrintedLine:
    return PrintedLine(first.words + second.words, first.baseline)


def _column_blocks(
    columns: Columns,
    kind: BlockKind,
    page: int,
    arrange: Any,
) -> list[PrintedBlock]:
    """One block for each column that has lines, left first."""
    blocks = []
    for side, lines in (("left", columns.left), ("right", columns.right)):
        if lines:
            rows = _rows(lines)
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


def _rows(segments: Iterable[PrintedLine]) -> list[PrintedLine]:
    """Segments on one baseline put together again, top to bottom."""
    rows: list[PrintedLine] = []
    for line in sorted(segments, key=lambda line: (line.baseline, line.x0)):
        if rows and abs(line.baseline - rows[-1].baseline) < 0.35 * min(line.size, rows[-1].size):
            words = tuple(sorted(rows[-1].words + line.words, key=lambda word: word.box[0]))
            rows[-1] = PrintedLine(words, rows[-1].baseline)
        else:
            rows.append(line)
    return rows


def _foot(
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
        centred = abs(line.centre - margins.centre) < _CENTRED * page.width and line.bold
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
        folded = fold(line.text)
        if line.x0 < 0.45 * page.width and folded.strip(" .:;-") in _words("recipients"):
            return _up_the_right(segments, index, page)
    for index, line in enumerate(segments):
        if _is_signature(line, page) and _ends_in_columns(segments[index:], page):
            return index
    return None


def _is_signature(line: PrintedLine, page: PrintedPage) -> bool:
    letters = [char for char in line.text if char.isalpha()]
    capital = bool(letters) and sum(map(str.isupper, letters)) > 0.8 * len(letters)
    right = line.x0 > 0.4 * page.width
    return right and capital and bool(_pattern("signature").match(fold(line.text)))


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
        goes_on = (
            bool(joined)
            and label_of(joined[-1].text) in ("-", "–", "+", "*")
            and label_of(line.text) is None
            and line.text[:1].islower()
        )
        if goes_on:
            joined[-1] = _followed(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _in_table(line: PrintedLine, page: PrintedPage) -> bool:
    x0, y0, x1, y1 = line.box
    middle = (y0 + y1) / 2
    return any(
        table.box[1] <= middle <= table.box[3] and x0 < table.box[2] and x1 > table.box[0]
        for table in page.tables
    )


def _body(segments: list[PrintedLine], page: PrintedPage, margins: Margins) -> list[PrintedBlock]:
    """Paragraphs and tables between head and foot, top to bottom."""
    tables = [(table.box[1], _table_blocks(page, index)) for index, table in enumerate(page.tables)]
    tables.sort(key=lambda entry: entry[0])
    blocks: list[PrintedBlock] = []
    waiting: list[PrintedLine] = []
    for line in _rows(segments):
        while tables and line.baseline > tables[0][0]:
            blocks += _paragraphs(waiting, page, margins) + tables.pop(0)[1]
            waiting = []
        waiting.append(line)
    blocks += _paragraphs(waiting, page, margins)
    for _, rows in tables:
        blocks += rows
    return blocks


def _table_blocks(page: PrintedPage, index: int) -> list[PrintedBlock]:
    """One block a row of a ruled table."""
    table = page.tables[index]
    lines = [line for line in page.lines if _in_table(line, page)]
    blocks = []
    for row in table.rows:
        cells = tuple(_cell_lines(lines, cell) for cell in row)
        if any(cells):
            flat = tuple(line for cell in cells for line in cell)
            blocks.append(
                PrintedBlock("table", flat, page.number, note=f"table-{index + 1}", cells=cells)
            )
    return blocks


def _cell_lines(
    lines: list[PrintedLine], cell: tuple[float, float, float, float]
) -> tuple[PrintedLine, ...]:
    """The words of `lines` whose middle lies in `cell`, as lines."""
    found = []
    for line in lines:
        words = tuple(
            word
            for word in line.words
            if cell[0] <= (word.box[0] + word.box[2]) / 2 < cell[2]
            and cell[1] <= (word.box[1] + word.box[3]) / 2 < cell[3]
        )
        if words:
            found.append(PrintedLine(words, line.baseline))
    return tuple(_rows(found))


def _paragraphs(
    lines: list[PrintedLine], page: PrintedPage, margins: Margins
) -> list[PrintedBlock]:
    """Body lines put together to paragraphs."""
    groups: list[list[PrintedLine]] = []
    leading = _leading(lines)
    for line in lines:
        if groups and _goes_on(groups[-1], line, margins, page.width, leading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group, page, margins) for group in groups]


def _leading(lines: list[PrintedLine]) -> float:
    """Usual distance of baselines in ems."""
    steps = [
        (under.baseline - line.baseline) / max(line.size, 1)
        for line, under in pairwise(lines)
        if 0 < under.baseline - line.baseline < 4 * line.size
    ]
    steps.sort()
    return steps[len(steps) // 3] if steps else 1.4


def alignment(line: PrintedLine, margins: Margins, width: float) -> Align | None:
    """How one line alone is set: centred, right, or None when it could be either left or full."""
    if line.x1 - line.x0 > 0.97 * margins.width:
        return None
    indent = line.x0 - margins.left
    off = abs(line.centre - margins.centre)
    deep = indent > 3.2 * line.size and off < _CENTRED * width
    if deep or (line.bold and indent > 0.5 * line.size and off < 0.2 * line.size):
        return "center"
    if indent > 0.45 * margins.width and margins.right - line.x1 < 0.08 * margins.width:
        return "right"
    return None


def _goes_on(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, width: float, leading: float
) -> bool:
    """Whether `line` continues the paragraph in `group`."""
    last = group[-1]
    step = (line.baseline - last.baseline) / max(min(last.size, line.size), 1)
    if step > 1.75 * leading or abs(last.size - line.size) > 0.2 * last.size:
        return False
    centred = alignment(line, margins, width) == "center"
    if centred or alignment(group[0], margins, width) == "center":
        return _title_goes_on(group, line, margins, width)
    if label_of(line.text) and not _label_is_text(last, line, margins):
        return False
    if not _is_full(last, line, margins):
        return False
    return not _starts_paragraph(group, line, margins, step, leading)


def _title_goes_on(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, width: float
) -> bool:
    """Whether a centred line continues the title above it."""
    last = group[-1]
    if alignment(last, margins, width) != "center" and not _is_full(last, line, margins):
        return False
    if alignment(line, margins, width) != "center" and line.x1 - line.x0 < 0.9 * margins.width:
        return False
    folded = fold(last.text).strip(" :.*")
    if folded in _words("kinds") or label_of(line.text) or _is_heading_number(last.text):
        return False
    same_case = last.text.isupper() == line.text.isupper()
    return last.bold == line.bold and last.italic == line.italic and same_case


def _is_heading_number(text: str) -> bool:
    label = label_of(text)
    return label is not None and len(label) >= len(text.strip()) - 1


def _label_is_text(last: PrintedLine, line: PrintedLine, margins: Margins) -> bool:
    """A wrapped line that only looks numbered: "… năm" / "2024. Các đơn vị"."""
    at_margin = line.x0 - margins.left < _INDENTED * line.size
    ended = last.text[-1:] in ".;:!?"
    label = label_of(line.text) or ""
    return at_margin and not ended and label not in ("-", "–", "+", "•")


def _is_full(last: PrintedLine, line: PrintedLine, margins: Margins) -> bool:
    """Whether the first word of `line` would not have fitted at the end of `last`."""
    first = line.words[0]
    room = margins.right - last.x1
    return room < (first.box[2] - first.box[0]) + 0.25 * line.size


def _starts_paragraph(
    group: list[PrintedLine], line: PrintedLine, margins: Margins, step: float, leading: float
) -> bool:
    """Whether the indent or the blank above `line` begins a paragraph."""
    last = group[-1]
    ended = last.text[-1:] in ".;:!?"
    if len(group) > 1 and abs(line.x0 - last.x0) < 0.5 * line.size:
        return ended and step > 1.2 * leading
    deeper = line.x0 - margins.left > _INDENTED * line.size
    if len(group) == 1 and abs(line.x0 - last.x0) < 0.5 * line.size:
        return ended and (deeper or step > 1.2 * leading)
    if line.x0 > last.x0:
        return deeper and (len(group) > 1 or ended)
    return False


def _block(group: list[PrintedLine], page: PrintedPage, margins: Margins) -> PrintedBlock:
    text = group[0].text
    label = label_of(text)
    align = alignment(group[0], margins, page.width) or ("justify" if len(group) > 1 else "left")
    kind: BlockKind = "paragraph"
    bold = all(line.bold for line in group)
    if is_motto(text):
        kind = "header"
    elif bold and len(group) <= 3 and (align == "center" or not text.rstrip().endswith((".", ";"))):
        kind = "heading"
    elif label:
        kind = "item"
    return PrintedBlock(kind, tuple(group), page.number, align=align, label=label)


def continues_page_before(
    last: PrintedBlock, first: PrintedBlock, last_margins: Margins, margins: Margins
) -> bool:
    """Whether `first` on a page goes on with the paragraph that ended the page before."""
    if last.kind not in ("paragraph", "item") or first.kind != "paragraph" or first.label:
        return False
    line, under = last.lines[-1], first.lines[0]
    if under.x0 - margins.left > _INDENTED * under.size or first.align == "center":
        return False
    moved = replace(margins, right=last_margins.right)
    return _is_full(line, under, moved) or line.text[-1:] not in ".;:!?"
