"""Features as numbers: what a model knows of "group=value", looked up without writing it out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

NONE = 0
"""The number of no feature."""
_BEHIND_ALL = "\U0010ffff"


class Numbers:
    """The numbers of features by group and value; call it where features are named."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` in the order of their numbers, which begin at 1."""
        self._known = {name: number for number, name in enumerate(names, start=1)}
        self._ordered = sorted(names)
        self._groups: dict[str, dict[str, int]] = {}

    def __call__(self, group: str, values: Iterable[str]) -> Iterator[int]:
        """The numbers of the features `group + value` that are known."""
        numbers = self._groups.get(group)
        if numbers is None:
            numbers = self._groups[group] = self._of_group(group)
        return filter(None, map(numbers.get, values))

    def _of_group(self, group: str) -> dict[str, int]:
        first = bisect_left(self._ordered, group)
        last = bisect_left(self._ordered, group + _BEHIND_ALL)
        cut = len(group)
        return {name[cut:]: self._known[name] for name in self._ordered[first:last]}
