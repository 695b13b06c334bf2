"""Values of a record as an exchange format can hold them; what it cannot hold is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.record import Found, Record
from pipeline.resources import lexicon
from pipeline.text.fold import fold

LossKind = Literal[
    "too-long", "not-a-full-date", "no-value", "no-code", "no-field", "character", "widened"
]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Loss:
    """One value that a format could not hold as it is, or needs and the document does not have."""

    document_id: str
    field: str
    kind: LossKind
    value: str


@dataclass(slots=True)
class Losses:
    """All losses of an export, document by document."""

    found: list[Loss] = field(default_factory=list)

    def note(self, record: Record, name: str, kind: LossKind, value: str = "") -> None:
        """Add one."""
        self.found.append(Loss(record.id, name, kind, value))

    def note_fields(self, record: Record, names: Iterable[str]) -> None:
        """Parts of a record that a format has no place for."""
        for name in names:
            held = getattr(record, name, None) or getattr(record.header, name, None)
            if held:
                count = str(len(held)) if isinstance(held, tuple) else "1"
                self.note(record, name, "no-field", count)


def codes() -> Any:
    """The code lists of models/lexicons/exchange/codes.yaml."""
    return lexicon("exchange/codes")


def text_of(
    record: Record,
    losses: Losses,
    name: str,
    value: Found[str] | str | None,
    limit: int | None = None,
    *,
    needed: bool = False,
) -> str:
    """A value on one line and at most `limit` characters long."""
    raw = value.value if isinstance(value, Found) else value
    if not raw:
        if needed:
            losses.note(record, name, "no-value")
        return ""
    clean = _CONTROL.sub("", " ".join(raw.split()))
    if len(clean) < len(" ".join(raw.split())):
        losses.note(record, name, "character", raw)
    if limit is not None and len(clean) > limit:
        losses.note(record, name, "too-long", clean)
        return clean[: limit - 1] + "…"
    return clean


def day_of(
    record: Record, losses: Losses, name: str, value: Found[str] | None, pattern: str
) -> str:
    """A whole day as `pattern` ("{d}/{m}/{y}"); nothing for a month or a year alone."""
    if value is None:
        losses.note(record, name, "no-value")
        return ""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value.value)
    if match is None:
        losses.note(record, name, "not-a-full-date", value.value)
        return ""
    year, month, day = match.groups()
    return pattern.format(y=year, m=month, d=day)


def type_name(record: Record) -> str:
    """The name of the document's type: "Thông báo"."""
    kind = record.header.kind.value if record.header.kind else ""
    entry = codes()["type_names"].get(kind)
    return str(entry["name"]) if entry else kind


def priority(record: Record) -> int:
    """Độ khẩn as a number, 0 for none."""
    mark = fold(record.header.urgency.value).strip() if record.header.urgency else ""
    return int(codes()["priority"].get(mark, 0))
