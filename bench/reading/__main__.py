"""Run the reading benchmark: `python -m bench.reading [--cases a,b] [--notices n] [--no-bare]`.

"first" is the same reading without second looks and corrections of words, "bare" is Tesseract.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from bench.reading.degrade import CASES, Pixels, as_tiff, degraded
from bench.reading.render import Rendered, notices, render
from bench.reading.score import character_and_word_edits, without_page_numbers
from pipeline.document import Document
from pipeline.readers.image import read_image
from pipeline.readers.limits import Limits
from pipeline.readers.ocr import find_tessdata

Read = TypeVar("Read")


@dataclass
class Tally:
    """Edits, lengths, seconds and pages of one case."""

    characters: int = 0
    edits: int = 0
    words: int = 0
    word_edits: int = 0
    seconds: float = 0.0
    pages: int = 0

    def add(self, truth: str, read: str, seconds: float, pages: int) -> None:
        edits, length, word_edits, words = character_and_word_edits(truth, read)
        self.edits += edits
        self.characters += length
        self.word_edits += word_edits
        self.words += words
        self.seconds += seconds
        self.pages += pages

    @property
    def cer(self) -> float:
        return 100 * self.edits / max(self.characters, 1)

    @property
    def wer(self) -> float:
        return 100 * self.word_edits / max(self.words, 1)

    @property
    def pace(self) -> float:
        return self.seconds / max(self.pages, 1)


def ours(dpi: int, made: list[Pixels]) -> Document:
    return read_image(as_tiff(made, dpi), name="a.tif", media_type="image/tiff", limits=Limits())


def bare(dpi: int, made: list[Pixels]) -> str:
    """Tesseract at its defaults on the pixels as they are."""
    import tesserocr

    texts = []
    with tesserocr.PyTessBaseAPI(path=find_tessdata(), lang="vie") as api:
        for pixels in made:
            height, width = pixels.shape[:2]
            api.SetImageBytes(np.ascontiguousarray(pixels).tobytes(), width, height, 3, width * 3)
            api.SetSourceResolution(dpi)
            texts.append(api.GetUTF8Text())
    return "\n".join(texts)


def timed(reader: Callable[[], Read]) -> tuple[Read, float]:
    start = time.process_time()
    return reader(), time.process_time() - start


def run_case(
    case: str, rendered: Sequence[Rendered], *, with_bare: bool
) -> tuple[Tally, Tally, Tally]:
    """Our reading, the same without corrections, and bare Tesseract."""
    own, first, plain = Tally(), Tally(), Tally()
    for index, notice in enumerate(rendered):
        dpi, made = degraded(notice.pdf, case, seed=index + 1)
        truth = "\n".join(notice.body)
        document, seconds = timed(partial(ours, dpi, made))
        own.add(truth, without_page_numbers(document), seconds, len(made))
        first.add(truth, without_page_numbers(document, corrected=False), 0, len(made))
        if with_bare:
            text, seconds = timed(partial(bare, dpi, made))
            plain.add(truth, text, seconds, len(made))
    return own, first, plain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--notices", type=int, default=4)
    parser.add_argument("--no-bare", action="store_true")
    options = parser.parse_args()
    rendered = [render(notice) for notice in notices()[: options.notices]]
    print(
        f"{'case':14} {'CER %':>7} {'WER %':>7} {'s/page':>7} | first {'CER %':>7} {'WER %':>7} "
        f"| bare {'CER %':>7} {'WER %':>7} {'s/page':>7} ratio"
    )
    for case in options.cases.split(","):
        own, first, plain = run_case(case, rendered, with_bare=not options.no_bare)
        ratio = own.pace / plain.pace if plain.pages else 0
        print(
            f"{case:14} {own.cer:7.3f} {own.wer:7.3f} {own.pace:7.2f} |       "
            f"{first.cer:7.3f} {first.wer:7.3f} |      "
            f"{plain.cer:7.3f} {plain.wer:7.3f} {plain.pace:7.2f} {ratio:5.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
