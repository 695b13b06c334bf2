"""The command line. One module per group of commands; no logic here, heavy imports inside commands.

stdout carries data only; messages and progress go to stderr.
"""

from __future__ import annotations

import importlib
import os

import typer

from pipeline.cli.common import Commands, LangOption

app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)

COMMAND_MODULES = ("process", "load", "search", "evaluate", "train", "users", "review")
"""Modules of this package; each has `register(app)`."""


def congvan(lang: LangOption = None) -> None:
    """Read, search and correct Vietnamese official notices and the news about them."""


def main() -> None:
    """Entry point of the `congvan` command."""
    # Pydantic would look through every installed package for plugins; congvan has none
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # the label model multiplies small matrices: more threads would only wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    assemble(app)()


def assemble(commands: typer.Typer) -> typer.Typer:
    """Add every command, with its examples and its help in the language of the user."""
    from pipeline.cli.examples import finish

    for name in COMMAND_MODULES:
        importlib.import_module(f"pipeline.cli.{name}").register(commands)
    commands.callback()(congvan)
    finish(commands)
    return commands
