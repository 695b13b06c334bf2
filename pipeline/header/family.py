"""Which family of documents a text belongs to, and its kind."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from pipeline.header.frame import Frame
from pipeline.header.number import Numbered
from pipeline.header.patterns import document_types, patterns
from pipeline.header.sheet import Sheet, Span, is_upper
from pipeline.record import Family, Found
from pipeline.text.fold import fold


def family_of(frame: Frame, numbered: Numbered | None, issuer: str) -> Family:
    """State, Party or union, by the line at the top right, the number's grammar and the issuer."""
    folded = fold(issuer)
    if frame.first("national"):
        return "union" if patterns().union.search(folded) else "state"
    if frame.first("union") or patterns().union.search(folded):
        return "union"
    if frame.first("party") or (numbered and numbered.is_party) or patterns().party.match(folded):
        return "party"
    return "state"


def kind_of(
    sheet: Sheet, type_mark: Span | None, numbered: Numbered | None, is_letter: bool, family: Family
) -> Found[str] | None:
    """The code of the kind (TB, KL, …; CV for a letter), from its name, else from the symbol."""
    if type_mark is not None:
        return _named_kind(sheet, type_mark, numbered, family)
    symbol = numbered.symbol if numbered else None
    if symbol is not None and not is_letter:
        head = re.split(r"[-/]", symbol.value)[0]
        if any(head == kind.code for kind in document_types()):
            return symbol.model_copy(update={"value": head, "origin": "rule:header.kind-symbol"})
    if is_letter and symbol is not None:
        return symbol.model_copy(update={"value": "CV", "origin": "rule:header.kind-letter"})
    return None


def _named_kind(
    sheet: Sheet, mark: Span, numbered: Numbered | None, family: Family
) -> Found[str] | None:
    """The code of the printed name; where two kinds share it (QĐ and QyĐ), the symbol decides."""
    words = re.sub(r"\s+", " ", sheet.folded[mark.start : mark.end])
    codes = [kind for kind in document_types() if words.startswith(kind.name)]
    if not codes:
        codes = sorted(document_types(), key=lambda kind: Levenshtein.distance(kind.name, words))[
            :1
        ]
    longest = [kind for kind in codes if len(kind.name) == len(codes[0].name)]
    symbol = re.split(r"[-/]", numbered.symbol.value)[0] if numbered and numbered.symbol else ""
    chosen = next((kind for kind in longest if kind.code == symbol), None)
    if chosen is None:
        chosen = next(
            (kind for kind in longest if (kind.family == "party") == (family == "party")),
            longest[0],
        )
    return sheet.found(mark.start, mark.end, "rule:header.kind", value=chosen.code)


_LEAST_PROSE = 120


def looks_like_news(sheet: Sheet) -> bool:
    """A headline and paragraphs of prose, or a page that calls itself an article."""
    if sheet.document.metadata.is_news_page:
        return True
    if len(sheet.lines) < 2:
        return False
    prose = 0
    for line in sheet.lines:
        text = sheet.flat[line.start : line.end]
        prose += len(text) if len(text) >= 60 and not is_upper(text) else 0
        if prose >= _LEAST_PROSE:
            return True
    return False
