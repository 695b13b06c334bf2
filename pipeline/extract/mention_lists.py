"""The word lists of the grammar of names, from models/lexicons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.extract.mention_spelling import parts_of, plain
from pipeline.record import MentionType
from pipeline.resources import lexicon, lexicon_rows
from pipeline.text.surnames import surnames
from pipeline.values import value

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


@dataclass(slots=True, eq=False)
class Standing:
    """How many words of the longest entry of each list stand at one place; 0 for none."""

    alone: int = 0
    named: int = 0
    small: int = 0
    known: int = 0
    name_words: int = 0
    scopes: int = 0
    positions: int = 0
    courtesy: int = 0
    determiners: int = 0
    nouns: int = 0
    more_nouns: int = 0
    modifiers: int = 0
    phrases: int = 0
    leads: int = 0
    units: int = 0
    places: int = 0
    numbered_units: int = 0
    governs_before: int = 0
    governs_after: int = 0
    not_heads: int = 0
    head: int = 0
    """The longest of `alone`, `named` and `small`."""
    body: bool = False
    """Whether it may be a body."""
    group: bool = False
    """Whether a collective may begin here."""
    opens: bool = False
    """Whether a mention of any kind may begin here with a capital."""
    opens_small: bool = False
    """Whether one may begin here in small letters."""
    counts: bool = False
    """Whether nothing but a collective may begin here, and with a determiner."""


NOTHING = Standing()


class Pair(NamedTuple):
    """What the lists know that begins with two words."""

    longer: list[tuple[tuple[str, ...], Standing]]
    """The rest of each longer entry and what it is; longest first."""
    alone: Standing
    """What the two words are when no longer entry stands there."""


class Entry(NamedTuple):
    """What the lists know that begins with one word."""

    alone: Standing
    """What the word is when no longer entry stands there."""
    longer: Mapping[str, Pair]
    """The longer entries by their second word."""
    opens: bool
    """Whether a mention may begin with the word, if it has a capital."""
    opens_small: bool
    """Whether one may begin with it in small letters."""
    counted: bool
    """Whether what numbers and determiners stand before may begin with it."""


_UNKNOWN = Entry(NOTHING, {}, False, False, False)


def _entry(known: Mapping[tuple[str, ...], Standing]) -> Entry:
    """The entry of a word, from what follows it in each list; longest first."""
    alone = known.get((), NOTHING)
    pairs = {rest[0]: Pair([], known.get(rest[:1], alone)) for rest in known if rest}
    for rest, standing in known.items():
        if len(rest) > 1:
            pairs[rest[0]].longer.append((rest[1:], standing))
    return Entry(
        alone,
        pairs,
        any(standing.opens for standing in known.values()),
        any(standing.opens_small for standing in known.values()),
        any(standing.nouns or standing.positions for standing in known.values()),
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
        self.seconds = frozenset(parts[1] for parts in self._standing if len(parts) > 1)
        """The second words of all entries."""

    def entry(self, word: str) -> Entry:
        """What the lists know that begins with a word."""
        return self._by_first.get(word, _UNKNOWN)

    def _add_beginnings(self) -> None:
        """Each entry stands for those that it begins with as well; the shorter ones come first."""
        for parts, standing in self._standing.items():
            for size in range(len(parts) - 1, 0, -1):
                if parts[:size] in self._standing:
                    _add(standing, self._standing[parts[:size]])
                    break
            standing.head = max(standing.alone, standing.named, standing.small)
            standing.body = bool(standing.head or standing.known)
            standing.group = any((standing.determiners, standing.phrases, standing.leads))
            either = standing.group or standing.units or standing.courtesy
            named = standing.body or standing.positions or standing.places
            standing.opens = bool(either or named)
            led = standing.phrases or standing.leads or standing.units or standing.courtesy
            standing.counts = standing.group and not (led or named)
            standing.opens_small = bool(either or standing.small or standing.positions > 1)


def _add(standing: Standing, shorter: Standing) -> None:
    """Add what a shorter entry is that stands there as well."""
    for name in Standing.__slots__:
        if not getattr(standing, name):
            setattr(standing, name, getattr(shorter, name))


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
    local_heads: frozenset[str]
    numbered_heads: frozenset[str]
    mission_heads: frozenset[str]
    heads_as_syllables: frozenset[str]
    fronts: frozenset[str]
    several_units: frozenset[str]
    several_words: frozenset[str]
    starters: frozenset[str]
    """First words of everything that may begin in small letters."""


@cache
def lists() -> Lexicon:
    """The word lists, loaded once."""
    data = lexicon("mentions")
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
        surnames=frozenset(map(plain, surnames())),
        local_heads=frozenset(data["local_heads"]),
        numbered_heads=frozenset(data["numbered_heads"]),
        mission_heads=frozenset(data["mission_heads"]),
        heads_as_syllables=frozenset(data["heads_as_syllables"]),
        fronts=frozenset(data["fronts"]),
        several_units=frozenset(data["several_units"]),
        several_words=frozenset(data["several_words"]),
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


@value
class Hit:
    """A mention as words `start` to `end`."""

    type: MentionType
    start: int
    end: int
