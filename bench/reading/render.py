"""Notices drawn as PDF pages in the layout of Nghị định 30/2020/NĐ-CP, with the text they show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PAGE = (595.28, 841.89)
LEFT, RIGHT, TOP, BOTTOM = 85.0, 42.5, 57.0, 57.0
INDENT = 36.0
SIZE, LEADING, SPACING = 13.5, 18.5, 6.0
MOTTO = ("**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "**Độc lập - Tự do - Hạnh phúc")
_FONT_DIRS = (
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-serif",
)
_FALLBACK = "/usr/share/fonts/truetype/dejavu"


@dataclass
class Rendered:
    """A PDF, and what it says in reading order, one paragraph or printed header line a line."""

    id: str
    pdf: bytes
    header_left: list[str]
    header_right: list[str]
    title: list[str]
    body: list[str]
    recipients: list[str]
    signature: list[str]
    pages: int = 1

    @property
    def text(self) -> str:
        """Everything but the page numbers."""
        parts = (self.header_left, self.header_right, self.title, self.body)
        return "\n".join(
            line for part in (*parts, self.recipients, self.signature) for line in part
        )


@cache
def notices() -> tuple[dict[str, Any], ...]:
    path = Path(__file__).with_name("notices.yaml")
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def fonts(family: str = "serif") -> tuple[str, str]:
    """Names of a regular and a bold font that have all Vietnamese letters; LookupError without.

    "times" is "serif" as wide as Times New Roman, the font of Nghị định 30/2020/NĐ-CP: where lines
    end decides some tests, and the fallback is wider.
    """
    regular, bold = _font_files(family)
    names = (f"{family}-regular", f"{family}-bold")
    for name, path in zip(names, (regular, bold), strict=True):
        pdfmetrics.registerFont(TTFont(name, path))
    return names


def _font_files(family: str) -> tuple[str, str]:
    if family in ("serif", "times"):
        for folder in _FONT_DIRS:
            if (Path(folder) / "LiberationSerif-Regular.ttf").exists():
                return tuple(f"{folder}/LiberationSerif-{w}.ttf" for w in ("Regular", "Bold"))
    path = Path(_FALLBACK) / "DejaVuSerif.ttf"
    if family == "times" or not path.exists():
        raise LookupError("no font with Vietnamese letters (fonts-liberation2, or fonts-dejavu)")
    return str(path), str(path.with_name("DejaVuSerif-Bold.ttf"))


@dataclass
class Pen:
    canvas: Canvas
    regular: str
    bold: str
    scale: float = 1.0
    y: float = TOP
    page: int = 1
    breaks: list[int] = field(default_factory=list)

    def need(self, height: float) -> None:
        """Turn the page when less than `height` is left."""
        if self.y + height <= PAGE[1] - BOTTOM:
            return
        self.canvas.showPage()
        self.page += 1
        self.y = TOP
        self.canvas.setFont(self.regular, SIZE)
        self.canvas.drawCentredString(PAGE[0] / 2, PAGE[1] - 36, str(self.page))

    def centred(self, line: str, x: float, y: float, size: float = SIZE) -> float:
        """Draw one centred line; returns its width."""
        bold = line.startswith("**")
        font = self.bold if bold else self.regular
        text = line.removeprefix("**")
        self.canvas.setFont(font, size)
        self.canvas.drawCentredString(x, PAGE[1] - y, text)
        return float(pdfmetrics.stringWidth(text, font, size))

    def paragraph(self, text: str, *, indent: float = INDENT, bold: bool = False) -> None:
        """Draw a justified paragraph with an indented first line."""
        font = self.bold if bold else self.regular
        size = SIZE * self.scale
        width = PAGE[0] - LEFT - RIGHT
        lines = list(wrapped(text, font, size, width, indent))
        for index, words in enumerate(lines):
            self.need(LEADING)
            self.y += LEADING
            first = indent if index == 0 else 0.0
            natural = pdfmetrics.stringWidth(" ".join(words), font, size)
            stretch = 0.0
            if index < len(lines) - 1 and len(words) > 1:
                stretch = (width - first - natural) / (len(words) - 1)
            pen = self.canvas.beginText(LEFT + first, PAGE[1] - self.y)
            pen.setFont(font, size)
            pen.setWordSpace(0)
            x = LEFT + first
            for position, word in enumerate(words):
                pen.setTextOrigin(x, PAGE[1] - self.y)
                more = position < len(words) - 1
                pen.textOut(word + " " if more else word)
                x += pdfmetrics.stringWidth(word + " ", font, size) + stretch
            self.canvas.drawText(pen)
        self.y += SPACING

    def table(self, rows: list[list[str]]) -> None:
        """Draw a ruled table."""
        widths = [40.0, 200.0, 110.0, 110.0][: len(rows[0])]
        height = 22.0
        for row in rows:
            self.need(height)
            x = LEFT
            for width, cell in zip(widths, row, strict=True):
                self.canvas.rect(x, PAGE[1] - self.y - height, width, height)
                self.canvas.setFont(self.regular, SIZE)
                self.canvas.drawString(x + 4, PAGE[1] - self.y - 16, cell)
                x += width
            self.y += height
        self.y += SPACING


def wrapped(text: str, font: str, size: float, width: float, indent: float) -> Iterator[list[str]]:
    words: list[str] = []
    room = width - indent
    for word in text.split():
        if words and pdfmetrics.stringWidth(" ".join([*words, word]), font, size) > room:
            yield words
            words, room = [], width
        words.append(word)
    yield words


def _plain(lines: list[str]) -> list[str]:
    return [line.removeprefix("**") for line in lines if line]


def render(notice: dict[str, Any], *, family: str = "serif") -> Rendered:
    """Draw one notice of notices.yaml."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1)
    pen = Pen(canvas, *fonts(family), scale=1.0 if family == "serif" else 0.85)
    left = _header(pen, notice)
    right = [*notice.get("motto", MOTTO), notice["place_date"]]
    title = _title(pen, notice)
    body = _body(pen, notice)
    _footer(pen, notice)
    canvas.save()
    return Rendered(
        id=notice["id"],
        pdf=out.getvalue(),
        header_left=_plain(left),
        header_right=_plain(right),
        title=title,
        body=body,
        recipients=list(notice["recipients"]),
        signature=_plain(notice["signature"]),
        pages=pen.page,
    )


def _header(pen: Pen, notice: dict[str, Any]) -> list[str]:
    """The two columns of the head, each line centred in its column."""
    columns = (LEFT + 95, LEFT + 325)
    small = 11.5 if pen.scale < 1 else 12.5
    size = small * (0.8 if pen.scale < 1 else 1.0)
    y = pen.y
    for line in notice["left"]:
        y += 16
        width = pen.centred(line, columns[0], y, size)
    pen.canvas.line(
        columns[0] - width / 5, PAGE[1] - y - 4, columns[0] + width / 5, PAGE[1] - y - 4
    )
    right_y = pen.y
    for line in notice.get("motto", MOTTO):
        right_y += 16
        width = pen.centred(line, columns[1], right_y, size)
    rule = PAGE[1] - right_y - 4
    pen.canvas.line(columns[1] - width / 2, rule, columns[1] + width / 2, rule)
    y = max(y, right_y) + 22
    pen.centred(notice["number"], columns[0], y, size)
    pen.centred(notice["place_date"], columns[1], y, size)
    for line in notice.get("subject", ()):
        y += 15
        pen.centred(line, columns[0], y, size - 1)
    pen.y = y + 14
    return [*notice["left"], notice["number"], *notice.get("subject", ())]


def _title(pen: Pen, notice: dict[str, Any]) -> list[str]:
    middle = (LEFT + PAGE[0] - RIGHT) / 2
    if "addressees" in notice:
        pen.y += 6
        pen.paragraph(notice["addressees"])
        return [notice["addressees"]]
    size = SIZE * pen.scale
    for line in notice["title"]:
        pen.y += 18
        pen.centred(line, middle, pen.y, size)
    pen.y += 14
    return _plain(notice["title"])


def _body(pen: Pen, notice: dict[str, Any]) -> list[str]:
    printed: list[str] = []
    for item in notice["body"]:
        if isinstance(item, dict):
            pen.table(item["table"])
            printed += ["\t".join(row) for row in item["table"]]
            continue
        text = item.removeprefix("# ")
        pen.paragraph(text, bold=item.startswith("# "))
        printed.append(text)
    return printed


def _footer(pen: Pen, notice: dict[str, Any]) -> None:
    """Recipients at the left, the signature block at the right of the same rows."""
    pen.need(7 * 16 + 20)
    top = pen.y + 14
    y = top
    for index, line in enumerate(notice["recipients"]):
        y += 14
        pen.canvas.setFont(pen.bold if index == 0 else pen.regular, 12 if index == 0 else 11)
        pen.canvas.drawString(LEFT, PAGE[1] - y, line)
    y = top
    for line in notice["signature"]:
        y += 17
        if line:
            pen.centred(line, LEFT + 345, y, SIZE * pen.scale)
