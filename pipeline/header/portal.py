"""The table of facts that a document portal prints before the text (Số hiệu, Nơi ban hành, …)."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.header.patterns import patterns
from pipeline.header.sheet import Sheet, Span


@dataclass(frozen=True, slots=True)
class Portal:
    """Spans of the facts that a portal states, by field, and where its table ends."""

    facts: dict[str, Span]
    end: int


_DOCUMENT_MARKS = ("national", "party", "union", "number", "dear", "type")
_NO_PORTAL = Portal({}, 0)


def find_portal(sheet: Sheet, marks: tuple[Span, ...]) -> Portal:
    """The table before the document; empty when fewer than three labels stand together."""
    first = next((m.start for m in marks if m.kind in _DOCUMENT_MARKS), len(sheet.flat))
    labels = patterns().portal
    empty = patterns().portal_empty
    facts: dict[str, Span] = {}
    seen, end, pending = 0, 0, ""
    for line in sheet.lines[:80]:
        if line.start >= first:
            break
        start, stop = sheet.trim(line.start, line.end, extra=":")
        text = sheet.folded[start:stop]
        if not text:
            continue
        head, colon, rest = text.partition(":")
        label = head.rsplit("#", 1)[-1].strip(" *.")
        if label in labels:
            seen, end = seen + 1, stop
            pending = labels[label]
            if colon and rest.strip():
                _note(facts, pending, Span(stop - len(rest.lstrip()), stop), rest.strip(), empty)
                pending = ""
        elif pending:
            _note(facts, pending, Span(start, stop), text, empty)
            pending, end = "", stop
        elif seen >= 3:
            break
    return Portal(facts, end) if seen >= 3 else _NO_PORTAL


def _note(facts: dict[str, Span], field: str, span: Span, text: str, empty: frozenset[str]) -> None:
    if field != "other" and text not in empty:
        facts.setdefault(field, span)
