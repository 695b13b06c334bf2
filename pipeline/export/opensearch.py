"""OpenSearch and Elasticsearch `_bulk` files of statements. The format is tested, no server was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.export.fields import Losses
from pipeline.record import Record
from pipeline.store.rows import rows_of
from pipeline.text.fold import fold

INDEX = "congvan-statements"
_OF_DOCUMENT = ("document_id", "kind", "code", "issuer", "place", "dated_on", "title")
_HELD = (
    "statements",
    "kind",
    "number",
    "symbol",
    "issuer",
    "place",
    "issued_on",
    "published_on",
    "title",
)


def write_bulk(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """Two lines a statement: what to do, and the statement with its document. Ids are stable, so
    sending the file again changes nothing."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            rows = rows_of(record)
            document = rows.documents[0]._asdict()
            shared = {name: document[name] for name in _OF_DOCUMENT}
            for statement in rows.statements:
                action = {"index": {"_index": INDEX, "_id": statement.statement_id}}
                content = {**shared, **statement._asdict(), "text_folded": fold(statement.text)}
                file.write(json.dumps(action) + "\n")
                file.write(json.dumps(content, ensure_ascii=False) + "\n")
                count += 1
            losses.note_rest(record, _HELD)
    return count
