"""Loading many documents: load, and what belongs to it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.common import DEFAULT_OUT, LangOption, OutOption, tell
from pipeline.errors import ExitCode, QueryError
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.bulk.report import Problem, Report
    from pipeline.bulk.run import LoadOptions

SHOWN_PROBLEMS = 20

KeepSources = Literal["copy", "link", "none"]

JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="At most so many documents.")
]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only files changed since this day.")
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
    changed_since = _moment(since)
    options = load_options(
        out,
        jobs=jobs,
        limit=limit,
        since=changed_since,
        force=force,
        keep_sources=sources,
        share=share,
    )
    if dry_run:
        _tell_plan(paths, options)
        return
    from pipeline.bulk import engine
    from pipeline.bulk.dry_run import has_work
    from pipeline.bulk.ledger_file import check_writable

    check_writable(out)  # before a server is started for it
    report = None
    if not no_prefect and has_work(paths, options):
        parameters = {
            **{"paths": [_as_parameter(path) for path in paths], "out": _as_parameter(str(out))},
            **{"jobs": jobs, "limit": limit, "since": changed_since, "force": force},
            **{"keep_sources": sources, "share": share},
        }
        report = run_under_prefect("load", parameters, out, dask)
    if report is None:
        from pipeline.cli.bar import watch

        report = engine.load(paths, options, watch=watch)
    finish(report, out)


def _as_parameter(path: str) -> str:
    """A path as a parameter of a flow: absolute, and text."""
    from pipeline.bulk.places import is_url
    from pipeline.text.paths import path_text

    return path_text(path if is_url(path) else str(Path(path).absolute()))


def _moment(value: str | None) -> datetime | None:
    """The time that --since names: a day as typed, or an ISO date with a time.

    Raises:
        typer.BadParameter: it is neither.
    """
    from pipeline.cli.filters import day

    try:
        return datetime.fromisoformat(value or "")
    except ValueError:
        pass
    try:
        found = day(value, "--since")
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    return datetime.combine(found, datetime.min.time()) if found else None


def _tell_plan(paths: Sequence[str], options: LoadOptions) -> None:
    """Say what a load would do and which files it could not read; ends with 3 for these."""
    from dataclasses import asdict

    from pipeline.bulk.dry_run import plan
    from pipeline.bulk.report import Problem, count_lines

    found = plan(paths, options)
    for line in count_lines({**asdict(found.counts), "left": found.counts.left}, "load.dry-run"):
        tell(line)
    _tell_problems([Problem(r.path, r.reason, r.detail) for r in found.refused])
    if found.refused:
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def _tell_problems(problems: Sequence[Problem]) -> None:
    from pipeline.bulk.report import sentence

    for problem in problems[:SHOWN_PROBLEMS]:
        tell(f"  - {sentence(problem)}")


def refuse_missing(paths: Sequence[str], *, all_must: bool = False) -> None:
    """End at once when none of the paths is there, or not all that must be; what is missing among
    others the run reports.
    """
    from pipeline.bulk.places import is_url
    from pipeline.bulk.reasons import explain
    from pipeline.text.paths import path_text

    gone = [path for path in paths if not is_url(path) and not os.path.lexists(path)]
    if not gone or (len(gone) < len(paths) and not all_must):
        return
    for path in gone:
        tell(explain("missing", path_text(path)))
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
        tell(say("load.no-prefect", why=say("load.no-prefect-why")))
    return report


def finish(report: Report, out: Path) -> None:
    """Say how a run ended, and end with its exit code."""
    from pipeline.bulk.report import summary
    from pipeline.store.files import run_path
    from pipeline.text.paths import path_text

    for line in summary(report):
        tell(line)
    _tell_problems(report.problems)
    path = path_text(str(run_path(out, report.run, ".md")))
    if len(report.problems) > SHOWN_PROBLEMS:
        tell(say("load.more-problems", count=len(report.problems) - SHOWN_PROBLEMS, path=path))
    tell(say("load.report-at", path=path))
    if report.exit_code is not ExitCode.OK:
        raise typer.Exit(int(report.exit_code))
