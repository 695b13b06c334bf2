"""What a web page put around a text: menus, counters, comment forms, repeated headlines, captions.

Only both ends of a text are looked at, and nothing is dropped: the lines are named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.document import BlockKind
from pipeline.resources import lexicon
from pipeline.text.fold import fold

HEAD_LINES = 140
"""So many lines from the top can be furniture above the text (a card of a law library has 60)."""
_ENDS = 30
"""Single lines are taken for furniture only so near (in lines with text) to an end."""
_LONGEST = 300
"""Furniture and captions are short: no more of a line is looked at."""
_RUNNING_TEXT = 150
_BELOW = 0.25
"""Share of the running text that may stand below the first line of the tail (other headlines)."""
_MARKS = ("*", "#", "|", "_", ">", "\t", "\u00a0", "\u200b", "\ufeff")
_TERMINAL = re.compile(r"[.!?…:;,]\W{0,3}$")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line is, if not part of the text, and why."""

    kind: BlockKind
    note: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """Marks by number of line, and what the furniture says about the text."""

    marks: dict[int, Mark]
    author: str | None
    is_news: bool
    """Whether this is the dump of a news page: furniture, and no mark of an official document."""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    rows = [str(row) for row in lexicon("page_furniture")[name]]
    return re.compile("|".join(f"(?:{row[:-3]}.*)" if row.endswith("...") else row for row in rows))


def bare_lines(lines: Sequence[str]) -> list[str]:
    """Lines as the patterns see them: folded, without marks, single spaces, long ones cut."""
    folded = fold("\n".join([line[:_LONGEST] for line in lines]))
    for mark in _MARKS:
        folded = folded.replace(mark, " ")
    while "  " in folded:
        folded = folded.replace("  ", " ")
    return [line.strip() for line in folded.split("\n")]


def furniture(text: str) -> Furniture:
    """Marks of the lines (as printed) that are not part of the text itself."""
    lines = text.split("\n")
    folded = bare_lines(lines)
    is_official = _pattern("official").fullmatch
    official = [i for i, line in enumerate(folded) if is_official(line)]
    marks: dict[int, Mark] = {}
    top = _head_end(folded, official[0] if official else HEAD_LINES)
    bottom = _tail_start(folded, top, official)
    for part, note in ((range(top), "page-head"), (range(bottom, len(lines)), "page-tail")):
        marks |= dict.fromkeys((i for i in part if lines[i].strip()), Mark("boilerplate", note))
    within = range(official[0], official[-1] + 1) if official else range(0)
    _mark_single_lines(folded, marks, [i for i in range(top, bottom) if i not in within])
    author = _author(lines, folded, marks)
    is_news = bool(marks) and not official
    if not official:
        marks.update(_captions(lines, folded, marks))
    return Furniture(marks, author, is_news)


def _head_end(folded: Sequence[str], before: int) -> int:
    """The number of leading lines that are furniture: none below a line of running text."""
    end = 0
    labels = 0
    limit = min(before, HEAD_LINES, len(folded))
    limit = next((i for i in range(limit) if len(folded[i]) > _RUNNING_TEXT), limit)
    for index in range(limit):
        line = folded[index]
        if not line:
            continue
        if _pattern("head").fullmatch(line):
            end = index + 1
        elif _pattern("card").fullmatch(line):
            labels += 1
            if labels >= lexicon("page_furniture")["card_minimum"]:
                end = _after_value(folded, index + 1, limit)
    return end


def _after_value(folded: Sequence[str], index: int, limit: int) -> int:
    """The line after the value that follows a label of a card, when there is one."""
    while index < limit and not folded[index]:
        index += 1
    if index < limit and not _pattern("card").fullmatch(folded[index]):
        return index + 1
    return index


def _tail_start(folded: Sequence[str], top: int, official: Sequence[int]) -> int:
    """The first line of the furniture below the text, or the number of lines."""
    last_official = official[-1] if official else -1
    seen = 0
    for index in range(top, len(folded)):
        line = folded[index]
        seen += bool(line)
        after_text = bool(line) and seen > 3 and index > last_official
        is_tail = after_text and _pattern("tail").fullmatch(line) is not None
        if is_tail and (official or _is_mostly_above(folded, index)):
            return _with_titles(folded, index)
    return len(folded)


def _is_mostly_above(folded: Sequence[str], index: int) -> bool:
    """Whether the running text stands above a line: "Xem thêm:" is also printed amid an article."""
    running = [at for at, line in enumerate(folded) if len(line) > _RUNNING_TEXT]
    below = sum(at > index for at in running)
    return below <= _BELOW * len(running)


def _with_titles(folded: Sequence[str], tail: int) -> int:
    """`tail` moved up over the names that a law library prints between a document and its tail."""
    start = tail
    for index in range(tail - 1, max(-1, tail - 8), -1):
        if _pattern("above_tail").fullmatch(folded[index]):
            start = index
        elif folded[index]:
            break
    return start


def _mark_single_lines(
    folded: Sequence[str], marks: dict[int, Mark], allowed: Sequence[int]
) -> None:
    """Furniture lines one by one from both ends inwards, `_ENDS` lines with text deep."""
    inner = [i for i in allowed if folded[i]]
    for index in {*inner[:_ENDS], *inner[-_ENDS:]}:
        if len(folded[index]) < 120 and _pattern("line").fullmatch(folded[index]):
            marks[index] = Mark("boilerplate", "page-line")
    for run in (inner[:_ENDS], inner[:-_ENDS:-1]):
        for before, index in pairwise(run):
            if before in marks and _pattern("menu").fullmatch(folded[index]):
                marks.setdefault(index, Mark("boilerplate", "page-menu"))


def _author(lines: Sequence[str], folded: Sequence[str], marks: dict[int, Mark]) -> str | None:
    """The author that a line "Tác giả: …" names; the line is marked as such."""
    inner = [i for i, line in enumerate(folded) if line]
    for index in [*inner[:_ENDS], *inner[-_ENDS:]]:
        if not _pattern("author").fullmatch(folded[index]):
            continue
        marks[index] = Mark("boilerplate", "author")
        return lines[index].partition(":")[2].strip(" *_\u00a0\t") or None
    return None


def _captions(
    lines: Sequence[str], folded: Sequence[str], marks: dict[int, Mark]
) -> dict[int, Mark]:
    """Captions of pictures in a news text, and its headline where it is printed again."""
    inner = [i for i, line in enumerate(folded) if line and i not in marks]
    if len(inner) < 4:
        return {}
    headline = folded[inner[0]]
    found: dict[int, Mark] = {}
    for place, index in enumerate(inner[1:], 1):
        if folded[index] == headline and len(headline) > 12:
            found[index] = Mark("boilerplate", "repeated-headline")
        elif inner[place - 1] in found and _is_short(lines[index]):
            repeated = found[inner[place - 1]].note == "repeated-headline"
            if repeated:  # a picture's alternative text is the headline, its caption follows
                found[index] = Mark("caption", "after-picture")
        elif place > 1 and _is_caption(lines[index], folded[index]):
            found[index] = Mark("caption", "wording")
    return found


def _is_short(line: str) -> bool:
    words = len(line.split())
    return 3 <= words <= int(lexicon("page_furniture")["caption_words"]) and not _TERMINAL.search(
        line.strip()
    )


def _is_caption(line: str, folded: str) -> bool:
    if len(line) >= _LONGEST or "**" in line:
        return False
    whole_in_brackets = folded.startswith("(") and folded.rstrip(". ").endswith(")")
    if not whole_in_brackets and not _is_short(line):
        return False
    return _pattern("caption").fullmatch(folded) is not None
