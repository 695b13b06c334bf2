"""What all commands share: options, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pipeline import __version__
from pipeline.cli.help import Context, first_paragraph, usage_message
from pipeline.errors import CongvanError, ExitCode
from pipeline.messages import default_language, say

Format = Literal["table", "json", "jsonl", "csv"]


LANGUAGES = ("vi", "en")


def choose_language(value: str) -> None:
    """From here on everything is said in this language."""
    os.environ["CONGVAN_LANG"] = value
    default_language.cache_clear()


def _checked_language(value: str | None) -> str | None:
    if value and value not in LANGUAGES:
        raise typer.BadParameter(say("common.bad-language", value=value))
    if value:
        choose_language(value)
    return value


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"congvan {__version__}")
        raise typer.Exit


OutOption = Annotated[
    Path,
    typer.Option("--out", "-o", envvar="CONGVAN_OUT", help="Folder of the store."),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", callback=_checked_language, is_eager=True, help="Language of messages: vi or en."
    ),
]
VersionOption = Annotated[
    bool,
    typer.Option(
        "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="Form of the result.")]
DEFAULT_OUT = Path("outputs")


class Commands(TyperGroup):
    """A group of commands; every error of a user or of a store ends here, as one clear sentence on
    stderr and a documented exit code."""

    context_class = Context

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program; a wrong call is said in the language that the same call asks for."""
        for option, value in pairwise(sys.argv if args is None else ("", *args)):
            if option == "--lang" and value in LANGUAGES:
                choose_language(value)
        run = partial(
            super().main, args, prog_name, complete_var, False, windows_expand_args, **extra
        )
        if not standalone_mode:
            return run()
        try:
            code = run()
        except TyperException as error:
            tell(usage_message(error))
            code = error.exit_code
        except typer.Abort:
            tell(say("common.interrupted"))
            code = ExitCode.FAILURE
        sys.exit(code)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """All commands with what they do, nothing cut off."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, first_paragraph(command)) for name, command in self.commands.items()]
            )

    def invoke(self, ctx: Any) -> Any:
        """Run a command; errors become the documented exit codes."""
        try:
            return super().invoke(ctx)
        except CongvanError as error:
            from pipeline.bulk.reasons import explain_error

            tell(explain_error(error))
            raise typer.Exit(int(error.exit_code)) from error
        except KeyboardInterrupt:
            tell(say("common.interrupted"))
            raise typer.Exit(int(ExitCode.INTERRUPTED)) from None
        except BrokenPipeError:
            # the reader of our output (head, less) went away: not an error of ours
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(int(ExitCode.OK)) from None


def print_rows(rows: Sequence[Mapping[str, Any]], form: Format, titles: Mapping[str, str]) -> None:
    """Rows on stdout: a table for people (columns as in `titles`), else JSON, JSON lines or CSV."""
    from pipeline.cli.output import new_table, show_table, write_rows

    if form != "table":
        write_rows(rows, form, list(titles))
        return
    table = new_table(*titles.values())
    for row in rows:
        table.add_row(*("" if row.get(name) is None else str(row[name]) for name in titles))
    show_table(table)


def tell(message: str) -> None:
    """A message for the person at the terminal: stderr, so that stdout carries data only."""
    typer.echo(message, err=True)
