"""The word lists of the grammar of names, from models/lexicons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.extract.mention_words import Phrases, plain
from pipeline.record import MentionType
from pipeline.resources import lexicon, lexicon_rows

_SMALL = (
    "heads_small",
    "positions",
    "courtesy",
    "group_determiners",
    "group_phrases",
    "group_leads",
    "place_units",
)


@dataclass(frozen=True)
class Lexicon:
    """The word lists of models/lexicons/mentions.yaml as phrases."""

    alone: Phrases
    named: Phrases
    small: Phrases
    known: Phrases
    name_words: Phrases
    stop: frozenset[str]
    scopes: Phrases
    positions: Phrases
    courtesy: Phrases
    determiners: Phrases
    nouns: Phrases
    more_nouns: Phrases
    numbers: frozenset[str]
    modifiers: Phrases
    phrases: Phrases
    leads: Phrases
    units: Phrases
    places: Phrases
    numbered_units: Phrases
    governs_before: Phrases
    governs_after: Phrases
    after_persons: frozenset[str]
    closed: frozenset[str]
    vague: frozenset[str]
    not_heads: Phrases
    not_persons_after: frozenset[str]
    surnames: frozenset[str]
    openers: frozenset[str]
    """First words of everything that may begin with a capital."""
    starters: frozenset[str]
    """First words of everything that may begin in small letters."""


@cache
def lists() -> Lexicon:
    """The word lists, loaded once."""
    data = lexicon("mentions")
    known = [row["name"] for row in lexicon_rows("agencies")]
    known += [alias for row in lexicon_rows("agencies") for alias in row["aliases"].split("|")]
    provinces = [row["name"] for row in lexicon_rows("provinces")]
    surnames = frozenset(plain(name) for name in lexicon("header_patterns")["surnames"])
    capital = {
        name: Phrases(data[name])
        for name in ("heads_alone", "heads_named", "positions", "place_units")
    }
    known_names = Phrases(known)
    places = Phrases([*data["place_names"], *provinces])
    openers = surnames | known_names.firsts | places.firsts
    for phrases in capital.values():
        openers |= phrases.firsts
    return Lexicon(
        alone=capital["heads_alone"],
        named=capital["heads_named"],
        small=Phrases(data["heads_small"]),
        known=known_names,
        name_words=Phrases(data["name_words"]),
        stop=frozenset(plain(word) for word in data["stop_words"]),
        scopes=Phrases(data["scopes"]),
        positions=capital["positions"],
        courtesy=Phrases(data["courtesy"]),
        determiners=Phrases(data["group_determiners"]),
        nouns=Phrases(data["group_nouns"]),
        numbers=frozenset(data["group_numbers"]),
        more_nouns=Phrases([*data["group_nouns"], *data["group_more_nouns"]]),
        modifiers=Phrases(data["group_modifiers"]),
        phrases=Phrases(data["group_phrases"]),
        leads=Phrases(data["group_leads"]),
        units=capital["place_units"],
        places=places,
        numbered_units=Phrases(data["place_units_numbered"]),
        governs_before=Phrases(data["governs_before"]),
        governs_after=Phrases(data["governs_after"]),
        after_persons=frozenset(plain(word).split()[0] for word in data["named_after_persons"]),
        starters=frozenset(
            plain(phrase).split("/")[0].split()[0].strip(",.")
            for key in _SMALL
            for phrase in data[key]
        ),
        closed=frozenset(plain(head) for head in data["closed_heads"]),
        vague=frozenset(plain(office) for office in data["vague_positions"]),
        not_heads=Phrases(data["not_heads"]),
        not_persons_after=frozenset(data["not_persons_after"]),
        surnames=surnames,
        openers=openers,
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A mention as words `start` to `end`."""

    type: MentionType
    start: int
    end: int
