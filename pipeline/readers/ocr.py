"""Optical character recognition with Tesseract: pixels in, words with boxes and confidence out."""

from __future__ import annotations

import os
import struct
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import ToolMissingError

Pixels = npt.NDArray[np.uint8]
"""Rows of grey pixels (height, width) or of red, green, blue (height, width, 3)."""

LANGUAGE = "vie"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_UNICHARSET = 21
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
    """A word as recognised; the box is in pixels, `confidence` from 0 to 1."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float


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
    pixels: Pixels, dpi: int, tessdata: str | None = None, *, one_line: bool = False
) -> tuple[OcrLine, ...]:
    """Lines of words on an upright, level page, or on a cut-out with `one_line`."""
    import tesserocr

    api = _api(find_tessdata(tessdata))
    api.SetPageSegMode(tesserocr.PSM.SINGLE_LINE if one_line else tesserocr.PSM.AUTO)
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
            size, baseline = _line_measures(iterator, level)
        word = _word(iterator, level)
        if word:
            words.append(word)
        if iterator.IsAtFinalElement(level.TEXTLINE, level.WORD):
            if words:
                lines.append(OcrLine(tuple(words), baseline, size))
            words = []
        more = iterator.Next(level.WORD)
    return tuple(lines)


def _line_measures(iterator: Any, level: Any) -> tuple[float, float]:
    """Size (ascender to descender) and height of the baseline of the current line, in pixels."""
    row = iterator.RowAttributes()
    ends = iterator.Baseline(level.TEXTLINE)
    baseline = (ends[0][1] + ends[1][1]) / 2 if ends else 0.0
    return float(row["row_height"]), float(baseline)


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
