"""Pictures of pages (JPEG, PNG, TIFF with several pages ...) -> a document, by OCR."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from pipeline.document import Document
from pipeline.errors import CorruptFileError, LimitError
from pipeline.readers.compose import Composer
from pipeline.readers.limits import Limits, within
from pipeline.readers.notes import Notes
from pipeline.readers.printed import PrintedPage
from pipeline.readers.scan import Scan, read_scan
from pipeline.text.assemble import Assembler

_A4_WIDTH_INCHES = 8.27
_PLAUSIBLE_DPI = (60, 700)


def read_image(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """Read one picture, every page of it. Raises CorruptFileError, LimitError."""
    return read_images([data], data, name=name, media_type=media_type, limits=limits)


def read_images(
    pictures: list[bytes], data: bytes, *, name: str, media_type: str, limits: Limits
) -> Document:
    """Read pictures that are the pages of one document, in order; `data` stands for all of them."""
    out = Assembler()
    composer = Composer(out)
    notes = Notes(limits)
    number = 0
    for picture in pictures:
        for scan in _pages(picture, number, limits):
            number = scan.number
            if limits.ocr:
                composer.add(read_scan(scan, notes))
            else:
                composer.add(PrintedPage(number, scan.width, scan.height, "ocr"))
    if not limits.ocr:
        notes.add("ocr-off", "error", "pictures need OCR, which is switched off")
    composer.finish()
    return out.document(
        data, name=name, media_type=media_type, issues=notes.issues, reading=notes.reading
    )


def _pages(data: bytes, before: int, limits: Limits) -> Iterator[Scan]:
    """The pages of one picture file, decoded one at a time; sizes are checked before decoding."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the limit on pixels is ours; broken EXIF does not matter
        try:
            with Image.open(io.BytesIO(data)) as picture:
                for index, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                    within("max_pages", before + index, limits.max_pages)
                    within("max_pixels", frame.width * frame.height, limits.max_pixels)
                    yield _scan(frame, before + index)
        except Image.DecompressionBombError as error:
            raise LimitError(str(error), what="max_pixels") from error
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
            raise CorruptFileError(f"not a readable picture: {error}") from error


def _scan(frame: Image.Image, number: int) -> Scan:
    upright = ImageOps.exif_transpose(frame)
    dpi = _dpi(upright)
    mode = "L" if upright.mode in ("1", "L", "I;16", "I", "F") else "RGB"
    if (
        upright.mode in ("RGBA", "LA", "P") and "transparency" in upright.info
    ) or "A" in upright.mode:
        upright = Image.alpha_composite(
            Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")
        )
    pixels = np.asarray(upright if upright.mode == mode else upright.convert(mode))
    height, width = pixels.shape[:2]
    return Scan(pixels, dpi, number, width * 72 / dpi, height * 72 / dpi)


def _dpi(picture: Image.Image) -> int:
    """The resolution the file states, or the one that makes the shorter side that of A4."""
    stated = picture.info.get("dpi", (0, 0))
    guess = min(picture.size) / _A4_WIDTH_INCHES
    value = float(stated[0]) if stated else 0.0
    low, high = _PLAUSIBLE_DPI
    if low <= value <= high and 0.5 < value / max(guess, 1) < 2:
        return round(value)
    return round(min(max(guess, low), high))
