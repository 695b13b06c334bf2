"""What all commands share: options, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from pipeline.errors import CongvanError, ExitCode
from pipeline.messages import default_language, say

Format = Literal["table", "json", "jsonl", "csv"]


def _choose_language(value: str | None) -> str | None:
    if value:
        if value not in ("vi", "en"):
            raise typer.BadParameter(say("common.bad-language", value=value))
        os.environ["CONGVAN_LANG"] = value
        default_language.cache_clear()
    return value


OutOption = Annotated[
    Path,
    typer.Option("--out", "-o", envvar="CONGVAN_OUT", help="Folder of the store / Thư mục kho."),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang", callback=_choose_language, is_eager=True, help="vi | en. Language of messages."
    ),
]
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="Output format / Định dạng kết quả.")
]
DEFAULT_OUT = Path("outputs")


class Commands(TyperGroup):
    """The command group; every `CongvanError` ends here, as one clear sentence on stderr."""

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
