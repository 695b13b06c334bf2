"""Features as numbers: what a model knows of "group=value", looked up without writing it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

NONE = 0
"""The number of no feature."""
_MOST_UNKNOWN = 20_000
"""Values of a group that are remembered, the unknown ones among them."""


class _Group(dict[str, int]):
    """The numbers of the values of one group, filled as they are met: a process that reads one
    document does not build them all."""

    def __init__(self, name: str, known: Mapping[str, int]) -> None:
        self._name, self._known = name, known

    def __missing__(self, value: str) -> int:
        number = self._known.get(self._name + value, -1) + 1
        if number or len(self) < _MOST_UNKNOWN:
            self[value] = number
        return number


class Numbers:
    """The numbers of features by group and value; call it where features are named.

    `known` gives the places of the known ones; numbers begin at 1.
    """

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._groups: dict[str, _Group] = {}

    def __call__(self, group: str, values: Iterable[str]) -> Iterator[int]:
        """The numbers of the features `group + value` that are known."""
        numbers = self._groups.get(group)
        if numbers is None:
            numbers = self._groups[group] = _Group(group, self._known)
        return filter(None, map(numbers.__getitem__, values))
