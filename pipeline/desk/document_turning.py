"""Turning the parts of a long document: addresses that keep the view and find the right part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from pipeline.desk.document_parts import Part, beginning_in, part_at
from pipeline.desk.document_view import Value, dom_of
from pipeline.desk.opened import Opened
from pipeline.review.reviewed import Key


class PartLink(NamedTuple):
    """A part in the list of parts: how many of its values are doubtful, how many tasks it has."""

    part: Part
    doubtful: int
    tasks: int
    heading: str


@dataclass(frozen=True)
class Turning:
    """Where in the document the page is: `part` of `opened.parts`, shown as "pages" or "text"."""

    opened: Opened
    part: Part
    shown_as: str

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.opened.parts)

    def address(self, part: Part | None = None, hash: str = "", **values: Any) -> str:
        """The address of a part (this one) in the present view; `hash` is the place on the page."""
        number = (part or self.part).number
        query = {"view": self.shown_as, **values} | ({"part": number} if self.count > 1 else {})
        return f"?{urlencode(query)}{'#' + hash if hash else ''}"

    @cached_property
    def _here(self) -> str:
        return self.address()

    def edit(self, value: Value) -> str:
        """The address at which a value is corrected."""
        return f"{self._here}&edit={quote_plus(value.address)}#{value.dom}"

    def evidence(self, value: Value) -> str:
        """The words that show a value: on this page, else in the part where they stand."""
        if any(self.part.shows(*span) for span in value.spans):
            return f"#e{value.dom}"
        return self.place(*value.spans[0])

    def place(self, start: int, end: int) -> str:
        """A place of the text, in its part."""
        part = part_at(self.opened.parts, start)
        return self.address(part, "at", at=f"{start}-{end}")

    @property
    def before(self) -> Part | None:
        """The part before this one."""
        return self.opened.parts[self.part.number - 2] if self.part.number > 1 else None

    @property
    def after(self) -> Part | None:
        """The part after this one."""
        return self.opened.parts[self.part.number] if self.part.number < self.count else None

    @property
    def doubtful(self) -> int:
        """How many values of the whole document are to be looked at."""
        return len(self._doubts)

    @property
    def next_doubt(self) -> str | None:
        """The first doubtful value of the next part that has one, then from the start."""
        parts = {key: part_at(self.opened.parts, at) for key, at in self._doubts.items()}
        others = [key for key, part in parts.items() if part != self.part]
        key = min(others, key=lambda key: (parts[key] < self.part, parts[key]), default=None)
        return self.address(parts[key], dom_of(key)) if key else None

    @cached_property
    def _doubts(self) -> dict[Key, int]:
        """The doubtful values in the order of the page, with their places."""
        return {d.key: d.start for d in self.opened.doubts if d.key.kind != "document"}

    def links(self) -> list[PartLink]:
        """All parts, for the list of parts."""
        parts, record = self.opened.parts, self.opened.record
        doubtful = Counter(part_at(parts, at).number for at in self._doubts.values())
        headings = {part_at(parts, s.start).number: s.title for s in reversed(record.sections)}
        return [
            PartLink(
                part,
                doubtful[part.number],
                len(beginning_in(part, record.tasks)),
                headings.get(part.number, ""),
            )
            for part in parts
        ]
