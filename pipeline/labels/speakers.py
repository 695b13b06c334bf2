"""Who says a statement of a news report: the subject of a verb of saying."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.record import Found
from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.text.fold import small_letters
from pipeline.text.patterns import compile_pattern
from pipeline.text.screen import Screened, longest_of


class _Grammar(NamedTuple):
    """Patterns of who speaks, and in small letters the character `before` what rules may find."""

    verb: re.Pattern[str]
    before: re.Pattern[str]
    according: Screened
    rules: tuple[tuple[str, re.Pattern[str]], ...]
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
    begins = longest_of(word.lower() for word in words["titles"] + words["bodies"])
    rules = {"person": person, "position": position, "body": agency}
    return _Grammar(
        verb=re.compile(rf"\s{verbs}\b"),
        before=re.compile(rf"\W(?={begins}\W)"),
        according=Screened(
            compile_pattern(rf"{words['according']} (?P<who>{person}|{agency})(?=\s*[,(:])")
        ),
        rules=tuple(
            (rule, compile_pattern(rf"(?P<who>{who}){gap}{says}")) for rule, who in rules.items()
        ),
        pronoun=Screened(compile_pattern(rf"(?<!\w)(?:{words['pronouns']}) {says}")),
        object_of=re.compile(rf"(?:{words['object_of']})\s*$"),
    )


def find_speakers(draft: Draft) -> dict[int, Found[str]]:
    """The speaker of each statement, by the start of its unit; silent where none is named.

    "Ông cho biết" is the person named last; such a speaker is inherited and quotes that name.
    """
    if draft.family not in ("news", "unknown"):
        return {}
    grammar, flat = _grammar(), draft.flat
    padded = small_letters(f" {flat}")
    verbs = [-1, *(match.start() for match in grammar.verb.finditer(flat))]
    speakers: dict[int, Found[str]] = {}
    last: Found[str] | None = None
    for unit in draft.units:
        if unit.kind != "statement":
            continue
        verb = verbs[bisect_left(verbs, unit.end) - 1]
        named = _named(draft, padded, unit, verb)
        if named is not None:
            speakers[unit.start] = last = named
        elif last and verb > unit.start and grammar.pronoun.search(flat, unit.start, unit.end):
            update = {"inherited": True, "origin": "rule:speaker.pronoun", "confidence": 0.7}
            speakers[unit.start] = last.model_copy(update=update)
    return speakers


def _named(draft: Draft, padded: str, unit: Unit, verb: int) -> Found[str] | None:
    for rule, match in _tried(draft.flat, padded, unit, verb):
        if match is None:
            continue
        start, end = match.span("who")
        if _grammar().object_of.search(draft.flat, max(unit.start, start - 24), start):
            continue  # "đề nghị Bộ X chỉ đạo": asked, not speaking
        quote = draft.document.text[start:end]
        return Found[str](
            value=" ".join(quote.split()),
            start=start,
            end=end,
            quote=quote,
            origin=f"rule:speaker.{rule}",
            confidence=0.9 if rule == "person" else 0.8,
        )
    return None


def _tried(
    flat: str, padded: str, unit: Unit, verb: int
) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The first match of each rule in a unit whose last verb of saying stands at `verb`.

    `padded` is the text in small letters with a blank before it, so that what is found before a
    word has the place of the word.
    """
    grammar = _grammar()
    yield "according", grammar.according.search(flat, unit.start, unit.end)
    if verb <= unit.start:
        return
    places = [match.start() for match in grammar.before.finditer(padded, unit.start, verb + 2)]
    for rule, pattern in grammar.rules:
        found = (pattern.match(flat, place, unit.end) for place in places)
        yield rule, next(filter(None, found), None)
