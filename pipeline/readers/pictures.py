"""Pictures of pages for people to look at, made in a child process that cannot hurt."""

from __future__ import annotations

import io
import json
import sys
import warnings
from pathlib import Path

from pipeline.errors import CongvanError, CorruptFileError
from pipeline.readers.guard import ask_child
from pipeline.readers.isolation import drop_network, limit_resources
from pipeline.readers.limits import Limits, within

WIDTH = 1100
"""Pixels across a page: sharp on a laptop's half screen, some 100 kB a page."""
_QUALITY = 80
_CHILD = "from pipeline.readers.pictures import main; main()"


def page_picture(source: Path, number: int, *, limits: Limits | None = None) -> bytes:
    """Page `number` (from 1) of a PDF or picture file, as WebP.

    Raises:
        CorruptFileError: the file has no such page, or cannot be drawn.
        ReaderTimeoutError: drawing took too long.
        ReaderCrashError: the child died.
    """
    limits = limits or Limits(seconds=30)
    request = {"path": str(source.resolve()), "page": number, "limits": limits.model_dump()}
    answer = ask_child(_CHILD, json.dumps(request).encode(), limits)
    if answer[:4] == b"RIFF":
        return answer
    raise CorruptFileError(answer.decode("utf-8", "replace"))


def main() -> None:
    """The child: one request from standard input, one picture to standard output."""
    request = json.loads(sys.stdin.buffer.read())
    limits = Limits.model_validate(request["limits"])
    data = Path(request["path"]).read_bytes()  # before the network goes, as in guard
    limit_resources(limits.memory_bytes, limits.seconds)
    drop_network()
    try:
        answer = draw(data, int(request["page"]), limits)
    except (CongvanError, MemoryError, OSError, ValueError) as error:
        answer = f"{type(error).__name__}: {error}".encode()
    sys.stdout.buffer.write(answer)


def draw(data: bytes, number: int, limits: Limits) -> bytes:
    """Page `number` as WebP, `WIDTH` pixels across.

    Raises:
        CorruptFileError: the file has no such page, or cannot be drawn.
        LimitError: the page has more pixels than allowed.
    """
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return _pdf_page(data, number, limits)
    return _frame(data, number, limits)


def _pdf_page(data: bytes, number: int, limits: Limits) -> bytes:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(data)
        if not 1 <= number <= len(pdf):
            raise CorruptFileError(f"no page {number}")
        page = pdf[number - 1]
        scale = WIDTH / max(page.get_width(), 1)
        within("max_pixels", page.get_width() * page.get_height() * scale**2, limits.max_pixels)
        picture = page.render(scale=scale).to_pil().convert("RGB")
    except pdfium.PdfiumError as error:
        raise CorruptFileError(f"cannot be drawn: {error}") from error
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()


def _frame(data: bytes, number: int, limits: Limits) -> bytes:
    from PIL import Image, ImageOps

    warnings.simplefilter("ignore")  # the limit on pixels is ours
    with Image.open(io.BytesIO(data)) as picture:
        within("max_pixels", picture.width * picture.height, limits.max_pixels)
        try:
            picture.seek(number - 1)
        except EOFError as error:
            raise CorruptFileError(f"no page {number}") from error
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        height = max(1, round(upright.height * WIDTH / upright.width))
        if upright.width > WIDTH:
            upright = upright.resize((WIDTH, height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        upright.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
