"""Printed pages, one after the other -> the text, blocks and words of one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from pipeline.readers.blocks import Margins, PrintedBlock, margins_of, rows_of
from pipeline.readers.layout import blocks_of
from pipeline.readers.paragraphs import continues_page_before
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord, around
from pipeline.text.assemble import Assembler

_ASIDE = ("page-number", "boilerplate")
"""Blocks that may stand between the parts of a paragraph that runs over a page."""


class Composer:
    """Takes pages in order and writes each as soon as the next one is known.

    A paragraph that runs over a page break becomes one block; the page numbers between its parts
    move before it (those of the page it began on) or behind it (those of the page it ends on).
    """

    def __init__(self, out: Assembler) -> None:
        """Writes to `out`."""
        self._out = out
        self._open = ExitStack()
        self._is_open = False
        self._last: PrintedBlock | None = None
        self._held: tuple[PrintedPage, list[PrintedBlock]] | None = None
        self._margins: Margins | None = None
        self._previous_margins: Margins | None = None
        self._in_foot = False
        self._tables = _Tables()

    def add(self, page: PrintedPage) -> None:
        """The next page."""
        margins = margins_of(page.lines, page.width) or margins_of(
            rows_of(page.lines),
            page.width,  # OCR gives the lines of two columns apart
        )
        margins = margins or self._margins
        margins = margins or Margins(0.13 * page.width, 0.93 * page.width)
        blocks = self._tables.numbered(blocks_of(page, margins, carried=self._in_foot))
        joins = self._joins(blocks, margins)
        self._write_held(leave_open=joins)
        self._held = (page, _aside_last(blocks) if joins else blocks)
        self._previous_margins, self._margins = margins, margins
        self._in_foot = _ends_in_foot(blocks)

    def finish(self) -> None:
        """Write what is still held back."""
        self._write_held(leave_open=False)

    def _joins(self, blocks: Sequence[PrintedBlock], margins: Margins) -> bool:
        """Whether the first body block goes on with the last one of the page before."""
        if self._held is None or self._margins is None:
            return False
        before = [block for block in self._held[1] if block.kind not in _ASIDE]
        after = [block for block in blocks if block.kind not in _ASIDE]
        return bool(before and after) and continues_page_before(
            before[-1], after[0], self._margins, margins
        )

    def _write_held(self, *, leave_open: bool) -> None:
        if self._held is None:
            return
        page, blocks = self._held
        self._held = None
        if leave_open:
            blocks = _aside_first(blocks)
        with self._out.page(
            page.number,
            page.source,
            width=round(page.width, 2),
            height=round(page.height, 2),
            confidence=page.confidence,
            steps=page.steps,
        ):
            for index, block in enumerate(blocks):
                self._write_block(block, keep_open=leave_open and index == len(blocks) - 1)

    def _write_block(self, block: PrintedBlock, *, keep_open: bool) -> None:
        if self._last is None or block.kind in _ASIDE or not self._is_open:
            self._separate(block)
            self._open.enter_context(self._out.block(block.kind, **_facts(block)))
            self._is_open = True
        else:
            self._out.space()
        _write_lines(self._out, block)
        self._last = block
        if not keep_open:
            self._open.close()
            self._is_open = False

    def _separate(self, block: PrintedBlock) -> None:
        """One line break inside the body; a blank line between parts of the page."""
        if self._last is None:
            return
        body = ("paragraph", "item", "heading")
        plain = self._last.kind in body and block.kind in body
        same_table = self._last.kind == block.kind == "table" and self._last.note == block.note
        self._out.newline(1 if plain or same_table else 2)


class _Tables:
    """Counts the tables of a document; one that goes on over a page is one table."""

    def __init__(self) -> None:
        self._count = 0
        self._head: PrintedBlock | None = None
        self._last: PrintedBlock | None = None

    def numbered(self, blocks: list[PrintedBlock]) -> list[PrintedBlock]:
        """The blocks of the next page; a head of columns that is printed again is set apart."""
        body = [block for block in blocks if block.kind not in _ASIDE]
        names: dict[str | None, str] = {}
        if body and self._goes_on(body[0]):
            names[body[0].note] = f"table-{self._count}"
        self._last = body[-1] if body else None
        return [self._named(block, names) if block.cells else block for block in blocks]

    def _goes_on(self, first: PrintedBlock) -> bool:
        last = self._last
        return last is not None and bool(last.cells) and len(last.cells) == len(first.cells)

    def _named(self, block: PrintedBlock, names: dict[str | None, str]) -> PrintedBlock:
        if block.note not in names:
            self._count += 1
            names[block.note] = f"table-{self._count}"
            self._head = block
        elif self._head and block is not self._head and _texts(block) == _texts(self._head):
            return replace(block, kind="boilerplate", note="repeated-head")
        return replace(block, note=names[block.note])


def _texts(row: PrintedBlock) -> list[list[str]]:
    return [[line.text for line in cell] for cell in row.cells]


def _facts(block: PrintedBlock) -> dict[str, object]:
    lines = block.lines
    sizes = sorted(line.size for line in lines)
    boxes = [line.box for line in lines]
    shown = [word.on_page for line in lines for word in line.words if word.on_page]
    return {
        "page": block.page,
        "box": around(shown or boxes),
        "label": block.label,
        "bold": all(line.bold for line in lines),
        "italic": all(line.italic for line in lines),
        "size": sizes[len(sizes) // 2],
        "align": block.align,
        "note": block.note,
    }


def _aside_first(blocks: list[PrintedBlock]) -> list[PrintedBlock]:
    """Page numbers and the like behind the last paragraph moved before it."""
    last = max(index for index, block in enumerate(blocks) if block.kind not in _ASIDE)
    return [*blocks[:last], *blocks[last + 1 :], blocks[last]]


def _aside_last(blocks: list[PrintedBlock]) -> list[PrintedBlock]:
    """Page numbers and the like before the first paragraph moved behind it."""
    first = next(index for index, block in enumerate(blocks) if block.kind not in _ASIDE)
    return [blocks[first], *blocks[:first], *blocks[first + 1 :]]


def _ends_in_foot(blocks: Sequence[PrintedBlock]) -> bool:
    body = [block for block in blocks if block.kind not in _ASIDE]
    return bool(body) and body[-1].kind == "footer"


def _write_lines(out: Assembler, block: PrintedBlock) -> None:
    if block.cells:
        for index, cell in enumerate(block.cells):
            if index:
                out.add("\t")
            _write_paragraph(out, cell)
    elif block.whole:
        _write_paragraph(out, block.lines)
    else:
        for index, line in enumerate(block.lines):
            if index:
                out.newline()
            _write_paragraph(out, [line])


def _write_paragraph(out: Assembler, lines: Iterable[PrintedLine]) -> None:
    """The words of `lines` in one line; no blank after a hyphen that ended a printed line."""
    before: PrintedWord | None = None
    for line in lines:
        for position, word in enumerate(line.words):
            wrapped = before is not None and position == 0 and _ends_in_hyphen(before, word)
            if before is not None and not wrapped:
                out.space()
            out.word(
                word.text,
                box=word.on_page or word.box,
                confidence=word.confidence,
                raw=word.raw,
            )
            before = word


def _ends_in_hyphen(before: PrintedWord, word: PrintedWord) -> bool:
    text = before.text
    return len(text) > 1 and text.endswith("-") and text[-2].isalnum() and word.text[:1].isalnum()
