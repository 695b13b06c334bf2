"""The word lists of the grammar of names, from models/lexicons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.extract.mention_spelling import parts_of, plain
from pipeline.record import MentionType
from pipeline.resources import lexicon, lexicon_rows

_LISTS = {
    "alone": "heads_alone",
    "named": "heads_named",
    "small": "heads_small",
    "name_words": "name_words",
    "scopes": "scopes",
    "positions": "positions",
    "courtesy": "courtesy",
    "determiners": "group_determiners",
    "nouns": "group_nouns",
    "modifiers": "group_modifiers",
    "phrases": "group_phrases",
    "leads": "group_leads",
    "units": "place_units",
    "numbered_units": "place_units_numbered",
    "governs_before": "governs_before",
    "governs_after": "governs_after",
    "not_heads": "not_heads",
}
"""What `Standing` calls the lists of mentions.yaml."""
_SMALL = (
    "heads_small",
    "positions",
    "courtesy",
    "group_determiners",
    "group_phrases",
    "group_leads",
    "place_units",
)
"""Lists whose entries may begin a mention in small letters."""


class Standing:
    """How many words of the longest entry of each list stand at one place; 0 for none."""

    alone = 0
    named = 0
    small = 0
    known = 0
    name_words = 0
    scopes = 0
    positions = 0
    courtesy = 0
    determiners = 0
    nouns = 0
    more_nouns = 0
    modifiers = 0
    phrases = 0
    leads = 0
    units = 0
    places = 0
    numbered_units = 0
    governs_before = 0
    governs_after = 0
    not_heads = 0
    head = 0
    """The longest of `alone`, `named` and `small`."""
    body = False
    """Whether it may be a body."""
    group = False
    """Whether a collective may begin here."""
    opens = False
    """Whether a mention of any kind may begin here with a capital."""
    opens_small = False
    """Whether one may begin here in small letters."""


NOTHING = Standing()


class Entry(NamedTuple):
    """What the lists know that begins with one word."""

    alone: Standing
    """What the word is when no longer entry stands there."""
    longer: Mapping[str, Sequence[tuple[tuple[str, ...], Standing]]]
    """By its second word, the rest of each longer entry and what it is; longest first."""
    opens: bool
    """Whether a mention may begin with the word, if it has a capital."""
    opens_small: bool
    """Whether one may begin with it in small letters."""


_UNKNOWN = Entry(NOTHING, {}, False, False)


def _entry(known: Mapping[tuple[str, ...], Standing]) -> Entry:
    """The entry of a word, from what follows it in each list; longest first."""
    longer: dict[str, list[tuple[tuple[str, ...], Standing]]] = {}
    for rest, standing in known.items():
        if rest:
            longer.setdefault(rest[0], []).append((rest[1:], standing))
    return Entry(
        known.get((), NOTHING),
        longer,
        any(standing.opens for standing in known.values()),
        any(standing.opens_small for standing in known.values()),
    )


class Table:
    """All lists in one: a single look-up tells of each what stands at a word.

    Entries that stand at one word begin with one another, so the longest tells of all of them.
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        """`lists` by the names that `Standing` gives them."""
        self._standing: dict[tuple[str, ...], Standing] = {}
        entries = [
            (parts, name) for name, phrases in lists.items() for parts in map(parts_of, phrases)
        ]
        for parts, name in sorted(entries, key=lambda entry: len(entry[0])):
            if parts:
                setattr(self._standing.setdefault(parts, Standing()), name, len(parts))
        self._add_beginnings()
        by_first: dict[str, dict[tuple[str, ...], Standing]] = {}
        for parts in sorted(self._standing, key=len, reverse=True):
            by_first.setdefault(parts[0], {})[parts[1:]] = self._standing[parts]
        self._by_first = {first: _entry(known) for first, known in by_first.items()}

    def entry(self, word: str) -> Entry:
        """What the lists know that begins with a word."""
        return self._by_first.get(word, _UNKNOWN)

    def _add_beginnings(self) -> None:
        """Each entry stands for those that it begins with as well; the shorter ones come first."""
        for parts, standing in self._standing.items():
            for size in range(len(parts) - 1, 0, -1):
                if parts[:size] in self._standing:
                    vars(standing).update(vars(self._standing[parts[:size]]) | vars(standing))
                    break
            standing.head = max(standing.alone, standing.named, standing.small)
            standing.body = bool(standing.head or standing.known)
            standing.group = any((standing.determiners, standing.phrases, standing.leads))
            either = standing.group or standing.units or standing.courtesy
            standing.opens = bool(either or standing.body or standing.positions or standing.places)
            standing.opens_small = bool(either or standing.small or standing.positions > 1)


@dataclass(frozen=True)
class Lexicon:
    """The word lists of models/lexicons/mentions.yaml."""

    table: Table
    stop: frozenset[str]
    numbers: frozenset[str]
    after_persons: frozenset[str]
    closed: frozenset[str]
    vague: frozenset[str]
    not_persons_after: frozenset[str]
    surnames: frozenset[str]
    starters: frozenset[str]
    """First words of everything that may begin in small letters."""


@cache
def lists() -> Lexicon:
    """The word lists, loaded once."""
    data = lexicon("mentions")
    surnames = frozenset(plain(name) for name in lexicon("header_patterns")["surnames"])
    starters = frozenset(
        plain(phrase).split("/")[0].split()[0].strip(",.") for key in _SMALL for phrase in data[key]
    )
    return Lexicon(
        table=Table(
            {name: data[key] for name, key in _LISTS.items()}
            | {
                "known": _known_bodies(),
                "places": _known_places(),
                "more_nouns": [*data["group_nouns"], *data["group_more_nouns"]],
            }
        ),
        stop=frozenset(plain(word) for word in data["stop_words"]),
        numbers=frozenset(data["group_numbers"]),
        after_persons=frozenset(plain(word).split()[0] for word in data["named_after_persons"]),
        closed=frozenset(plain(head) for head in data["closed_heads"]),
        vague=frozenset(plain(office) for office in data["vague_positions"]),
        not_persons_after=frozenset(data["not_persons_after"]),
        surnames=surnames,
        starters=starters,
    )


def _known_bodies() -> list[str]:
    rows = lexicon_rows("agencies")
    return [name for row in rows for name in (row["name"], *row["aliases"].split("|"))]


def _known_places() -> list[str]:
    return [
        *lexicon("mentions")["place_names"],
        *(row["name"] for row in lexicon_rows("provinces")),
    ]


@dataclass(frozen=True, slots=True)
class Hit:
    """A mention as words `start` to `end`."""

    type: MentionType
    start: int
    end: int
