"""Metadata of outgoing documents: Nghị định 30/2020/NĐ-CP, phụ lục VI, phần II."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.export.fields import Losses, day_of, priority, text_of, type_name
from pipeline.record import Record

COLUMNS = (
    "FileCode.OrganId",
    "FileCode.FileCatalog",
    "FileCode.FileNotation",
    "DocOrdinal",
    "TypeName",
    "CodeNumber",
    "CodeNotation",
    "IssuedDate",
    "OrganName",
    "Subject",
    "Language",
    "PageAmount",
    "Description",
    "SignerInfo.Position",
    "SignerInfo.FullName",
    "To.OrganId",
    "To.OrganName",
    "Priority",
    "IssuedAmount",
    "DueDate",
)
_HELD = (
    "kind",
    "number",
    "symbol",
    "issued_on",
    "issuer",
    "title",
    "signer",
    "signer_title",
    "recipients",
    "urgency",
)


def fields(record: Record, losses: Losses) -> dict[str, str | int | list[str]]:
    """The annex's fields of one document, names as printed there; empty where it says nothing."""
    header = record.header
    recipients = [text_of(record, losses, "To.OrganName", r, 200) for r in header.recipients]
    row: dict[str, str | int | list[str]] = {
        **dict.fromkeys(COLUMNS, ""),
        "TypeName": text_of(record, losses, "TypeName", type_name(record), 100, needed=True),
        "CodeNumber": text_of(record, losses, "CodeNumber", header.number, 11, needed=True),
        "CodeNotation": text_of(record, losses, "CodeNotation", header.symbol, 30, needed=True),
        "IssuedDate": day_of(record, losses, "IssuedDate", header.issued_on, "{d}/{m}/{y}"),
        "OrganName": text_of(record, losses, "OrganName", header.issuer, 200, needed=True),
        "Subject": text_of(record, losses, "Subject", header.title, 500, needed=True),
        "Language": "Tiếng Việt",
        "PageAmount": len(record.pages),
        "SignerInfo.Position": text_of(
            record, losses, "SignerInfo.Position", header.signer_title, 100
        ),
        "SignerInfo.FullName": text_of(record, losses, "SignerInfo.FullName", header.signer, 50),
        "To.OrganName": recipients,
        "Priority": priority(record, losses),
    }
    losses.note_empty(record, row)
    losses.note_rest(record, _HELD)
    return row


def write_csv(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """One line a document; recipients joined by "; ". With a byte order mark, for Excel."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for record in records:
            row = fields(record, losses)
            cells = (row[name] for name in COLUMNS)
            writer.writerow(["; ".join(c) if isinstance(c, list) else c for c in cells])
            count += 1
    return count


def write_json(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """A list of documents, groups of the annex as objects."""
    documents = [_nested(fields(record, losses)) for record in records]
    path.write_text(json.dumps(documents, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(documents)


def _nested(flat: dict[str, str | int | list[str]]) -> dict[str, object]:
    nested: dict[str, object] = {}
    for name, value in flat.items():
        group, _, inner = name.partition(".")
        if name == "To.OrganName":
            names = value if isinstance(value, list) else []
            nested["To"] = [{"OrganId": "", "OrganName": organ} for organ in names]
        elif name != "To.OrganId":
            held = nested.setdefault(group, {}) if inner else nested
            assert isinstance(held, dict)
            held[inner or name] = value
    return nested
