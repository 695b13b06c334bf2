"""Where the records that are scored come from: a store, or the program itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import CongvanError, MissingFileError
from pipeline.evaluate.gold import GoldDocument, Json

if TYPE_CHECKING:
    from pipeline.record import Record

Failed = Callable[[str, CongvanError], None]
"""Told the name of a document that became no record, and why."""
RecordSource = Callable[[Sequence[GoldDocument]], Iterable[Json]]
"""Makes the records for labelled documents.

`processed` reads the labelled texts with the models as shipped, `cross_validated` with models that
were trained without the document.
"""


def stored(folder: Path) -> RecordSource:
    """Records below a folder, whatever the layout; other JSON files are passed over.

    Raises:
        MissingFileError: there is no such folder.
    """
    if not folder.is_dir():
        raise MissingFileError(path=str(folder))

    def records(_gold: Sequence[GoldDocument]) -> Iterator[Json]:
        for path in sorted(folder.rglob("*.json")):
            try:
                content = json.loads(path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError, json.JSONDecodeError):
                continue
            if isinstance(content, dict) and "text" in content and "source" in content:
                yield content

    return records


def processed(gold: Sequence[GoldDocument], *, failed: Failed | None = None) -> Iterator[Json]:
    """Records made from the labelled texts by this program.

    A document that fails has no record, so it counts as nothing found; `failed` is told which.
    """
    from pipeline.process import process

    for document in gold:
        yield from _made(document, lambda d: process(d.text.encode(), file_name(d)), failed)


def cross_validated(
    gold: Sequence[GoldDocument], *, archive: Path | None = None, failed: Failed | None = None
) -> Iterator[Json]:
    """Records whose labels come from models trained without the document and its fold.

    `archive` holds documents that are learned from in every fold (pipeline.train).
    These are the honest figures: the model that is shipped was trained on the same documents.
    """
    from pipeline.labels.training import cross_validate, example_of
    from pipeline.process import structured, understand
    from pipeline.readers import read
    from pipeline.readers.limits import Limits
    from pipeline.train import further_examples

    read_documents = {d.name: read(d.text.encode(), file_name(d), limits=Limits()) for d in gold}
    models = cross_validate(
        [example_of(d.name, structured(read_documents[d.name])[0], d.labels) for d in gold],
        always=further_examples(archive),
    )
    for document in gold:
        yield from _made(
            document, lambda d: understand(read_documents[d.name], models[d.name]), failed
        )


def file_name(document: GoldDocument) -> str:
    """What a labelled text is called when it is read."""
    return f"{document.name}.txt"


def _made(
    document: GoldDocument, make: Callable[[GoldDocument], Record], failed: Failed | None
) -> Iterator[Json]:
    from pipeline.record import to_json

    try:
        yield json.loads(to_json(make(document)))
    except CongvanError as error:
        if failed is not None:
            failed(file_name(document), error)
