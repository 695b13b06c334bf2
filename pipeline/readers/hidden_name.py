"""A name half under a stamp: which known names fit the ink that can be seen, and which fits best.

Where a ring lies, nothing is known. Everywhere else a name that is printed must have its ink, and
what it has no ink for must be paper. The words at the end that no ring touches were read; they give
the face, its size and the line on which every other name is tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.readers.ink import PixelBox, dark_of
from pipeline.readers.ocr import OcrLine, OcrWord, Pixels
from pipeline.readers.stamp import Stamp
from pipeline.readers.typeface import Grey, Place, advance, place_of, shape_of
from pipeline.resources import lexicon, lexicon_rows
from pipeline.text.syllables import is_syllable

_SURE = 0.9
"""Confidence of a word from which it was surely read."""
_MOST_KNOWN = 4
_BEFORE = 5.0
"""How far before a word a ring hides what belongs to it, as a multiple of the size of the type."""
_LIKE = 0.75
"""How like drawn words must be to the printed ones."""
_MISSING = 1.5
"""What a pixel of paper where ink must be counts against a name, one of ink for it counts 1."""
_IN_STAMP = 0.5
"""What ink inside a stamp counts: it may be its own."""
_BESIDE = 0.4
"""What ink one pixel beside its place counts as missing."""
_SLACK = 0.12
"""How far words stand from where the face puts them, in ems."""
_ROOM = 3.0
"""Paper put around the part, in ems, so that no name runs over its edge."""
_BEAM = 12
"""Ends of names that are gone on with."""
_SHORTEST, _LONGEST = 3, 4
"""Words of a name."""
_ABOVE, _BELOW = 0.95, 0.3
"""Height of the letters with their marks, and depth, in ems."""
_AHEAD = 1.0
"""Paper that a name must begin with, in ems."""
_NEAR = np.ones((3, 3), np.uint8)
_ABOUT = np.ones((5, 5), np.uint8)

_CLEARLY = 0.006
"""Lead of a name over the next one, in square ems."""
_RIVAL = 2.0
"""By how many times as much a syllable that is no known name must lead to speak against one."""
_LOST, _POSSIBLE = 0.09, 0.14
"""Share of the ink of a word that may be missing where it can be seen, and in one to think of."""
_SEEN = 0.3
"""Share of the ink of a word that must be seen."""
_STRANGE = 0.25
"""Share of the ink around a name that it may leave without a reason."""
_CONFIDENCE = 0.965
"""Of the words of a name that was found so: no correction by its neighbours may touch it."""


class Fit(NamedTuple):
    """A word laid where it fits best: what speaks for it, its pen and its box, what is seen of it.

    `lost` and `seen` are shares: of its seen ink that is missing, of its ink that is seen.
    """

    text: str
    gain: float
    pen: float
    box: PixelBox
    lost: float
    seen: float


Name = tuple[Fit, ...]


class Sight:
    """What can be seen around a name before known words; lengths are in pixels."""

    def __init__(self, ink: Pixels, rings: Pixels, stamp: Stamp, known: Place) -> None:
        """`known`: where the words are that were read."""
        self.face, self.end = known.face, known.left
        self.slack = round(_SLACK * self.face.size)
        self.clearly = _CLEARLY * self.face.size**2
        self._line, self._room = known.baseline, round(_ROOM * self.face.size)
        rows, columns = np.indices(ink.shape)
        inside = np.hypot(columns - stamp.x, rows - stamp.y) < 1.03 * stamp.radius
        clear = rings == 0
        weight = np.where(inside, _IN_STAMP, 1.0)
        self._clear = self._framed(clear)
        off = np.where(cv2.dilate(ink, _NEAR) == 0, 1.0, _BESIDE)
        self._paper = self._framed(np.where(clear & (ink == 0), off, 0.0))
        self._ink = self._framed(np.where(clear & (ink > 0), weight, 0.0))
        self._fits: dict[tuple[str, int], Fit] = {}

    def _framed(self, values: npt.NDArray[Any]) -> Grey:
        return np.asarray(np.pad(values, self._room), np.float32)

    def fit(self, text: str, end: float) -> Fit:
        """The best place of a word whose blank ends about `end`."""
        key = (text, round(end))
        if key not in self._fits:
            self._fits[key] = self._fitted(text, round(end))
        return self._fits[key]

    def _fitted(self, text: str, end: int) -> Fit:
        shape = shape_of(text, self.face)
        pen = end - advance(text, self.face)
        height, width = shape.ink.shape
        x = max(round(pen) + shape.left - self.slack + self._room, 0)
        y = max(self._line + shape.top - 1 + self._room, 0)
        part = (slice(y, y + height + 2), slice(x, x + width + 2 * self.slack))
        drawn = shape.ink.astype(np.float32)
        about = np.maximum(drawn, (1 - _BESIDE) * cv2.dilate(shape.ink, _NEAR)).astype(np.float32)
        lost = cv2.matchTemplate(self._paper[part], drawn, cv2.TM_CCORR)
        held = cv2.matchTemplate(self._ink[part], about, cv2.TM_CCORR)
        _, gain, _, (right, down) = cv2.minMaxLoc(held - _MISSING * lost)
        place = (slice(y + down, y + down + height), slice(x + right, x + right + width))
        seen = float((self._clear[place] * drawn).sum())
        left, top = x + right - self._room, y + down - self._room
        return Fit(
            text,
            gain,
            pen + right - self.slack,
            (left, top, left + width, top + height),
            float(lost[down, right]) / max(seen, 1.0),
            seen / float(drawn.sum()),
        )

    def strange(self, name: Name) -> float:
        """Share of the ink that can be seen around a name which is not its own."""
        own = np.zeros(self._ink.shape, np.uint8)
        for word in name:
            x, y = word.box[0] + self._room, word.box[1] + self._room
            ink = shape_of(word.text, self.face).ink
            own[y : y + ink.shape[0], x : x + ink.shape[1]] |= ink
        em = self.face.size
        rows = slice(
            round(self._line - _ABOVE * em) + self._room,
            round(self._line + _BELOW * em) + self._room,
        )
        left = max(round(name[0].pen - _AHEAD * em) + self._room, 0)
        columns = slice(left, round(self.end - 0.1 * em) + self._room)
        shown = self._ink[rows, columns]
        others = cv2.dilate(own, _ABOUT)[rows, columns] == 0
        return float(shown[others].sum() / max(float(shown.sum()), 1.0))


def hidden_name(
    pixels: Pixels, rings: Pixels, stamp: Stamp, readings: Sequence[Sequence[OcrLine]]
) -> OcrLine | None:
    """The one name that fits what the rings of a stamp leave to be seen; None without such a one.

    `readings` are what OCR made of the same pixels.
    """
    ink, end = dark_of(pixels), known_end(readings, rings)
    if end is None:
        return None
    line, place = _laid(ink, end)
    if place is None:
        return None
    sight = Sight(ink, rings, stamp, place)
    found = names_before(sight, max(_LONGEST - len(line.words), 2))
    if line.words[0].text in known_names()[0]:
        found = sorted([(), *found], key=gain_of, reverse=True)  # the name may be whole
    if not found or len(found[0]) + len(line.words) < _SHORTEST:
        return None  # of a name of two words, the first of three may be all under the stamp
    best, ahead = found[0], gain_of(found[0]) - sight.clearly
    if not fits(sight, best) or any(gain_of(other) > ahead for other in found[1:2]):
        return None
    words = [OcrWord(word.text, word.box, _CONFIDENCE) for word in best]
    known = [word._replace(confidence=max(word.confidence, _CONFIDENCE)) for word in line.words]
    return line._replace(words=(*words, *known))


def known_end(readings: Sequence[Sequence[OcrLine]], rings: Pixels) -> OcrLine | None:
    """The last words of a name that most readings agree upon and no ring touches, but near one."""
    votes: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], OcrLine] = {}
    for line in (line for reading in readings for line in reading):
        for count in range(1, _MOST_KNOWN + 1):
            words = line.words[-count:]
            if len(words) < count or not _is_known(words[0], rings):
                break
            if is_behind_ring(words[0], line.size, rings):
                texts = tuple(word.text for word in words)
                votes[texts] += 1
                found.setdefault(texts, line._replace(words=words))
    best = max(votes, key=lambda texts: (votes[texts] > 1, len(texts), votes[texts]), default=None)
    return found[best] if best else None


def _laid(ink: Pixels, line: OcrLine) -> tuple[OcrLine, Place | None]:
    """The words at the end of a line that lie on their ink, and where.

    OCR may take the half of a word that a ring has cut off for the whole of it.
    """
    for start in range(len(line.words)):
        words = line.words[start:]
        place = place_of(ink, words)
        if place and place.likeness >= _LIKE:
            return line._replace(words=words), place
    return line, None


def touches(box: PixelBox, rings: Pixels) -> bool:
    """Whether a ring lies on a box."""
    x0, y0, x1, y1 = (max(edge, 0) for edge in box)
    return bool(rings[y0:y1, x0:x1].any())


def _is_known(word: OcrWord, rings: Pixels) -> bool:
    sure = word.confidence >= _SURE and word.text.istitle() and is_syllable(word.text)
    return sure and not touches(word.box, rings)


def is_behind_ring(word: OcrWord, size: float, rings: Pixels) -> bool:
    """Whether a ring lies on what may stand before a word."""
    x0, y0, _, y1 = word.box
    return touches((round(x0 - _BEFORE * size), y0, x0, y1), rings)


def names_before(sight: Sight, most: int = 2) -> list[Name]:
    """What may stand before the known words, best first: a surname, and words behind it."""
    surnames, others = known_names()
    found: list[Name] = []
    tails: list[Name] = [()]
    for count in range(1, most + 1):
        found += _put_before(sight, surnames, tails)
        tails = _put_before(sight, others, tails)[:_BEAM] if count < most else []
    return sorted(found, key=gain_of, reverse=True)


def _put_before(sight: Sight, words: Sequence[str], tails: Sequence[Name]) -> list[Name]:
    """The ends of names with one more word before them where it may be printed, best first."""
    made = [
        (sight.fit(word, tail[0].pen if tail else sight.end), *tail)
        for tail in tails
        for word in words
    ]
    possible = [name for name in made if name[0].lost < _POSSIBLE]
    return sorted(possible, key=gain_of, reverse=True)


def gain_of(name: Name) -> float:
    """What speaks for a name."""
    return sum(word.gain for word in name)


def fits(sight: Sight, name: Name) -> bool:
    """Whether a name fits the ink, and no other syllable fits it clearly better."""
    ends = (*(word.pen for word in name), sight.end)[1:]
    return (
        all(word.lost < _LOST and word.seen > _SEEN for word in name)
        and (not name or sight.strange(name) < _STRANGE)
        and not any(_has_rival(sight, word, end) for word, end in zip(name, ends, strict=True))
    )


def _has_rival(sight: Sight, word: Fit, end: float) -> bool:
    """Whether a syllable that is no known name fits clearly better in the place of a word."""
    length, most = advance(word.text, sight.face), word.gain + _RIVAL * sight.clearly
    return any(
        sight.fit(rival, end).gain > most
        for rival in _syllables()
        if abs(advance(rival, sight.face) - length) <= sight.slack
    )


@cache
def _syllables() -> tuple[str, ...]:
    """The syllables of the language as they begin with a capital."""
    used = (row["first"] for row in lexicon_rows("syllable_pairs"))
    return tuple(syllable.capitalize() for syllable in used if is_syllable(syllable))


@cache
def known_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Surnames, and words that stand behind them in names."""
    surnames = tuple(name.capitalize() for name in lexicon("header_patterns")["surnames"])
    return surnames, tuple(row["syllable"].capitalize() for row in lexicon_rows("given_names"))
