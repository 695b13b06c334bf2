"""`congvan quarantine`: what did not become a record, and the way back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import (
    DEFAULT_OUT,
    FormatOption,
    LangOption,
    OutOption,
    print_rows,
    tell,
)
from pipeline.errors import ExitCode
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.bulk.ledger import Entry, Ledger

app = typer.Typer(no_args_is_help=True, help="Documents that did not become records.")

IdsArgument = Annotated[
    list[str] | None, typer.Argument(help="Ids or their beginnings; none: all.")
]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only with this reason.")]
COLUMNS = ("document", "reason", "attempts", "exit", "path")


def register(parent: typer.Typer) -> None:
    """Add the commands."""
    parent.add_typer(app, name="quarantine")


@app.command("list")
def list_quarantine(
    out: OutOption = DEFAULT_OUT,
    reason: ReasonOption = None,
    form: FormatOption = "table",
    lang: LangOption = None,
) -> None:
    """List quarantined documents."""
    with closing(_ledger(out)) as ledger:
        entries = _find(ledger, None, reason)
        print_rows(
            [_row(entry) for entry in entries],
            form,
            {column: say(f"load.column-{column}") for column in COLUMNS},
        )
    if not entries:
        tell(say("load.quarantine-empty"))


@app.command("show")
def show_quarantine(
    ids: IdsArgument = None, out: OutOption = DEFAULT_OUT, lang: LangOption = None
) -> None:
    """Say why a document is in quarantine and what to do."""
    from pipeline.bulk.report import problem_of, sentence, utc

    with closing(_ledger(out)) as ledger:
        for entry in _some(_find(ledger, ids, None)):
            typer.echo(f"{entry.sha256}\n  {sentence(problem_of(entry, earlier=True))}")
            facts = {"reason": entry.reason, "attempts": entry.attempts, "exit": entry.exit}
            facts |= {"when": utc(entry.updated_at)}
            for name, value in facts.items():
                typer.echo(f"  {say(f'load.column-{name}')}: {value}")
            for path in ledger.paths(entry.document):
                typer.echo(f"  {say('load.column-path')}: {path}")


@app.command("retry")
def retry_quarantine(
    ids: IdsArgument = None,
    out: OutOption = DEFAULT_OUT,
    reason: ReasonOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Try quarantined documents again, now."""
    from pipeline.bulk import engine
    from pipeline.bulk.select import Selection, gather
    from pipeline.cli.bar import watch
    from pipeline.cli.load import finish
    from pipeline.settings import load_options

    with closing(_ledger(out)) as ledger:
        _some(_find(ledger, ids, reason))
    selection = Selection(status="quarantine", reason=reason, ids=tuple(ids or ()))
    options = load_options(out, jobs=jobs)
    finish(engine.run("reprocess", options, gather(selection), watch=watch), out)


@app.command("drop")
def drop_quarantine(
    ids: Annotated[list[str], typer.Argument(help="Ids or their beginnings.")],
    out: OutOption = DEFAULT_OUT,
    lang: LangOption = None,
) -> None:
    """Forget quarantined documents; a later load of their files finds them anew."""
    with closing(_ledger(out, write=True)) as ledger:
        entries = _some(_find(ledger, ids, None))
        ledger.drop([entry.document for entry in entries])
    tell(say("load.dropped", count=len(entries)))


def _ledger(out: Path, *, write: bool = False) -> Ledger:
    from pipeline.bulk.ledger import open_ledger

    return open_ledger(out, write=write)


def _find(ledger: Ledger, ids: list[str] | None, reason: str | None) -> list[Entry]:
    from pipeline.bulk.select import Selection, condition

    selection = Selection(status="quarantine", reason=reason, ids=tuple(ids or ()))
    where, values = condition(selection)
    return ledger.entries(where, *values)


def _some(entries: list[Entry]) -> list[Entry]:
    if not entries:
        tell(say("load.quarantine-none"))
        raise typer.Exit(int(ExitCode.NOTHING_FOUND))
    return entries


def _row(entry: Entry) -> dict[str, object]:
    from pipeline.bulk.report import problem_of, sentence

    return {
        "document": entry.sha256[:12],
        "sha256": entry.sha256,
        "reason": entry.reason,
        "attempts": entry.attempts,
        "exit": entry.exit,
        "path": entry.path,
        "detail": entry.detail,
        "message": sentence(problem_of(entry, earlier=True)),
    }
