"""Care of a store: verify, reprocess, duplicates; and loading on a schedule: watch, serve-flows."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_OUT,
    FormatOption,
    LangOption,
    OutOption,
    print_rows,
    tell,
)
from pipeline.errors import ExitCode, StoreError
from pipeline.messages import say

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
    from dataclasses import asdict

    from pipeline.bulk.fixity import Finding, check
    from pipeline.bulk.ledger import Ledger
    from pipeline.store import index

    if not (out / "ledger.sqlite").exists():
        raise StoreError("there is no ledger", path=str(out))
    with closing(Ledger(out, write=False)) as ledger:
        results = list(check(ledger, out, originals=originals))
        stored = ledger.stored()
    findings = [result for result in results if isinstance(result, Finding)]
    faults = sum(finding.is_fault for finding in findings)
    searchable = index.count(out)
    if findings or form != "table":
        titles = {name: say(f"load.column-{name}") for name in ("what", "fault", "path", "detail")}
        print_rows([asdict(finding) for finding in findings], form, titles)
    tell(say("load.verified", sound=len(results) - len(findings), faults=faults))
    if searchable != stored:
        tell(say("load.not-searchable", stored=stored, searchable=searchable))
    if faults or searchable != stored:
        raise typer.Exit(int(ExitCode.SOME_FAILED))


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
    from pipeline.bulk.select import Selection, gather
    from pipeline.cli.bar import watch as watch_run
    from pipeline.cli.load import finish, run_under_prefect
    from pipeline.settings import load_options

    if stage not in ("understand", "read"):
        raise typer.BadParameter(say("load.bad-stage", stage=stage))
    selection = Selection(
        status="quarantine" if failed or reason else None,
        reason=reason,
        older_than=older_than,
        media_type=media_type,
        ids=tuple(ids or ()),
    )
    asked = {"jobs": jobs, "limit": limit, "read_again": stage == "read"}
    report = None
    if not no_prefect:
        parameters = {"out": str(out), "selection": selection, **asked}
        report = run_under_prefect("reprocess", parameters, out)
    if report is None:
        options = load_options(out, jobs=jobs, limit=limit, read_again=stage == "read")
        report = engine.run("reprocess", options, gather(selection), watch=watch_run)
    finish(report, out)


def duplicates(
    out: OutOption = DEFAULT_OUT, form: FormatOption = "table", lang: LangOption = None
) -> None:
    """Show files and documents that are the same notice."""
    from pipeline.bulk.ledger import Ledger
    from pipeline.bulk.links import links, same_bytes

    if not (out / "ledger.sqlite").exists():
        raise StoreError("there is no ledger", path=str(out))
    with closing(Ledger(out, write=False)) as ledger:
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
    if not no_prefect:
        from pipeline.flows import has_server, serve_watch

        if has_server():
            tell(say("load.watching", seconds=round(every)))
            serve_watch([path.absolute() for path in paths], out.absolute(), every, settle, jobs)
            return
        tell(say("load.no-server"))
    from pipeline.bulk.report import summary
    from pipeline.bulk.watch import watch_folders
    from pipeline.settings import load_options

    tell(say("load.watching", seconds=round(every)))
    options = load_options(out, jobs=jobs, settle=settle, quiet=True)
    for report in watch_folders(paths, options, every=every):
        tell(summary(report)[0])


def serve_flows(out: OutOption = DEFAULT_OUT, lang: LangOption = None) -> None:
    """Offer the flows to a Prefect server, to be run from there."""
    from pipeline.flows import has_server, serve_all

    if not has_server():
        tell(say("load.no-server"))
        raise typer.Exit(int(ExitCode.USAGE))
    serve_all(out.absolute())
