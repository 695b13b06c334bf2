"""Care of a store: verify, reprocess, duplicates; and loading on a schedule: watch, serve-flows."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_OUT,
    Format,
    FormatOption,
    LangOption,
    OutOption,
    print_rows,
    tell,
)
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.bulk.fixity import Finding

JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
EveryOption = Annotated[float, typer.Option("--every", min=1, help="Seconds between two looks.")]
SettleOption = Annotated[
    float, typer.Option("--settle", min=0, help="Leave files that changed in the last seconds.")
]
NoPrefectOption = Annotated[bool, typer.Option("--no-prefect", help="Without a Prefect server.")]
PathsArgument = Annotated[list[Path], typer.Argument(help="Files and folders.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (verify, reprocess, duplicates, watch):
        app.command()(command)
    app.command("serve-flows")(serve_flows)


def verify(
    out: OutOption = DEFAULT_OUT,
    originals: Annotated[
        bool, typer.Option("--originals", help="Also the files that were loaded.")
    ] = False,
    form: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """Re-read all checksums of the store."""
    from pipeline.bulk.fixity import Finding, check
    from pipeline.bulk.ledger import open_ledger
    from pipeline.store import index

    with closing(open_ledger(out)) as ledger:
        results = list(check(ledger, out, originals=originals))
        stored = ledger.stored()
    findings = [result for result in results if isinstance(result, Finding)]
    faults = sum(finding.is_fault for finding in findings)
    searchable = index.count(out)
    if findings or form != "table":
        titles = {name: say(f"load.column-{name}") for name in ("what", "fault", "path", "detail")}
        print_rows([_row(finding, form) for finding in findings], form, titles)
    tell(say("load.verified", sound=len(results) - len(findings), faults=faults))
    if len(findings) > faults:
        tell(say("load.verified-originals", count=len(findings) - faults))
    if searchable != stored:
        tell(say("load.not-searchable", stored=stored, searchable=searchable))
    if faults or searchable != stored:
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def _row(finding: Finding, form: Format) -> dict[str, object]:
    """A finding as a row: codes for programs, words for people."""
    from dataclasses import asdict

    row: dict[str, object] = asdict(finding)
    if form == "table":
        row["what"] = say(f"load.what-{finding.what}")
        row["fault"] = say(f"load.fault-{finding.fault}")
    return row


def reprocess(
    out: OutOption = DEFAULT_OUT,
    ids: Annotated[list[str] | None, typer.Argument(help="Ids or their beginnings.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what is in quarantine.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="Only with this reason.")] = None,
    stage: Annotated[
        str,
        typer.Option("--stage", help="understand (kept readings) | read (reads and OCRs again)."),
    ] = "understand",
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", help="Only records of an older version, e.g. 0.2.0."),
    ] = None,
    media_type: Annotated[str | None, typer.Option("--type", help="Only this media type.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many documents.")
    ] = None,
    jobs: JobsOption = None,
    no_prefect: NoPrefectOption = False,
    lang: LangOption = None,
) -> None:
    """Do stored documents again with the rules of now."""
    from pipeline.bulk import engine
    from pipeline.bulk.ledger import open_ledger
    from pipeline.bulk.ledger_file import check_writable
    from pipeline.bulk.select import VERSION, Selection, gather, selects_any
    from pipeline.cli.bar import watch as watch_run
    from pipeline.cli.load import finish, run_under_prefect
    from pipeline.settings import load_options
    from pipeline.text.paths import path_text

    if stage not in ("understand", "read"):
        raise typer.BadParameter(say("load.bad-stage", stage=stage))
    if older_than and not re.fullmatch(VERSION, older_than):
        raise typer.BadParameter(say("load.bad-version", version=older_than))
    selection = Selection(
        status="quarantine" if failed or reason else None,
        reason=reason,
        older_than=older_than,
        media_type=media_type,
        ids=tuple(ids or ()),
    )
    with closing(open_ledger(out)) as ledger:
        if not selects_any(ledger, selection):
            tell(say("load.none-selected"))
            raise typer.Exit(int(ExitCode.NOTHING_FOUND))
    check_writable(out)
    asked = {"jobs": jobs, "limit": limit, "read_again": stage == "read"}
    report = None
    if not no_prefect:
        parameters = {"out": path_text(str(out)), "selection": selection, **asked}
        report = run_under_prefect("reprocess", parameters, out)
    if report is None:
        options = load_options(out, jobs=jobs, limit=limit, read_again=stage == "read")
        report = engine.run("reprocess", options, gather(selection), watch=watch_run)
    finish(report, out)


def duplicates(
    out: OutOption = DEFAULT_OUT, form: FormatOption = "table", lang: LangOption = None
) -> None:
    """Show files and documents that are the same notice."""
    from pipeline.bulk.ledger import open_ledger
    from pipeline.bulk.links import links, same_bytes

    with closing(open_ledger(out)) as ledger:
        rows = [
            {
                "kind": kind,
                "a": a,
                "b": b,
                "score": score,
                "path": ledger.path_of(a),
                "other": ledger.path_of(b),
            }
            for a, b, kind, score in links(ledger)
        ]
        rows += [
            {
                "kind": "same-bytes",
                "a": sha256,
                "b": sha256,
                "score": 1.0,
                "path": first,
                "other": other,
            }
            for sha256, first, other in same_bytes(ledger)
        ]
    kinds = Counter(str(row["kind"]) for row in rows)
    names = ("kind", "score", "path", "other")
    print_rows(rows, form, {name: say(f"load.column-{name}") for name in names})
    for kind, count in sorted(kinds.items()):
        tell(f"{kind}: {count}")


def watch(
    paths: PathsArgument,
    out: OutOption = DEFAULT_OUT,
    every: EveryOption = 300.0,
    settle: SettleOption = 10.0,
    jobs: JobsOption = None,
    no_prefect: NoPrefectOption = False,
    lang: LangOption = None,
) -> None:
    """Load new files of folders as they come, until Ctrl-C."""
    from pipeline.cli.load import refuse_missing

    refuse_missing([str(path) for path in paths], all_must=True)
    if not no_prefect:
        from pipeline.flows import has_server, serve_watch

        if has_server():
            tell(say("load.watching", seconds=round(every)))
            serve_watch([path.absolute() for path in paths], out.absolute(), every, settle, jobs)
            return
        tell(say("load.no-server"))
    from pipeline.bulk.report import count_lines
    from pipeline.bulk.watch import watch_folders
    from pipeline.settings import load_options

    tell(say("load.watching", seconds=round(every)))
    options = load_options(out, jobs=jobs, settle=settle, quiet=True)
    for report in watch_folders(paths, options, every=every):
        tell(" ".join(count_lines(report.counts)))


def serve_flows(out: OutOption = DEFAULT_OUT, lang: LangOption = None) -> None:
    """Offer the flows to a Prefect server, to be run from there."""
    from pipeline.flows import has_server, serve_all

    if not has_server():
        tell(say("load.no-server"))
        raise typer.Exit(int(ExitCode.USAGE))
    serve_all(out.absolute())
