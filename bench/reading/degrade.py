"""What scanners, stamps, faxes and cameras do to a page, as functions of pixels; seeded."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]
Step = Callable[[Pixels, int, np.random.Generator], Pixels]
"""Pixels (height, width, 3), dots per inch, random numbers -> pixels."""


def pages(pdf: bytes, dpi: int) -> list[Pixels]:
    """The pages of a PDF as red, green, blue."""
    document = pdfium.PdfDocument(pdf)
    return [
        np.ascontiguousarray(
            page.render(scale=dpi / 72, rev_byteorder=True, no_smoothtext=False).to_numpy()[
                :, :, :3
            ]
        )
        for page in document
    ]


def scan(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """A little blur and paper noise."""
    soft = cv2.GaussianBlur(pixels, (0, 0), 0.6 * dpi / 200)
    noise = random.normal(0, 5, pixels.shape[:2])[:, :, None]
    return _clipped(soft * 0.93 + 12 + noise)


def skew(pixels: Pixels, dpi: int, random: np.random.Generator, degrees: float = 1.6) -> Pixels:
    """Turned a little, the corners filled with paper."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    fill = tuple(int(value) for value in np.median(pixels.reshape(-1, 3), axis=0))
    return cv2.warpAffine(pixels, matrix, (width, height), borderValue=fill, flags=cv2.INTER_CUBIC)


def jpeg(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Compressed hard."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=18)
    return np.asarray(Image.open(out).convert("RGB"))


def gradient(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Darker towards one corner."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    shade = 1 - 0.45 * (0.6 * rows + 0.4 * columns) ** 1.5
    return _clipped(pixels * shade[:, :, None])


def faint(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Little contrast: grey letters on grey paper."""
    return _clipped(pixels * 0.42 + 120)


def speckle(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Dust: dark dots of two by two pixels."""
    out = pixels.copy()
    height, width = out.shape[:2]
    count = int(height * width * 0.0012)
    ys, xs = random.integers(0, height - 2, count), random.integers(0, width - 2, count)
    for y in (0, 1):
        for x in (0, 1):
            out[ys + y, xs + x] = 40
    return out


def stamp(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """A round red stamp over the text in the middle of the page."""
    height, width = pixels.shape[:2]
    radius = int(0.72 * dpi)
    x, y = int(width * random.uniform(0.35, 0.65)), int(height * random.uniform(0.4, 0.6))
    ink = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(ink)
    for inset, line in ((0, 0.035), (0.28, 0.015)):
        reach = int(radius * (1 - inset))
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach), outline=220, width=max(2, int(line * dpi))
        )
    font = ImageFont.truetype("DejaVuSans-Bold.ttf", int(0.13 * dpi))
    for row, words in enumerate(("VĂN PHÒNG", "★ ★ ★", "SAO Y BẢN CHÍNH")):
        draw.text((x, y + (row - 1) * 0.2 * dpi), words, fill=210, font=font, anchor="mm")
    weight = np.asarray(ink)[:, :, None] / 255 * random.uniform(0.75, 0.95, (height, width, 1))
    red = np.array([205, 25, 40])
    return _clipped(np.minimum(pixels, pixels * (1 - weight) + red * weight))


def bilevel(pixels: Pixels, dpi: int, random: np.random.Generator, cut: int = 150) -> Pixels:
    """Black and white only."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return cv2.cvtColor(np.where(grey > cut, 255, 0).astype(np.uint8), cv2.COLOR_GRAY2RGB)


def fax(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Noise, then black and white."""
    noise = random.normal(0, 18, pixels.shape[:2])[:, :, None]
    return bilevel(_clipped(pixels + noise), dpi, random, 140)


def photocopy(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Copied twice: letters grow and fray, dots appear."""
    grown = cv2.erode(pixels, np.ones((2, 2), np.uint8)) if dpi >= 250 else pixels
    soft = cv2.GaussianBlur(grown, (0, 0), 1.15 * dpi / 200)
    noise = cv2.GaussianBlur(random.normal(0, 60, pixels.shape[:2]), (0, 0), 0.9)[:, :, None]
    return bilevel(_clipped(soft + noise), dpi, random, 165)


def bleed(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """The back of the sheet shines through."""
    back = cv2.GaussianBlur(pixels[:, ::-1], (0, 0), 1.2 * dpi / 200)
    return _clipped(np.minimum(pixels, 255 - (255 - back.astype(float)) * 0.28))


def phone(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
    """Photographed from the side, the sheet a little curled."""
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array(
        [
            [0.07 * width, 0.03 * height],
            [-0.02 * width, 0.06 * height],
            [0, 0],
            [0, -0.04 * height],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners, moved)
    flat = cv2.warpPerspective(pixels, matrix, (width, height), borderValue=(90, 80, 75))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(columns / width * np.pi) * 0.012 * height
    curled = cv2.remap(
        flat, columns, (rows + wave).astype(np.float32), cv2.INTER_LINEAR, borderValue=(90, 80, 75)
    )
    return scan(gradient(curled, dpi, random), dpi, random)


def turned(quarter: int) -> Step:
    """Turned clockwise by quarters."""

    def step(pixels: Pixels, dpi: int, random: np.random.Generator) -> Pixels:
        return np.ascontiguousarray(np.rot90(scan(pixels, dpi, random), -quarter))

    return step


def _clipped(values: npt.NDArray[np.floating]) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)


CASES: dict[str, tuple[int, tuple[Step, ...]]] = {
    "clean-300": (300, ()),
    "clean-200": (200, ()),
    "scan-300": (300, (scan,)),
    "scan-200": (200, (scan,)),
    "scan-150": (150, (scan,)),
    "scan-100": (100, (scan,)),
    "skew-200": (200, (skew, scan)),
    "skew-300": (300, (skew, scan)),
    "jpeg-200": (200, (scan, jpeg)),
    "grey-200": (200, (scan, gradient)),
    "faint-200": (200, (faint, scan)),
    "speckle-200": (200, (scan, speckle)),
    "speckle-300": (300, (scan, speckle)),
    "stamp-200": (200, (stamp, scan)),
    "stamp-300": (300, (stamp, scan)),
    "fax-150": (150, (fax,)),
    "photocopy-200": (200, (photocopy,)),
    "photocopy-300": (300, (photocopy,)),
    "bleed-200": (200, (bleed, scan)),
    "combo-200": (200, (stamp, skew, gradient, scan, jpeg)),
    "combo-300": (300, (stamp, skew, gradient, scan, jpeg)),
    "phone-200": (200, (phone,)),
    "turned-90": (200, (turned(1),)),
    "turned-180": (200, (turned(2),)),
    "turned-270": (200, (turned(3),)),
}
"""Name of a case: resolution and what is done to the page."""


def degraded(pdf: bytes, case: str, seed: int = 1) -> tuple[int, list[Pixels]]:
    """The pages of a PDF as `case` leaves them."""
    dpi, steps = CASES[case]
    random = np.random.default_rng(seed)
    made = []
    for pixels in pages(pdf, dpi):
        for step in steps:
            pixels = step(pixels, dpi, random)
        made.append(pixels)
    return dpi, made


def as_tiff(made: list[Pixels], dpi: int) -> bytes:
    """The pages as one file, without loss."""
    out = io.BytesIO()
    first, *rest = [Image.fromarray(pixels) for pixels in made]
    first.save(
        out, "TIFF", save_all=True, append_images=rest, dpi=(dpi, dpi), compression="tiff_lzw"
    )
    return out.getvalue()
