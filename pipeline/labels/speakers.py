"""Who says a statement of a news report: the subject of a verb of saying."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from pipeline.record import Found
from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.text.needs import first_words
from pipeline.text.patterns import compile_pattern
from pipeline.text.screen import Screened, longest_of
from pipeline.text.words import Numbered, Table, numbered

_Speaker = Found[str]
_RUN = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"(?<=[&.’'])[^\W_]")
_VERB, _ACCORDING, _TITLE, _BODY, _JOINED = 1, 2, 4, 8, 16
"""Kinds of words: those with which a verb of saying, "theo", a title or a body may begin, and those
that have such a word inside ("2020.Ông")."""


class _Grammar(NamedTuple):
    """Patterns of who speaks, those of `rules` with the kind of words they begin with."""

    verb: re.Pattern[str]
    according: re.Pattern[str]
    rules: tuple[tuple[str, int, re.Pattern[str]], ...]
    pronoun: Screened
    object_of: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    words = lexicon("speakers")
    verbs, titles, bodies = (longest_of(words[name]) for name in ("verbs", "titles", "bodies"))
    says = rf"(?:(?:{words['adverbs']}) ){{0,2}}{verbs}\b"
    # a position or a body may stand in commas behind the name, but no other part of a sentence
    gap = r"(?:\s*[,(–-][^.;:“\"]{0,90}[,)–-])?\s+"
    word = rf"(?!(?:{words['stops']})\b)[^\s.;:,“\"()]+"
    name = r"<U><L>+(?: <U><L>+){1,4}"
    person = rf"(?<!\w)(?i:{titles})(?: {word}){{0,9}}? {name}"
    position = rf"(?<!\w)(?i:{titles})(?: {word}){{1,8}}?"
    agency = rf"(?<!\w){bodies}(?: {word}){{0,8}}?"
    rules = (("person", _TITLE, person), ("position", _TITLE, position), ("body", _BODY, agency))
    return _Grammar(
        verb=re.compile(rf" {verbs}\b"),
        according=compile_pattern(
            rf"(?<!\w){words['according']} (?P<who>{person}|{agency})(?=\s*[,(:])"
        ),
        rules=tuple(
            (rule, kind, compile_pattern(rf"(?P<who>{who}){gap}{says}"))
            for rule, kind, who in rules
        ),
        pronoun=Screened(compile_pattern(rf"(?<!\w)(?:{words['pronouns']}) {says}")),
        object_of=re.compile(rf"(?:{words['object_of']})\s*$"),
    )


@cache
def _firsts() -> dict[int, frozenset[str]]:
    """By the kind of words, those with which what the grammar looks for begins."""
    words = lexicon("speakers")
    starts = {_VERB: words["verbs"], _TITLE: words["titles"], _BODY: words["bodies"]}
    starts[_ACCORDING] = first_words(words["according"])
    return {
        kind: frozenset(_RUN.findall(phrase.lower())[0] for phrase in phrases)
        for kind, phrases in starts.items()
    }


def _kind(written: str) -> int:
    runs = _RUN.findall(written.lower())
    kind = sum(kind for kind, firsts in _firsts().items() if not firsts.isdisjoint(runs))
    return kind | _JOINED * (kind > 0 and len(runs) > 1)


_KINDS = Table(_kind, np.uint8)


def _places(flat: str) -> dict[int, list[int]]:
    """By the kind of words, where in a text they stand, in order."""
    words = numbered(flat)
    kinds = _KINDS(words)
    found = {}
    for kind in _firsts():
        at = (kinds & kind).nonzero()[0]
        inside = _inside(words, at[(kinds[at] & _JOINED).nonzero()].tolist())
        found[kind] = sorted([*words.starts[at].tolist(), *inside])
    return found


def _inside(words: Numbered, at: Iterable[int]) -> Iterator[int]:
    """Where further words begin in those that are joined."""
    for word in at:
        for match in _INSIDE.finditer(words.word(word)):
            yield int(words.starts[word]) + match.start()


def find_speakers(draft: Draft) -> dict[int, Found[str]]:
    """The speaker of each statement, by the start of its unit; silent where none is named.

    "Ông cho biết" is the person named last; such a speaker is inherited and quotes that name.
    """
    if draft.family not in ("news", "unknown"):
        return {}
    grammar, flat = _grammar(), draft.flat
    places = _places(flat)
    said = (at - 1 for at in places[_VERB] if at and grammar.verb.match(flat, at - 1))
    verbs = [-1, *said]
    speakers: dict[int, Found[str]] = {}
    last: Found[str] | None = None
    for unit in draft.units:
        if unit.kind != "statement":
            continue
        verb = verbs[bisect_left(verbs, unit.end) - 1]
        named = _named(draft, places, unit, verb)
        if named is not None:
            speakers[unit.start] = last = named
        elif last and verb > unit.start and grammar.pronoun.search(flat, unit.start, unit.end):
            update = {"inherited": True, "origin": "rule:speaker.pronoun", "confidence": 0.7}
            speakers[unit.start] = last.model_copy(update=update)
    return speakers


def _named(draft: Draft, places: dict[int, list[int]], unit: Unit, verb: int) -> Found[str] | None:
    for rule, match in _tried(draft.flat, places, unit, verb):
        if match is None:
            continue
        start, end = match.span("who")
        if _grammar().object_of.search(draft.flat, max(unit.start, start - 24), start):
            continue  # "đề nghị Bộ X chỉ đạo": asked, not speaking
        quote = draft.document.text[start:end]
        return _Speaker(
            value=" ".join(quote.split()),
            start=start,
            end=end,
            quote=quote,
            origin=f"rule:speaker.{rule}",
            confidence=0.9 if rule == "person" else 0.8,
        )
    return None


def _tried(
    flat: str, places: dict[int, list[int]], unit: Unit, verb: int
) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The first match of each rule in a unit whose last verb of saying stands at `verb`."""
    grammar, start, end = _grammar(), unit.start, unit.end
    yield "according", _first(grammar.according, flat, places[_ACCORDING], start, end, end)
    if verb > start:
        for rule, kind, pattern in grammar.rules:
            yield rule, _first(pattern, flat, places[kind], start, verb, end)


def _first(
    pattern: re.Pattern[str], flat: str, places: list[int], start: int, before: int, end: int
) -> re.Match[str] | None:
    """The first match at one of the places from `start` on and before `before`."""
    for at in range(bisect_left(places, start), len(places)):
        if places[at] >= before:
            break
        match = pattern.match(flat, places[at], end)
        if match is not None:
            return match
    return None
