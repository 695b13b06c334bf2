"""`congvan train GOLD_DIR`: labelled documents in, trained models with their cards out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import LangOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train_models)


def train_models(
    gold_dir: Annotated[Path, typer.Argument(help="Folder of NAME.txt and NAME.json pairs.")],
    archive: Annotated[
        Path | None,
        typer.Option(help="Folder of the documents in models/training/archive_labels.tsv."),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    lang: LangOption = None,
) -> None:
    """Train the label model.

    Example: congvan train gold/documents --archive gold/archive
    """
    from pipeline.messages import say
    from pipeline.train import train_labels

    card = train_labels(
        gold_dir, archive=archive, folds=folds, progress=lambda step: typer.echo(step, err=True)
    )
    typer.echo(say("train.trained", name=card["name"], accepted=f"{card['accepted']:.1%}"))
