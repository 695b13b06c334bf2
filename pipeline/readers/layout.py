"""Lines of a page -> blocks in reading order: head and foot in columns, paragraphs, tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.document import Box
from pipeline.readers.blocks import Margins, PrintedBlock, is_page_number, rows_of
from pipeline.readers.body_columns import stretches_of
from pipeline.readers.columns import foot_of, head_of, segments_of
from pipeline.readers.paragraphs import continues_page_before, paragraphs_of
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord


def blocks_of(page: PrintedPage, margins: Margins, carried: bool) -> list[PrintedBlock]:
    """The blocks of one page in reading order.

    `carried`: the page before ended inside the foot, which may go on here.
    """
    lines = [line for printed in page.lines if (line := _outside_cells(printed, page))]
    numbers = [line for line in lines if is_page_number(line, page.height)]
    segments = [part for line in lines if line not in numbers for part in segments_of(line)]
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


def _touches(line: PrintedLine, box: Box) -> bool:
    return line.box[1] < box[3] and box[1] < line.box[3]


def _outside_cells(line: PrintedLine, page: PrintedPage) -> PrintedLine | None:
    """The line without the words that stand in the cells of a table; None when all do."""
    cells = [
        cell
        for table in page.tables
        if _touches(line, table.box)
        for row in table.rows
        for cell in row
    ]
    if not cells:
        return line
    words = tuple(word for word in line.words if not any(_is_in(word, cell) for cell in cells))
    return PrintedLine(words, line.baseline) if words else None


def _is_in(word: PrintedWord, cell: Box) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return cell[0] <= x < cell[2] and cell[1] <= y < cell[3]


def _body(segments: list[PrintedLine], page: PrintedPage, margins: Margins) -> list[PrintedBlock]:
    """Paragraphs and tables between head and foot, top to bottom."""
    tables = [(table.box[1], _table_blocks(page, index)) for index, table in enumerate(page.tables)]
    tables.sort(key=lambda entry: entry[0])
    blocks: list[PrintedBlock] = []
    waiting: list[PrintedLine] = []
    for line in rows_of(segments):
        while tables and line.baseline > tables[0][0]:
            blocks += _text(waiting, page, margins) + tables.pop(0)[1]
            waiting = []
        waiting.append(line)
    blocks += _text(waiting, page, margins)
    for _, rows in tables:
        blocks += rows
    return blocks


def _text(rows: list[PrintedLine], page: PrintedPage, margins: Margins) -> list[PrintedBlock]:
    """The paragraphs of `rows`, column after column where they are set in two."""
    blocks: list[PrintedBlock] = []
    before = margins
    for lines, edges, goes_on in stretches_of(rows, margins):
        found = paragraphs_of(lines, page, edges)
        if goes_on and blocks and continues_page_before(blocks[-1], found[0], before, edges):
            blocks[-1] = replace(blocks[-1], lines=blocks[-1].lines + found.pop(0).lines)
        blocks += found
        before = edges
    return blocks


def _table_blocks(page: PrintedPage, index: int) -> list[PrintedBlock]:
    """One block a row of a ruled table."""
    table = page.tables[index]
    lines = [line for line in page.lines if _touches(line, table.box)]
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
        words = tuple(word for word in line.words if _is_in(word, cell))
        if words:
            found.append(PrintedLine(words, line.baseline))
    return tuple(rows_of(found))
