"""Loading many documents: load, and what belongs to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.common import DEFAULT_OUT, LangOption, OutOption, tell
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.bulk.engine import LoadOptions
    from pipeline.bulk.report import Report

SHOWN_PROBLEMS = 20

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
    app.command("load")(load)


def load(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders / Tệp và thư mục.")],
    out: OutOption = DEFAULT_OUT,
    jobs: JobsOption = None,
    limit: LimitOption = None,
    since: SinceOption = None,
    force: Annotated[bool, typer.Option("--force", help="Do again what is done.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    sources: Annotated[
        str | None, typer.Option("--sources", help="copy | link | none. How source bytes are kept.")
    ] = None,
    no_prefect: NoPrefectOption = False,
    lang: LangOption = None,
) -> None:
    """Turn files into records / Nạp tệp thành bản ghi."""
    options = load_options(out, jobs=jobs, limit=limit, since=since, force=force, sources=sources)
    if dry_run:
        from dataclasses import asdict

        from pipeline.bulk.dry_run import plan

        tell(say("load.dry-run", **asdict(plan(paths, options))))
        return
    from pipeline.bulk import engine
    from pipeline.cli.bar import watch

    finish(engine.load(paths, options, watch=watch), out)


def load_options(
    out: Path, *, jobs: int | None = None, sources: str | None = None, **others: Any
) -> LoadOptions:
    """Options of a run: those of the command line, else the settings of the machine."""
    from pipeline.bulk.engine import LoadOptions
    from pipeline.bulk.task import TaskOptions
    from pipeline.bulk.workers import WorkerOptions
    from pipeline.settings import Settings

    settings = Settings()
    task = TaskOptions(
        out=str(out.absolute()),
        keep_sources=sources or settings.keep_sources,
        durable=settings.durable,
    )
    workers = WorkerOptions(
        task=task,
        time_limit=settings.time_limit,
        time_limit_per_mb=settings.time_limit_per_mb,
        memory_limit_mb=settings.memory_limit_mb,
        recycle_after=settings.recycle_after,
    )
    return LoadOptions(
        out, workers, jobs=jobs or settings.jobs, attempts=settings.attempts, **others
    )


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
