"""What the stages of understanding hand to each other: lines, units and their labels.

Plain dataclasses, not pydantic: thousands are made for each document and none leaves the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.document import Align, Document
from pipeline.record import Family, Header, Label, Section
from pipeline.values import value

Zone = Literal["header", "body", "footer", "boilerplate", "attachment"]
UnitKind = Literal["meta", "heading", "statement"]


@value
class Line:
    """One line, without its surrounding blanks; layout facts where known.

    `rows` counts the printed lines it was put together from, when the text was broken at a column.
    """

    start: int
    end: int
    text: str
    blank_before: bool = False
    page: int | None = None
    kind: str = "paragraph"
    note: str | None = None
    bold: bool | None = None
    align: Align | None = None
    size: float | None = None
    rows: int = 1


@value
class Unit:
    """One sentence or list item; the span includes its printed marker ("1.", "a)", "-").

    `paragraph` numbers the unwrapped paragraphs of the document; `section` is the id of the
    innermost section, or None before the first heading.
    """

    start: int
    end: int
    kind: UnitKind
    zone: Zone
    paragraph: int
    marker: str | None = None
    words_start: int = 0
    section: str | None = None
    bold: bool | None = None


@value
class Labelled:
    """What a unit is, how sure that is (calibrated), and which rule or model said it."""

    label: Label
    confidence: float
    origin: str
    also: Label | None = None
    task: float | None = None
    """Blended score of "task", whatever the label is; None where no model said so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything known about a document when tasks, figures and mentions are extracted.

    `flat` is `document.text` with every newline, tab and no-break space turned into one plain
    space: the same length, so the same offsets. Patterns are matched on `flat`, values are cut from
    `document.text`. `labels[i]` belongs to `units[i]`; None for headings and meta lines.
    """

    document: Document
    flat: str
    family: Family
    header: Header
    sections: tuple[Section, ...] = ()
    units: tuple[Unit, ...] = ()
    labels: tuple[Labelled | None, ...] = ()
    abbreviations: dict[str, str] = field(default_factory=dict)
    """Short forms defined in this document: "TN&MT" -> "Tài nguyên và Môi trường"."""
