"""Examples at the end of each command's help; they are data, so that docs show the same ones."""

from __future__ import annotations

import typer
from typer.models import CommandInfo

from pipeline.cli.common import Commands
from pipeline.cli.help import Command
from pipeline.resources import lexicon

AS_IT_IS = "\b\n"
"""Before lines that are not to be filled."""


def finish(app: typer.Typer, prefix: str = "") -> None:
    """Give the commands of `app` their examples (models/lexicons/examples.yaml) and their help."""
    for command in app.registered_commands:
        command.cls = Command
        lines = lexicon("examples").get(f"{prefix}{name_of(command)}", [])
        if lines:
            command.epilog = "Examples:\n\n" + AS_IT_IS + "\n".join(lines)
    for group in app.registered_groups:
        group.cls = Commands
        if group.typer_instance is not None:
            finish(group.typer_instance, f"{prefix}{group.name} ")


def name_of(command: CommandInfo) -> str:
    """The name that a user types."""
    if isinstance(command.name, str):
        return command.name
    return command.callback.__name__.replace("_", "-") if command.callback else ""
