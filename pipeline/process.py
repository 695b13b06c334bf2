"""The whole path as one plain function: bytes -> Document -> Record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pydantic import TypeAdapter

from pipeline import __version__
from pipeline.checks import run_checks
from pipeline.document import BlockKind, Document
from pipeline.extract.figures import find_figures
from pipeline.extract.mentions import find_mentions
from pipeline.extract.references import find_references, resolve_short_forms
from pipeline.extract.tasks import extract_tasks
from pipeline.header import HeaderResult, parse_header
from pipeline.labels.model import LabelModel, label_units, model_name
from pipeline.labels.speakers import find_speakers
from pipeline.readers import read
from pipeline.readers.limits import Limits
from pipeline.record import (
    Figure,
    Issue,
    Provenance,
    Record,
    RecordBlock,
    RecordPage,
    Reference,
    Source,
    Statement,
    verify,
)
from pipeline.structure.build import structure_of
from pipeline.structure.draft import Draft, Labelled, Unit
from pipeline.structure.ids import statement_ids
from pipeline.structure.lines import flatten, lines_of


def process(data: bytes, name: str, *, limits: Limits | None = None) -> Record:
    """Read and understand one document.

    Raises:
        InputError: the bytes cannot be read (one subclass per cause).
        NotVerbatimError: a value would not be verbatim; nothing may be stored then.
    """
    return understand(read(data, name, limits=limits or Limits()))


def understand(document: Document, model: LabelModel | None = None) -> Record:
    """The record of a document that was read. The same document gives the same record.

    `model` replaces the label model that ships with congvan (cross-validation).
    """
    plain, header = structured(document)
    draft = replace(plain, labels=label_units(plain, model))
    statements = _statements(draft)
    labelled = [index for index, label in enumerate(draft.labels) if label is not None]
    ids = [statement.id for statement in statements]
    cited = find_references(draft.flat, own_code=draft.header.code)
    record = Record(
        id=document.sha256,
        source=Source(
            name=document.name,
            media_type=document.media_type,
            bytes=document.size,
            sha256=document.sha256,
        ),
        status="success",
        family=draft.family,
        text=document.text,
        pages=tuple(
            RecordPage.model_validate(page.model_dump(exclude={"steps"})) for page in document.pages
        ),
        blocks=_blocks(document, draft),
        header=draft.header,
        sections=draft.sections,
        statements=statements,
        tasks=extract_tasks(draft, dict(zip(labelled, ids, strict=True)).__getitem__, cited),
        figures=_figures(draft),
        references=_references(draft, cited),
        mentions=find_mentions(draft),
        provenance=_provenance(tuple(document.reading.items()), model_name()),
    )
    issues = (*_reading_issues(document), *header.issues, *run_checks(record))
    failed = any(issue.severity == "error" for issue in issues)
    record = record.model_copy(
        update={"issues": _ordered(issues), "status": "partial" if failed else "success"}
    )
    verify(record)
    return record


def structured(document: Document) -> tuple[Draft, HeaderResult]:
    """Header and structure of a document; its units have no labels yet."""
    flat = flatten(document.text)
    lines = lines_of(document)
    header = parse_header(document, lines)
    structure = structure_of(flat, lines, header.zones)
    draft = Draft(
        document=document,
        flat=flat,
        family=header.family,
        header=header.header,
        sections=structure.sections,
        units=structure.units,
        labels=(None,) * len(structure.units),
    )
    return draft, header


def _statements(draft: Draft) -> tuple[Statement, ...]:
    text = draft.document.text
    kept: list[tuple[Unit, Labelled]] = [
        (unit, label)
        for unit, label in zip(draft.units, draft.labels, strict=True)
        if label is not None
    ]
    quotes = [text[unit.start : unit.end] for unit, _ in kept]
    ids = statement_ids(draft.document.sha256, quotes)
    speakers = find_speakers(draft)
    return _STATEMENTS.validate_python(
        [
            {
                "id": identity,
                "label": label.label,
                "also": label.also,
                "start": unit.start,
                "end": unit.end,
                "quote": quote,
                "section": unit.section,
                "speaker": speakers.get(unit.start),
                "confidence": round(label.confidence, 3),
                "origin": label.origin,
            }
            for identity, quote, (unit, label) in zip(ids, quotes, kept, strict=True)
        ]
    )


def _references(draft: Draft, cited: Sequence[Reference]) -> tuple[Reference, ...]:
    """Documents cited by number, and the short forms of them ("QĐ 262") in the same document."""
    found = (*cited, *resolve_short_forms(draft.flat, cited))
    in_order = sorted(found, key=lambda reference: (reference.start, reference.end))
    return _as_printed(in_order, draft.document.text)


def _figures(draft: Draft) -> tuple[Figure, ...]:
    issued_on = draft.header.issued_on or draft.header.published_on
    day = issued_on.value if issued_on else None
    spans = [(unit.start, unit.end) for unit in draft.units if unit.kind != "meta"]
    return find_figures(draft.flat, spans, issued_on=day, text=draft.document.text)


def _as_printed(found: Sequence[Reference], text: str) -> tuple[Reference, ...]:
    """What was found in the flat text, quoted with its line breaks and no-break spaces."""
    quotes = (text[item.start : item.end] for item in found)
    return tuple(
        item if item.quote == quote else item.model_copy(update={"quote": quote})
        for item, quote in zip(found, quotes, strict=True)
    )


_ZONE_KINDS: dict[str, BlockKind] = {
    "header": "header",
    "footer": "footer",
    "boilerplate": "boilerplate",
}
_BLOCKS = TypeAdapter(tuple[RecordBlock, ...])
_STATEMENTS = TypeAdapter(tuple[Statement, ...])


def _blocks(document: Document, draft: Draft) -> tuple[RecordBlock, ...]:
    """The reader's blocks where it saw a page; else one block a unit's paragraph."""
    paged = [block for block in document.blocks if block.box is not None]
    if paged:
        return tuple(
            RecordBlock.model_validate(block.model_dump(include=set(RecordBlock.model_fields)))
            for block in document.blocks
        )
    return _blocks_of_units(draft)


def _blocks_of_units(draft: Draft) -> tuple[RecordBlock, ...]:
    """Blocks of the paragraphs of units, validated all at once, for speed."""
    seen = {block.start: block.kind for block in draft.document.blocks}
    blocks: list[dict[str, object]] = []
    paragraph = -1
    for unit in draft.units:
        if unit.paragraph == paragraph and blocks:
            blocks[-1]["end"] = unit.end
            continue
        paragraph = unit.paragraph
        kind = seen.get(unit.start)
        if kind not in ("caption", "table", "page-number"):
            kind = _ZONE_KINDS.get(unit.zone) or _kind_in_body(unit)
        blocks.append({"kind": kind, "start": unit.start, "end": unit.end, "label": unit.marker})
    return _BLOCKS.validate_python(blocks)


def _kind_in_body(unit: Unit) -> BlockKind:
    if unit.kind == "heading":
        return "heading"
    return "item" if unit.marker else "paragraph"


def _reading_issues(document: Document) -> tuple[Issue, ...]:
    return tuple(Issue.model_validate(issue.model_dump()) for issue in document.issues)


def _ordered(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    unique = {issue.model_dump_json(): issue for issue in issues}
    return tuple(
        sorted(unique.values(), key=lambda issue: (issue.start or 0, issue.code, issue.message))
    )


@lru_cache(maxsize=64)
def _provenance(reading: tuple[tuple[str, str], ...], labels: str) -> Provenance:
    """What made a record, by how its document was read and by the label model."""
    settings = json.dumps(dict(reading), sort_keys=True).encode()
    ocr = {key[4:]: value for key, value in reading if key.startswith("ocr.")}
    return Provenance(
        congvan=__version__,
        models={"labels": labels},
        ocr=ocr or None,
        config=hashlib.sha256(settings).hexdigest()[:16],
    )
