"""Whether the text layer of a PDF page can be trusted, needs decoding, or must be read by OCR."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

import pypdfium2 as pdfium

from pipeline.readers.encodings import convert, convert_run, repair
from pipeline.readers.pdf_images import is_blank, picture_shares
from pipeline.readers.pdf_words import PdfText
from pipeline.readers.printed import PrintedLine, PrintedWord
from pipeline.text.syllables import vscore, words_of

_LITTLE_TEXT = 400
"""Fewer characters over a picture of the page are a stamp or a note, not its text."""
_PICTURE_SHARE = 0.5
_BROKEN_SHARE = 0.1
_GARBAGE_SCORE = 0.6
_LEGACY_SCORE = 0.75
_ENOUGH_WORDS = 12


class Verdict(StrEnum):
    """What the text layer of a page is."""

    TEXT = "text"
    OCR_LAYER = "ocr-layer"
    """Invisible text over a picture of the page, made by someone else's OCR."""
    LEGACY = "legacy"
    """Letters of a TCVN3, VNI or VISCII font, which can be decoded."""
    GARBAGE = "garbage"
    """Characters without meaning: the font does not say which letters it shows."""
    SCAN = "scan"
    EMPTY = "empty"


def judge(page: pdfium.PdfPage, text: PdfText) -> tuple[Verdict, PdfText]:
    """The verdict on one page, and its text, decoded where that was needed."""
    pictured = text.characters < _LITTLE_TEXT or text.invisible
    if pictured and max(picture_shares(page), default=0.0) > _PICTURE_SHARE:
        return (Verdict.OCR_LAYER if text.invisible else Verdict.SCAN), text
    if not text.characters:
        return (Verdict.EMPTY if is_blank(page) else Verdict.SCAN), text
    decoded = _by_font(text)
    if decoded is not text:
        return Verdict.LEGACY, decoded
    if text.broken > _BROKEN_SHARE * text.characters:
        return Verdict.GARBAGE, text
    return _by_likeness(text)


def _by_font(text: PdfText) -> PdfText:
    """Words in fonts known by name to show a legacy encoding, put right."""
    fonts = {word.font for line in text.lines for word in line.words}
    if not any(convert_run("®", font)[1] or convert_run("ñ", font)[1] for font in fonts):
        return text
    return _converted(text, lambda word: convert_run(word.text, word.font)[0])


def _by_likeness(text: PdfText) -> tuple[Verdict, PdfText]:
    """Decode or refuse a text that does not look Vietnamese."""
    plain = "\n".join(line.text for line in text.lines)
    likeness = vscore(plain)
    if likeness >= _LEGACY_SCORE or len(words_of(plain)) < _ENOUGH_WORDS:
        return Verdict.TEXT, text
    schemes = repair(plain)[1]
    if schemes:
        return Verdict.LEGACY, _converted(text, lambda word: convert(word.text, schemes[0]))
    return (Verdict.GARBAGE if likeness < _GARBAGE_SCORE else Verdict.TEXT), text


def _converted(text: PdfText, change: Callable[[PrintedWord], str]) -> PdfText:
    lines = tuple(
        PrintedLine(tuple(word._replace(text=change(word)) for word in line.words), line.baseline)
        for line in text.lines
    )
    return replace(text, lines=lines)
