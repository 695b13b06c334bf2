"""Time of reading scans beside bare Tesseract: `python -m bench.reading.pace [--rounds n]`.

The same files are read in turn by both, page by page, each with an engine that is already loaded;
CPU seconds a page, medians over the rounds, so that other work on the machine says little.
"""

from __future__ import annotations

import argparse
import io
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageSequence

from bench.reading.__main__ import timed
from bench.reading.degrade import as_tiff, degraded
from bench.reading.render import notices, render
from pipeline.readers.image import read_image
from pipeline.readers.limits import Limits
from pipeline.readers.ocr import find_tessdata


def ours(data: bytes) -> None:
    read_image(data, name="a.tif", media_type="image/tiff", limits=Limits())


def bare(api: Any, dpi: int, data: bytes) -> None:
    """Tesseract at its defaults."""
    for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data))):
        pixels = np.asarray(frame)
        height, width, channels = pixels.shape
        api.SetImageBytes(pixels.tobytes(), width, height, channels, width * channels)
        api.SetSourceResolution(dpi)
        api.GetUTF8Text()


def main() -> None:
    import tesserocr

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default="clean-200,clean-300")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--notices", type=int, default=4)
    options = parser.parse_args()
    rendered = [render(notice) for notice in notices()[: options.notices]]
    with tesserocr.PyTessBaseAPI(path=find_tessdata(), lang="vie") as api:
        for case in options.cases.split(","):
            print(f"{case}: {compared(case, rendered, options.rounds, api)}", flush=True)


def compared(case: str, rendered: list[Any], rounds: int, api: Any) -> str:
    """Seconds a page of both and the ratio of their times, of all pages of each round."""
    files = []
    for dpi, pages in (degraded(notice.pdf, case) for notice in rendered):
        files += [(dpi, as_tiff([page], dpi)) for page in pages]
    rows: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        own = plain = 0.0
        for dpi, data in files:
            own += timed(partial(ours, data))[1]
            plain += timed(partial(bare, api, dpi, data))[1]
        rows.append((own / len(files), plain / len(files)))
    del rows[0]  # the first round warms both up
    ratios = sorted(own / plain for own, plain in rows)
    return (
        f"{median(own for own, _ in rows):.2f} s a page, bare {median(p for _, p in rows):.2f}, "
        f"ratio {median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}); "
        f"{len(files)} pages, {rounds} rounds"
    )


if __name__ == "__main__":
    main()
