"""Label Studio tasks: the statements of a record as predictions that people can correct."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import TargetError
from pipeline.export.fields import Losses
from pipeline.record import Record
from pipeline.review.label_studio import annotation_of, results_of
from pipeline.review.reviewed import Reviewed

_HELD = ("statements",)


def task_of(record: Record) -> dict[str, object]:
    """One Label Studio task; offsets count characters, as Label Studio's do."""
    results = results_of(record.statements, scores=True)
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
        losses.note_rest(record, _HELD)
        tasks.append(task_of(record))
    path.write_text(json.dumps(tasks, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(tasks)


def write_reviewed(reviewed: Iterable[Reviewed], path: Path) -> int:
    """The same with what people have said as annotations, to go on there and come back.

    Raises:
        TargetError: the file cannot be written.
    """
    tasks = []
    for one in reviewed:
        annotation = annotation_of(one)
        tasks.append(task_of(one.record) | ({"annotations": [annotation]} if annotation else {}))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(tasks, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise TargetError(error.strerror or "", path=str(path)) from error
    return len(tasks)
