"""Write docs/commands.md: every command with what it does, its options and examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from pipeline.cli import assemble
from pipeline.cli.help import first_paragraph, vietnamese
from pipeline.errors import ExitCode
from pipeline.resources import lexicon

TARGET = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """# Commands

Written by `make docs` from the program itself; `congvan COMMAND --help` says the same, in the
language that `CONGVAN_LANG=vi|en` or `--lang` chooses, else in that of the locale. stdout carries
data only, messages and progress go to stderr.

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
        about, meaning = (
            text.replace("|", "\\|") for text in in_both(getattr(parameter, "help", None))
        )
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        shown = names if parameter.param_type_name == "option" else f"`{parameter.name.upper()}`"
        yield f"| {shown} | {about} | {meaning} |"


def in_both(text: str | None) -> tuple[str, str]:
    """A help text in English and in Vietnamese; the second is empty when they are the same."""
    english = " ".join((text or "").split())
    return english, vietnamese(english) or ""


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
        about = " / ".join(in_both(first_paragraph(command)))
        lines = "\n".join(lexicon("examples").get(name, []))
        rows = "\n".join(("| option | meaning | ý nghĩa |", "|---|---|---|", *options(command)))
        parts.append(f"## congvan {name}\n\n{about}\n\n```sh\n{lines}\n```\n\n{rows}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
