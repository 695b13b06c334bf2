"""Units -> features: cues of wording, position under headings and lead-ins, and who is speaking.

Most of a label is in the position (heading, lead-in "…như sau:", the sentence before), not in the
words: "nâng cao chất lượng" is an achievement or a task by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TypeVar

from pipeline.record import Family, Section
from pipeline.resources import lexicon
from pipeline.structure.draft import Unit
from pipeline.structure.sections import heading_roles
from pipeline.text.screen import Cues

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|%")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_LEAD = re.compile(r":[\"”*]*$")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document before its units are labelled."""

    family: Family
    kind: str | None
    sections: dict[str, Section]


@cache
def _cues() -> tuple[Cues, tuple[str, ...], re.Pattern[str]]:
    """The cues that count anywhere, and those of the start: names, and one pattern that is always
    there with an empty group for each that is."""
    tables = lexicon("cues")
    agents, start = tables["agents"], tables["start"]
    words = Cues({name: p.replace("<A>", agents) for name, p in tables["words"].items()})
    each = "".join(f"(?:(?={pattern})()|)" for pattern in start.values())
    return words, tuple("^" + name for name in start), re.compile(each)


def cues_of(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    """Names of the cues in each lower-case sentence; those at its start begin with "^"."""
    words, names, start = _cues()
    cues = []
    for found, lowered in zip(words.in_each(sentences), sentences, strict=True):
        match = start.match(lowered)
        there = match.groups() if match else ()
        cues.append(
            (*found, *(name for name, mark in zip(names, there, strict=True) if mark == ""))
        )
    return cues


def tokens_of(lowered: str) -> list[str]:
    """Syllables and numbers of a lower-case text; digits are masked as 0."""
    return _TOKEN.findall(_masked(lowered))


def _masked(text: str) -> str:
    for digit in "123456789":  # far faster than one pattern
        text = text.replace(digit, "0")
    return _FOREIGN_DIGIT.sub("0", text)


@dataclass(frozen=True, slots=True)
class _Heading:
    """The headings above a unit: words of the nearest and of the outermost one, and their roles."""

    nearest: tuple[str, ...] = ()
    outermost: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One unit as the features see it; `outline` is what its neighbours see, its words aside."""

    tokens: tuple[str, ...]
    words: frozenset[str]
    cues: tuple[str, ...]
    heading: _Heading
    marker: str
    length: int
    is_lead: bool
    outline: tuple[str, ...]


_MARKER_KINDS = (
    (re.compile(r"^[IVX]+"), "roman"),
    (re.compile(r"^\d+\.\d"), "number2"),
    (re.compile(r"^\(?\d"), "number"),
    (re.compile(r"^[a-zđ]\s?[.)]"), "letter"),
    (re.compile(r"^[-–−•●▪+*]"), "dash"),
)


def _marker_kind(marker: str | None) -> str:
    if marker is None:
        return "none"
    return next((name for pattern, name in _MARKER_KINDS if pattern.match(marker)), "word")


def look_at(flat: str, units: Sequence[Unit], context: Context) -> list[Look]:
    """The `Look` of every unit; headings and meta lines too, since neighbours see them."""
    headings: dict[str | None, _Heading] = {None: _Heading()}
    words = [flat[unit.words_start : unit.end] for unit in units]
    # "flat" has no line breaks: what is done to all units at once can be cut again
    lowered = "\n".join(words).lower()
    small, masked = lowered.split("\n"), _masked(lowered).split("\n")
    looks = []
    for unit, text, digitless, cues in zip(units, words, masked, cues_of(small), strict=True):
        tokens = tuple(_TOKEN.findall(digitless))
        marker = _marker_kind(unit.marker)
        looks.append(
            Look(
                tokens=tokens,
                words=frozenset(tokens),
                cues=cues,
                heading=_heading_of(unit.section, context, headings),
                marker=marker,
                length=len(text),
                is_lead=bool(_LEAD.search(text.rstrip())),
                outline=(f"unit={unit.kind}", f"mark={marker}", *(f"c={cue}" for cue in cues)),
            )
        )
    return looks


def _heading_of(
    section: str | None, context: Context, known: dict[str | None, _Heading]
) -> _Heading:
    if section in known or section is None:
        return known[section]
    node = context.sections[section]
    above = _heading_of(node.parent, context, known)
    words = tuple(tokens_of(node.title.lower()))
    outermost = above.outermost if node.parent else words
    known[section] = _Heading(words, outermost, heading_roles(node.title) or above.roles)
    return known[section]


@dataclass(slots=True)
class _Lead:
    """The lead-in ("…như sau:") above the unit at hand, until a heading or plain paragraph."""

    look: Look | None = None
    roles: tuple[str, ...] = ()


Feature = TypeVar("Feature")
Naming = Callable[[str, Iterable[str]], Iterable[Feature]]
"""What the features of a group ("w=") with some values are called: strings, or numbers of them."""


def spelled(group: str, values: Iterable[str]) -> list[str]:
    """Features as strings: "w=giao"."""
    return [group + value for value in values]


def features_of(
    units: Sequence[Unit], looks: Sequence[Look], context: Context, named: Naming[Feature]
) -> list[list[Feature]]:
    """The features of every unit; header and footer units get one only."""
    features: list[list[Feature]] = []
    lead = _Lead()
    paragraph = -1
    above: dict[int, list[Feature]] = {}
    for index, (unit, look) in enumerate(zip(units, looks, strict=True)):
        if unit.kind == "meta":
            features.append([*named("", ("meta",))])
            lead = _Lead()
            continue
        opens = unit.paragraph != paragraph
        paragraph = unit.paragraph
        place = ("opens" if opens else "goes-on", f"pos={5 * index // len(units)}")
        found = [*named("", (*place, *_shape(unit, look, context)))]
        found += named("w=", look.words)
        found += named("b=", set(map(" ".join, pairwise(look.tokens))))
        found += named("c=", look.cues)
        found += named(f"cf={context.family} ", look.cues)
        heading = id(look.heading)  # one object a section
        if heading not in above:
            above[heading] = _heading_features(look.heading, context.family, named)
        found += above[heading]
        if lead.look is not None:
            found += named("", (f"lead={look.marker}",))
            found += named("lead-role=", lead.roles)
            found += named("lead-cue=", lead.look.cues)
        found += _neighbour_features(index, units, looks, named)
        features.append(found)
        _update(lead, unit, look, opens)
    return features


def _update(lead: _Lead, unit: Unit, look: Look, opens: bool) -> None:
    if look.is_lead:
        lead.look, lead.roles = look, heading_roles(" ".join(look.tokens))
    elif unit.kind == "heading" or (look.marker == "none" and opens):
        lead.look, lead.roles = None, ()


def _shape(unit: Unit, look: Look, context: Context) -> list[str]:
    tokens = look.tokens
    found = [
        "bias",
        f"family={context.family}",
        f"kind={context.kind}",
        f"unit={unit.kind}",
        f"mark={look.marker}",
        f"length={min(6, look.length // 60)}",
        f"in-section={unit.section is not None}",
        f"s1={' '.join(tokens[:1])}",
        f"s2={' '.join(tokens[:2])}",
        f"s3={' '.join(tokens[:3])}",
        f"e2={' '.join(tokens[-2:])}",
    ]
    if look.is_lead:
        found.append("is-lead")
    return found


def _heading_features(heading: _Heading, family: Family, named: Naming[Feature]) -> list[Feature]:
    roles = heading.roles
    found = [*named("role=", roles if len(roles) == 1 else (*roles, "+".join(roles)))]
    found += named("role-family=", [f"{role} {family}" for role in roles])
    found += named("h=", heading.nearest)
    found += named("h0=", heading.outermost)
    return found


_NEIGHBOURS = ((-1, "p:"), (1, "n:"), (-2, "pp:"))


def _neighbour_features(
    index: int, units: Sequence[Unit], looks: Sequence[Look], named: Naming[Feature]
) -> list[Feature]:
    found: list[Feature] = []
    for distance, name in _NEIGHBOURS:
        other = index + distance
        if not 0 <= other < len(units):
            continue
        look = looks[other]
        same = f"same={units[other].paragraph == units[index].paragraph}"
        if distance == -2:
            found += named(name, (*look.outline, same))
        else:
            found += named(name, (*look.outline, same, f"s2={' '.join(look.tokens[:2])}"))
    return found


def neighbour_words(index: int, looks: Sequence[Look], named: Naming[Feature]) -> list[Feature]:
    """What only the acceptance model sees of a unit, too much for the CRF: words around it."""
    found: list[Feature] = []
    if index > 0:
        found += named("p:w=", looks[index - 1].words)
    if index + 1 < len(looks):
        found += named("n:w=", looks[index + 1].words)
    return found


_OF_FAMILY = ("w=", "c=", "h=", "role=", "lead")
"""Beginnings of the features that stand once more for the family."""


def of_family(features: Sequence[str], family: Family) -> list[str]:
    """Words, cues and headings once more, for the family alone: what the acceptance model learns.

    A word may say one thing everywhere, or another in the news (Daumé, "Frustratingly easy domain
    adaptation", 2007).
    """
    return [f"{family}:{name}" for name in features if name.startswith(_OF_FAMILY)]
