"""Labelled documents: NAME.txt is the text, NAME.json what people found in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import CongvanError, MissingFileError
from pipeline.evaluate.align import Token, plain, tokens

Json = dict[str, Any]
Group = Literal["official", "written", "news", "all"]
GROUPS: tuple[Group, ...] = ("official", "written", "news", "all")
LABELS = {
    "ACH": "achievement",
    "SHO": "shortcoming",
    "TASK": "task",
    "CAUSE": "cause",
    "REQ": "proposal",
}
"""Codes of the gold that are labels of the record; any other code means no label."""
WRITTEN = ("wd-", "wh-")
"""Names of documents that were written for the gold begin so."""


class NoGoldError(CongvanError):
    """A folder holds no labelled document."""

    reason = "no-gold"
    remedy = "name a folder with pairs of NAME.txt and NAME.json"


class BadGoldError(CongvanError):
    """A file is not the labels of a document."""

    reason = "bad-gold"
    remedy = "correct the file, or take it out of the folder"


@dataclass(frozen=True)
class GoldTask:
    """A task of the gold; `tokens` are the numbers of the syllables that belong to it."""

    labels: Json
    tokens: frozenset[int]


@dataclass(frozen=True)
class GoldDocument:
    """One labelled document with its syllables; `unit_of[k]` is the unit of syllable k."""

    name: str
    text: str
    labels: Json
    tokens: tuple[Token, ...]
    unit_of: tuple[int | None, ...]

    @property
    def group(self) -> Group:
        """The kind of document whose figures this one counts among."""
        if self.labels["header"]["doc_type"] == "NEWS":
            return "news"
        return "written" if self.name.startswith(WRITTEN) else "official"

    def label(self, unit: int) -> str | None:
        """The label of a unit, or None."""
        return LABELS.get(self.labels["labels"][unit])

    def accepts(self, unit: int, label: str | None) -> bool:
        """Whether `label` is right, or as right as the first label."""
        other = self.labels.get("alt", {}).get(str(unit), [])
        codes = [self.labels["labels"][unit], *([other] if isinstance(other, str) else other)]
        return label in {LABELS.get(code) for code in codes}

    def tasks(self) -> list[GoldTask]:
        """The tasks with their syllables; several tasks of one unit are cut at their clauses."""
        where = {unit["i"]: (unit["start"], unit["end"]) for unit in self.labels["units"]}
        starts = [clause_start(self.text, where, task) for task in self.labels["tasks"]]
        cuts = sorted({start for start in starts if start is not None})
        found = []
        for task, start in zip(self.labels["tasks"], starts, strict=True):
            units = set(task["units"])
            inside = [k for k, unit in enumerate(self.unit_of) if unit in units]
            if start is not None:
                after = next((cut for cut in cuts if cut > start), len(self.text))
                clause = [k for k in inside if start <= self.tokens[k].start < after]
                inside = clause or inside
            found.append(GoldTask(task, frozenset(inside)))
        return found


def clause_start(text: str, where: dict[int, tuple[int, int]], task: Json) -> int | None:
    """Offset of the clause that a task names, in the first of its units that holds it, or None."""
    if not task.get("clause"):
        return None
    words = task["clause"].rstrip(" .…;,")
    places = (text.find(words, *where[unit]) for unit in task["units"])
    return next((place for place in places if place >= 0), None)


def due(deadline: Json | None) -> tuple[str, str] | None:
    """Kind and value of a deadline, or None; a deadline without a value does not count."""
    if not deadline or deadline.get("value") in (None, ""):
        return None
    return deadline["kind"], plain(deadline["value"]).casefold()


_PARTS = ("units", "labels", "tasks", "header")


def load(path: Path) -> GoldDocument:
    """The document whose labels are in `path` and whose text is beside it.

    Raises:
        BadGoldError: what is in `path` are no labels.
    """
    try:
        labels = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise BadGoldError(str(error), path=str(path)) from error
    lacking = [part for part in _PARTS if not isinstance(labels, dict) or part not in labels]
    if lacking:
        raise BadGoldError(" ".join(lacking), path=str(path))
    text = path.with_suffix(".txt").read_text("utf-8")
    pieces = tuple(tokens(text))
    unit_of: list[int | None] = [None] * len(pieces)
    for unit in labels["units"]:
        for k, token in enumerate(pieces):
            if unit["start"] <= token.start < unit["end"]:
                unit_of[k] = unit["i"]
    return GoldDocument(path.stem, text, labels, pieces, tuple(unit_of))


def read_gold(folder: Path) -> list[GoldDocument]:
    """All labelled documents of a folder, by name.

    Raises:
        MissingFileError: there is no such folder.
        NoGoldError: it holds no pair of NAME.txt and NAME.json.
        BadGoldError: a file of a pair is not the labels of a document.
    """
    if not folder.is_dir():
        raise MissingFileError(path=str(folder))
    paths = [path for path in sorted(folder.glob("*.json")) if path.with_suffix(".txt").exists()]
    if not paths:
        raise NoGoldError(path=str(folder))
    return [load(path) for path in paths]


def names_of(records: Sequence[Json], gold: Sequence[GoldDocument]) -> dict[str, list[Json]]:
    """Records by the document they were made from: source NAME, or NAME and any suffix."""
    found: dict[str, list[Json]] = {document.name: [] for document in gold}
    for record in records:
        name = str(record["source"]["name"]).rsplit("/", 1)[-1]
        for known in found:
            if name == known or name.startswith(f"{known}."):
                found[known].append(record)
    return found
