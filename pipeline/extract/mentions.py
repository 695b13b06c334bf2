"""Agencies, groups, persons, positions and places named in a document."""

from __future__ import annotations

from functools import cache, lru_cache

from pydantic import TypeAdapter

from pipeline.extract.mention_grammar import Grammar
from pipeline.extract.mention_lists import Hit
from pipeline.extract.mention_names import SEPARATORS
from pipeline.extract.mention_spelling import parts_of, plain
from pipeline.extract.mention_words import Phrases, Words, words_of
from pipeline.record import Mention
from pipeline.resources import lexicon_rows
from pipeline.structure.draft import Draft

_MENTIONS = TypeAdapter(tuple[Mention, ...])


def find_mentions(draft: Draft) -> tuple[Mention, ...]:
    """The mentions of a document in reading order, none inside another.

    `value` is the canonical name where the gazetteer or the document's own abbreviations know one,
    else the words as written; `entity` is the id in the gazetteer that is valid at the document's
    date, so that a body of 2019 keeps its name and is still found under its successor.
    """
    words = words_of(draft.document.text, draft.flat)
    place, signer = draft.header.place, draft.header.signer
    grammar = Grammar(
        words,
        _short_forms(draft),
        place.value if place else None,
        signer.value if signer else None,
    )
    hits: list[Hit] = []
    names = _known_names(draft)
    end = 0
    for at in grammar.beginnings(names.firsts):
        if at < end:
            continue
        named = names.match(words.low, at) if words.low[at].cap else 0
        hit = Hit("person", at, at + named) if named else grammar.at(at)
        if hit is not None and hit.end > at:
            if hit.end - at > 1 and True in words.breaks[at + 1 : hit.end]:
                hit = _within_line(hit, words)
            end = hit.end
            if end > hit.start:
                hits.append(hit)
    day = _day(draft)
    return _MENTIONS.validate_python([_mention(draft, words, hit, day) for hit in hits])


def _within_line(hit: Hit, words: Words) -> Hit:
    """The mention up to the end of its line, cell or column: behind it goes only a list on."""
    for at in range(hit.start + 1, hit.end):
        if words.breaks[at] and words.low[at - 1] not in SEPARATORS:
            if hit.type == "place" and at == hit.start + 1:
                at = hit.start  # the unit alone ("tỉnh") names none
            return Hit(hit.type, hit.start, at)
    return hit


def _short_forms(draft: Draft) -> Phrases:
    """Abbreviations that the document defines for bodies, by their first word."""
    heads = ("sở", "bộ", "ban", "phòng", "cục", "công ty", "trung tâm", "đoàn", "ubnd", "văn phòng")
    return Phrases(
        parts_of(short)
        for short, whole in draft.abbreviations.items()
        if plain(whole).startswith(heads)
    )


def _known_names(draft: Draft) -> Phrases:
    """Names that the header gives: the signer's and the author's."""
    header = draft.header
    return Phrases(parts_of(found.value) for found in (header.signer, header.author) if found)


def _mention(draft: Draft, words: Words, hit: Hit, day: str | None) -> dict[str, object]:
    start, end = words.span(hit.start, hit.end)
    quote = draft.document.text[start:end]
    value, entity = " ".join(quote.split()), None
    if hit.type in ("agency", "place"):
        value, entity = _entity(_expanded(draft, value), hit.type == "place", day)
    return {
        "type": hit.type,
        "value": value,
        "entity": entity,
        "start": start,
        "end": end,
        "quote": quote,
    }


@cache
def _gazetteer() -> dict[str, tuple[dict[str, str], ...]]:
    """Plain name or alias -> the bodies and provinces that bear it, in file order."""
    by_name: dict[str, list[dict[str, str]]] = {}
    for row in (*lexicon_rows("agencies"), *lexicon_rows("provinces")):
        for name in (row["name"], *row.get("aliases", "").split("|")):
            if name:
                by_name.setdefault(plain(name), []).append(row)
    return {name: tuple(rows) for name, rows in by_name.items()}


@lru_cache(maxsize=4096)
def _entity(name: str, is_place: bool, day: str | None) -> tuple[str, str | None]:
    """Canonical name and id of a body or place, valid at the document's date."""
    rows = _gazetteer().get(plain(_without_unit(name) if is_place else name), ())
    if not rows:
        return name, None
    row = next((row for row in rows if _is_valid(row, day)), rows[0])
    return (name if is_place else row["name"]), row["id"]


def _without_unit(name: str) -> str:
    for unit in ("tỉnh ", "thành phố ", "tp. ", "tp ", "tp."):
        if plain(name).startswith(unit):
            return name[len(unit) :]
    return name


def _expanded(draft: Draft, written: str) -> str:
    """The name with the document's own abbreviations written out."""
    own = draft.abbreviations
    if not own or written in own:
        return own.get(written, written)
    return " ".join(own.get(word, word) for word in written.split(" "))


def _day(draft: Draft) -> str | None:
    header = draft.header
    found = header.issued_on or header.published_on or header.event_on
    return found.value[:10] if found and found.value[:1].isdigit() else None


def _is_valid(row: dict[str, str], day: str | None) -> bool:
    if day is None:
        return not row["valid_to"]
    since, until = row["valid_from"][: len(day)], row["valid_to"][: len(day)]
    return (not since or since <= day) and (not until or day <= until)
