"""Words of a PDF page from the geometry of its characters, not from the order of its text stream.

A stream order breaks words where a fallback font supplies some letters; positions do not.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document import Box
from pipeline.readers.pdf_fonts import Style, Styles, size_and_angle
from pipeline.readers.printed import PrintedLine, PrintedWord, around

_SPACES = (0x20, 0xA0, 0x09, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000)
_IGNORED = (0x00, 0x0A, 0x0D, 0x200B, 0xFEFF, 0xAD)
_LINE_END_HYPHENS = (0x02, 0xFFFE)
"""pdfium's stand-ins for a hyphen at the end of a line."""

_INSIDE_WORD = 0.15
"""Largest gap between letters of one word in the stream, as a share of the line's height."""
_WORD_GAP = 0.35
"""Gap in ems that parts words next to each other in the stream though no space is between them."""
_WORD_GAP_WITHOUT_SPACES = 0.18
"""The same between words that do not follow each other, or on a page without spaces."""
_SPACES_SHARE = 0.03
_SAME_LINE = 0.28
"""Largest distance of two baselines of one line, in ems."""

Place = Callable[..., Any]
"""Left, bottom, right, top in the space of the PDF (numbers or arrays of them) to the edges of a
box with its origin at the top left."""


class Piece(NamedTuple):
    """Letters next to each other in the stream, on one baseline."""

    text: str
    box: Box
    baseline: float
    style: Style
    on_page: Box | None
    order: int
    """Place in the stream."""
    after_space: bool
    """A printed space stands between it and the piece before it in the stream."""


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
    turn: int = 0
    """Degrees by which the page is turned clockwise to make its lines level."""


@dataclass(frozen=True)
class _Chars:
    """The inked characters of a page, in stream order; edges are in the space of the PDF."""

    index: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    edges: npt.NDArray[np.float64]
    """Left, bottom, right, top of each."""
    spaces: npt.NDArray[np.int64]
    """How many printed spaces stand before each in the stream."""

    def kept(self, mask: npt.NDArray[np.bool_]) -> _Chars:
        """Only the characters under `mask`."""
        return _Chars(self.index[mask], self.codes[mask], self.edges[mask], self.spaces[mask])


@dataclass(frozen=True)
class _Runs:
    """Runs of neighbouring characters on one baseline, in stream order."""

    first: list[int]
    """The first character of each."""
    texts: list[str]
    edges: npt.NDArray[np.float64]
    after_space: list[bool]


def read_words(page: pdfium.PdfPage) -> PdfText:
    """Lines of words of `page` in the frame in which most of its text is level."""
    text_page = page.get_textpage()
    try:
        handle = text_page.raw
        count = raw.FPDFText_CountChars(handle)
        turn = _main_angle(handle, count)
        chars = _chars(handle, count)
        runs = _runs(chars, turn)
        pieces, strays = _pieces(page, handle, runs, turn)
    finally:
        text_page.close()
    characters = sum(len(piece.text) for piece in pieces)
    hidden = sum(len(piece.text) for piece in pieces if not piece.style.visible)
    return PdfText(
        lines=_lines(pieces, has_spaces=_has_spaces(chars)),
        strays=_stray_lines(strays),
        characters=characters,
        broken=int(_broken(chars.codes).sum()),
        invisible=2 * hidden > characters,
        turn=_way_back(turn),
    )


def _has_spaces(chars: _Chars) -> bool:
    return bool(chars.codes.size) and int(chars.spaces[-1]) > _SPACES_SHARE * chars.codes.size


def _main_angle(handle: object, count: int) -> int:
    """The angle of most of some 30 sampled characters."""
    counted: Counter[int] = Counter()
    for index in range(0, count, max(1, count // 30)):
        if raw.FPDFText_GetUnicode(handle, index) not in _SPACES + _IGNORED:
            counted[size_and_angle(handle, index)[1]] += 1
    return counted.most_common(1)[0][0] if counted else 0


def _way_back(angle: int) -> int:
    """The turn of the page that makes text at `angle` level; aslant there is none."""
    return (360 - angle) % 360 if angle % 90 == 0 else 0


def place_on(page: pdfium.PdfPage, turn: int) -> Place:
    """The way from PDF space to the page as seen after turning it clockwise by `turn` degrees."""
    left, bottom, right, top = page.get_cropbox(fallback_ok=True)
    if turn == 90:
        return lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    if turn == 180:
        return lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom)
    if turn == 270:
        return lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0)
    return lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0)


def _chars(handle: object, count: int) -> _Chars:
    """Codes and boxes of all characters with ink, fetched with as few library calls as can be."""
    codes = _codes(handle, count)
    rects = (raw.FS_RECTF * max(count, 1))()
    boxed = list(map(raw.FPDFText_GetLooseCharBox, repeat(handle), range(count), rects))
    corners = np.frombuffer(rects, np.float32).reshape(-1, 4)[:count].astype(np.float64)
    blank = np.isin(codes, _SPACES)
    printed = blank.copy()
    for i in np.flatnonzero(blank).tolist():
        printed[i] = raw.FPDFText_IsGenerated(handle, i) != 1
    inked = ~blank & ~np.isin(codes, _IGNORED) & np.array(boxed, bool)
    everything = _Chars(np.arange(count), codes, corners[:, [0, 3, 2, 1]], np.cumsum(printed))
    return everything.kept(inked)


def _codes(handle: object, count: int) -> npt.NDArray[np.int64]:
    """The code of each character: in one call, or in one a character where that gives others."""
    units = np.zeros(count + 1, np.uint16)
    got = raw.FPDFText_GetText(
        handle, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
    )
    codes = units[:count].astype(np.int64)
    pairs = (codes >= 0xD800) & (codes < 0xE000)
    if got == count + 1 and not (pairs | np.isin(codes, (0x00, *_LINE_END_HYPHENS))).any():
        return codes
    return np.fromiter(map(raw.FPDFText_GetUnicode, repeat(handle), range(count)), np.int64, count)


def _runs(chars: _Chars, turn: int) -> _Runs:
    """The characters gathered to runs as long as they touch and share a baseline."""
    if not chars.codes.size:
        return _Runs([], [], np.zeros((0, 4)), [])
    start, end, low, height = _along(chars.edges, turn)
    level = np.abs(np.diff(low)) < 0.1 * height[1:]
    twice = (np.diff(chars.codes) == 0) & level
    twice &= np.abs(np.diff(start)) < 0.2 * (end - start)[1:]
    if twice.any():
        return _runs(chars.kept(np.append(True, ~twice)), turn)
    gap = start[1:] - end[:-1]
    near = (gap > -0.6 * height[1:]) & (gap < _INSIDE_WORD * height[1:])
    joined = (level & near) | _combining(chars.codes[1:])
    parted = np.diff(chars.spaces) > 0
    starts = np.append(0, np.flatnonzero(~joined | parted) + 1)
    ends = np.append(starts[1:], chars.codes.size).tolist()
    lower = np.minimum.reduceat(chars.edges[:, :2], starts)
    upper = np.maximum.reduceat(chars.edges[:, 2:], starts)
    text = "".join(map(chr, chars.codes.tolist()))
    text = text.replace("\x02", "-").replace("\ufffe", "-")
    return _Runs(
        first=chars.index[starts].tolist(),
        texts=[text[begin:stop] for begin, stop in zip(starts.tolist(), ends, strict=True)],
        edges=np.hstack([lower, upper]),
        after_space=np.append(False, parted)[starts].tolist(),
    )


def _combining(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which codes are combining marks, drawn over the letter before them."""
    return (codes >= 0x300) & (codes < 0x370)


def _along(edges: npt.NDArray[np.float64], turn: int) -> tuple[npt.NDArray[np.float64], ...]:
    """Start and end of characters in the direction of reading, their lower edge and height."""
    left, bottom, right, top = edges.T
    if turn == 90:
        return -top, -bottom, left, right - left
    if turn == 180:
        return -right, -left, -top, top - bottom
    if turn == 270:
        return bottom, top, -right, right - left
    return left, right, bottom, top - bottom


def _broken(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which codes have no meaning: control characters, private ones, U+FFFD."""
    control = (codes < 0x20) & (codes != _LINE_END_HYPHENS[0]) | (codes >= 0x7F) & (codes < 0xA0)
    return np.asarray(control | (codes >= 0xE000) & (codes < 0xF8FF) | (codes == 0xFFFD))


def _pieces(
    page: pdfium.PdfPage, handle: object, runs: _Runs, turn: int
) -> tuple[list[Piece], list[Piece]]:
    """Pieces at the main angle, and pieces at other angles.

    Text turned by 90° clockwise reads level when the page is turned back by 270°.
    """
    back = _way_back(turn)
    level = place_on(page, back)
    boxes = _placed(runs.edges, level)
    shown: list[Box] | list[None] = [None] * len(boxes)
    if turn % 90 or page.get_rotation() != back:
        shown = _placed(runs.edges, place_on(page, page.get_rotation()))
    styles = Styles(handle)
    baselines = _baselines(handle, runs, level)
    main: list[Piece] = []
    strays: list[Piece] = []
    for order, first in enumerate(runs.first):
        style = styles.of(first)
        piece = Piece(
            runs.texts[order],
            boxes[order],
            baselines[order],
            style,
            shown[order],
            order,
            runs.after_space[order],
        )
        (main if style.angle == turn else strays).append(piece)
    return _without_doubles(main), strays


def _baselines(handle: object, runs: _Runs, level: Place) -> list[float]:
    """Height of the baseline of each run on the level page."""
    x, y = ctypes.c_double(), ctypes.c_double()
    origins = []
    for first in runs.first:
        raw.FPDFText_GetCharOrigin(handle, first, x, y)
        origins.append((x.value, y.value))
    across, up = np.array(origins).reshape(-1, 2).T
    return list(level(across, up, across, up)[1].tolist())


def _placed(edges: npt.NDArray[np.float64], place: Place) -> list[Box]:
    """Boxes on the page, to a hundredth of a point."""
    corners = np.stack(place(*edges.T), axis=1).round(2)
    return list(map(tuple, corners.tolist()))


def _without_doubles(pieces: list[Piece]) -> list[Piece]:
    """Pieces drawn a second time on the same place (to look bold) are dropped."""
    seen: dict[str, Piece] = {}
    kept = []
    for piece in pieces:
        twin = seen.get(piece.text)
        if twin is None or not _same_place(piece, twin):
            seen[piece.text] = piece
            kept.append(piece)
    return kept


def _same_place(one: Piece, other: Piece) -> bool:
    near = 0.15 * one.style.size
    return abs(one.box[0] - other.box[0]) < near and abs(one.baseline - other.baseline) < near


def _lines(pieces: list[Piece], *, has_spaces: bool) -> tuple[PrintedLine, ...]:
    """Pieces gathered by baseline, top to bottom, and joined to words."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.baseline):
        if rows and piece.baseline - rows[-1][0].baseline <= _SAME_LINE * piece.style.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return tuple(PrintedLine(_words(row, has_spaces), _baseline(row)) for row in _raised(rows))


def _stray_lines(pieces: list[Piece]) -> tuple[PrintedLine, ...]:
    """Pieces at other angles in the order of the stream, one line for each angle in a row."""
    lines: list[list[list[Piece]]] = []
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if before is None or before.style.angle != piece.style.angle:
            lines.append([[piece]])
        elif piece.after_space:
            lines[-1].append([piece])
        else:
            lines[-1][-1].append(piece)
    return tuple(PrintedLine(tuple(map(_word, line)), line[0][0].baseline) for line in lines)


def _raised(rows: list[list[Piece]]) -> Iterator[list[Piece]]:
    """Rows with superscripts put into the row they belong to."""
    waiting: list[Piece] = []
    for index, row in enumerate(rows):
        if len(row) <= 6 and index + 1 < len(rows) and _hangs_on(row, rows[index + 1]):
            waiting += row
            continue
        yield row + waiting
        waiting = []
    if waiting:
        yield waiting


def _hangs_on(small: list[Piece], row: list[Piece]) -> bool:
    """Whether every piece is much smaller than a piece of `row` that it touches."""
    return all(
        any(
            one.style.size < 0.8 * other.style.size
            and one.baseline > other.box[1]
            and _distance(one, other) < 0.4 * other.style.size
            for other in row
        )
        for one in small
    )


def _distance(one: Piece, other: Piece) -> float:
    return min(abs(one.box[0] - other.box[2]), abs(other.box[0] - one.box[2]))


def _baseline(row: list[Piece]) -> float:
    """The baseline of the largest type of a line."""
    return max(row, key=lambda piece: (piece.style.size, len(piece.text))).baseline


def _words(row: list[Piece], has_spaces: bool) -> tuple[PrintedWord, ...]:
    """The pieces of one line joined to words, left to right."""
    groups: list[list[Piece]] = []
    for piece in sorted(row, key=lambda piece: piece.box[0]):
        if groups and not _parts(groups[-1][-1], piece, has_spaces):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return tuple(map(_word, groups))


def _parts(left: Piece, right: Piece, has_spaces: bool) -> bool:
    """Whether two pieces next to each other on a line are parts of two words."""
    gap = (right.box[0] - left.box[2]) / max(min(left.style.size, right.style.size), 1.0)
    if right.order != left.order + 1 or not has_spaces:
        return gap > _WORD_GAP_WITHOUT_SPACES
    return gap > (0.05 if right.after_space else _WORD_GAP)


def _word(pieces: list[Piece]) -> PrintedWord:
    longest = pieces[0]
    text, box, shown = longest.text, longest.box, longest.on_page
    if len(pieces) > 1:
        longest = max(pieces, key=lambda piece: len(piece.text))
        text = "".join(piece.text for piece in pieces)
        box = around([piece.box for piece in pieces])
        shown = around([piece.on_page for piece in pieces if piece.on_page]) if shown else None
    style = longest.style
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return PrintedWord(text, box, style.size, style.bold, style.italic, style.font, on_page=shown)
