"""The name under a signature that a stamp hid from layout analysis: the foot read as one block."""

from __future__ import annotations

from functools import cache

from pipeline.readers.ink import PixelBox, crop, moved
from pipeline.readers.ocr import OcrLine, OcrWord, recognise
from pipeline.readers.preprocess import Prepared
from pipeline.resources import lexicon
from pipeline.text.fold import fold
from pipeline.text.syllables import is_syllable

_SURE = 0.9
_ABOVE, _BELOW = 2.0, 12.0
"""How far the signature reaches from the line "Nơi nhận", as a multiple of the size of the type."""
_FEWEST, _MOST = 2, 4


def hidden_signer(
    page: Prepared, lines: tuple[OcrLine, ...], tessdata: str | None
) -> tuple[OcrLine, ...]:
    """The line with the signer's name, where none was read beside the recipients."""
    top = next((line for line in lines if _begins_recipients(line)), None)
    if top is None:
        return ()
    box = _signature_box(page, top)
    if any(name_of(line) for line in lines if _lies_in(line, box)):
        return ()
    part, x, y = crop(page.pixels, box, 0)
    found = moved(recognise(part, page.dpi, tessdata, layout="block"), x, y)
    return tuple(line._replace(words=name) for line in found if (name := name_of(line)))


def _begins_recipients(line: OcrLine) -> bool:
    return fold(" ".join(word.text for word in line.words[:2])).startswith("noi nhan")


def _signature_box(page: Prepared, top: OcrLine) -> PixelBox:
    height, width = page.pixels.shape
    upper = max(round(top.baseline - _ABOVE * top.size), 0)
    return (width // 2, upper, width, min(round(top.baseline + _BELOW * top.size), height))


def _lies_in(line: OcrLine, box: PixelBox) -> bool:
    return line.words[0].box[0] >= box[0] and box[1] <= line.baseline <= box[3]


def name_of(line: OcrLine) -> tuple[OcrWord, ...]:
    """The words at the end of a line that are a person's whole name and surely read so."""
    name: list[OcrWord] = []
    for word in reversed(line.words):
        if word.confidence < _SURE or not word.text.istitle() or not is_syllable(word.text):
            break
        name.insert(0, word)
    known = _FEWEST <= len(name) <= _MOST and name[0].text.lower() in _surnames()
    before = line.words[-len(name) - 1].text if known and len(name) < len(line.words) else ""
    cut = sum(map(str.isalpha, before)) > 1 and not before.endswith(".")
    return tuple(name) if known and not cut else ()


@cache
def _surnames() -> frozenset[str]:
    return frozenset(lexicon("header_patterns")["surnames"])
