"""The word lists of the grammar of names, from models/lexicons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.extract.mention_words import Shapes, parts_of, plain
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
_CAPITAL = ("heads_alone", "heads_named", "positions", "place_units")
"""Lists whose entries may begin a mention with a capital."""
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
    body = False
    """Whether it may be a body."""
    group = False
    """Whether a collective may begin here."""
    opens = False
    """Whether a mention of any kind may begin here."""


NOTHING = Standing()


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
        self._by_first: dict[str, tuple[Standing, dict[str, tuple[int, ...]]]] = {}
        """By first word: what it is alone, and how long entries are by their second word."""
        for parts in sorted(self._standing, key=len, reverse=True):
            alone = self._standing.get(parts[:1], NOTHING)
            longer = self._by_first.setdefault(parts[0], (alone, {}))[1]
            if len(parts) > 1 and len(parts) not in longer.get(parts[1], ()):
                longer[parts[1]] = (*longer.get(parts[1], ()), len(parts))

    def _add_beginnings(self) -> None:
        """Each entry stands for those that it begins with as well; the shorter ones come first."""
        for parts, standing in self._standing.items():
            for size in range(len(parts) - 1, 0, -1):
                if parts[:size] in self._standing:
                    vars(standing).update(vars(self._standing[parts[:size]]) | vars(standing))
                    break
            standing.body = any((standing.alone, standing.named, standing.small, standing.known))
            standing.group = any((standing.determiners, standing.phrases, standing.leads))
            others = (standing.positions, standing.units, standing.places, standing.courtesy)
            standing.opens = standing.body or standing.group or any(others)

    def at(self, low: tuple[str, ...], at: int) -> Standing:
        """What stands at word `at` of `low`, behind which two words stand that are in no list."""
        entry = self._by_first.get(low[at])
        if entry is None:
            return NOTHING
        alone, longer = entry
        for size in longer.get(low[at + 1], ()):
            standing = self._standing.get(low[at : at + size])
            if standing is not None:
                return standing
        return alone


@dataclass(frozen=True)
class Lexicon:
    """The word lists of models/lexicons/mentions.yaml."""

    table: Table
    shapes: Shapes
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
    known, places = _known_bodies(), _known_places()
    capital = [*known, *places, *(phrase for key in _CAPITAL for phrase in data[key])]
    openers = surnames | {parts[0] for parts in map(parts_of, capital) if parts}
    starters = frozenset(
        plain(phrase).split("/")[0].split()[0].strip(",.") for key in _SMALL for phrase in data[key]
    )
    return Lexicon(
        table=Table(
            {name: data[key] for name, key in _LISTS.items()}
            | {
                "known": known,
                "places": places,
                "more_nouns": [*data["group_nouns"], *data["group_more_nouns"]],
            }
        ),
        shapes=Shapes(
            lambda low, cap: low in starters or (cap and low in openers) or low.isdigit()
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
