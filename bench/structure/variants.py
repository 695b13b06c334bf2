"""The same document as others would have saved it: broken at a column, NFD, headings unnumbered."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from pipeline.evaluate.gold import GoldDocument

COLUMNS = 72
_NUMBER = re.compile(r"(?:[IVXLC]{1,7}|\d{1,2}(?:\.\d{1,2}){0,2}|[A-ZĐa-zđ])\s?[.)/]\s+(?=\S)")


def plain(document: GoldDocument) -> str:
    """The text that was labelled."""
    return document.text


def wrapped(document: GoldDocument) -> str:
    """Every line broken at `COLUMNS` characters, between words."""
    lines = (
        textwrap.wrap(line, COLUMNS, break_long_words=False, break_on_hyphens=False) or [""]
        for line in document.text.split("\n")
    )
    return "\n".join(piece for pieces in lines for piece in pieces)


def decomposed(document: GoldDocument) -> str:
    """Letters and their marks as characters of their own (NFD)."""
    return unicodedata.normalize("NFD", document.text)


def unnumbered(document: GoldDocument) -> str:
    """What the gold calls a heading, without its number or letter."""
    text = document.text
    for unit, label in reversed(
        list(zip(document.labels["units"], document.labels["labels"], strict=True))
    ):
        match = _NUMBER.match(text, unit["start"], unit["end"]) if label == "HEAD" else None
        if match:
            text = text[: match.start()] + text[match.end() :]
    return text


VARIANTS: dict[str, Callable[[GoldDocument], str]] = {
    "plain": plain,
    "wrapped": wrapped,
    "nfd": decomposed,
    "unnumbered": unnumbered,
}


def varied(document: GoldDocument, variant: str) -> GoldDocument:
    """`document` with another text; labels and their offsets are still those of the plain one."""
    return replace(document, text=VARIANTS[variant](document))
