"""How the letters of a PDF are drawn: font, size, weight, angle."""

from __future__ import annotations

import ctypes
import math
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


class Fonts:
    """The fonts of one page, each asked once."""

    def __init__(self) -> None:
        """No font known yet."""
        self._known: dict[int, Font] = {}
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def of(self, handle: object, index: int, pointer: object) -> Font:
        """The font of a character."""
        key = _address(pointer)
        if key is None or key not in self._known:
            font = self._ask(handle, index)
            if key is None:
                return font
            self._known[key] = font
        return self._known[key]

    def _ask(self, handle: object, index: int) -> Font:
        """Name without a subset tag; bold and italic by flags, weight and name."""
        length = raw.FPDFText_GetFontInfo(handle, index, self._name, 256, self._flags)
        name = self._name.raw[: length - 1].decode("utf-8", "replace") if 0 < length <= 256 else ""
        name = name[7:] if name[6:7] == "+" else name
        lower, flags = name.lower(), self._flags.value if length else 0
        heavy = raw.FPDFText_GetFontWeight(handle, index) >= _BOLD_WEIGHT
        return Font(
            name,
            heavy or bool(flags & _FORCE_BOLD) or any(part in lower for part in _BOLD_NAMES),
            bool(flags & _ITALIC) or "italic" in lower or "oblique" in lower,
        )


def style_of(handle: object, index: int, known: dict[object, Style], fonts: Fonts) -> Style:
    """The style of a character, looked up once for each text object."""
    drawn = raw.FPDFText_GetTextObject(handle, index)
    key = _address(drawn)
    style = known.get(key)
    if style is not None:
        return style
    font = fonts.of(handle, index, raw.FPDFTextObj_GetFont(drawn) if drawn else None)
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn) if drawn else 0
    size, angle = size_and_angle(handle, index)
    style = Style(
        font.name,
        size,
        font.bold or mode == _FILL_AND_STROKE,
        font.italic,
        angle,
        mode != _INVISIBLE,
    )
    if key is not None:
        known[key] = style
    return style


def _address(pointer: Any) -> int | None:
    return ctypes.addressof(pointer.contents) if pointer else None


def size_and_angle(handle: object, index: int) -> tuple[float, int]:
    """Size of the type in points and its angle in degrees, both with the text matrix applied."""
    size = float(raw.FPDFText_GetFontSize(handle, index))
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(handle, index, matrix):
        return size, 0
    size *= math.hypot(matrix.c, matrix.d)
    turned = matrix.b or matrix.a < 0
    angle = -math.degrees(math.atan2(matrix.b, matrix.a)) if turned else 0.0
    return round(min(max(size, 1.0), 400.0), 1), round(angle / 5) * 5 % 360
