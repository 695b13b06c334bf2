"""Which documents of the store are to be done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.run import Run

VERSION = r"\d+(?:\.\d+)*"
"""What a version looks like."""
Status = Literal["done", "quarantine"]
_ANY = "SELECT 1 FROM work w JOIN documents d ON d.id = w.document"


class Selection(BaseModel):
    """Conditions that all must hold; without any, every document is selected."""

    model_config = ConfigDict(frozen=True)

    status: Status | None = None
    reason: str | None = None
    older_than: str | None = Field(None, pattern=f"^(?:{VERSION})$")
    """Records that a version of congvan before this one made ("0.2.0")."""
    media_type: str | None = None
    ids: tuple[str, ...] = ()
    """SHA-256 of documents, or the beginning of them."""


def gather(selection: Selection) -> Callable[[Run], None]:
    """A function that puts the selected documents into the scope of a run."""

    def include(run: Run) -> None:
        if selection.older_than is None:
            where, values = condition(selection)
            run.counts.files += run.ledger.include_where(where, *values)
            return
        old = _older(run.ledger, selection)
        run.counts.files += len(old)
        run.ledger.include(old)

    return include


def selects_any(ledger: Ledger, selection: Selection) -> bool:
    """Whether a document of the ledger meets all conditions."""
    if selection.older_than is not None:
        return bool(_older(ledger, selection))
    where, values = condition(selection)
    return bool(ledger.query(f"{_ANY} WHERE {where} LIMIT 1", *values))


def _older(ledger: Ledger, selection: Selection) -> list[int]:
    limit = version_key(selection.older_than or "")
    where, values = condition(selection)
    entries = ledger.entries(where, *values)
    return [entry.document for entry in entries if version_key(entry.version) < limit]


def version_key(version: str) -> tuple[int, ...]:
    """ "0.10.2+ab12" as numbers that can be compared; no version counts as the oldest."""
    parts = version.split("+")[0].split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in parts if part)


def condition(selection: Selection) -> tuple[str, list[str]]:
    """The SQL condition over work `w` and documents `d`, and its values."""
    clauses: list[str] = []
    values: list[str] = []
    for column, value in (
        ("w.status", selection.status),
        ("w.reason", selection.reason),
        ("d.media_type", selection.media_type),
    ):
        if value is not None:
            clauses.append(f"{column} = ?")
            values.append(value)
    if selection.ids:
        clauses.append("(" + " OR ".join("d.sha256 GLOB ?" for _ in selection.ids) + ")")
        values.extend(f"{identity}*" for identity in selection.ids)
    return " AND ".join(clauses) or "1", values
