"""Over the XML of a Word document: paragraphs and tables as a person sees them on paper.

Kept: tracked insertions, smart tags, content controls, hyperlinks, text boxes, nested tables,
automatic numbers. Left out: tracked deletions, hidden text, field codes, comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.readers.docx_look import RunLook, Styles, paragraph_look, run_look, value_of
from pipeline.readers.docx_numbering import Numbering, W
from pipeline.readers.encodings import convert_run, repair, scheme_of_font
from pipeline.readers.limits import within
from pipeline.readers.tree import Item, Paragraph, Table
from pipeline.text.fold import nfc

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SKIPPED = frozenset(
    W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sdtPr", "rt")
)
_BLANKS = " \t\u00a0\u200b\ufeff"
_SYMBOLS = {"F0B7": "•", "F02D": "-", "F0D8": "•", "F0FC": "✓", "F0E0": "→", "F0A7": "▪"}
"""w:sym characters of Symbol and Wingdings that mean something in a notice."""


@dataclass(slots=True)
class Walk:
    """Reads the containers of one document in order; counters of numbering live here."""

    styles: Styles
    numbering: Numbering
    max_paragraphs: int
    schemes: Counter[str] = field(default_factory=Counter)
    tracked: bool = False
    hidden: bool = False
    page: int = 1
    """The page on which Word had this place when it saved the file (w:lastRenderedPageBreak)."""
    _count: int = 0
    _boxes: list[Item] = field(default_factory=list)
    _pending: list[tuple[str, RunLook]] = field(default_factory=list)

    def items(self, container: Any) -> tuple[Item, ...]:
        """The paragraphs and tables of a body, cell, text box, note, header or footer."""
        found: list[Item] = []
        for element in _blocks(container):
            if element.tag == f"{W}tbl":
                found.append(self._table(element))
            else:
                self._count += 1
                within("max_blocks", self._count, self.max_paragraphs)
                paragraph = self._paragraph(element)
                if paragraph is not None:
                    found.append(paragraph)
                found += self._boxes
                self._boxes = []
        return tuple(found)

    def _table(self, table: Any) -> Table:
        rows = []
        for row in _children(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.tracked = True
                continue
            rows.append(self._row(row))
        return Table(tuple(rows))

    def _row(self, row: Any) -> tuple[tuple[Item, ...], ...]:
        """The cells of a row; one that runs over a page has the break in each of them."""
        first = last = self.page
        cells = []
        for cell in _children(row, f"{W}tc"):
            self.page = first
            cells.append(self._cell(cell))
            last = max(last, self.page)
        self.page = last
        return tuple(cells)

    def _cell(self, cell: Any) -> tuple[Item, ...]:
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(f"{W}val") != "restart":
            return ()
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            self.tracked = True
            return ()
        return self.items(cell)

    def _paragraph(self, element: Any) -> Paragraph | None:
        """A paragraph, or None when its mark is deleted and it runs into the next one."""
        properties = element.find(f"{W}pPr")
        style = None if properties is None else value_of(properties, "pStyle")
        look = self.styles.paragraph(style)
        if properties is not None:
            look = paragraph_look(properties, look)
        page: int | None = None
        pieces, self._pending = self._pending, []
        for piece in self._runs(element, look.run):
            page = page or (self.page if piece[0].strip() else None)
            pieces.append(piece)
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.tracked = True
            self._pending = pieces
            return None
        text = self._text(pieces)
        label, gap = self._label(look.list_id, look.list_level, look.style or style)
        if label and text:
            label = self._text([(label, look.run)])
            text = f"{label}{gap}{text}"
        shown = [(part, run) for part, run in pieces if part.strip(_BLANKS + "\n")]
        return Paragraph(
            text=text,
            bold=_all(run.bold for _, run in shown),
            italic=_all(run.italic for _, run in shown),
            size=_commonest(shown),
            align=look.align,
            label=label if label and text else None,
            outline=look.outline,
            page=page or self.page,
        )

    def _label(self, list_id: str | None, level: int | None, style: str | None) -> tuple[str, str]:
        if list_id in (None, "0"):
            return "", ""
        if level is None:
            level = self.numbering.level_of_style(str(list_id), style or "")
        return self.numbering.next_label(str(list_id), level)

    def _text(self, pieces: Iterable[tuple[str, RunLook]]) -> str:
        """The text of runs in Unicode; runs in one legacy font are converted together."""
        text = ""
        for part, font, caps in _joined(pieces):
            part, scheme = convert_run(part, font)
            if scheme:
                self.schemes[scheme] += 1
            text += part.upper() if caps else part
        fixed, schemes = repair(nfc(text))
        self.schemes.update(schemes)
        lines = [line.strip(_BLANKS) for line in nfc(fixed).replace("\u00ad", "").split("\n")]
        return "\n".join(lines).strip("\n")

    def _runs(self, element: Any, base: RunLook) -> Iterator[tuple[str, RunLook]]:
        """The pieces of text inside an element that may hold runs, each with its look."""
        for child in element:
            tag = child.tag
            if tag in _SKIPPED:
                self.tracked = self.tracked or tag in (f"{W}del", f"{W}moveFrom")
            elif tag == f"{W}r":
                yield from self._run(child, base)
            elif tag == f"{_MC}AlternateContent":
                yield from self._runs(_choice(child), base)
            elif tag == _MATH_TEXT:
                yield child.text or "", base
            elif isinstance(tag, str):
                self.tracked = self.tracked or tag in (f"{W}ins", f"{W}moveTo")
                yield from self._runs(child, base)

    def _run(self, run: Any, base: RunLook) -> Iterator[tuple[str, RunLook]]:
        properties = run.find(f"{W}rPr")
        look = base
        if properties is not None:
            style = value_of(properties, "rStyle")
            if style:
                look = look.under(self.styles.run(style))
            look = look.under(run_look(properties))
        for child in run:
            text = self._run_part(child)
            if text and look.hidden:
                self.hidden = True
            elif text:
                yield text, look

    def _run_part(self, child: Any) -> str:
        """The text of one child of a run; text boxes found in it are kept aside."""
        reading = _PARTS.get(child.tag)
        if reading is not None:
            return reading(child)
        if child.tag == f"{_MC}AlternateContent":
            return "".join(map(self._run_part, _choice(child)))
        if child.tag == f"{W}lastRenderedPageBreak":
            self.page += 1
        if child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            self._read_boxes(child)
        return ""

    def _read_boxes(self, drawing: Any) -> None:
        """Text boxes stand after the paragraph they are anchored in."""
        waiting, self._boxes = self._boxes, []
        pending, self._pending = self._pending, []
        for box in _outermost_boxes(drawing):
            waiting += self.items(box)
        self._boxes, self._pending = waiting, pending


def _symbol(element: Any) -> str:
    code = (element.get(f"{W}char") or "").upper()
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if len(code) != 4 or any(digit not in "0123456789ABCDEF" for digit in code):
        return ""
    number = int(code, 16)
    return "•" if 0xE000 <= number <= 0xF8FF else chr(number) if number >= 32 else ""


_PARTS: dict[str, Callable[[Any], str]] = {
    f"{W}t": lambda element: (element.text or "").replace("\n", " "),
    f"{W}tab": lambda _: "\t",
    f"{W}ptab": lambda _: "\t",
    f"{W}br": lambda _: "\n",
    f"{W}cr": lambda _: "\n",
    f"{W}noBreakHyphen": lambda _: "-",
    # kept until the font is known: in TCVN3 fonts the soft hyphen is the letter "ư"
    f"{W}softHyphen": lambda _: "\u00ad",
    f"{W}sym": _symbol,
}


def _joined(pieces: Iterable[tuple[str, RunLook]]) -> Iterator[tuple[str, str | None, bool]]:
    """Neighbouring pieces put together by (legacy font, capitals): VNI letters span runs."""
    text = ""
    key: tuple[str | None, bool] = (None, False)
    for part, look in pieces:
        font = look.font if look.font and scheme_of_font(look.font) else None
        if text and (font, bool(look.caps)) != key:
            yield text, *key
            text = ""
        key = (font, bool(look.caps))
        text += part
    if text:
        yield text, *key


def _blocks(container: Any) -> Iterator[Any]:
    """Paragraphs and tables of a container, also those inside content controls and the like."""
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _blocks(_choice(child))
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _blocks(child)


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _children(child, tag)


def _choice(alternate: Any) -> Any:
    """One of the alternatives of a drawing: the newer one, the fallback holds the same text."""
    choice = alternate.find(f"{_MC}Choice")
    return alternate if choice is None else choice


def _outermost_boxes(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _outermost_boxes(_choice(child))
        else:
            yield from _outermost_boxes(child)


def _all(values: Iterable[bool | None]) -> bool | None:
    """True or False when it is said of all pieces alike; a mixture is False."""
    seen = {bool(value) for value in values}
    return None if not seen else seen == {True}


def _commonest(pieces: list[tuple[str, RunLook]]) -> float | None:
    sizes: Counter[float] = Counter()
    for text, look in pieces:
        if look.size:
            sizes[look.size] += len(text)
    return sizes.most_common(1)[0][0] if sizes else None
