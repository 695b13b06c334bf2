"""Where units end and what is a heading: predictions on syllables beside the gold's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.evaluate.align import align, tokens
from pipeline.evaluate.counts import Counts
from pipeline.evaluate.gold import GoldDocument
from pipeline.structure.draft import Draft

_MARKER = re.compile(r"(?:\d{1,2}|[IVX]{1,4}|[a-zđ])[.)](?!\d)")


@dataclass
class Measured:
    """Counts of one document or of many, and where they went wrong."""

    boundaries: Counts = field(default_factory=Counts)
    """Ends of units in the body: of what the gold does not call header, footer or furniture."""
    headings: Counts = field(default_factory=Counts)
    errors: list[str] = field(default_factory=list)

    def merge(self, other: Measured) -> None:
        """Count what `other` counted."""
        self.boundaries.merge(other.boundaries)
        self.headings.merge(other.headings)
        self.errors += other.errors


def measure(gold: GoldDocument, draft: Draft) -> Measured:
    """Unit boundaries and headings of a document that may be saved in another way than the gold."""
    found = tokens(draft.document.text)
    places = align([t.text for t in gold.tokens], [t.text for t in found])
    unit_of: list[int | None] = [None] * len(found)
    position = 0
    for number, unit in enumerate(draft.units):
        while position < len(found) and found[position].start < unit.end:
            if found[position].start >= unit.start:
                unit_of[position] = number
            position += 1
    here = _on_gold(places, unit_of)
    result = Measured()
    _count_boundaries(gold, here, result)
    _count_headings(gold, draft, here, result)
    return result


def _on_gold(places: Sequence[int | None], unit_of: Sequence[int | None]) -> list[int | None]:
    """The unit of each syllable of the gold; one that is not in the text (a heading's number that
    was taken off) belongs to what comes after it."""
    here: list[int | None] = []
    for place in reversed(places):
        here.append(unit_of[place] if place is not None else here[-1] if here else None)
    return here[::-1]


def _count_boundaries(gold: GoldDocument, here: Sequence[int | None], result: Measured) -> None:
    if cut_at_lines(gold):
        return
    labels = gold.labels["labels"]
    kept = [k for k, unit in enumerate(gold.unit_of) if unit is not None and not _marker(gold, k)]
    for k, after in pairwise(kept):
        left, right = gold.unit_of[k], gold.unit_of[after]
        kinds = {labels[left], labels[right]}
        between = gold.text[gold.tokens[k].end : gold.tokens[after].start]
        if kinds == {"META"} or (kinds == {"HEAD"} and "\n" not in between):
            continue
        wanted, got = left != right, here[k] != here[after]
        result.boundaries.add(int(wanted and got), int(got and not wanted), int(wanted and not got))
        if wanted != got:
            cut = gold.tokens[after].start
            words = f"{gold.text[max(0, cut - 60) : cut]} ‖ {gold.text[cut : cut + 60]}"
            result.errors.append(f"{'-' if wanted else '+'}cut {gold.name}: {words!r}")


def _marker(gold: GoldDocument, k: int) -> bool:
    """Whether a syllable is the number or letter of an item, which the gold may leave on either
    side of a cut ("…như sau: 1. | Rà soát…")."""
    token = gold.tokens[k]
    return bool(_MARKER.match(gold.text, token.start)) and not gold.text[token.start - 1].isalnum()


def cut_at_lines(gold: GoldDocument) -> bool:
    """Whether many units of the gold begin small: they are printed lines or clauses."""
    inner = [
        gold.text[unit["start"]]
        for unit, label in zip(gold.labels["units"], gold.labels["labels"], strict=True)
        if label not in ("META", "HEAD")
    ]
    return sum(char.islower() for char in inner) > len(inner) / 3


def _count_headings(
    gold: GoldDocument, draft: Draft, here: Sequence[int | None], result: Measured
) -> None:
    votes: dict[int, list[bool]] = {}
    for unit, mine in zip(gold.unit_of, here, strict=True):
        if unit is not None:
            votes.setdefault(unit, []).append(
                mine is not None and draft.units[mine].kind == "heading"
            )
    for unit, ballot in votes.items():
        label = gold.labels["labels"][unit]
        if label == "META":
            continue
        accepted = {label, *_as_list(gold.labels.get("alt", {}).get(str(unit), []))}
        got = sum(ballot) * 2 > len(ballot)
        wanted = label == "HEAD" or (got and "HEAD" in accepted)
        if label == "HEAD" and len(accepted) > 1:
            wanted = got
        result.headings.add(int(wanted and got), int(got and not wanted), int(wanted and not got))
        if wanted != got:
            span = gold.labels["units"][unit]
            words = gold.text[span["start"] : span["end"]][:110]
            result.errors.append(f"{'-' if wanted else '+'}head {gold.name} {label}: {words!r}")


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
