"""Lines of a page -> blocks in reading order: head and foot in columns, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.document import Box
from pipeline.readers.blocks import Margins, PrintedBlock, is_page_number, rows_of
from pipeline.readers.columns import foot_of, head_of, segments_of
from pipeline.readers.paragraphs import paragraphs_of
from pipeline.readers.printed import PrintedLine, PrintedPage


def blocks_of(page: PrintedPage, margins: Margins, carried: bool) -> list[PrintedBlock]:
    """The blocks of one page in reading order.

    `carried`: the page before ended inside the foot, which may go on here.
    """
    numbers = [line for line in page.lines if is_page_number(line, page.height)]
    segments = [
        part
        for line in page.lines
        if line not in numbers and not _in_table(line, page)
        for part in segments_of(line)
    ]
    segments.sort(key=lambda line: (line.baseline, line.x0))
    above = [line for line in numbers if line.box[1] < page.height / 2]
    blocks = _numbers(above, page)
    head, rest = head_of(segments, page, margins)
    blocks += head
    before, foot, after = foot_of(rest, page, margins, carried)
    blocks += _body(before, page, margins)
    blocks += foot
    blocks += paragraphs_of(rows_of(after), page, margins)
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
    for line in rows_of(segments):
        while tables and line.baseline > tables[0][0]:
            blocks += paragraphs_of(waiting, page, margins) + tables.pop(0)[1]
            waiting = []
        waiting.append(line)
    blocks += paragraphs_of(waiting, page, margins)
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


def _cell_lines(lines: list[PrintedLine], cell: Box) -> tuple[PrintedLine, ...]:
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
    return tuple(rows_of(found))
