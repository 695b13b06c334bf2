"""What was read: one document as text with offsets, pages, lines and words, whatever the source.

Everything after reading sees only these types, so it cannot know (or care) whether the text came
from a scan, a Word file or a web page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PageSource = Literal["text", "ocr", "ocr-layer", "docx", "html", "plain"]
BlockKind = Literal[
    "header",
    "heading",
    "paragraph",
    "item",
    "table",
    "caption",
    "footer",
    "boilerplate",
    "page-number",
]
Align = Literal["left", "right", "center", "justify"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points (1/72 inch) from the top left corner of the page."""


class Frozen(BaseModel):
    """Base of every value that passes between stages: immutable, and no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word. `raw` is what OCR read where `Document.text` holds a correction.

    A dataclass, not a model: 300 pages have 100,000 words, and a model takes a kilobyte each.
    """

    start: int
    end: int
    box: Box | None = None
    confidence: float | None = None
    raw: str | None = None


class Page(Frozen):
    """One page: its span of `Document.text`, size in points and where its text came from."""

    number: int = Field(ge=1)
    start: int
    end: int
    source: PageSource = "plain"
    width: float | None = None
    height: float | None = None
    confidence: float | None = None
    steps: tuple[str, ...] = ()
    """Preprocessing that was triggered by a measurement, e.g. ("deskew", "red-stamp")."""


class Block(Frozen):
    """A run of lines that a reader saw as one piece: paragraph, table row, caption, column."""

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    label: str | None = None
    """Printed or automatic number: "1.", "a)", "-"."""
    bold: bool | None = None
    italic: bool | None = None
    size: float | None = None
    align: Align | None = None
    note: str | None = None
    """Why a block is boilerplate, or its part of the page ("header-left", "footer-right")."""


class ReadIssue(Frozen):
    """Something doubtful that a reader saw; becomes an issue of the record."""

    code: str
    severity: Literal["info", "warning", "error"] = "warning"
    message: str
    start: int | None = None
    end: int | None = None


class Metadata(Frozen):
    """Facts a container states about its content (HTML meta tags, JSON-LD), verbatim.

    A value is used only when its words also stand in `Document.text`, or as a dated hint.
    """

    title: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO date or date-time as stated by the page."""
    is_news_page: bool = False


class Document(Frozen):
    """A document as read. `text` is NFC, in reading order, with nothing left out.

    All spans are half-open code-point offsets into `text`. Lines are separated by one newline and
    paragraphs that the source separates by a blank line keep it.
    """

    name: str
    media_type: str
    sha256: str
    size: int
    text: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    words: tuple[Word, ...] = ()
    metadata: Metadata = Metadata()
    issues: tuple[ReadIssue, ...] = ()
    reading: dict[str, str] = Field(default_factory=dict)
    """How it was read: encoding, OCR engine and data version. No paths, no times."""
