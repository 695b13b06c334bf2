"""Label Studio tasks: the statements of a record as predictions that people can correct."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.export.fields import Losses
from pipeline.record import Record

_NO_PLACE = ("figures", "references", "mentions", "issues", "sections")


def task_of(record: Record) -> dict[str, object]:
    """One Label Studio task; offsets count characters, as Label Studio's do."""
    results = [
        {
            "id": statement.id,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "score": statement.confidence,
            "value": {
                "start": statement.start,
                "end": statement.end,
                "text": statement.quote,
                "labels": [statement.label],
            },
        }
        for statement in record.statements
    ]
    score = min((s.confidence for s in record.statements), default=0.0)
    return {
        "data": {"text": record.text, "document_id": record.id, "name": record.source.name},
        "predictions": [
            {"model_version": record.provenance.congvan, "score": score, "result": results}
        ],
    }


def write_label_studio(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """A JSON list of tasks for Label Studio's import."""
    tasks = []
    for record in records:
        losses.note_fields(record, _NO_PLACE)
        tasks.append(task_of(record))
    path.write_text(json.dumps(tasks, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(tasks)
