"""Write docs/commands.md: every command with what it does, its options and examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from pipeline.cli import assemble
from pipeline.errors import ExitCode
from pipeline.resources import lexicon

TARGET = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Written by `make docs` from the program itself; `congvan COMMAND --help` says the same. stdout
carries data only, messages and progress go to stderr. `CONGVAN_LANG=vi|en` or `--lang` chooses the
language.

| exit code | meaning |
|---|---|
"""


def commands(group: TyperGroup, prefix: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its full name, in the order of the help."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{prefix}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{prefix}{name}", command


def options(command: TyperCommand) -> Iterator[str]:
    """A row for each argument and option."""
    for parameter in command.params:
        if parameter.name == "help":
            continue
        help_text = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        shown = names if parameter.param_type_name == "option" else f"`{parameter.name.upper()}`"
        yield f"| {shown} | {help_text} |"


def page() -> str:
    """The whole page."""
    app = assemble(typer.Typer())
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    codes = "\n".join(
        f"| {code.value} | {code.name.lower().replace('_', ' ')} |" for code in ExitCode
    )
    parts = [HEAD + codes]
    for name, command in sorted(commands(root)):
        about = " ".join((command.help or "").split("\n\n")[0].split())
        lines = "\n".join(lexicon("examples").get(name, []))
        rows = "\n".join(("| option | meaning |", "|---|---|", *options(command)))
        parts.append(f"## congvan {name}\n\n{about}\n\n```sh\n{lines}\n```\n\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
