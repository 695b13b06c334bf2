"""Training of every model from a gold folder; writes models/trained/NAME with a card."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import MissingFileError
from pipeline.evaluate.gold import NoGoldError, read_gold
from pipeline.labels import training
from pipeline.labels.archive import documents_of, read_archive
from pipeline.labels.model import LABELS, LabelModel, Settings
from pipeline.labels.written import read_written
from pipeline.messages import say
from pipeline.process import structured
from pipeline.readers import read
from pipeline.resources import models_dir
from pipeline.structure.draft import Draft

Progress = Callable[[str], None]

log = logging.getLogger(__name__)


def draft_from(data: bytes, name: str) -> Draft:
    """The unlabelled draft of a gold text."""
    return structured(read(data, name))[0]


def written_examples() -> list[training.Example]:
    """The documents written for training (models/training/labels); none in an installed wheel."""
    paths = sorted((models_dir() / "training" / "labels").glob("*.txt"))
    return [
        training.example_of(name, draft_from(text.encode(), f"{name}.txt"), gold)
        for name, text, gold in map(read_written, paths)
    ]


def archive_examples(folder: Path) -> list[training.Example]:
    """The documents of `folder` that models/training/archive_labels.tsv has labels for.

    A document that is not there is left out; so is, with a warning, one that does not read as it
    did when it was labelled: its places would point to other words.
    """
    labels = models_dir() / "training" / "archive_labels.tsv"
    examples, changed = [], []
    for labelled, data in documents_of(folder, read_archive(labels) if labels.is_file() else ()):
        draft = draft_from(data, labelled.file_name)
        if hashlib.sha256(draft.flat.encode()).hexdigest().startswith(labelled.digest):
            examples.append(training.example_of(labelled.document, draft, labelled.gold))
        else:
            changed.append(labelled.document)
    if changed:
        log.warning(
            "%d documents do not read as they did when labelled, the first is %s: not learned from",
            len(changed),
            changed[0],
        )
    return examples


def further_examples(archive: Path | None) -> list[training.Example]:
    """All that is learned from and never scored: written for training, or from an archive."""
    return [*written_examples(), *(archive_examples(archive) if archive else ())]


def train_labels(
    gold: Path, *, archive: Path | None = None, folds: int = 5, progress: Progress = print
) -> dict[str, Any]:
    """Train the label model on all documents of `gold`; returns its card.

    `archive` holds the documents of models/training/archive_labels.tsv, which are learned from too.
    The confidence is calibrated, and the card's scores are measured, on documents that the model
    used for them had not seen.

    Raises:
        MissingFileError: there is no folder `gold` or `archive`.
        NoGoldError, BadGoldError: `gold` holds no labelled document, or one that is none.
    """
    if archive is not None and not archive.is_dir():
        raise MissingFileError(path=str(archive))
    names = [document.name for document in read_gold(gold)]
    progress(say("train.reading", path=gold))
    examples = training.load_examples(gold, draft_from, names)
    if not any(example.body for example in examples):
        raise NoGoldError(path=str(gold))
    further = further_examples(archive)
    progress(say("train.counts", count=len(examples), folds=folds, further=len(further)))
    models = training.cross_validate(examples, folds, always=further)
    table = training.calibration(examples, models)
    accepted = training.accepted_share(examples, models)
    progress(say("train.all"))
    trained = training.train([*examples, *further], "labels", Settings(calibration=table))
    name = f"labels-{_digest(trained)[:8]}"
    card = {
        "documents": len(examples),
        "further": len(further),
        "units": sum(len(example.body) for example in examples),
        "labels": list(LABELS),
        "accepted": accepted,
        "how": f"congvan train GOLD{' --archive DIR' if archive else ''} --folds {folds}",
        "measured": f"{folds} folds by document",
    }
    training.save(replace(trained, name=name), models_dir() / "trained" / "labels", card)
    return {"name": name, **card}


def _digest(model: LabelModel) -> str:
    """What tells a model from others: other weights, another name in the records."""
    weights = (model.chain.state, model.chain.following, model.acceptance.weights)
    return hashlib.sha256(b"".join(table.tobytes() for table in weights)).hexdigest()
