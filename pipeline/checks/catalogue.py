"""The catalogue of checks (models/lexicons/checks.tsv) and what every check looks at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import cast

from pipeline.document import BlockKind
from pipeline.messages import Language, resaid, technical
from pipeline.record import Issue, Record, Severity
from pipeline.resources import lexicon, lexicon_rows
from pipeline.structure.lines import flatten
from pipeline.text.needs import Vocabulary

_BREAK = re.compile(r"\n")
_LINE = re.compile(r"\S(?:[^\n]*\S)?")

Reach = tuple[list[int], list[int]]
"""Where spans start and how far they reach."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the catalogue: what a check is called, how grave it is, how often it is told."""

    id: str
    severity: Severity
    limit: int
    vi: str
    en: str


@dataclass(frozen=True)
class Reading:
    """A record with what several checks need of it."""

    record: Record

    @cached_property
    def text(self) -> str:
        """The text of the record."""
        return self.record.text

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of the text."""
        return Vocabulary(self.flat)

    @cached_property
    def flat(self) -> str:
        """The text with each blank as a plain space; the same offsets."""
        return flatten(self.record.text)

    @cached_property
    def lines(self) -> tuple[tuple[int, int], ...]:
        """Spans of the lines that are not blank, without their outer blanks."""
        return tuple(match.span() for match in _LINE.finditer(self.text))

    @cached_property
    def line_starts(self) -> list[int]:
        """Where lines begin, those that are blank too."""
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    @property
    def is_news(self) -> bool:
        """Whether the document is a news item."""
        return self.record.family == "news"

    @property
    def is_official(self) -> bool:
        """Whether the document is of the State, the Party or a union."""
        return self.record.family in ("state", "party", "union")

    def blocks(self, *kinds: BlockKind) -> list[tuple[int, int]]:
        """Spans of the blocks of these kinds."""
        return [(block.start, block.end) for block in self.record.blocks if block.kind in kinds]

    @cached_property
    def noise(self) -> tuple[tuple[int, int], ...]:
        """Spans that belong to no document: site text and page numbers."""
        return tuple(self.blocks("boilerplate", "page-number"))

    @cached_property
    def _noise_reach(self) -> Reach:
        return _reach(self.noise)

    def is_noise(self, at: int) -> bool:
        """Whether an offset lies in text that belongs to no document."""
        return _covers(self._noise_reach, at)

    @cached_property
    def _apart_reach(self) -> Reach:
        return _reach(self.blocks("caption", "boilerplate", "heading", "table", "header", "footer"))

    def is_apart(self, at: int) -> bool:
        """Whether an offset lies in a block that is no part of the running text."""
        return _covers(self._apart_reach, at)

    def page_source(self, at: int) -> tuple[int, str]:
        """Number and source of the page that holds an offset; (0, "plain") without pages."""
        pages = (p for p in self.record.pages if p.start <= at < p.end)
        return next(((page.number, page.source) for page in pages), (0, "plain"))


def _reach(spans: Iterable[tuple[int, int]]) -> Reach:
    """Where the spans start, in order, and how far those up to each reach."""
    ordered = sorted(spans)
    return [start for start, _ in ordered], list(accumulate((end for _, end in ordered), max))


def _covers(reach: Reach, at: int) -> bool:
    starts, ends = reach
    before = bisect_right(starts, at)
    return before > 0 and at < ends[before - 1]


def matches_at(
    pattern: re.Pattern[str], text: str, places: Iterable[int], end: int | None = None
) -> Iterator[re.Match[str]]:
    """The same as `pattern.finditer(text, 0, end)`, sooner, when it can match only at `places`."""
    reached, stop = 0, len(text) if end is None else end
    for at in places:
        match = pattern.match(text, at, stop) if at >= reached else None
        if match:
            yield match
            reached = match.end()


@cache
def catalogue() -> dict[str, Check]:
    """Every check by its id."""
    return {
        row["id"]: Check(
            id=row["id"],
            severity=cast(Severity, row["severity"]),
            limit=int(row["limit"]),
            vi=row["vi"],
            en=row["en"],
        )
        for row in lexicon_rows("checks")
    }


def flag(check_id: str, start: int | None, end: int | None, **facts: object) -> Issue:
    """An issue of the catalogue. Records hold the Vietnamese text: the same bytes everywhere."""
    check = catalogue()[check_id]
    return Issue(
        code=check.id,
        severity=check.severity,
        message=check.vi.format(**facts),
        start=start,
        end=end,
    )


def issue_text(code: str, message: str, language: Language) -> str:
    """The message of an issue in `language`: records hold it in Vietnamese, readers' in English."""
    if language == "vi":
        return technical(message, language)
    check = catalogue().get(code)
    entry = {"vi": check.vi, "en": check.en} if check else lexicon("messages/header").get(code)
    return (resaid(message, entry["vi"], entry["en"]) if entry else None) or message


def short(words: str, size: int = 60) -> str:
    """Words as one line, cut to `size` characters."""
    line = " ".join(words.split())
    return line if len(line) <= size else line[: size - 1].rstrip() + "…"
