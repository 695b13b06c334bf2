"""Paragraphs -> headings and the tree of sections, with the role a heading gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import cast

from pipeline.record import Role, Section
from pipeline.resources import lexicon
from pipeline.structure.paragraphs import Paragraph

_LONGEST_KEPT = 400
"""Characters of the longest title whose roles are remembered."""


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(lexicon("structure")["lead_in"]["pattern"], re.IGNORECASE)


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (role, re.compile(pattern)) for role, pattern in lexicon("structure")["roles"].items()
    )


def heading_roles(title: str) -> tuple[str, ...]:
    """The roles that the words of a heading or lead-in name, in the order of the table."""
    return _roles_in(title) if len(title) <= _LONGEST_KEPT else _roles_in.__wrapped__(title)


@lru_cache(maxsize=4096)
def _roles_in(title: str) -> tuple[str, ...]:
    lowered = title.lower()
    return tuple(role for role, pattern in _roles() if pattern.search(lowered))


def heading_role(title: str) -> Role:
    """One role for a heading: "mixed" when it names several, "other" when it names none."""
    roles = set(heading_roles(title))
    if "proposal" in roles:
        roles.discard("task")
    if "shortcoming" in roles and "task" in roles:
        # "Biện pháp khắc phục hạn chế" orders; the shortcoming is its object
        roles.discard("shortcoming")
    if not roles:
        return "other"
    return cast(Role, roles.pop()) if len(roles) == 1 else "mixed"


def _words(text: str, paragraph: Paragraph) -> str:
    start = paragraph.marker.end if paragraph.marker else 0
    return text[start:].strip(" *_#")


def _is_upper(words: str) -> bool:
    least = 0.15 * len(words)
    # the small letters of the first third are too many in most texts
    if any(sum(map(str.islower, part)) > least for part in (words[: len(words) // 3], words)):
        return False
    letters = list(filter(str.isalpha, words))
    return len(letters) >= 4 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)


def _ends_sentence(text: str) -> bool:
    text = text.rstrip()
    return text.rstrip('"”)*').endswith((".", ";", ",", "…", "!", "?")) or text.endswith("./")


def is_heading(text: str, paragraph: Paragraph, following: Paragraph | None) -> bool:
    """Whether a paragraph only names what follows.

    A numbered or lettered line counts when it is short and does not end like a sentence; a line
    without a marker when it is in capitals, wholly bold, or a short line without a verb-like end.
    """
    if paragraph.zone not in ("body", "attachment"):
        return False
    limits = lexicon("structure")
    words = _words(text, paragraph)
    if not words:
        return paragraph.marker is not None
    if following is None and paragraph.marker is None:
        return False
    marker = paragraph.marker
    if len(words) > 2 * limits["heading_max"]:
        return False
    if _is_upper(words):
        return True
    if len(words) > limits["heading_max"] or _ends_sentence(text):
        return False
    if marker is None:
        return _is_bare_heading(words, paragraph, limits["heading_bare_max"])
    return _is_marked_heading(words, marker.level, following)


def _is_bare_heading(words: str, paragraph: Paragraph, longest: int) -> bool:
    if words.startswith(("(", "“", '"', "|")) or len(words) > longest:
        return False
    bold = all(line.bold for line in paragraph.lines) or paragraph.lines[0].kind == "heading"
    if words.endswith(":"):
        return bool(bold) or (len(words) <= 60 and not _lead_in().search(words))
    return (words[:1].isupper() and len(words.split()) >= 2) or bool(bold)


def _is_marked_heading(words: str, level: int, following: Paragraph | None) -> bool:
    if level >= 12:
        return words.endswith(":") and len(words) <= 80
    if level <= 5:
        return True
    if following is None:
        return False
    if words.endswith(":"):
        return len(words) <= 120
    deeper = following.marker is not None and following.marker.level > level
    return len(words) <= 100 and (deeper or following.marker is None)


def settle_headings(
    flat: str, paragraphs: Sequence[Paragraph], candidates: Sequence[bool]
) -> list[bool]:
    """`candidates` without the cells of a table that was written down line by line.

    A heading names what follows; two or more short lines without a marker in a row name nothing:
    they are the cells (who, when) of a row, and so is the numbered line before them.
    """
    settled = list(candidates)
    least = int(lexicon("structure")["cells_min"])
    like_cells = [
        is_candidate and _is_cell_like(flat, paragraph)
        for paragraph, is_candidate in zip(paragraphs, candidates, strict=True)
    ]
    for are_alike, run in groupby(range(len(paragraphs)), like_cells.__getitem__):
        places = [*run] if are_alike else []
        if sum(paragraphs[place].marker is None for place in places) >= least:
            settled[places[0] : places[-1] + 1] = [False] * len(places)
    return settled


def _is_cell_like(flat: str, paragraph: Paragraph) -> bool:
    words = _words(flat[paragraph.start : paragraph.end], paragraph)
    level = paragraph.marker.level if paragraph.marker else 7
    return (
        level >= 7
        and not _is_upper(words)
        and not words.endswith(":")
        and not paragraph.lines[0].bold
    )


@dataclass(slots=True)
class _Open:
    section_id: str
    level: int
    index: int


def build_sections(
    flat: str, paragraphs: Sequence[Paragraph], headings: Sequence[bool]
) -> tuple[tuple[Section, ...], tuple[str | None, ...]]:
    """The section tree, and for each paragraph the id of its innermost section."""
    spans: list[list[object]] = []
    stack: list[_Open] = []
    section_of: list[str | None] = []
    for index, paragraph in enumerate(paragraphs):
        if paragraph.zone not in ("body", "attachment"):
            section_of.append(None)
            continue
        if headings[index]:
            level = _level(paragraph, stack)
            while stack and stack[-1].level >= level:
                stack.pop()
            section_id = f"s{len(spans) + 1}"
            parent = stack[-1].section_id if stack else None
            text = flat[paragraph.start : paragraph.end]
            label = paragraph.marker.text if paragraph.marker else None
            spans.append(
                [
                    section_id,
                    parent,
                    level,
                    label,
                    _words(text, paragraph),
                    paragraph.start,
                    paragraph.end,
                ]
            )
            stack.append(_Open(section_id, level, len(spans) - 1))
        else:
            marker = paragraph.marker
            if marker is not None:
                while stack and marker.level <= stack[-1].level < 14:
                    stack.pop()
        for opened in stack:
            spans[opened.index][6] = paragraph.end
        section_of.append(stack[-1].section_id if stack else None)
    sections = tuple(
        Section(
            id=str(row[0]),
            parent=cast("str | None", row[1]),
            level=cast(int, row[2]),
            label=cast("str | None", row[3]),
            title=str(row[4]),
            role=heading_role(str(row[4])),
            start=cast(int, row[5]),
            end=cast(int, row[6]),
        )
        for row in spans
    )
    return sections, tuple(section_of)


def _level(paragraph: Paragraph, stack: Sequence[_Open]) -> int:
    if paragraph.marker is not None:
        return paragraph.marker.level
    text = "".join(line.text for line in paragraph.lines)
    # a bare heading in capitals stands beside "I."; any other one below what is numbered above it
    return 5 if _is_upper(text) else 6
