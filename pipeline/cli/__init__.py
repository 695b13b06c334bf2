"""The command line. One module per group of commands; no logic here, heavy imports inside commands.

stdout carries data only; messages and progress go to stderr.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

import typer

from pipeline.cli.common import Commands, LangOption, VersionOption

app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)

COMMAND_MODULES = ("process", "load", "search", "evaluate", "train", "users", "review")
"""Modules of this package; each has `register(app)`."""
_MANY = 200_000
"""Objects made until garbage is looked for: more than a document of some pages takes."""


def congvan(lang: LangOption = None, version: VersionOption = False) -> None:
    """Read, search and correct Vietnamese official notices and the news about them."""


def main() -> None:
    """Entry point of the `congvan` command."""
    # Pydantic would look through every installed package for plugins; congvan has none
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # the label model multiplies small matrices: more threads would only wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    asked = "".join(sys.argv[1:2])
    if asked == "process":
        # of one document nearly all that is made stays to the end: no looking for garbage in it
        gc.set_threshold(_MANY)
    assemble(app, asked)()


def assemble(commands: typer.Typer, asked: str = "") -> typer.Typer:
    """Add every command, with its examples and its help in the language of the user.

    Of the one that is `asked` for, the others are left out: to make them all takes a tenth of the
    time that a short command takes.
    """
    from pipeline.cli.examples import finish, name_of

    for name in COMMAND_MODULES:
        importlib.import_module(f"pipeline.cli.{name}").register(commands)
    commands.callback()(congvan)
    alone = [command for command in commands.registered_commands if name_of(command) == asked]
    if alone:
        commands.registered_commands, commands.registered_groups = alone, []
    finish(commands)
    return commands
