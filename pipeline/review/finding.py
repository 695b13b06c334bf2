"""Which statement, task, figure ... of this reading an entry of the log is about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Protocol, TypeVar

from pipeline.review.anchoring import place
from pipeline.review.entries import Target
from pipeline.review.values import UnplacedError

_SAME = 0.5
"""Share of characters in common from which two spans are one thing that was cut differently."""
_START = attrgetter("start")


class Spanned(Protocol):
    """Anything with half-open offsets."""

    @property
    def start(self) -> int:
        """First offset."""

    @property
    def end(self) -> int:
        """Offset after the last."""


Item = TypeVar("Item", bound=Spanned)


def target_span(text: str, target: Target) -> tuple[int, int]:
    """Where the words of the target stand now.

    Raises:
        UnplacedError: they are gone, or could be in two places.
    """
    found = place(text, target.anchor) if target.anchor else None
    if found is None:
        raise UnplacedError("gone")
    return found.start, found.end


def find(items: Sequence[Item], span: tuple[int, int], item_id: str | None) -> Item | None:
    """The one of `items`, in reading order, that stands at `span`; None when none does.

    Raises:
        UnplacedError: two items fit equally well and neither has the id.
    """
    # what begins more than its length before the span has less than half in common with it
    first = bisect_left(items, 2 * span[0] - span[1], key=_START)
    near = items[first : bisect_left(items, span[1], lo=first, key=_START)]
    shares = [(overlap(span, (item.start, item.end)), item) for item in near]
    best = max((share for share, _ in shares), default=0.0)
    if best < _SAME:
        return None
    fitting = [item for share, item in shares if share >= best - 1e-9]
    if len(fitting) == 1:
        return fitting[0]
    known = [item for item in fitting if item_id and getattr(item, "id", None) == item_id]
    if len(known) != 1:
        raise UnplacedError("two-places")
    return known[0]


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Characters in common as a share of all characters of both."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    if common <= 0:
        return 0.0
    return common / (max(a[1], b[1]) - min(a[0], b[0]))
