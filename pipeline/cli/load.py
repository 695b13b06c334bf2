"""Loading many documents: load, and what belongs to it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.common import DEFAULT_OUT, LangOption, OutOption, tell
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.bulk.report import Report

SHOWN_PROBLEMS = 20

KeepSources = Literal["copy", "link", "none"]

JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="At most so many documents.")
]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", help="Only files changed since this day.")
]
NoPrefectOption = Annotated[
    bool,
    typer.Option("--no-prefect", help="Without the Prefect flow: same engine, starts at once."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from pipeline.cli import care, quarantine

    quarantine.register(app)
    care.register(app)
    app.command("load")(load)


def load(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, fsspec URLs.")],
    out: OutOption = DEFAULT_OUT,
    jobs: JobsOption = None,
    limit: LimitOption = None,
    since: SinceOption = None,
    force: Annotated[bool, typer.Option("--force", help="Do again what is done.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    sources: Annotated[
        KeepSources | None,
        typer.Option("--sources", help="copy | link | none. How source bytes are kept."),
    ] = None,
    no_prefect: NoPrefectOption = False,
    dask: Annotated[
        str | None, typer.Option("--dask", help="Address of a Dask scheduler: tcp://host:8786.")
    ] = None,
    share: Annotated[
        str, typer.Option("--share", help="URL where records and sources are put as well.")
    ] = "",
    lang: LangOption = None,
) -> None:
    """Turn files into records."""
    from pipeline.settings import load_options

    refuse_missing(paths)
    options = load_options(
        out,
        jobs=jobs,
        limit=limit,
        since=since,
        force=force,
        keep_sources=sources,
        share=share,
    )
    if dry_run:
        from dataclasses import asdict

        from pipeline.bulk.dry_run import plan

        tell(say("load.dry-run", **asdict(plan(paths, options))))
        return
    from pipeline.bulk import engine
    from pipeline.bulk.places import is_url

    parameters = {
        **{
            "paths": [path if is_url(path) else str(Path(path).absolute()) for path in paths],
            "out": str(out.absolute()),
            "jobs": jobs,
            "limit": limit,
        },
        **{"since": since, "force": force, "keep_sources": sources, "share": share},
    }
    report = None if no_prefect else run_under_prefect("load", parameters, out, dask)
    if report is None:
        from pipeline.cli.bar import watch

        report = engine.load(paths, options, watch=watch)
    finish(report, out)


def refuse_missing(paths: Sequence[str]) -> None:
    """End at once when none of the paths is there; what is missing among others the run reports."""
    from pipeline.bulk.places import is_url
    from pipeline.bulk.reasons import explain

    if any(is_url(path) or os.path.lexists(path) for path in paths):
        return
    for path in paths:
        tell(explain("missing", path))
    raise typer.Exit(int(ExitCode.SOME_FAILED))


def run_under_prefect(
    name: str, parameters: Mapping[str, object], out: Path, dask: str | None = None
) -> Report | None:
    """The report of a run under its Prefect flow; None when Prefect cannot be had."""
    from functools import partial

    from rich.console import Console

    from pipeline.cli.bar import watch

    console = Console(stderr=True)
    console.print(say("load.prefect-starts"), style="dim", soft_wrap=True)
    try:
        from pipeline.flows import run_flow
    except ImportError as error:
        tell(say("load.no-prefect", why=error))
        return None
    report = run_flow(name, parameters, out, partial(watch, console=console), console, dask)
    if report is None:
        tell(say("load.no-prefect", why="see PREFECT_LOGGING_LEVEL=INFO"))
    return report


def finish(report: Report, out: Path) -> None:
    """Say how a run ended, and end with its exit code."""
    from pipeline.bulk.report import sentence, summary
    from pipeline.store.files import run_path

    for line in summary(report):
        tell(line)
    for problem in report.problems[:SHOWN_PROBLEMS]:
        tell(f"  - {sentence(problem)}")
    path = run_path(out, report.run, ".md")
    if len(report.problems) > SHOWN_PROBLEMS:
        tell(say("load.more-problems", count=len(report.problems) - SHOWN_PROBLEMS, path=path))
    tell(say("load.report-at", path=path))
    if report.exit_code is not ExitCode.OK:
        raise typer.Exit(int(report.exit_code))
