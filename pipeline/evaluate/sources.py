"""Where the records that are scored come from: a store, or the program itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.errors import CongvanError, MissingFileError
from pipeline.evaluate.gold import GoldDocument, Json

RecordSource = Callable[[Sequence[GoldDocument]], Iterable[Json]]
"""Makes the records for labelled documents.

`processed` reads the labelled texts with the models as shipped; a source for cross-validation
labels each document with models trained without it.
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


def processed(
    gold: Sequence[GoldDocument], *, failed: Callable[[str, CongvanError], None] | None = None
) -> Iterator[Json]:
    """Records made from the labelled texts by this program.

    A document that fails has no record, so it counts as nothing found; `failed` is told which.
    """
    from pipeline.process import process
    from pipeline.record import to_json

    for document in gold:
        name = f"{document.name}.txt"
        try:
            yield json.loads(to_json(process(document.text.encode(), name)))
        except CongvanError as error:
            if failed is not None:
                failed(name, error)
