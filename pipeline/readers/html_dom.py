"""A web page as the paragraphs and tables it shows, each with the part of the page it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pipeline.document import Align
from pipeline.readers.docx_numbering import format_number
from pipeline.readers.encodings import convert_run
from pipeline.readers.limits import within
from pipeline.resources import lexicon
from pipeline.text.fold import nfc

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]+")
_ALIGN: dict[str, Align] = {
    "left": "left",
    "right": "right",
    "center": "center",
    "justify": "justify",
}
_TEXT_ALIGN = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00)", re.I)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.I)
_FAMILY = re.compile(r"font-family\s*:\s*['\"]?([^;,'\"]+)", re.I)
_LIST_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_LONGEST_NAMES = 400
_BLANKS = " \t\n\u00a0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Look:
    """What a piece of text inherits from the elements around it."""

    bold: bool = False
    italic: bool = False
    link: bool = False
    font: str | None = None
    align: Align | None = None
    preformatted: bool = False


@dataclass(slots=True)
class Seen:
    """One paragraph on the page. `place` is the number of the element that holds it."""

    text: str
    place: int
    tag: str
    bold: bool
    italic: bool
    link_share: float
    align: Align | None
    label: str | None = None
    scheme: str | None = None


@dataclass(slots=True)
class SeenTable:
    """A table of the page: rows of cells of paragraphs and tables."""

    rows: list[list[list[Seen | SeenTable]]] = field(default_factory=list)


Node = Seen | SeenTable


@dataclass(slots=True)
class Place:
    """One element that may hold text: where it hangs, and what its names say it is."""

    parent: int
    tag: str
    furniture: str | None
    names: frozenset[str]


@cache
def _names_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon('html_pages')[name]})\b")


@cache
def _furniture_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = lexicon("html_pages")["furniture_names"]
    return tuple((reason, re.compile(rf"\b(?:{row})\b")) for reason, row in rows.items())


@cache
def _tags(name: str) -> frozenset[str]:
    return frozenset(lexicon("html_pages")[name])


class PageWalk:
    """Walks one page in reading order."""

    def __init__(self, max_paragraphs: int) -> None:
        """Nothing seen yet; more than `max_paragraphs` raise LimitError."""
        self._max_paragraphs = max_paragraphs
        self._count = 0
        self._numbers: dict[int, int] = {}
        self.places: list[Place] = []
        self.nodes: list[Node] = []
        self.authors: list[str] = []
        self._target = self.nodes
        self._pieces: list[tuple[str, Look]] = []
        self._label: str | None = None

    def walk(self, root: Any) -> None:
        """Take all visible text below `root`."""
        self._visit(root, -1, Look())
        self._flush(0, "body", Look())

    def _visit(self, element: Any, parent: int, look: Look) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _tags("invisible") or _is_hidden(element):
            return
        tag = tag.rpartition("}")[2].rpartition(":")[2].lower()
        if tag == "br":
            self._pieces.append(("\n", look))
            return
        is_block = tag in _tags("block_tags")
        if is_block:
            self._flush(parent, self.places[parent].tag if self.places else tag, look)
        place = self._place(element, tag, parent)
        look = _look(element, tag, look)
        if tag == "table":
            self._table(element, place, look)
            return
        if tag == "li":
            self._label = self._list_label(element, parent)
        self._inside(element, place, look)
        if is_block:
            self._flush(place, tag, look)

    def _inside(self, element: Any, place: int, look: Look) -> None:
        self._take(element.text, look)
        for child in element:
            self._visit(child, place, look)
            self._take(child.tail, look)

    def _table(self, element: Any, place: int, look: Look) -> None:
        table, outer = SeenTable(), self._target
        for row in _rows(element):
            cells: list[list[Node]] = []
            for cell in row:
                if cell.tag in ("td", "th"):
                    cells.append([])
                    self._target = cells[-1]
                    inner = self._place(cell, str(cell.tag), place)
                    cell_look = _look(cell, str(cell.tag), look)
                    self._inside(cell, inner, cell_look)
                    self._flush(inner, str(cell.tag), cell_look)
            table.rows.append(cells)
        self._target = outer
        for caption in element.iterfind("caption"):
            self._visit(caption, place, look)
        self._target.append(table)

    def _place(self, element: Any, tag: str, parent: int) -> int:
        names = _names(element)
        known = frozenset(
            name
            for name in ("main", "caption", "author", "date")
            if names and _names_pattern(f"{name}_names").search(names)
        )
        if "author" in known:
            self.authors.append(_SPACES.sub(" ", nfc(element.text_content())).strip(_BLANKS))
        self.places.append(Place(parent, tag, _furniture(element, tag, names), known))
        return len(self.places) - 1

    def _list_label(self, item: Any, parent: int) -> str | None:
        """The number or bullet that a browser prints before a list item."""
        outer = item.getparent()
        if outer is None or outer.tag not in ("ol", "ul"):
            return None
        if outer.tag == "ul":
            return "•"
        start = outer.get("start") or "1"
        first = int(start) if start.lstrip("-").isdecimal() and len(start) < 6 else 1
        number = self._numbers.get(parent, first)
        self._numbers[parent] = number + 1
        return format_number(number, _LIST_FORMS.get(outer.get("type") or "1", "decimal")) + "."

    def _take(self, text: str | None, look: Look) -> None:
        if text:
            self._pieces.append((text if look.preformatted else _SPACES.sub(" ", text), look))

    def _flush(self, place: int, tag: str, look: Look) -> None:
        """End the paragraph; an empty line inside it (two line breaks) parts it."""
        pieces, self._pieces = self._pieces, []
        for part in _parted(pieces):
            seen = _paragraph(part, max(place, 0), tag, look)
            if seen is not None:
                self._count += 1
                within("max_blocks", self._count, self._max_paragraphs)
                seen.label, self._label = self._label, None
                self._target.append(seen)


def _parted(pieces: list[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    """Parted where a line is empty, and where a bold line ends (a headline over its text)."""
    part: list[tuple[str, Look]] = []
    breaks = 0
    bold = False
    for text, look in pieces:
        if text == "\n":
            breaks += 1
        elif text.strip(_BLANKS):
            if breaks >= 2 or (breaks and bold and not look.bold):
                yield part
                part = []
            breaks, bold = 0, look.bold
        part.append((text, look))
    yield part


def _paragraph(pieces: list[tuple[str, Look]], place: int, tag: str, look: Look) -> Seen | None:
    text, scheme = _text(pieces)
    if not text:
        return None
    shown = [(part, own) for part, own in pieces if part.strip(_BLANKS)]
    letters = sum(len(part) for part, _ in shown)
    linked = sum(len(part) for part, own in shown if own.link)
    return Seen(
        text=text,
        place=place,
        tag=tag,
        bold=all(own.bold for _, own in shown),
        italic=all(own.italic for _, own in shown),
        link_share=linked / letters,
        align=shown[0][1].align or look.align,
        scheme=scheme,
    )


def _text(pieces: list[tuple[str, Look]]) -> tuple[str, str | None]:
    """The text of pieces, those in a legacy font put right, with blanks as a browser shows them."""
    text, found = "", None
    for font, run in _runs(pieces):
        converted, scheme = convert_run(run, font)
        found = scheme or found
        text += converted
    lines = [re.sub(r" {2,}", " ", line).strip(_BLANKS) for line in text.split("\n")]
    return "\n".join(lines).strip("\n").replace("\u00ad", ""), found


def _runs(pieces: list[tuple[str, Look]]) -> Iterator[tuple[str | None, str]]:
    run, font = "", None
    for text, look in pieces:
        if run and look.font != font:
            yield font, run
            run = ""
        font = look.font
        run += text
    if run:
        yield font, run


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(child)


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))


def _names(element: Any) -> str:
    """Class, id and role of an element as lower-case words; "" for none."""
    given = " ".join(
        filter(None, (element.get(name) for name in ("class", "id", "itemprop", "role")))
    )
    return _CAMEL.sub(" ", given[:_LONGEST_NAMES]).lower() if given else ""


def _furniture(element: Any, tag: str, names: str) -> str | None:
    """Why an element is furniture by its tag or names, or None."""
    if tag in ("body", "html", "main", "article", "h1"):
        return None
    if tag in _tags("furniture_tags"):
        return f"page-{tag}"
    if tag == "header" and element.find(".//h1") is None:
        return "page-header"
    if not names:
        return None
    return next(
        (reason for reason, pattern in _furniture_patterns() if pattern.search(names)), None
    )


def _look(element: Any, tag: str, look: Look) -> Look:
    style = element.get("style") or ""
    changes: dict[str, Any] = {}
    if tag in ("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6") or _BOLD.search(style):
        changes["bold"] = True
    if tag in ("i", "em") or _ITALIC.search(style):
        changes["italic"] = True
    if tag == "a" and element.get("href"):
        changes["link"] = True
    if tag == "pre":
        changes["preformatted"] = True
    family = _FAMILY.search(style)
    font = element.get("face") if tag == "font" else family.group(1) if family else None
    if font:
        changes["font"] = font.strip()
    aligned = _TEXT_ALIGN.search(style)
    align = aligned.group(1) if aligned else element.get("align")
    if align and align.lower() in _ALIGN:
        changes["align"] = _ALIGN[align.lower()]
    elif tag == "center":
        changes["align"] = "center"
    return replace(look, **changes) if changes else look
