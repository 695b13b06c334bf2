"""The name under a signature that a stamp hides: the foot read again, without its rings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from math import hypot

import cv2
import numpy as np

from pipeline.readers.hidden_name import hidden_name, is_behind_ring, touches
from pipeline.readers.ink import PixelBox, crop, moved
from pipeline.readers.ocr import OcrLine, OcrWord, Pixels, recognise
from pipeline.readers.preprocess import Prepared
from pipeline.readers.printed import around
from pipeline.readers.stamp import Stamp, rings_on, stamp_on, without_rings
from pipeline.readers.typeface import font_paths
from pipeline.text.fold import fold
from pipeline.text.surnames import surnames
from pipeline.text.syllables import is_syllable

_SURE, _LEGIBLE = 0.9, 0.75
"""Confidence of every word of a name that is read again, and of one that is left as it is."""
_ABOVE, _BELOW = 3.0, 14.0
"""How far the signature reaches from the line "Nơi nhận", as a multiple of the size of the type."""
_LEFT = 0.45
"""Where it begins, as a share of the width of the page."""
_NEAR = 1.2
"""Gap between words of one name at most, as a multiple of the size of the type."""
_PAPER = (0.9, 0.15)
"""Where paper must be before a name, as multiples of the size of the type."""
_UNREAD = 0.05
"""Share of ink from which letters stand there."""
_FEWEST, _MOST = 2, 4
_ON = 0.3
"""Share of the width of a word from which it lies on a name."""
_SHORT, _INSIDE = 3, 1.1
"""Marks of a stamp have few letters and lie within this multiple of its radius."""
_SCALES, _FEWER = (1.0, 1.5, 2.0), 2
"""Scales at which the foot is read, and how many of them where there is no stamp."""


def with_signer(
    page: Prepared, lines: tuple[OcrLine, ...], tessdata: str | None
) -> tuple[OcrLine, ...]:
    """The lines of a page; where none beside the recipients is a name, with the signer's name."""
    top = next((line for line in lines if _begins_recipients(line)), None)
    if top is None:
        return lines
    box = _signature_box(page, top)
    part, x, y = crop(page.pixels, box, 0)
    stamp = stamp_on(part, page.dpi)
    rings = rings_on(part, page.dpi, stamp) if stamp and font_paths() else None
    names = [line for line in lines if _lies_under(line, box) and _may_be_name(line)]
    whole = [line for line in names if _is_whole(page.pixels, line)]
    here = moved(whole, -x, -y)
    if any(_is_free(name_of(line, _LEGIBLE), rings) for line in here):
        return lines
    if whole and stamp is None:
        return lines  # a surname that is not known
    readings = list(_readings(part, page.dpi, stamp, tessdata))
    found = _free_name(readings, rings)
    if found is None and stamp and rings is not None:
        found = hidden_name(part, rings, stamp, [here, *readings])
    if stamp:
        stamp = Stamp(stamp.x + x, stamp.y + y, stamp.radius)
        lines = tuple(_doubted(line, stamp) for line in lines)
    if found is None:
        torn = {*names, *(line for line in lines if _is_stamped_name(line, rings, x, y))}
        return tuple(_torn(line) if line in torn else line for line in lines)
    (found,) = moved([found], x, y)
    return (*_without(lines, found), _with_raw(lines, found))


def _is_free(name: Sequence[OcrWord], rings: Pixels | None) -> bool:
    """Whether a name is one, and no ring of a stamp lies on it or before it."""
    if rings is None or not name:
        return bool(name)
    size = name[0].box[3] - name[0].box[1]
    return not is_behind_ring(name[0], size, rings) and not any(
        touches(word.box, rings) for word in name
    )


def _is_stamped_name(line: OcrLine, rings: Pixels | None, x: int, y: int) -> bool:
    """Whether a ring lies on a line that ends like a name; `x`, `y`: where the rings begin."""
    name, _ = _end(line, lambda word: word.text.istitle())
    (here,) = moved([line], -x, -y)
    touched = rings is not None and any(touches(word.box, rings) for word in here.words)
    return touched and len(name) >= _FEWEST


def _free_name(readings: Sequence[Sequence[OcrLine]], rings: Pixels | None) -> OcrLine | None:
    """The first whole name that no ring lies on."""
    for line in (line for reading in readings for line in reading):
        name = name_of(line)
        if _is_free(name, rings):
            return line._replace(words=name)
    return None


def _begins_recipients(line: OcrLine) -> bool:
    """Whether a line is "Nơi nhận:", be its first word misread."""
    text = fold(" ".join(word.text for word in line.words[:2]))
    return text.startswith("noi nhan") or (len(line.words) == 2 and text.endswith(" nhan:"))


def _signature_box(page: Prepared, top: OcrLine) -> PixelBox:
    height, width = page.pixels.shape
    upper = max(round(top.baseline - _ABOVE * top.size), 0)
    lower = min(round(top.baseline + _BELOW * top.size), height)
    return (round(_LEFT * width), upper, width, lower)


def _lies_under(line: OcrLine, box: PixelBox) -> bool:
    return line.words[0].box[0] >= box[0] and box[1] <= line.baseline


def _readings(
    part: Pixels, dpi: int, stamp: Stamp | None, tessdata: str | None
) -> Iterator[tuple[OcrLine, ...]]:
    """What OCR makes of the foot at several scales, without and with the rings of a stamp."""
    pictures = (without_rings(part, dpi, stamp), part) if stamp else (part,)
    for pixels in pictures:
        for scale in _SCALES if stamp else _SCALES[:_FEWER]:
            larger = _at(pixels, scale)
            found = recognise(larger, round(dpi * scale), tessdata, layout="block")
            yield moved([line for line in found if _is_whole(larger, line)], 0, 0, 1 / scale)


def _torn(line: OcrLine) -> OcrLine:
    """A line with a name that ink before it makes a part of one: nothing in it is sure."""
    return line._replace(words=tuple(word._replace(confidence=0.0) for word in line.words))


def _doubted(line: OcrLine, stamp: Stamp) -> OcrLine:
    """A line whose short words inside a stamp are noise, unless OCR is sure of them."""
    words = tuple(
        word._replace(confidence=0.0) if _is_mark_of(stamp, word) else word for word in line.words
    )
    return line._replace(words=words)


def _is_mark_of(stamp: Stamp, word: OcrWord) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    inside = hypot(x - stamp.x, y - stamp.y) < _INSIDE * stamp.radius
    return inside and len(word.text) <= _SHORT and word.confidence < _SURE


def _at(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1:
        return pixels
    larger = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8)


def _is_whole(pixels: Pixels, line: OcrLine) -> bool:
    """Whether there is paper, or a word, before what may be a name: no letters left unread."""
    name, _ = _sure_end(line)
    if not name or len(name) < len(line.words):
        return True
    edge = name[0].box[0]
    left, right = (max(round(edge - gap * line.size), 0) for gap in _PAPER)
    row = pixels[max(round(line.baseline - line.size / 2), 0) : round(line.baseline)]
    part = row[:, left:right]
    return part.size == 0 or float((part < np.percentile(row, 90) / 2).mean()) < _UNREAD


def name_of(line: OcrLine, sure: float = _SURE) -> tuple[OcrWord, ...]:
    """The words at the end of a line that are a person's whole name and surely read so."""
    name, before = _sure_end(line, sure)
    known = len(name) >= _FEWEST and name[0].text.lower() in surnames()
    return name if known and not before else ()


def _may_be_name(line: OcrLine) -> bool:
    """Whether a line ends with words apart that look like a name, be it of no known form."""
    name, before = _end(line, lambda word: word.confidence >= _LEGIBLE and word.text.istitle())
    return len(name) >= _FEWEST and before is None


def _sure_end(line: OcrLine, sure: float = _SURE) -> tuple[tuple[OcrWord, ...], OcrWord | None]:
    """The sure syllables with capitals at the end of a line, and a doubtful word before them."""
    name, before = _end(
        line,
        lambda word: word.confidence >= sure and word.text.istitle() and is_syllable(word.text),
    )
    return (name, before) if len(name) <= _MOST else ((), None)


def _end(
    line: OcrLine, fits: Callable[[OcrWord], bool]
) -> tuple[tuple[OcrWord, ...], OcrWord | None]:
    """The words at the end of a line that fit, and one that stands close before them."""
    name = tuple(takewhile(fits, reversed(line.words)))[::-1]
    before = line.words[-len(name) - 1] if 0 < len(name) < len(line.words) else None
    if before is None or before.text.endswith("."):  # a degree
        return name, None
    return name, before if name[0].box[0] - before.box[2] <= _NEAR * line.size else None


def _without(lines: Sequence[OcrLine], name: OcrLine) -> Iterator[OcrLine]:
    """The lines without words where the name stands."""
    for line in lines:
        words = tuple(word for word in line.words if not _covers(name, word))
        if words:
            yield line if len(words) == len(line.words) else line._replace(words=words)


def _covers(name: OcrLine, word: OcrWord) -> bool:
    """Whether a good part of a word lies on the name."""
    x0, y0, x1, y1 = around([part.box for part in name.words])
    left, top, right, bottom = word.box
    return y0 < (top + bottom) / 2 < y1 and min(x1, right) - max(x0, left) > _ON * (right - left)


def _with_raw(lines: Sequence[OcrLine], name: OcrLine) -> OcrLine:
    """The name, with what the first reading made of its place in `raw` of its first word."""
    read = " ".join(word.text for line in lines for word in line.words if _covers(name, word))
    first, *rest = name.words
    if read in ("", " ".join(word.text for word in name.words)):
        return name
    return name._replace(words=(first._replace(raw=read), *rest))
