"""Marks and words of a page as SVG that lies over its picture, in points from the top left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape


class PageBox(NamedTuple):
    """A box on a page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    def outline(self, margin: float) -> Markup:
        """The place and size of a <rect> that stands `margin` points around the box."""
        width, height = self.x1 - self.x0 + 2 * margin, self.y1 - self.y0 + 2 * margin
        return Markup(
            f'x="{self.x0 - margin:.1f}" y="{self.y0 - margin:.1f}"'
            f' width="{width:.1f}" height="{height:.1f}"'
        )


class TextLine(NamedTuple):
    """A printed line as text that can be selected: where it stands in the text, its foot and
    height on the page, and its words with the place where each begins."""

    start: int
    y: float
    size: float
    words: tuple[tuple[float, str], ...]


def text_layer(lines: Iterable[TextLine]) -> Markup:
    """The lines as <text>; `data-s` says where each stands in the text of the document."""
    return Markup("".join(map(_text, lines)))


def _text(line: TextLine) -> str:
    words = "".join(f'<tspan x="{x:.1f}">{escape(words)}</tspan>' for x, words in line.words)
    return f'<text data-s="{line.start}" y="{line.y}" font-size="{line.size}">{words}</text>'
