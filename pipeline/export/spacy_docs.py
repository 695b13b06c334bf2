"""Records as spaCy documents (DocBin): word-segmented text with statements and mentions as spans.

For those who train their own pipelines with `spacy train`: span groups `statements`, `tasks` and
`mentions`, labels as in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.export.fields import Losses
from pipeline.nlp import save_docs, segmented
from pipeline.record import Record

_LINE = re.compile(r"[^\n]*\S[^\n]*")


def write_spacy(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """One Doc a record; a span that meets no word edge is widened to the word and listed."""
    docs = []
    for record in records:
        losses.note_rest(record, ("statements", "tasks", "mentions"))
        doc = segmented(record.text, [match.span() for match in _LINE.finditer(record.text)])
        for group, spans in _groups(record):
            doc.spans[group] = [
                _span(doc, start, end, label, record, group, losses) for start, end, label in spans
            ]
        doc.user_data["id"] = record.id
        doc.user_data["name"] = record.source.name
        docs.append(doc)
    save_docs(docs, path)
    return len(docs)


def _groups(record: Record) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    yield "statements", [(s.start, s.end, s.label) for s in record.statements]
    yield "tasks", [(t.start, t.end, t.kind) for t in record.tasks]
    yield "mentions", [(m.start, m.end, m.type) for m in record.mentions]


def _span(
    doc: Any, start: int, end: int, label: str, record: Record, group: str, losses: Losses
) -> Any:
    exact = doc.char_span(start, end, label=label)
    if exact is not None:
        return exact
    losses.note(record, group, "widened", record.text[start:end])
    return doc.char_span(start, end, label=label, alignment_mode="expand")
