"""`congvan evaluate GOLD_DIR`: how good the records are, against labels that people made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import LangOption, tell
from pipeline.errors import CongvanError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate_records)


def evaluate_records(
    gold_dir: Annotated[Path, typer.Argument(help="Folder of NAME.txt and NAME.json pairs.")],
    records: Annotated[
        Path | None,
        typer.Option(help="Score the records below this folder instead of reading the texts now."),
    ] = None,
    cross_validate: Annotated[
        bool, typer.Option(help="Label each document by models trained without it: honest figures.")
    ] = False,
    archive: Annotated[
        Path | None,
        typer.Option(help="With --cross-validate: documents to learn from too (congvan train)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    per_doc: Annotated[bool, typer.Option("--per-doc", help="One line a document too.")] = False,
    worst: Annotated[int, typer.Option(min=0, help="How many of the dearest mistakes.")] = 15,
    list_invented: Annotated[
        bool,
        typer.Option("--invented", help="List assignees and deadlines no label has, with reasons."),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Score records against labelled documents."""
    import json
    from functools import partial

    from rich.console import Console

    from pipeline.evaluate import cross_validated, evaluate, processed, read_gold, report, stored
    from pipeline.evaluate.invented import invented

    gold = read_gold(gold_dir)
    source = partial(cross_validated, archive=archive) if cross_validate else processed
    made = source(gold, failed=_tell) if records is None else stored(records)(gold)
    if list_invented:
        for row in invented(gold, made):
            sys.stdout.write("\t".join(map(str, row)) + "\n")
        return
    evaluation = evaluate(gold, made)
    if as_json:
        json.dump(report.as_json(evaluation), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    Console(width=None if sys.stdout.isatty() else 140).print(
        report.render(evaluation, per_document=per_doc, worst=worst)
    )


def _tell(name: str, error: CongvanError) -> None:
    tell(f"{name}: {error}")
