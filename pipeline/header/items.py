"""What lists of names in header and footer share: marks of items, full lines, values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.header.sheet import Sheet, Span, tidy
from pipeline.record import Found
from pipeline.structure.draft import Line

DASH = re.compile(r"[-–—+•*·]\s*(?=[^\s\d])|[-–—+•·]\s*(?=\d)")
OPEN_DASH = re.compile(r"[;,.)]\s*[-–—+•]$")
LABEL = re.compile(r"(?:dong (?:kinh )?gui|noi nhan|kinh gui)\s*:\s*")
_ADDRESS = re.compile(r"\s*\((?:d/c|dia chi)\s*:?[^()]*(?:\([^()]*\)[^()]*)*\)")


def is_full(sheet: Sheet, line: Line | None, following: str) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    if not sheet.width or line is None or not following.strip():
        return False
    return line.end - line.start + 1 + len(following.split()[0]) > sheet.width


def names_of(
    sheet: Sheet, items: list[list[Span]], origin: str, *, without_address: bool = False
) -> Iterator[Found[str]]:
    """Each item's pieces as one value, without the dash before and the mark behind it."""
    for spans in items:
        start, end = spans[0].start, spans[-1].end
        address = _ADDRESS.search(sheet.folded[start:end]) if without_address else None
        if address and address.start() > 3:
            end = start + address.start()
        pieces = [sheet.flat[span.start : min(span.end, end)] for span in spans if span.start < end]
        value = re.sub(r"(?<=,) - ", " ", tidy(" ".join(pieces))).strip(" -–;,.")
        found = sheet.found(start, end, origin, value=value, extra=";,.-–")
        if found is not None and value:
            yield found
