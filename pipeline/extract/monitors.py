"""Who follows up the tasks of a list, and who is to carry out the document as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.resources import lexicon
from pipeline.text.screen import Screened

Reach = Literal["list", "part"]
_APART = 110
"""How far the verb may stand from the words that name the list, in characters."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    verbs: Screened
    plain: re.Pattern[str]
    whole_list: Screened
    this_part: Screened
    whole_document: re.Pattern[str]
    section: re.Pattern[str]
    execution: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table = lexicon("assignment")
    monitoring = table["monitoring"]
    verbs = "|".join(verb.strip() for verb in monitoring["verbs"].split("|"))
    return _Patterns(
        verbs=Screened(re.compile(rf"\b(?:{verbs})\b")),
        plain=re.compile(monitoring["plain"]),
        whole_list=Screened(re.compile(rf"\b{monitoring['whole_list']}")),
        this_part=Screened(re.compile(rf"\b{monitoring['this_part']}")),
        whole_document=re.compile(monitoring["whole_document"]),
        section=re.compile(monitoring["section"]),
        execution=re.compile(table["execution"]),
    )


def followed(words: str) -> Reach | None:
    """What an act follows up: the "list" before it, the "part" it stands in, or nothing.

    `words` are those of the act, in lower case.
    """
    known = _patterns()
    if not known.verbs.search(words):
        return None
    named = [(pattern.search(words), reach) for pattern, reach in _reaches(known)]
    if not any(found for found, _ in named):
        return None
    verbs = [verb.start() for verb in known.verbs.pattern.finditer(words)]
    for found, reach in named:
        if found and any(abs(found.start() - verb) <= _APART for verb in verbs):
            return reach
    return None


def _reaches(known: _Patterns) -> tuple[tuple[Screened, Reach], ...]:
    return (known.whole_list, "list"), (known.this_part, "part")


def only_follows(words: str) -> bool:
    """Whether an act does nothing but follow up ("theo dõi việc khắc phục"); in lower case."""
    return _patterns().plain.match(words) is not None


def opens_with_following(words: str) -> bool:
    """Whether an act begins with following up ("theo dõi, đôn đốc …"); `words` in lower case."""
    found = _patterns().verbs.pattern.match(words)
    return found is not None and found.group() in ("theo dõi", "đôn đốc")


def followed_section(words: str) -> str | None:
    """The number of the section whose acts are followed up ("tại mục 1" is "1"), or None."""
    found = _patterns().section.search(words)
    return found.group(1) if found else None


def executes_document(words: str) -> bool:
    """Whether an act is to carry out this document ("tổ chức thực hiện Nghị quyết này")."""
    known = _patterns()
    if known.verbs.search(words) and known.whole_document.search(words):
        return False
    return bool(known.execution.search(words))
