"""Names under black stamps: `python -m bench.reading.seals [--count n] [--dpi n] [--seed n]`.

Short notices of invented signers, a round stamp and a signature drawn over the start of each name,
then copied in black and white. Each eighth has a surname that is in no list. A signer is right,
null, or wrong (the one thing that must not be).
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from bench.reading.degrade import Pixels, as_tiff, bilevel, pages
from bench.reading.render import notices, render
from pipeline.process import understand
from pipeline.readers import read
from pipeline.readers.hidden_name import known_names
from pipeline.resources import lexicon_rows

_STRANGE = "Phượng Quyên Thạo Lụa Nhài Xoan Mơ Trúc"
"""Surnames that nobody has."""
_COURTESY = "Ông"
"""A surname that is read as how one speaks of a man."""
_EIGHTH = 8
_FOUR = 0.2
"""Share of names with two words between surname and given name."""
_RADIUS = 0.72
"""Of the stamp, in inches."""
_CUTS = (100, 160)
"""Darkness between which a copy takes a pixel for ink."""

Random = np.random.Generator


def name_of(random: Random, *, strange: bool = False) -> str:
    """A name of three or four words, its surname one of the known ones or a strange one."""
    surnames, others = known_names()
    surnames = tuple(surname for surname in surnames if surname != _COURTESY)
    counts = np.array([int(row["n"]) for row in lexicon_rows("given_names")])
    more = random.choice(others, 2 + (random.random() < _FOUR), p=counts / counts.sum())
    return " ".join([str(random.choice(_STRANGE.split() if strange else surnames)), *more])


def notice_by(signer: str) -> dict[str, Any]:
    """A notice of one page, signed by `signer`."""
    notice = dict(notices()[2])
    signature = [*notice["signature"][:-1], f"**{signer}"]
    return notice | {"body": notice["body"][:3], "signature": signature}


def place_of(pdf: bytes, name: str, dpi: int) -> tuple[float, float, float]:
    """Left end, right end and middle height of a name on the first page, in pixels."""
    page = pdfium.PdfDocument(pdf)[0]
    text = page.get_textpage()
    start, count = text.search(name).get_next()
    boxes = [text.get_charbox(start + index) for index in (0, count - 1)]
    height = page.get_height()
    (left, bottom, _, top), (_, _, right, _) = boxes
    scale = dpi / 72
    return left * scale, right * scale, (height - (bottom + top) / 2) * scale


def sealed(pixels: Pixels, dpi: int, random: Random, place: tuple[float, float, float]) -> Pixels:
    """The page with a black stamp whose lower edge runs through the name at `place`."""
    left, right, y = place
    radius = _RADIUS * dpi * random.uniform(0.92, 1.05)
    x = left + (right - left) * random.uniform(-0.25, 0.35)
    y -= radius * random.uniform(0.86, 1.1)
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    thick = int(dpi * random.uniform(0.012, 0.04))
    for share, width in ((1.0, thick), (0.94, 2), (0.7, 2)):
        reach = radius * share
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=(0, 0, 0), width=width)
    _circled(image, "SỞ XÂY DỰNG HÒA SƠN ★", (x, y), 0.8 * radius, dpi)
    draw.text((x, y), "★", fill=(0, 0, 0), font=_font(0.4 * dpi), anchor="mm")
    steps = np.linspace(0, 3, 40)
    strokes = [(x + 0.5 * dpi * step, y + 0.25 * dpi * np.sin(4 * step + radius)) for step in steps]
    draw.line(strokes, fill=(0, 0, 0), width=max(2, dpi // 80))
    return _worn(np.asarray(image), random)


def _circled(
    image: Image.Image, text: str, centre: tuple[float, float], radius: float, dpi: int
) -> None:
    """Letters round a circle."""
    size = int(0.16 * dpi)
    for index, char in enumerate(text):
        angle = 2 * np.pi * index / len(text)
        letter = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(letter).text((size, size), char, 255, _font(0.12 * dpi), "mm")
        turned = letter.rotate(-np.degrees(angle) - 90)
        at = (centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle))
        image.paste((0, 0, 0), (int(at[0]) - size, int(at[1]) - size), turned)


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("DejaVuSans-Bold.ttf", int(size))


def _worn(pixels: Pixels, random: Random) -> Pixels:
    """Ink with little holes."""
    holes: npt.NDArray[np.bool_] = random.random(pixels.shape[:2]) < 0.04
    return np.where(holes[:, :, None], np.maximum(pixels, 200), pixels).astype(np.uint8)


def signer_of(name: str, dpi: int, random: Random) -> str:
    """What is read as the signer of a notice by `name` with a stamp over it; "" for nothing."""
    pdf = render(notice_by(name)).pdf
    page = sealed(pages(pdf, dpi)[0], dpi, random, place_of(pdf, name, dpi))
    document = read(
        as_tiff([bilevel(page, dpi, random, int(random.integers(*_CUTS)))], dpi), "a.tif"
    )
    signer = understand(document).header.signer
    return signer.value if signer else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--dpi", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    counts: Counter[str] = Counter()
    for index in range(options.count):
        name = name_of(random, strange=index % _EIGHTH == _EIGHTH - 1)
        found = signer_of(name, options.dpi, random)
        counts["right" if found == name else "wrong" if found else "null"] += 1
        if found != name:
            print(f"{name}: {found or 'null'}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    main()
