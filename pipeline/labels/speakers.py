"""Who says a statement of a news report: the subject of a verb of saying."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.record import Found
from pipeline.resources import lexicon
from pipeline.structure.draft import Draft, Unit
from pipeline.text.patterns import compile_pattern


@dataclass(frozen=True)
class _Grammar:
    rules: tuple[tuple[str, re.Pattern[str]], ...]
    pronoun: re.Pattern[str]
    object_of: re.Pattern[str]
    reports: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    words = lexicon("speakers")
    name = r"<U><L>+(?: <U><L>+){1,4}"
    verbs = rf"(?:{words['verbs']})\b"
    # a position or a body may stand in commas behind the name, but no other part of a sentence
    gap = r"(?:\s*[,(–-][^.;:“\"]{0,90}[,)–-])?\s+"
    gap += rf"(?:(?:{words['adverbs']}) ){{0,2}}"
    word = rf"(?!(?:{words['stops']})\b)[^\s.;:,“\"()]+"
    title = rf"(?<!\w)(?i:{words['titles']})"
    agency = rf"(?<!\w)(?:{words['bodies']})(?: {word}){{0,8}}?"
    person = rf"{title}(?: {word}){{0,9}}? {name}"
    position = rf"{title}(?: {word}){{1,8}}?"
    patterns = (
        ("according", rf"{words['according']} (?P<who>{person}|{agency})(?=\s*[,(:])"),
        ("person", rf"(?P<who>{person}){gap}{verbs}"),
        ("position", rf"(?P<who>{position}){gap}{verbs}"),
        ("body", rf"(?P<who>{agency}){gap}{verbs}"),
    )
    return _Grammar(
        rules=tuple((rule, compile_pattern(pattern)) for rule, pattern in patterns),
        pronoun=compile_pattern(
            rf"(?<!\w)(?:{words['pronouns']}) (?:(?:{words['adverbs']}) ){{0,2}}{verbs}"
        ),
        reports=re.compile(rf"(?:{verbs}|{words['according']})"),
        object_of=compile_pattern(rf"(?:{words['object_of']})\s*$"),
    )


def find_speakers(draft: Draft) -> dict[int, Found[str]]:
    """The speaker of each statement, by the start of its unit; silent where none is named.

    "Ông cho biết" is the person named last; such a speaker is inherited and quotes that name.
    """
    if draft.family not in ("news", "unknown"):
        return {}
    speakers: dict[int, Found[str]] = {}
    last: Found[str] | None = None
    for unit in draft.units:
        if unit.kind != "statement" or not _grammar().reports.search(
            draft.flat, unit.start, unit.end
        ):
            continue
        named = _named(draft, unit)
        if named is not None:
            speakers[unit.start] = last = named
        elif last is not None and _grammar().pronoun.search(draft.flat, unit.start, unit.end):
            speakers[unit.start] = last.model_copy(
                update={"inherited": True, "origin": "rule:speaker.pronoun", "confidence": 0.7}
            )
    return speakers


def _named(draft: Draft, unit: Unit) -> Found[str] | None:
    grammar = _grammar()
    for rule, pattern in grammar.rules:
        match = pattern.search(draft.flat, unit.start, unit.end)
        if match is None:
            continue
        start, end = match.span("who")
        if grammar.object_of.search(draft.flat, max(unit.start, start - 24), start):
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
