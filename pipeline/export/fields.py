"""Values of a record as an exchange format can hold them; what it cannot hold is listed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.record import Found, Record
from pipeline.resources import lexicon
from pipeline.text.fold import fold

LossKind = Literal[
    "too-long",
    "not-a-full-date",
    "no-hour",
    "no-value",
    "no-code",
    "no-field",
    "character",
    "widened",
]
_PARTS = ("sections", "statements", "tasks", "figures", "references", "mentions", "issues")
_NOT_READ = ("code", "nulls")
"""Of a header, what is made from other values."""
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

    def note_empty(self, record: Record, values: Mapping[str, object]) -> None:
        """Fields of the format that stay empty, where nothing was said of them yet."""
        said = set()
        for loss in reversed(self.found):
            if loss.document_id != record.id:
                break
            said.add(loss.field)
        for name, value in values.items():
            if value in ("", []) and name not in said:
                self.note(record, name, "no-value")

    def note_rest(self, record: Record, held: Collection[str]) -> None:
        """All values of the header and all parts of the record but those that the format holds.

        What is held is named, not what is not, so that a new field cannot be forgotten.
        """
        for name in type(record.header).model_fields:
            value = getattr(record.header, name)
            if value and name not in (*held, *_NOT_READ):
                found = value if isinstance(value, tuple) else (value,)
                self.note(record, name, "no-field", "; ".join(str(f.value) for f in found))
        for name in _PARTS:
            if name not in held and getattr(record, name):
                self.note(record, name, "no-field", str(len(getattr(record, name))))


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


def priority(record: Record, losses: Losses) -> int:
    """Độ khẩn as a number, 0 for none."""
    if record.header.urgency is None:
        return 0
    mark = fold(record.header.urgency.value).strip()
    if mark not in codes()["priority"]:
        losses.note(record, "Priority", "no-code", record.header.urgency.value)
    return int(codes()["priority"].get(mark, 0))
