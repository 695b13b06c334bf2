"""All exchange formats by name; a new one is one module and one line here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import TargetError
from pipeline.export.annotation import write_label_studio
from pipeline.export.calendar import write_calendar
from pipeline.export.fields import Losses
from pipeline.export.nd30 import write_csv, write_json
from pipeline.export.opensearch import write_bulk
from pipeline.export.spacy_docs import write_spacy
from pipeline.export.xml_formats import write_ead, write_edxml
from pipeline.record import Record
from pipeline.store.reviews import corrected
from pipeline.store.schema import open_reader


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its writer and the usual name of its file."""

    write: Callable[[Iterable[Record], Path, Losses], int]
    file_name: str


EXPORTERS: dict[str, Format] = {
    "nd30-csv": Format(write_csv, "nd30.csv"),
    "nd30-json": Format(write_json, "nd30.json"),
    "edxml": Format(write_edxml, "edxml.xml"),
    "ead": Format(write_ead, "ead.xml"),
    "ics": Format(write_calendar, "deadlines.ics"),
    "label-studio": Format(write_label_studio, "label-studio.json"),
    "opensearch": Format(write_bulk, "opensearch.ndjson"),
    "spacy": Format(write_spacy, "records.spacy"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, and how often each field lost something."""

    path: Path
    count: int
    losses: Counter[tuple[str, str]]
    losses_path: Path | None


def export(
    out: Path,
    name: str,
    path: Path,
    *,
    document_ids: Iterable[str] | None = None,
    include_secret: bool = False,
) -> Exported:
    """Write the documents of the store (all when no ids are given) in the format `name`.

    What the format cannot hold is listed in PATH.losses.csv beside the file.

    Raises:
        StoreError: there is no index.
        TargetError: the file cannot be written.
    """
    losses = Losses()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        records = stored_records(out, document_ids, include_secret=include_secret)
        count = EXPORTERS[name].write(records, part, losses)
        if part.exists():
            part.replace(path)
        listed = _write_losses(path, losses)
    except OSError as error:
        raise TargetError(error.strerror or "", path=str(path)) from error
    counts: Counter[tuple[str, str]] = Counter()
    counts.update((loss.field, loss.kind) for loss in losses.found)
    return Exported(path, count, counts, listed)


def stored_records(
    out: Path, document_ids: Iterable[str] | None, *, include_secret: bool
) -> Iterator[Record]:
    """Records of the store in order of date and id, secret ones only when asked for."""
    with closing(open_reader(out)) as connection:
        rows = connection.execute(
            "SELECT document_id FROM documents WHERE secret <= ?"
            " ORDER BY coalesce(dated_on, ''), document_id",
            (int(include_secret),),
        )
        wanted = None if document_ids is None else set(document_ids)
        ids = [row[0] for row in rows if wanted is None or row[0] in wanted]
    for document_id in ids:
        yield corrected(out, document_id)


def _write_losses(path: Path, losses: Losses) -> Path | None:
    listed = path.with_name(f"{path.name}.losses.csv")
    if not losses.found:
        listed.unlink(missing_ok=True)
        return None
    with listed.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["document_id", "field", "kind", "value"])
        writer.writerows((x.document_id, x.field, x.kind, x.value) for x in losses.found)
    return listed
