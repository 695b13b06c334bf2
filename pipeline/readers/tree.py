"""What a Word file or web page holds, as paragraphs and tables, and how that becomes text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.document import Align, BlockKind, PageSource
from pipeline.readers.blocks import is_motto, label_of, pattern
from pipeline.resources import lexicon
from pipeline.text.assemble import Assembler
from pipeline.text.fold import fold

_LONGEST_HEADING = 300
_FIRST_TABLES = 3
"""The header of a document is one of its first tables; attachments have headers of their own."""
_RUNNING_TEXT = 120
_FULL_CELL = 1500
"""Characters of a cell that make its table a layout of the page, not a list of facts."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One printed paragraph; `text` holds its automatic number, line breaks are newlines."""

    text: str
    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None
    align: Align | None = None
    label: str | None = None
    outline: int | None = None
    """Level of a heading, from 0; 9 and None are running text."""
    kind: BlockKind | None = None
    """What the reader knows it to be; None leaves it to the text."""
    note: str | None = None
    page: int | None = None
    """The page it begins on, where the file says so."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a cell holds paragraphs and tables. Merged-away cells are empty."""

    rows: tuple[tuple[tuple[Item, ...], ...], ...]


Item = Paragraph | Table


def paragraphs_of(items: Iterable[Item]) -> Iterator[Paragraph]:
    """All paragraphs with text, those of tables cell by cell."""
    for item in items:
        if isinstance(item, Table):
            for row in item.rows:
                for cell in row:
                    yield from paragraphs_of(cell)
        elif item.text:
            yield item


class TreeWriter:
    """Writes the tree into the text; decides which tables are columns of a form."""

    def __init__(self, source: PageSource) -> None:
        """An empty text; `source` is what its pages come from."""
        self.source = source
        self.text = Assembler()
        self._tables = 0
        self._number = 1
        self._page = ExitStack()

    @contextmanager
    def pages(self) -> Iterator[None]:
        """What is written inside stands on pages, from the first one on."""
        self._page.enter_context(self.text.page(self._number, self.source))
        with self._page:
            yield

    def _turn_to(self, paragraphs: Sequence[Paragraph]) -> None:
        """The next page, and the next, up to the one on which the first of `paragraphs` begins."""
        number = next((p.page for p in paragraphs if p.page), self._number)
        while self._number < number:
            self._page.close()
            self._number += 1
            self._page.enter_context(self.text.page(self._number, self.source))

    def margins(self, paragraphs: Sequence[Paragraph], note: str) -> None:
        """Running headers and footers, set apart; with the motto they are a letterhead."""
        letterhead = any(is_motto(fold(line)) for p in paragraphs for line in p.text.split("\n"))
        self.text.newline(2)
        for paragraph in paragraphs:
            self._write([paragraph], "header" if letterhead else "boilerplate", note)
        self.text.newline(2)

    def notes(self, paragraphs: Sequence[Paragraph]) -> None:
        """Footnotes at the end, as the text of a page is read."""
        self.text.newline(2)
        for paragraph in paragraphs:
            self._write([paragraph], "footer", "footnote")

    def body(self, items: Sequence[Item]) -> None:
        """Paragraphs one a line, a blank line where one is empty; tables by what they are for."""
        for item in items:
            if isinstance(item, Table):
                self._table(item)
            elif item.text:
                self._write([item], item.kind or _kind(item), item.note)
            else:
                self.text.newline(2)

    def _table(self, table: Table) -> None:
        self._tables += 1
        self.text.newline(2)
        side = _form_part(table, self._tables)
        if side:
            self._columns(table, side)
        elif _is_layout(table) or _is_furniture(table):
            for row in table.rows:
                for cell in row:
                    self.body(cell)
        else:
            self._rows(table, f"table-{self._tables}")
        self.text.newline(2)

    def _columns(self, table: Table, kind: BlockKind) -> None:
        """The header or the signature: all of the left column, then all of the right one."""
        wide = max(len(row) for row in table.rows)
        for column in range(wide):
            cells = [row[column] for row in table.rows if column < len(row)]
            note = f"{kind}-{'left' if column == 0 else 'right'}"
            self.text.newline(2)
            self._write([p for cell in cells for p in paragraphs_of(cell)], kind, note)

    def _rows(self, table: Table, note: str) -> None:
        """One block a row, cells apart by a tab, paragraphs of a cell by a line break."""
        for row in table.rows:
            cells = [list(paragraphs_of(cell)) for cell in row]
            if not any(cells):
                continue
            self.text.newline()
            paragraphs = [paragraph for cell in cells for paragraph in cell]
            self._turn_to(paragraphs)
            facts = _facts(paragraphs)
            with self.text.block("table", page=self._number, note=note, **facts):
                for index, cell in enumerate(cells):
                    if index:
                        self.text.add("\t")
                    self._lines(cell)

    def _write(self, paragraphs: Sequence[Paragraph], kind: BlockKind, note: str | None) -> None:
        if paragraphs:
            self.text.newline()
            self._turn_to(paragraphs)
            with self.text.block(kind, page=self._number, note=note, **_facts(paragraphs)):
                self._lines(paragraphs)

    def _lines(self, paragraphs: Sequence[Paragraph]) -> None:
        for index, paragraph in enumerate(paragraphs):
            if index:
                self.text.newline()
            self.text.add(paragraph.text)


def _facts(paragraphs: Sequence[Paragraph]) -> dict[str, Any]:
    sizes = sorted(p.size for p in paragraphs if p.size)
    aligns: set[Align | None] = {p.align for p in paragraphs}
    label = None
    if len(paragraphs) == 1:
        label = paragraphs[0].label or label_of(paragraphs[0].text)
    return {
        "bold": all(p.bold for p in paragraphs),
        "italic": all(p.italic for p in paragraphs),
        "size": sizes[len(sizes) // 2] if sizes else None,
        "align": aligns.pop() if len(aligns) == 1 else None,
        "label": label,
    }


def _kind(paragraph: Paragraph) -> BlockKind:
    outlined = paragraph.outline is not None and paragraph.outline < 9
    if outlined and len(paragraph.text) <= _LONGEST_HEADING:
        return "heading"
    return "item" if paragraph.label or label_of(paragraph.text) else "paragraph"


def _form_part(table: Table, number: int) -> BlockKind | None:
    """Whether a table is the header of a document or its foot (recipients and signature).

    Nghị định 30/2020/NĐ-CP, Phụ lục I sets both in two columns, which Word files build as tables.
    """
    wide = max((len(row) for row in table.rows), default=0)
    if not 2 <= wide <= 3 or len(table.rows) > 8:
        return None
    lines = [line for p in paragraphs_of([table]) for line in p.text.split("\n")]
    folded = [fold(line).strip(" *:") for line in lines]
    dated = any(map(pattern("date_line").match, folded))
    numbered = any(map(pattern("number_line").match, folded))
    if sum(map(len, lines)) > _FULL_CELL:
        return None
    if any(map(is_motto, map(fold, lines))) or (number <= _FIRST_TABLES and dated and numbered):
        return "header"
    if any(line.startswith(tuple(lexicon("layout")["recipients"])) for line in folded):
        return "footer"
    last_cells = [
        fold(p.text) for row in table.rows for p in paragraphs_of(row[-1:][0] if row else ())
    ]
    signed = any(map(pattern("signature").match, last_cells[:2]))
    return "footer" if signed and len(lines) <= 12 and not _running_text(lines) else None


def _running_text(lines: Sequence[str]) -> bool:
    return any(len(line) > _RUNNING_TEXT for line in lines)


def _is_layout(table: Table) -> bool:
    """A table without rows to compare: one column or row, or cells that hold tables or pages."""
    cells = [cell for row in table.rows for cell in row]
    wide = max((len(row) for row in table.rows), default=0)
    return wide == 1 or len(table.rows) == 1 or any(map(_is_page, cells))


def _is_page(cell: Sequence[Item]) -> bool:
    if any(isinstance(item, Table) for item in cell):
        return True
    return sum(len(paragraph.text) for paragraph in paragraphs_of(cell)) > _FULL_CELL


def _is_furniture(table: Table) -> bool:
    return all(paragraph.kind == "boilerplate" for paragraph in paragraphs_of([table]))
