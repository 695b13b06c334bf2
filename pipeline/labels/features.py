"""Units -> features: cues of wording, position under headings and lead-ins, and who is speaking.

Most of a label is in the position (heading, lead-in "…như sau:", the sentence before), not in the
words: "nâng cao chất lượng" is an achievement or a task by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.record import Family, Section
from pipeline.resources import lexicon
from pipeline.structure.draft import Unit
from pipeline.structure.sections import heading_roles
from pipeline.text.screen import Cues

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|%")
_DIGIT = re.compile(r"\d")
_LEAD = re.compile(r":[\"”*]*$")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document before its units are labelled."""

    family: Family
    kind: str | None
    sections: dict[str, Section]


@cache
def _cues() -> tuple[Cues, tuple[tuple[str, re.Pattern[str]], ...]]:
    tables = lexicon("cues")
    agents = tables["agents"]
    words = Cues({name: p.replace("<A>", agents) for name, p in tables["words"].items()})
    start = tuple(("^" + name, re.compile(pattern)) for name, pattern in tables["start"].items())
    return words, start


def cues_of(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    """Names of the cues in each lower-case sentence; those at its start begin with "^"."""
    words, start = _cues()
    return [
        (*found, *(name for name, pattern in start if pattern.match(lowered)))
        for found, lowered in zip(words.in_each(sentences), sentences, strict=True)
    ]


def tokens_of(lowered: str) -> list[str]:
    """Syllables and numbers of a lower-case text; digits are masked as 0."""
    return _TOKEN.findall(_DIGIT.sub("0", lowered))


@dataclass(frozen=True, slots=True)
class _Heading:
    """The headings above a unit: words of the nearest and of the outermost one, and their roles."""

    nearest: tuple[str, ...] = ()
    outermost: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One unit as the features see it."""

    tokens: tuple[str, ...]
    cues: tuple[str, ...]
    heading: _Heading
    marker: str
    length: int
    is_lead: bool


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
    lowered = [text.lower() for text in words]
    return [
        Look(
            tokens=tuple(tokens_of(small)),
            cues=cues,
            heading=_heading_of(unit.section, context, headings),
            marker=_marker_kind(unit.marker),
            length=len(text),
            is_lead=bool(_LEAD.search(text.rstrip())),
        )
        for unit, text, small, cues in zip(units, words, lowered, cues_of(lowered), strict=True)
    ]


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


def feature_strings(
    units: Sequence[Unit], looks: Sequence[Look], context: Context
) -> list[list[str]]:
    """The features of every unit as strings "group=value"; header and footer units get one only."""
    features: list[list[str]] = []
    lead = _Lead()
    paragraph = -1
    for index, (unit, look) in enumerate(zip(units, looks, strict=True)):
        if unit.kind == "meta":
            features.append(["meta"])
            lead = _Lead()
            continue
        opens = unit.paragraph != paragraph
        paragraph = unit.paragraph
        found = _own_features(unit, look, context)
        found.append("opens" if opens else "goes-on")
        found.append(f"pos={5 * index // len(units)}")
        found += _heading_features(look, context.family)
        if lead.look is not None:
            found.append(f"lead={look.marker}")
            found += [f"lead-role={role}" for role in lead.roles]
            found += [f"lead-cue={cue}" for cue in lead.look.cues]
        found += _neighbour_features(index, units, looks)
        features.append(found)
        _update(lead, unit, look, opens)
    return features


def _update(lead: _Lead, unit: Unit, look: Look, opens: bool) -> None:
    if look.is_lead:
        lead.look, lead.roles = look, heading_roles(" ".join(look.tokens))
    elif unit.kind == "heading" or (look.marker == "none" and opens):
        lead.look, lead.roles = None, ()


def _own_features(unit: Unit, look: Look, context: Context) -> list[str]:
    tokens = look.tokens
    found = [
        "bias",
        f"family={context.family}",
        f"kind={context.kind}",
        f"unit={unit.kind}",
        f"mark={look.marker}",
        f"length={min(6, look.length // 60)}",
        f"in-section={unit.section is not None}",
    ]
    found += [f"w={token}" for token in set(tokens)]
    found += [f"b={first} {second}" for first, second in set(pairwise(tokens))]
    found += [f"s1={' '.join(tokens[:1])}", f"s2={' '.join(tokens[:2])}"]
    found += [f"s3={' '.join(tokens[:3])}", f"e2={' '.join(tokens[-2:])}"]
    for cue in look.cues:
        found += [f"c={cue}", f"cf={context.family} {cue}"]
    if look.is_lead:
        found.append("is-lead")
    return found


def _heading_features(look: Look, family: Family) -> list[str]:
    found = []
    for role in look.heading.roles:
        found += [f"role={role}", f"role-family={role} {family}"]
    if len(look.heading.roles) != 1:
        found.append(f"role={'+'.join(look.heading.roles)}")
    found += [f"h={token}" for token in look.heading.nearest]
    found += [f"h0={token}" for token in look.heading.outermost]
    return found


_NEIGHBOURS = ((-1, "p"), (1, "n"), (-2, "pp"))


def _neighbour_features(index: int, units: Sequence[Unit], looks: Sequence[Look]) -> list[str]:
    found = []
    for distance, name in _NEIGHBOURS:
        other = index + distance
        if not 0 <= other < len(units):
            continue
        look = looks[other]
        found += [f"{name}:unit={units[other].kind}", f"{name}:mark={look.marker}"]
        found += [f"{name}:c={cue}" for cue in look.cues]
        found.append(f"{name}:same={units[other].paragraph == units[index].paragraph}")
        if abs(distance) == 1:
            found.append(f"{name}:s2={' '.join(look.tokens[:2])}")
    return found


def linear_features(index: int, features: Sequence[str], looks: Sequence[Look]) -> list[str]:
    """What the acceptance model sees of a unit, too much for the CRF: its neighbours' words too."""
    found = list(features)
    for distance, name in _NEIGHBOURS[:2]:
        if 0 <= index + distance < len(looks):
            found += [f"{name}:w={token}" for token in set(looks[index + distance].tokens)]
    return found


_OF_FAMILY = ("w=", "c=", "h=", "role=", "lead")
"""Beginnings of the features that stand once more for the family."""


def of_family(features: Sequence[str], family: Family) -> list[str]:
    """Words, cues and headings once more, for the family alone: what the acceptance model learns.

    A word may say one thing everywhere, or another in the news (Daumé, "Frustratingly easy domain
    adaptation", 2007).
    """
    return [f"{family}:{name}" for name in features if name.startswith(_OF_FAMILY)]
