"""Optical character recognition with Tesseract: pixels in, words with boxes and confidence out."""

from __future__ import annotations

import os
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import ToolMissingError

Pixels = npt.NDArray[np.uint8]
"""Rows of grey pixels (height, width) or of red, green, blue (height, width, 3)."""

Layout = Literal["page", "block", "line"]

LANGUAGE = "vie"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_UNICHARSET = 21
_DESCENDER = 0.3
"""Depth of letters below the baseline, as a multiple of the size of the line."""
_COLUMN_GAP = 4.0
"""Blank between two columns, as a multiple of the size of the line."""
_Ends = tuple[tuple[int, int], tuple[int, int]]
"""Where a baseline starts and ends, in pixels."""
_TOLERATED = frozenset("ỵỴ")
"""Letters that the model every distribution ships cannot write; correction puts them back."""
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
    f"{sys.prefix}/share/tessdata",  # where the set-up puts the data when it may not install it
)


class OcrWord(NamedTuple):
    """A word as recognised; the box is in pixels, `confidence` from 0 to 1.

    `raw` is what a first reading made of it, where a second one was better.
    """

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    raw: str | None = None


class OcrLine(NamedTuple):
    """Words on one line, its baseline, and its size from ascender to descender, in pixels."""

    words: tuple[OcrWord, ...]
    baseline: float
    size: float


def find_tessdata(folder: str | None = None) -> str:
    """The folder with the Vietnamese data; ToolMissingError when there is none."""
    places = [folder] if folder else [os.environ.get("TESSDATA_PREFIX", ""), *_PLACES]
    for place in places:
        if place and (Path(place) / f"{LANGUAGE}.traineddata").is_file():
            return place
    raise ToolMissingError(
        "no Vietnamese data for Tesseract (package tesseract-ocr-vie)", tool="tesseract-ocr-vie"
    )


@cache
def missing_letters(tessdata: str) -> str:
    """The Vietnamese letters with marks (both cases) that the model in a folder cannot write."""
    alphabet = _alphabet((Path(tessdata) / f"{LANGUAGE}.traineddata").read_bytes())
    return "".join(letter for letter in marked_letters() if letter not in alphabet)


def marked_letters() -> str:
    """The 134 letters with marks of the Vietnamese alphabet: 67 small ones and their capitals."""
    vowels = "aăâeêioôơuưy"
    toned = (unicodedata.normalize("NFC", v + tone) for v in vowels for tone in ("", *_TONES))
    small = "đ" + "".join(letter for letter in toned if not letter.isascii())
    return small + small.upper()


def _alphabet(data: bytes) -> frozenset[str]:
    """The characters of the recogniser: component 21 (lstm-unicharset) of a traineddata file."""
    count = int.from_bytes(data[:4], "little")
    if not _UNICHARSET < count < 64 or len(data) < 4 + 8 * count:
        return frozenset()
    offsets = struct.unpack_from(f"<{count}q", data, 4)
    start = offsets[_UNICHARSET]
    end = min((offset for offset in offsets if offset > start), default=len(data))
    rows = data[max(start, 0) : end].decode("utf-8", "ignore").splitlines()[1:]
    return frozenset(char for row in rows for char in row.split(" ")[0])


@cache
def _api(tessdata: str) -> Any:
    """The one engine of this process; a model that cannot write Vietnamese is refused."""
    import tesserocr

    missing = set(missing_letters(tessdata)) - _TOLERATED
    if missing:
        raise ToolMissingError(
            f"the OCR model in {tessdata} lacks the letters {''.join(sorted(missing))}",
            tool="tesseract-ocr-vie",
        )

    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
    return tesserocr.PyTessBaseAPI(path=tessdata, lang=LANGUAGE, psm=tesserocr.PSM.AUTO)


def engine_facts(tessdata: str | None = None) -> dict[str, str]:
    """Engine, its language data and the letters it lacks, for the record of how a text was read."""
    import tesserocr

    folder = find_tessdata(tessdata)
    data = Path(folder) / f"{LANGUAGE}.traineddata"
    version = tesserocr.tesseract_version().split()[1]
    facts = {"ocr": f"tesseract {version}, {LANGUAGE} {data.stat().st_size} bytes"}
    missing = missing_letters(folder)
    return facts | ({"ocr-missing-letters": missing} if missing else {})


def recognise(
    pixels: Pixels, dpi: int, tessdata: str | None = None, *, layout: Layout = "page"
) -> tuple[OcrLine, ...]:
    """Lines of words on an upright, level page, or on a cut-out that is one block or one line."""
    import tesserocr

    api = _api(find_tessdata(tessdata))
    modes = tesserocr.PSM
    segmentation = {"page": modes.AUTO, "block": modes.SINGLE_BLOCK, "line": modes.SINGLE_LINE}
    api.SetPageSegMode(segmentation[layout])
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else 3
    api.SetImageBytes(
        np.ascontiguousarray(pixels).tobytes(), width, height, channels, width * channels
    )
    api.SetSourceResolution(dpi)
    api.Recognize()
    try:
        return _lines(api.GetIterator(), tesserocr.RIL)
    finally:
        api.Clear()


def _lines(iterator: Any, level: Any) -> tuple[OcrLine, ...]:
    if iterator is None:
        return ()
    lines: list[OcrLine] = []
    words: list[OcrWord] = []
    more = True
    while more:
        if iterator.IsAtBeginningOf(level.TEXTLINE):
            size, ends = _line_measures(iterator, level)
        word = _word(iterator, level)
        if word:
            words.append(word)
        if iterator.IsAtFinalElement(level.TEXTLINE, level.WORD):
            if words:
                lines += in_columns(words, size, ends)
            words = []
        more = iterator.Next(level.WORD)
    return tuple(lines)


def _line_measures(iterator: Any, level: Any) -> tuple[float, _Ends]:
    """Size (ascender to descender) and the ends of the baseline of the current line, in pixels."""
    row = iterator.RowAttributes()
    return float(row["row_height"]), iterator.Baseline(level.TEXTLINE) or ((0, 0), (1, 0))


def in_columns(words: Sequence[OcrWord], size: float, ends: _Ends) -> Iterator[OcrLine]:
    """The words of a line, cut where columns part: two columns seldom share a level baseline."""
    (x0, y0), (x1, y1) = ends
    slope = (y1 - y0) / max(x1 - x0, 1)
    starts = [0]
    for index, (left, right) in enumerate(pairwise(words), start=1):
        if right.box[0] - left.box[2] > _COLUMN_GAP * size:
            starts.append(index)
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        part = tuple(words[start:end])
        middle = (part[0].box[0] + part[-1].box[2]) / 2
        yield OcrLine(part, _near_words(y0 + slope * (middle - x0), part, size), size)


def _near_words(baseline: float, words: Sequence[OcrWord], size: float) -> float:
    """The baseline of a line that runs over two columns, moved to the words of one of them."""
    bottoms = [word.box[3] for word in words if any(map(str.isalnum, word.text))]
    bottom = median(bottoms) if bottoms else baseline
    return min(max(baseline, bottom - _DESCENDER * size), bottom + _DESCENDER * size)


def _word(iterator: Any, level: Any) -> OcrWord | None:
    if iterator.Empty(level.WORD):
        return None
    try:
        text = iterator.GetUTF8Text(level.WORD)
    except RuntimeError:  # a picture in place of a word
        return None
    box = iterator.BoundingBox(level.WORD)
    if not text or not text.strip() or box is None:
        return None
    return OcrWord(text.strip(), box, iterator.Confidence(level.WORD) / 100)
