"""Examples at the end of each command's help; they are data, so that docs show the same ones."""

from __future__ import annotations

import typer
from typer.models import CommandInfo

from pipeline.resources import lexicon

HEADING = "Ví dụ / Examples"


def add_examples(app: typer.Typer, prefix: str = "") -> None:
    """Put the examples of models/lexicons/examples.yaml under the commands of `app`."""
    for command in app.registered_commands:
        lines = lexicon("examples").get(f"{prefix}{name_of(command)}", [])
        if lines:
            command.epilog = "\n\n".join((f"{HEADING}:", *lines))
    for group in app.registered_groups:
        if group.typer_instance is not None:
            add_examples(group.typer_instance, f"{prefix}{group.name} ")


def name_of(command: CommandInfo) -> str:
    """The name that a user types."""
    if isinstance(command.name, str):
        return command.name
    return command.callback.__name__.replace("_", "-") if command.callback else ""
