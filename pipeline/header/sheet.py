"""The text as the header parser sees it: flat, folded and line by line, with makers of values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.document import Document
from pipeline.header.capitals import with_capitals
from pipeline.record import Found
from pipeline.structure.draft import Line
from pipeline.structure.lines import flatten
from pipeline.text.fold import fold
from pipeline.values import value

EDGE = " *_|#`"
"""Blanks and marks of formatting at the edges of a line."""
_SAMPLE = 400
_SPACES = re.compile(r"\s+")
_PLAIN_SMALL = re.compile("[a-z]")
_FoundText = Found[str]


@value
class Span:
    """A piece of the text between two offsets, and what it was recognised as."""

    start: int
    end: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document with its text in forms of the same length.

    `plain` is the text with plain blanks, of which values are made; `flat` the same with headings
    in capitals, if the text has lost those, and `folded` without marks and capitals.
    `width` is the column at which the text is hard-wrapped, 0 when each line is a paragraph.
    """

    document: Document
    text: str
    plain: str
    flat: str
    folded: str
    lines: tuple[Line, ...]
    width: int

    def lower(self, start: int, end: int) -> str:
        """Lower-case words with their marks; as long as the span."""
        words = self.flat[start:end]
        low = words.lower()
        return low if len(low) == len(words) else words

    def trim(self, start: int, end: int, extra: str = "") -> tuple[int, int]:
        """The span without blanks and marks of formatting (and `extra` characters) at its edges."""
        flat = self.flat
        edge = EDGE + extra
        while start < end and flat[start] in edge:
            start += 1
        while end > start and flat[end - 1] in edge:
            end -= 1
        return start, end

    def found(
        self,
        start: int,
        end: int,
        origin: str,
        *,
        value: str | None = None,
        extra: str = "",
        confidence: float = 1.0,
    ) -> Found[str] | None:
        """The words of a span as a value, blanks collapsed; None when nothing is left."""
        start, end = self.trim(start, end, extra)
        if start >= end:
            return None
        return _FoundText(
            value=tidy(self.plain[start:end]) if value is None else value,
            start=start,
            end=end,
            quote=self.text[start:end],
            origin=origin,
            confidence=confidence,
        )


def make_sheet(document: Document, lines: tuple[Line, ...]) -> Sheet:
    """The sheet of a document; `lines` are those of `pipeline.structure.lines.lines_of`."""
    plain = flatten(document.text)
    folded = fold(plain)
    flat = with_capitals(plain, folded, lines)
    return Sheet(document, document.text, plain, flat, folded, lines, _wrap_width(lines))


def _wrap_width(lines: tuple[Line, ...]) -> int:
    """The column of hard wraps: long lines of like length, most going on in small letters."""
    lengths = sorted(line.end - line.start for line in lines)
    if len(lengths) < 8:
        return 0
    longest = lengths[int(len(lengths) * 0.98)] if len(lengths) >= 50 else lengths[-1]
    if not 40 <= longest <= 140:
        return 0
    near = [i for i, line in enumerate(lines[:-1]) if line.end - line.start >= longest * 0.82]
    going_on = sum(lines[i + 1].text[:1].islower() for i in near)
    return longest if len(near) >= 3 and going_on >= len(near) * 0.3 else 0


def tidy(text: str) -> str:
    """`text` without formatting marks, soft hyphens and doubled blanks."""
    return _SPACES.sub(" ", text.replace("*", "").replace("\u00ad", "").replace("|", " ")).strip()


def is_upper(text: str) -> bool:
    """Whether `text` is set in capitals: four of five letters, some may be misread."""
    text = text[:_SAMPLE]
    if text.isupper():
        return True
    if not _PLAIN_SMALL.search(text) and sum(map(str.isupper, text)) > 1:
        return True  # TCVN3 has no capitals with marks: "SắC LệNH"
    # the small letters of the first half are too many in most texts
    if 5 * sum(map(str.islower, text[: len(text) // 2])) > len(text):
        return False
    upper = sum(map(str.isupper, text))
    return upper > 0 and upper >= 4 * sum(map(str.islower, text))
