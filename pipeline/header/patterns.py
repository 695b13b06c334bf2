"""Compiled patterns of the header, from models/lexicons/header_patterns.yaml and its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.resources import lexicon, lexicon_rows
from pipeline.text.fold import fold
from pipeline.text.surnames import surnames


def words(entries: list[str]) -> str:
    """An alternation of phrases, longest first, blanks free, on folded text."""
    folded = sorted({fold(entry) for entry in entries}, key=len, reverse=True)
    return "|".join(re.escape(entry).replace(r"\ ", r"\s+") for entry in folded)


def raw_words(entries: list[str]) -> str:
    """An alternation of phrases with their marks, longest first, for lower-cased text."""
    ordered = sorted(set(entries), key=len, reverse=True)
    return "|".join(re.escape(entry).replace(r"\ ", r"\s+") for entry in ordered)


def joined(pattern: str) -> str:
    """An alternation written over several lines of YAML, as one pattern."""
    return re.sub(r"\|\s+", "|", pattern)


@dataclass(frozen=True)
class DocumentType:
    """A kind of document: its code, its printed name (folded) and the family that uses it."""

    code: str
    name: str
    family: str
    valid_from: str
    valid_to: str


@cache
def document_types() -> tuple[DocumentType, ...]:
    """The kinds of models/lexicons/document_types.tsv, longest name first."""
    rows = lexicon_rows("document_types")
    kinds = [
        DocumentType(
            row["code"], fold(row["name"]), row["family"], row["valid_from"], row["valid_to"]
        )
        for row in rows
    ]
    return tuple(sorted(kinds, key=lambda kind: -len(kind.name)))


@dataclass(frozen=True)
class Patterns:
    """Every compiled pattern, on folded text.

    `link`, `subordinate` and `not_heads_in` are for lower-cased text.
    """

    fixed: dict[str, tuple[re.Pattern[str], str, int]]
    urgency: re.Pattern[str]
    secrecy: re.Pattern[str]
    type_name: re.Pattern[str]
    agency: re.Pattern[str]
    goes_on: re.Pattern[str]
    bare_head: re.Pattern[str]
    superior: re.Pattern[str]
    authority: re.Pattern[str]
    link: re.Pattern[str]
    subordinate: re.Pattern[str]
    not_heads_after: frozenset[str]
    not_heads_in: re.Pattern[str]
    opening: re.Pattern[str]
    title: re.Pattern[str]
    name_prefix: re.Pattern[str]
    not_names: frozenset[str]
    tail: re.Pattern[str]
    attachment: re.Pattern[str]
    numbered_attachment: re.Pattern[str]
    after_authority: re.Pattern[str]
    publisher: re.Pattern[str]
    union: re.Pattern[str]
    party: re.Pattern[str]
    mark: re.Pattern[str]
    bare_mark: re.Pattern[str]
    note: re.Pattern[str]
    surnames: frozenset[str]
    provinces: frozenset[str]
    portal: dict[str, str]
    portal_empty: frozenset[str]


def _fixed(text: str) -> re.Pattern[str]:
    parts = [re.escape(word) if word != "-" else r"[-–—.]*" for word in text.split()]
    return re.compile(r"\s*".join(parts))


@cache
def patterns() -> Patterns:
    """The patterns, compiled once."""
    data = lexicon("header_patterns")
    titles = [row["title"] for row in lexicon_rows("signer_titles")]
    types = sorted({kind.name for kind in document_types()}, key=len, reverse=True)
    return Patterns(
        fixed={
            name: (_fixed(line["text"]), line["text"], line["distance"])
            for name, line in data["fixed_lines"].items()
        },
        urgency=re.compile(rf"(?:{words(data['urgency'])})(?!\w)"),
        secrecy=re.compile(rf"(?:{words(data['secrecy'])})(?!\w)"),
        type_name=re.compile(rf"(?:{words(types)})(?![\w/])"),
        agency=re.compile(rf"(?<!\w)(?:{words(data['agency_heads'])})(?!\w)"),
        goes_on=re.compile(rf"(?:{words(data['agency_goes_on'])})(?!\w)"),
        bare_head=re.compile(words(data["bare_heads"])),
        superior=re.compile(rf"(?:{words(data['superiors'])})(?!\w)"),
        authority=re.compile(rf"(?<!\w)(?:{words(data['authority_heads'])})(?!\w)"),
        link=re.compile(rf"(?<!tiếp)(?:^|\s)(?:{raw_words(data['title_links'])}),?$"),
        subordinate=re.compile(rf"(?<!\w)(?:{raw_words(data['subordinates'])})(?!\w)"),
        not_heads_after=frozenset(data["not_heads_after"]),
        not_heads_in=re.compile(rf"(?<!\w)(?:{raw_words(data['not_heads_in'])})(?!\w)"),
        opening=re.compile(rf"[-+*\s]*(?:{joined(data['body_openings'])})"),
        title=re.compile(rf"(?<!\w)(?:{words(titles)})(?!\w)"),
        name_prefix=re.compile(rf"(?:(?:{joined(data['name_prefixes'])})(?:\.\s*|\s+))+"),
        not_names=frozenset(data["not_names"]),
        tail=re.compile(joined(data["site_tail"])),
        attachment=re.compile(joined(data["attachment_heads"])),
        numbered_attachment=re.compile(data["numbered_attachment"]),
        after_authority=re.compile(rf"\s*(?:{data['after_authority']})"),
        publisher=re.compile(data["publishers"]),
        union=re.compile(data["union_names"]),
        party=re.compile(data["party_names"]),
        mark=re.compile(
            rf"(?:{data['authority_marks']})(?:\.\s*|\s+|(?<=/[mtl])\s*)(?=[a-z])",
        ),
        bare_mark=re.compile(rf"(?:{data['authority_marks']})\.?"),
        note=re.compile(rf"\(?\s*(?:{data['signature_notes']})"),
        surnames=frozenset(map(fold, surnames())),
        provinces=frozenset(fold(row["name"]) for row in lexicon_rows("provinces")),
        portal=data["portal_labels"],
        portal_empty=frozenset(data["portal_empty"]),
    )


@cache
def title_rank() -> dict[str, int]:
    """Folded signer's title -> rank: 1 signs alone, 3 only bears witness (minutes)."""
    return {fold(row["title"]): int(row["rank"]) for row in lexicon_rows("signer_titles")}
