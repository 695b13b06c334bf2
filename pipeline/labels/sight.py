"""What the features see of a document: words, cues, markers and lead-ins of its units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.text.characters import Codes, codes_of
from pipeline.text.fold import small_letters
from pipeline.text.screen import Cues


@cache
def cue_table() -> Cues:
    """Cues that count anywhere, and those of the start, whose names begin with "^"."""
    tables = lexicon("cues")
    words = {name: p.replace("<A>", tables["agents"]) for name, p in tables["words"].items()}
    return Cues(words | {f"^{name}": f"^{pattern}" for name, pattern in tables["start"].items()})


_MARKERS = (
    (re.compile(r"^[IVX]+"), "roman"),
    (re.compile(r"^\d+\.\d"), "number2"),
    (re.compile(r"^\(?\d"), "number"),
    (re.compile(r"^[a-zđ]\s?[.)]"), "letter"),
    (re.compile(r"^[-–−•●▪+*]"), "dash"),
)
MARKERS = ("none", "word", *(name for _, name in _MARKERS))
"""Kinds of printed markers ("1.", "a)", "-"), other words, and none."""


@lru_cache(maxsize=4096)
def _marker_of(marker: str | None) -> int:
    kinds = (name for pattern, name in _MARKERS if pattern.match(marker or ""))
    return MARKERS.index("none" if marker is None else next(kinds, "word"))


_FAR = 2
"""How many units away the words of a unit, or what it is, may count for another."""
_WITHIN_SIGHT = np.ones(2 * _FAR + 1)


@dataclass(frozen=True, slots=True)
class Sight:
    """A document unit by unit; `markers` are places in `MARKERS`, `cues` as `Cues.find` gives them.

    `lengths` are those of the texts without markers, `lowered` these in small letters, and `codes`
    the characters of that, a line each. `leads` has the place of the lead-in ("…như sau:") above
    each unit, -1 for none.
    """

    units: Sequence[Unit]
    lengths: list[int]
    lowered: list[str]
    codes: Codes
    cues: NDArray[np.bool_]
    markers: list[int]
    is_lead: list[bool]
    opens: list[bool]
    leads: list[int]


def sight_of(draft: Draft) -> Sight:
    """The units of a document, headings and header lines too, since their neighbours see them."""
    units = draft.units
    low = small_letters(draft.flat)  # has no line breaks
    lowered = [
        low[unit.words_start : unit.end] if is_seen else ""
        for unit, is_seen in zip(units, _seen(units), strict=True)
    ]
    codes = codes_of("\n".join([*lowered, ""]))
    markers = [_marker_of(unit.marker) for unit in units]
    is_lead = [text.rstrip().rstrip('"”*').endswith(":") for text in lowered]
    opens = [*_opening(units)]
    return Sight(
        units=units,
        lengths=[*map(len, lowered)],
        lowered=lowered,
        codes=codes,
        cues=cue_table().find(lowered, codes),
        markers=markers,
        is_lead=is_lead,
        opens=opens,
        leads=[*_leads(units, markers, is_lead, opens)],
    )


def _seen(units: Sequence[Unit]) -> list[bool]:
    """Whether a unit, or one that sees it, may get a label: words of other lines count nowhere."""
    bodies = [unit.kind != "meta" for unit in units]
    seen: list[bool] = (np.convolve(bodies, _WITHIN_SIGHT)[_FAR:-_FAR] > 0).tolist()
    return seen


def _opening(units: Sequence[Unit]) -> Iterator[bool]:
    """Whether a unit is the first of its paragraph; header lines stand outside of them."""
    paragraph = -1
    for unit in units:
        yield unit.paragraph != paragraph
        if unit.kind != "meta":
            paragraph = unit.paragraph


def _leads(
    units: Sequence[Unit], markers: Sequence[int], is_lead: Sequence[bool], opens: Sequence[bool]
) -> Iterator[int]:
    """A lead-in counts until a heading or a paragraph without a marker."""
    lead = -1
    for place, unit in enumerate(units):
        yield lead
        if unit.kind == "meta":
            lead = -1
        elif is_lead[place]:
            lead = place
        elif unit.kind == "heading" or (opens[place] and not markers[place]):
            lead = -1
