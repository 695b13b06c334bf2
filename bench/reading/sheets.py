"""A plain text laid out again as an office prints it: two-column head and foot, body between."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from docx import Document as WordDocument
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import _Cell
from reportlab.pdfgen.canvas import Canvas

from bench.reading.render import LEADING, LEFT, PAGE, RIGHT, SIZE, Pen, fonts, wrapped
from pipeline.header.sheet import is_upper
from pipeline.record import Found, Record
from pipeline.text.fold import fold

_MOTTOS = ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam", "doc lap")
_HEAD_LINES = 14
_FOOT_LINES = 45
_TITLE_LENGTH = 260
_ITEM = re.compile(r"(?<=[;:,.)]) +(?=[-–] )")
"""Where a recipient begins in a line that runs them together."""
_RANK = re.compile(r"\s*((\w{1,4}\.)+|(Thiếu|Trung|Thượng|Đại) (úy|tá|tướng))\s*")
"""A degree or a rank before a name."""
_BOLD = "**"
"""Before a line of a column that is printed bold."""


@dataclass(frozen=True)
class Paragraph:
    """One line of the text and how it is printed."""

    text: str
    bold: bool = False
    centred: bool = False


@dataclass
class Sheet:
    """What stands where: columns of the head, body, columns of the foot, what follows them."""

    head: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    body: list[Paragraph] = field(default_factory=list)
    foot: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    tail: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str

    def holds(self, *values: Found[str] | None) -> bool:
        """Whether any of the values stands on this line."""
        return any(v is not None and v.start < self.end and self.start < v.end for v in values)


def sheet_of(record: Record) -> Sheet:
    """The lines of the text of a record, each put where its kind is printed."""
    lines = _lines(record)
    start, stop = _head(lines, record)
    foot = _foot(lines, record) if record.family != "news" else len(lines)
    end = _foot_end(lines, foot, record)
    sheet = Sheet()
    for line in lines[start:stop]:
        right = _is_right_of_head(line, record)
        bold = line.holds(record.header.issuer) or fold(line.text).startswith(_MOTTOS)
        sheet.head[right].append(_BOLD * bold + line.text)
    sheet.body = [_paragraph(line, record) for line in (*lines[:start], *lines[stop:foot])]
    sheet.tail = [_paragraph(line, record) for line in lines[end:]]
    header = record.header
    signature = (header.authority, header.signer_title, header.signer)
    for line in lines[foot:end]:
        titled = bool(sheet.foot[1]) and is_upper(line.text)
        if titled or line.holds(*signature):
            sheet.foot[1].extend(_BOLD + part for part in _cut(line, record.text, signature))
        else:
            sheet.foot[0].extend(_ITEM.split(line.text))
    return sheet


def _cut(line: _Line, text: str, values: Iterable[Found[str] | None]) -> list[str]:
    """A line cut before each of the values that begin on it: each has a line of its own.

    A degree or rank stays on the line of the name behind it.
    """
    starts = {
        value.start
        for value in values
        if value
        and line.start < value.start < line.end
        and not _RANK.fullmatch(text[line.start : value.start])
    }
    cuts = [line.start, *sorted(starts), line.end]
    return [part for a, b in pairwise(cuts) if (part := " ".join(text[a:b].split()))]


def _lines(record: Record) -> list[_Line]:
    """The lines of the text; paragraphs that were broken by hand are one line again."""
    whole = {block.start: block.end for block in record.blocks}
    lines: list[_Line] = []
    stop = start = 0
    for line in record.text.split("\n"):
        end = start + len(line)
        if start < stop:
            first = lines.pop()
            lines.append(_Line(first.start, end, " ".join((first.text + " " + line).split())))
        elif line.strip():
            lines.append(_Line(start, end, " ".join(line.split())))
            stop = whole.get(start + len(line) - len(line.lstrip()), 0)
        start = end + 1
    return lines


def _head(lines: Sequence[_Line], record: Record) -> tuple[int, int]:
    """First line of the two-column head and the line behind it; an empty one without a motto."""
    header = record.header
    top = range(min(len(lines), 60))
    if not any(fold(lines[i].text).startswith(_MOTTOS[:2]) for i in top):
        return 0, 0
    values = (header.parent_agency, header.issuer, header.number, header.symbol, header.place)
    found = [
        i
        for i in top
        if fold(lines[i].text).startswith(_MOTTOS) or lines[i].holds(*values, header.issued_on)
    ]
    start, stop = found[0], found[-1] + 1
    short = all(len(line.text) < 120 for line in lines[start:stop])
    return (start, stop) if short and stop - start <= _HEAD_LINES else (0, 0)


def _is_right_of_head(line: _Line, record: Record) -> bool:
    return fold(line.text).startswith(_MOTTOS) or line.holds(record.header.issued_on)


def _foot(lines: Sequence[_Line], record: Record) -> int:
    """The first line of recipients and signature, or the number of lines."""
    header = record.header
    for index in range(max(len(lines) - _FOOT_LINES, 0), len(lines)):
        line = lines[index]
        if fold(line.text).startswith("noi nhan"):
            return index
        if line.holds(header.authority, header.signer_title) and len(line.text) < 90:
            return index
    return len(lines)


def _foot_end(lines: Sequence[_Line], foot: int, record: Record) -> int:
    """The line behind recipients and signature: where an appendix begins, or words of a portal."""
    header = record.header
    values = (header.authority, header.signer_title, header.signer, *header.recipients)
    held = [i for i in range(foot, len(lines)) if lines[i].holds(*values)]
    return held[-1] + 1 if held else len(lines)


def _paragraph(line: _Line, record: Record) -> Paragraph:
    header = record.header
    title = line.holds(header.kind, header.title) and len(line.text) < _TITLE_LENGTH
    heading = any(line.start <= part.start and part.end <= line.end for part in _headings(record))
    return Paragraph(line.text, bold=title or heading, centred=title)


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


def _headings(record: Record) -> list[_Span]:
    """Titles of sections that are lines of their own."""
    text = record.text
    spans = []
    for section in record.sections:
        end = text.find("\n", section.start)
        line = text[section.start : end if end >= 0 else None]
        if section.title and fold(line).strip(" .:").endswith(fold(section.title).strip(" .:")):
            spans.append(_Span(section.start, section.start + len(line)))
    return spans


def as_pdf(sheet: Sheet) -> bytes:
    """The sheet printed on A4 pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1)
    pen = Pen(canvas, *fonts())
    _draw_columns(pen, sheet.head, centred=(True, True))
    pen.y += 14
    _draw_paragraphs(pen, sheet.body)
    pen.y += 10
    _draw_columns(pen, sheet.foot, centred=(False, True))
    _draw_paragraphs(pen, sheet.tail)
    canvas.save()
    return out.getvalue()


def _draw_paragraphs(pen: Pen, paragraphs: Iterable[Paragraph]) -> None:
    """Paragraphs over the width of the page."""
    for paragraph in paragraphs:
        if paragraph.centred:
            width = PAGE[0] - LEFT - RIGHT
            for words in wrapped(paragraph.text, pen.bold, SIZE, width, 0):
                pen.need(LEADING)
                pen.y += LEADING
                pen.centred("**" + " ".join(words), LEFT + width / 2, pen.y)
            pen.y += 4
        else:
            pen.paragraph(paragraph.text, bold=paragraph.bold)


def _draw_columns(
    pen: Pen, columns: tuple[list[str], list[str]], *, centred: tuple[bool, bool]
) -> None:
    """Two columns beside each other, their lines wrapped."""
    size, width = 12.0, (190.0, 262.0)
    rows = [
        [row for line in lines for row in _rows(line, pen, size, room)]
        for lines, room in zip(columns, width, strict=True)
    ]
    starts = (LEFT, PAGE[0] - RIGHT - width[1])
    for pair in zip_longest(*rows):
        pen.need(16)
        pen.y += 16
        for text, x, room, middle in zip(pair, starts, width, centred, strict=True):
            if text and middle:
                pen.centred(text, x + room / 2, pen.y, size)
            elif text:
                pen.canvas.setFont(pen.regular, size)
                pen.canvas.drawString(x, PAGE[1] - pen.y, text)


def _rows(line: str, pen: Pen, size: float, room: float) -> Iterator[str]:
    """One line of a column wrapped to `room` points, each row marked bold if it is."""
    mark = _BOLD if line.startswith(_BOLD) else ""
    for words in wrapped(line.removeprefix(_BOLD), pen.bold, size, room, 0):
        yield mark + " ".join(words)


def as_docx(sheet: Sheet) -> bytes:
    """The sheet as a Word file: head and foot as tables without rules."""
    word = WordDocument()
    _add_columns(word, sheet.head)
    _add_paragraphs(word, sheet.body)
    _add_columns(word, sheet.foot)
    _add_paragraphs(word, sheet.tail)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _add_paragraphs(word: WordFile, paragraphs: Iterable[Paragraph]) -> None:
    for paragraph in paragraphs:
        made = word.add_paragraph()
        made.paragraph_format.first_line_indent = None if paragraph.centred else Pt(28)
        made.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if paragraph.centred else WD_ALIGN_PARAGRAPH.JUSTIFY
        )
        made.add_run(paragraph.text).bold = paragraph.bold or None


def _add_columns(word: WordFile, columns: tuple[list[str], list[str]]) -> None:
    if any(columns):
        for cell, lines in zip(word.add_table(1, 2).rows[0].cells, columns, strict=True):
            _fill(cell, lines)


def _fill(cell: _Cell, lines: Iterable[str]) -> None:
    first = cell.paragraphs[0]
    for index, line in enumerate(lines):
        paragraph = cell.add_paragraph() if index else first
        paragraph.add_run(line.removeprefix(_BOLD)).bold = line.startswith(_BOLD) or None
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
