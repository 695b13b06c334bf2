"""Units -> features: cues of wording, position under headings and lead-ins, and who is speaking.

Most of a label is in the position (heading, lead-in "…như sau:", the sentence before), not in the
words: "nâng cao chất lượng" is an achievement or a task by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.record import Family, Section
from pipeline.resources import lexicon
from pipeline.structure.draft import Unit
from pipeline.structure.sections import heading_roles

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|%")
_LEAD = re.compile(r":[\"”*]*$")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the document before its units are labelled."""

    family: Family
    kind: str | None
    sections: dict[str, Section]


@cache
def _cues() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    tables = lexicon("cues")
    agents = tables["agents"]
    words = tuple(
        (name, re.compile(pattern.replace("<A>", agents))) for name, pattern in tables["words"].items()
    )
    start = tuple((name, re.compile(pattern)) for name, pattern in tables["start"].items())
    return words, start


def cues_of(lowered: str) -> tuple[str, ...]:
    """Names of the cues in a lower-case sentence; those at its start begin with "^"."""
    words, start = _cues()
    found = [name for name, pattern in words if pattern.search(lowered)]
    found += ["^" + name for name, pattern in start if pattern.match(lowered)]
    return tuple(found)


def tokens_of(lowered: str) -> list[str]:
    """Syllables and numbers of a lower-case text; digits are masked as 0."""
    return [re.sub(r"\d", "0", token) for token in _TOKEN.findall(lowered)]


@dataclass(frozen=True, slots=True)
class Look:
    """One unit as the features see it."""

    tokens: tuple[str, ...]
    cues: tuple[str, ...]
    heading_path: tuple[str, ...]
    roles: tuple[str, ...]
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
    looks = []
    paths: dict[str | None, tuple[tuple[str, ...], tuple[str, ...]]] = {None: ((), ())}
    for unit in units:
        words = flat[unit.words_start : unit.end]
        lowered = words.lower()
        path, roles = _section_path(unit.section, context, paths)
        looks.append(
            Look(
                tokens=tuple(tokens_of(lowered)),
                cues=cues_of(lowered),
                heading_path=path,
                roles=roles,
                marker=_marker_kind(unit.marker),
                length=len(words),
                is_lead=bool(_LEAD.search(words.rstrip())),
            )
        )
    return looks


def _section_path(
    section: str | None,
    context: Context,
    known: dict[str | None, tuple[tuple[str, ...], tuple[str, ...]]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if section in known or section is None:
        return known[section]
    node = context.sections[section]
    above, roles = _section_path(node.parent, context, known)
    own = heading_roles(node.title)
    known[section] = ((*above, node.title.lower()), tuple(own) or roles)
    return known[section]
