"""Training of every model from a gold folder; writes models/trained/NAME with a card."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.labels import training
from pipeline.labels.model import LABELS, Settings
from pipeline.labels.written import read_written
from pipeline.process import structured
from pipeline.readers import read
from pipeline.resources import models_dir
from pipeline.structure.draft import Draft

Progress = Callable[[str], None]


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


def train_labels(gold: Path, *, folds: int = 5, progress: Progress = print) -> dict[str, Any]:
    """Train the label model on all documents of `gold`; returns its card.

    The confidence is calibrated, and the card's scores are measured, on documents that the model
    used for them had not seen.
    """
    progress(f"{gold}: reading")
    examples = training.load_examples(gold, draft_from)
    written = written_examples()
    progress(f"{len(examples)} documents, {folds} folds; {len(written)} written for training")
    models = training.cross_validate(examples, folds, always=written)
    table = training.calibration(examples, models)
    accepted = training.accepted_share(examples, models)
    progress("training on all documents")
    corpus = hashlib.sha256()
    for example in (*examples, *written):
        corpus.update(example.draft.document.sha256.encode())
    name = f"labels-{corpus.hexdigest()[:8]}"
    trained = training.train([*examples, *written], name, Settings(calibration=table))
    card = {
        "documents": len(examples),
        "written": len(written),
        "units": sum(len(example.body) for example in examples),
        "labels": list(LABELS),
        "accepted": accepted,
        "how": f"congvan train GOLD --folds {folds}",
        "measured": f"{folds} folds by document",
    }
    training.save(trained, models_dir() / "trained" / "labels", card)
    return {"name": name, **card}
