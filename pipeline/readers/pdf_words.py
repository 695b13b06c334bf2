"""Words of a PDF page from the geometry of its characters, not from the order of its text stream.

A stream order breaks words where a fallback font supplies some letters; positions do not.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Box
from pipeline.readers.printed import PrintedLine, PrintedWord

_SPACES = frozenset({0x20, 0xA0, 0x09, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000})
_IGNORED = frozenset({0x0A, 0x0D, 0x200B, 0xFEFF, 0xAD})
_LINE_END_HYPHENS = frozenset({0x02, 0xFFFE})
"""pdfium's stand-ins for a hyphen at the end of a line."""

_INSIDE_WORD = 0.15
"""Largest gap between letters of one word in the stream, in ems."""
_WORD_GAP = 0.35
"""Gap that parts words although no space is printed there, in ems, on a page that has spaces."""
_WORD_GAP_WITHOUT_SPACES = 0.18
_SPACES_SHARE = 0.03
_SAME_LINE = 0.28
"""Largest distance of two baselines of one line, in ems."""
_FORCE_BOLD = 1 << 18
_ITALIC = 1 << 6
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "demi")
_INVISIBLE = 3
_FILL_AND_STROKE = 2

Place = Callable[[float, float, float, float], Box]
"""Left, bottom, right, top in the space of the PDF to a box with its origin at the top left."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters next to each other in the stream on one baseline; a printed space is a piece too."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool = False
    italic: bool = False
    font: str = ""
    on_page: Box | None = None

    @property
    def is_space(self) -> bool:
        """Whether this is a printed space."""
        return self.text == " "


@dataclass(frozen=True)
class PdfText:
    """The text layer of one page, and the signs by which to judge it."""

    lines: tuple[PrintedLine, ...]
    strays: tuple[PrintedLine, ...]
    characters: int
    broken: int
    """Characters without a meaning: control, private use, U+FFFD."""
    invisible: bool
    """The text is drawn invisibly, as an OCR layer over a scan is."""


@dataclass(frozen=True, slots=True)
class _Char:
    code: int
    box: Box
    on_page: Box | None
    baseline: float
    angle: int


def read_words(page: pdfium.PdfPage) -> PdfText:
    """Lines of words of `page` in the frame in which most of its text is level."""
    text_page = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text_page)
        angles = _angles(text_page, count)
        turn = angles.most_common(1)[0][0] if angles else 0
        pieces, strays, broken = _pieces(page, text_page, count, turn, len(angles) > 1)
        return PdfText(
            lines=_lines(pieces),
            strays=_lines(strays),
            characters=sum(len(piece.text) for piece in pieces if not piece.is_space),
            broken=broken,
            invisible=_is_invisible(text_page, count),
        )
    finally:
        text_page.close()


def _angles(text_page: pdfium.PdfTextPage, count: int) -> Counter[int]:
    """How many sampled characters are turned by how many degrees, clockwise, in steps of 5."""
    step = max(1, count // 400)
    counted: Counter[int] = Counter()
    for index in range(0, count, step):
        if raw.FPDFText_GetUnicode(text_page, index) not in _SPACES | _IGNORED:
            counted[_degrees(raw.FPDFText_GetCharAngle(text_page, index))] += 1
    return counted


def _degrees(radians: float) -> int:
    return round(math.degrees(max(radians, 0.0)) / 5) * 5 % 360


def _place(page: pdfium.PdfPage, turn: int) -> Place:
    """The way from PDF space to the page as seen after turning it clockwise by `turn` degrees."""
    left, bottom, right, top = page.get_cropbox(fallback_ok=True)
    if turn == 90:
        return lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    if turn == 180:
        return lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom)
    if turn == 270:
        return lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0)
    return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0)


def _pieces(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, count: int, turn: int, mixed: bool
) -> tuple[list[Piece], list[Piece], int]:
    """Pieces at the main angle, pieces at other angles, and the number of broken characters.

    Text read upwards is turned by 270° to read level, so its frame turns the page by 90°.
    """
    upright = turn % 90 == 0
    level = _place(page, (360 - turn) % 360 if upright else 0)
    shown_turn = page.get_rotation()
    shown = None if upright and shown_turn == (360 - turn) % 360 else _place(page, shown_turn)
    main: list[Piece] = []
    strays: list[Piece] = []
    broken = 0
    run: list[_Char] = []
    first = 0
    for index in range(count):
        char = _char(text_page, index, level, shown, mixed, turn)
        if char is None:
            continue
        if _is_broken(char.code):
            broken += 1
        if run and not _continues(run[-1], char):
            _finish(text_page, first, run, turn, main, strays)
            run = []
        if run and _is_double(run[-1], char):
            continue
        if not run:
            first = index
        run.append(char)
    if run:
        _finish(text_page, first, run, turn, main, strays)
    return _without_doubles(main), strays, broken


_rect = raw.FS_RECTF()
_x = ctypes.c_double()
_y = ctypes.c_double()


def _char(
    text_page: pdfium.PdfTextPage,
    index: int,
    level: Place,
    shown: Place | None,
    mixed: bool,
    turn: int,
) -> _Char | None:
    """One character with its place, or None when nothing is printed for it."""
    code = raw.FPDFText_GetUnicode(text_page, index)
    if code in _IGNORED or code == 0:
        return None
    if code in _SPACES and raw.FPDFText_IsGenerated(text_page, index) == 1:
        return None
    if not raw.FPDFText_GetLooseCharBox(text_page, index, _rect):
        return None
    edges = (_rect.left, _rect.bottom, _rect.right, _rect.top)
    box = level(*edges)
    raw.FPDFText_GetCharOrigin(text_page, index, _x, _y)
    baseline = level(_x.value, _y.value, _x.value, _y.value)[1]
    angle = _degrees(raw.FPDFText_GetCharAngle(text_page, index)) if mixed else turn
    return _Char(code, box, shown(*edges) if shown else None, baseline, angle)


def _is_broken(code: int) -> bool:
    if code in _LINE_END_HYPHENS:
        return False
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF8FF or code == 0xFFFD


def _continues(last: _Char, char: _Char) -> bool:
    """Whether `char` belongs to the same piece as `last`, the character before it."""
    if char.code in _SPACES or last.code in _SPACES or char.angle != last.angle:
        return False
    if unicodedata.combining(chr(char.code)):
        return True
    height = last.box[3] - last.box[1]
    if abs(char.baseline - last.baseline) > 0.1 * height:
        return False
    gap = char.box[0] - last.box[2]
    return -0.6 * height < gap < _INSIDE_WORD * height or _is_double(last, char)


def _is_double(last: _Char, char: _Char) -> bool:
    """The same letter drawn twice to look bold."""
    width = max(last.box[2] - last.box[0], 0.5)
    return char.code == last.code and abs(char.box[0] - last.box[0]) < 0.2 * width


def _finish(
    text_page: pdfium.PdfTextPage,
    first: int,
    run: list[_Char],
    turn: int,
    main: list[Piece],
    strays: list[Piece],
) -> None:
    """Make a piece of the characters in `run`; the font is that of the first."""
    boxes = [char.box for char in run]
    box = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    baseline = run[0].baseline
    if run[0].code in _SPACES:
        main.append(Piece(" ", box, baseline, box[3] - box[1]))
        return
    font, flags = _font(text_page, first)
    text = "".join("-" if char.code in _LINE_END_HYPHENS else chr(char.code) for char in run)
    shown = [char.on_page for char in run if char.on_page]
    piece = Piece(
        text=text,
        box=box,
        baseline=baseline,
        size=_size(text_page, first, box),
        bold=_is_bold(text_page, first, font, flags),
        italic=bool(flags & _ITALIC) or "italic" in font.lower() or "oblique" in font.lower(),
        font=font,
        on_page=_around(shown) if shown else None,
    )
    (main if run[0].angle == turn else strays).append(piece)


def _around(boxes: list[Box]) -> Box:
    columns = list(zip(*boxes, strict=True))
    return (min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3]))


_name = ctypes.create_string_buffer(256)
_flags = ctypes.c_int()


def _font(text_page: pdfium.PdfTextPage, index: int) -> tuple[str, int]:
    """Name (without a subset tag) and flags of the font of a character."""
    length = raw.FPDFText_GetFontInfo(text_page, index, _name, 256, _flags)
    if not 0 < length <= 256:
        return "", 0
    name = _name.raw[: length - 1].decode("utf-8", "replace")
    return (name[7:] if name[6:7] == "+" else name), _flags.value


_matrix = raw.FS_MATRIX()


def _size(text_page: pdfium.PdfTextPage, index: int, box: Box) -> float:
    """Size of the type in points, the text matrix applied."""
    size = float(raw.FPDFText_GetFontSize(text_page, index))
    if raw.FPDFText_GetMatrix(text_page, index, _matrix):
        size *= math.hypot(_matrix.c, _matrix.d)
    return round(size, 1) if 0.5 < size < 400 else round((box[3] - box[1]) / 1.15, 1)


def _is_bold(text_page: pdfium.PdfTextPage, index: int, font: str, flags: int) -> bool:
    name = font.lower()
    if any(part in name for part in _BOLD_NAMES) or flags & _FORCE_BOLD:
        return True
    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    drawn = raw.FPDFText_GetTextObject(text_page, index)
    return bool(drawn) and raw.FPDFTextObj_GetTextRenderMode(drawn) == _FILL_AND_STROKE


def _is_invisible(text_page: pdfium.PdfTextPage, count: int) -> bool:
    """Whether most sampled characters are drawn in the invisible mode."""
    modes = [
        raw.FPDFTextObj_GetTextRenderMode(drawn)
        for index in range(0, count, max(1, count // 50))
        if (drawn := raw.FPDFText_GetTextObject(text_page, index))
    ]
    return bool(modes) and 2 * modes.count(_INVISIBLE) > len(modes)


def _without_doubles(pieces: list[Piece]) -> list[Piece]:
    """Pieces drawn a second time on the same place (to look bold) are dropped."""
    seen: dict[str, list[Piece]] = {}
    kept = []
    for piece in pieces:
        twins = seen.setdefault(piece.text, [])
        if piece.is_space or not any(_same_place(piece, twin) for twin in twins[-4:]):
            twins.append(piece)
            kept.append(piece)
    return kept


def _same_place(one: Piece, other: Piece) -> bool:
    return (
        abs(one.box[0] - other.box[0]) < 0.15 * one.size
        and abs(one.baseline - other.baseline) < 0.15 * one.size
    )


def _lines(pieces: list[Piece]) -> tuple[PrintedLine, ...]:
    """Pieces gathered by baseline, top to bottom, and joined to words."""
    spaces = sum(piece.is_space for piece in pieces)
    characters = sum(len(piece.text) for piece in pieces)
    gap = _WORD_GAP if spaces > _SPACES_SHARE * characters else _WORD_GAP_WITHOUT_SPACES
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.baseline, piece.box[0])):
        if rows and piece.baseline - rows[-1][0].baseline <= _SAME_LINE * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = [
        PrintedLine(words, _baseline(row)) for row in _raised(rows) if (words := _words(row, gap))
    ]
    return tuple(lines)


def _raised(rows: list[list[Piece]]) -> Iterator[list[Piece]]:
    """Rows with superscripts and subscripts put into the row they belong to."""
    waiting: list[Piece] = []
    for index, row in enumerate(rows):
        inked = [piece for piece in row if not piece.is_space]
        following = rows[index + 1] if index + 1 < len(rows) else []
        if inked and len(inked) <= 6 and _hangs_on(inked, following):
            waiting += row
            continue
        yield row + waiting
        waiting = []
    if waiting:
        yield waiting


def _hangs_on(small: list[Piece], row: list[Piece]) -> bool:
    """Whether every piece is much smaller than a piece of `row` that it touches."""
    big = [piece for piece in row if not piece.is_space]
    return all(
        any(
            one.size < 0.8 * other.size
            and one.baseline > other.box[1]
            and _distance(one, other) < 0.4 * other.size
            for other in big
        )
        for one in small
    )


def _distance(one: Piece, other: Piece) -> float:
    return min(abs(one.box[0] - other.box[2]), abs(other.box[0] - one.box[2]))


def _baseline(row: list[Piece]) -> float:
    return max(row, key=lambda piece: (piece.size, len(piece.text))).baseline


def _words(row: list[Piece], word_gap: float) -> tuple[PrintedWord, ...]:
    """The pieces of one line joined to words, left to right."""
    words: list[Piece] = []
    parted = True
    for piece in sorted(row, key=lambda piece: piece.box[0]):
        if piece.is_space:
            parted = True
            continue
        if words and not _parts(words[-1], piece, parted, word_gap):
            words[-1] = _joined(words[-1], piece)
        else:
            words.append(piece)
        parted = False
    return tuple(
        PrintedWord(
            text=unicodedata.normalize("NFC", word.text),
            box=word.box,
            size=word.size,
            bold=word.bold,
            italic=word.italic,
            font=word.font,
            on_page=word.on_page,
        )
        for word in words
    )


def _parts(left: Piece, right: Piece, space_between: bool, word_gap: float) -> bool:
    gap = (right.box[0] - left.box[2]) / max(min(left.size, right.size), 1.0)
    return gap > (0.05 if space_between else word_gap)


def _joined(left: Piece, right: Piece) -> Piece:
    box = _around([left.box, right.box])
    shown = [box for box in (left.on_page, right.on_page) if box]
    return replace(
        left,
        text=left.text + right.text,
        box=box,
        on_page=_around(shown) if shown else None,
        bold=left.bold if len(left.text) >= len(right.text) else right.bold,
    )
