"""Where the data of the project lives (models/), and cached loaders of it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def models_dir() -> Path:
    """The folder with lexicons/ and trained/: in the checkout, or inside the wheel."""
    checkout = Path(__file__).resolve().parent.parent / "models"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parent / "_models"


@cache
def lexicon_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of models/lexicons/NAME.tsv: header line first, `#` lines are comments (the source)."""
    path = models_dir() / "lexicons" / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as handle:
        lines = (line for line in handle if not line.startswith("#") and line.strip())
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def lexicon(name: str) -> Any:
    """The content of models/lexicons/NAME.yaml."""
    path = models_dir() / "lexicons" / f"{name}.yaml"
    return yaml.load(
        path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
