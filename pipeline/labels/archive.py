"""Labels of real documents that stay outside the repository: places and labels, no word of text.

One document a line of models/training/archive_labels.tsv: its place in a folder of collections
("news2017/21469908.txt"; "corpus.jsonl.xz#id" for one item of a JSON Lines file), the first twelve
digits of the SHA-256 of the text that was labelled, and "start-end LABEL[/SECOND]" for every unit.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.labels.training import GOLD_LABELS


class ArchiveLabels(NamedTuple):
    """The labels of one document in the form of a gold file; `digest` opens the text's SHA-256."""

    document: str
    digest: str
    gold: dict[str, Any]

    @property
    def file_name(self) -> str:
        """What the document is called when it is read."""
        place, _, item = self.document.partition("#")
        return f"{item}.txt" if item else Path(place).name


def read_archive(path: Path) -> list[ArchiveLabels]:
    """Every line of a label file.

    Raises:
        ValueError: a line is not as described above; names the file and the line.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#") or not line:
            continue
        try:
            document, digest, spans = line.split("\t")
            found.append(ArchiveLabels(document, digest, _as_gold(spans.split(" "))))
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}:{number}: {error}") from error
    return found


def _as_gold(parts: Sequence[str]) -> dict[str, Any]:
    units: list[dict[str, int]] = []
    labels: list[str] = []
    alt: dict[str, list[str]] = {}
    for span, names in zip(parts[::2], parts[1::2], strict=True):
        start, end = map(int, span.split("-"))
        label, *others = names.split("/")
        if unknown := {label, *others} - GOLD_LABELS.keys():
            raise ValueError(f"no such label: {', '.join(sorted(unknown))}")
        if others:
            alt[str(len(units))] = others
        units.append({"start": start, "end": end})
        labels.append(label)
    return {"units": units, "labels": labels, "alt": alt}


def documents_of(
    folder: Path, labels: Sequence[ArchiveLabels]
) -> Iterator[tuple[ArchiveLabels, bytes]]:
    """The labelled documents that `folder` holds; those it lacks are passed over."""
    for labelled in labels:
        place, _, item = labelled.document.partition("#")
        path = folder / place
        if not path.is_file():
            continue
        if not item:
            yield labelled, path.read_bytes()
        elif (text := _items(path).get(item)) is not None:
            yield labelled, text.encode()


@cache
def _items(path: Path) -> dict[str, str]:
    """Texts by id of a compressed JSON Lines file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return {str(item["id"]): str(item["text"]) for item in map(json.loads, lines)}
