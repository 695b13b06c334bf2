"""How the letters of a PDF are drawn: font, size, weight, angle."""

from __future__ import annotations

import ctypes
import math
from functools import lru_cache
from typing import Any, NamedTuple

import pypdfium2.raw as raw

_FORCE_BOLD = 1 << 18
_ITALIC = 1 << 6
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "demi")
_INVISIBLE = 3
_FILL_AND_STROKE = 2


class Style(NamedTuple):
    """How the letters of one text object are drawn."""

    font: str
    size: float
    bold: bool
    italic: bool
    angle: int
    """Degrees clockwise, in steps of 5."""
    visible: bool


class Font(NamedTuple):
    """What a font says of itself."""

    name: str
    bold: bool
    italic: bool


class Styles:
    """How the letters of one text page are drawn; each text object and each font is asked once."""

    def __init__(self, handle: object) -> None:
        """Nothing known yet of the text page `handle`."""
        self._handle = handle
        self._styles: dict[bytes, Style] = {}
        self._fonts: dict[bytes, Font] = {}
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def of(self, index: int) -> Style:
        """The style of a character."""
        drawn = raw.FPDFText_GetTextObject(self._handle, index)
        if not drawn:
            return self._look(index, None)
        key = bytes(drawn)  # the address
        if key not in self._styles:
            self._styles[key] = self._look(index, drawn)
        return self._styles[key]

    def _look(self, index: int, drawn: Any) -> Style:
        font = self._font(index, raw.FPDFTextObj_GetFont(drawn) if drawn else None)
        mode = raw.FPDFTextObj_GetTextRenderMode(drawn) if drawn else 0
        size, angle = size_and_angle(self._handle, index)
        bold = font.bold or mode == _FILL_AND_STROKE
        return Style(font.name, size, bold, font.italic, angle, mode != _INVISIBLE)

    def _font(self, index: int, pointer: Any) -> Font:
        if not pointer:
            return self._ask(index)
        key = bytes(pointer)
        if key not in self._fonts:
            self._fonts[key] = self._ask(index)
        return self._fonts[key]

    def _ask(self, index: int) -> Font:
        """Name without a subset tag; bold and italic by flags, weight and name."""
        length = raw.FPDFText_GetFontInfo(self._handle, index, self._name, 256, self._flags)
        name = self._name.raw[: length - 1].decode("utf-8", "replace") if 0 < length <= 256 else ""
        name = name[7:] if name[6:7] == "+" else name
        lower, flags = name.lower(), self._flags.value if length else 0
        heavy = raw.FPDFText_GetFontWeight(self._handle, index) >= _BOLD_WEIGHT
        return Font(
            name,
            heavy or bool(flags & _FORCE_BOLD) or any(part in lower for part in _BOLD_NAMES),
            bool(flags & _ITALIC) or "italic" in lower or "oblique" in lower,
        )


def size_and_angle(handle: object, index: int) -> tuple[float, int]:
    """Size of the type in points and its angle in degrees, both with the text matrix applied."""
    size, matrix = raw.FPDFText_GetFontSize(handle, index), raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(handle, index, matrix):
        return float(size), 0
    return _measured(size, matrix.a, matrix.b, matrix.c, matrix.d)


@lru_cache(maxsize=1024)
def _measured(size: float, a: float, b: float, c: float, d: float) -> tuple[float, int]:
    size *= math.hypot(c, d)
    angle = -math.degrees(math.atan2(b, a)) if b or a < 0 else 0.0
    return round(min(max(size, 1.0), 400.0), 1), round(angle / 5) * 5 % 360
