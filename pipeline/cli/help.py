"""Help and usage errors in the language of the user.

Code and Typer speak English; models/lexicons/messages/cli.yaml says it in Vietnamese. An entry with
`{slots}` stands for all texts of its form, and what fills a slot is looked up as well.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import typer
from typer.core import TyperCommand

from pipeline.messages import default_language, filled
from pipeline.resources import lexicon

_TYPE = re.compile(r"<(?:list\[)?(\w+)(?:\]| range)?>")
"""Types as Typer shows them: <str>, <list[str]>, <int range>."""


def translated(text: str) -> str:
    """An English text of the command line in the language of the user; as it is when unknown."""
    return text if default_language() == "en" else vietnamese(text) or text


def vietnamese(text: str) -> str | None:
    """The Vietnamese for an English text of the command line."""
    words = " ".join(text.split())
    fixed, forms = _catalogue()
    if words in fixed:
        return fixed[words]
    for form, meaning in forms:
        match = form.fullmatch(words)
        if match:
            filled = {name: vietnamese(held) or held for name, held in match.groupdict().items()}
            return meaning.format(**filled)
    return None


@cache
def _catalogue() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Texts without slots; and patterns of those with slots, the most precise first."""
    entries = {entry["en"]: entry["vi"] for entry in lexicon("messages/cli").values()}
    slotted = sorted((text for text in entries if "{" in text), key=len, reverse=True)
    return entries, tuple((filled(text), entries[text]) for text in slotted)


_Plain: Any = typer.Context.formatter_class


class Formatter(_Plain):  # type: ignore[misc]  # Typer does not export the class
    """Writes the pieces of a help page, each in the language of the user."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how the command is called."""
        super().write_usage(prog, translated(args), f"{translated('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        """The name of a section."""
        super().write_heading(translated(heading))

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with a backspace is left as it is."""
        super().write_text("\n\n".join(map(translated, text.split("\n\n"))))

    def write_dl(self, rows: Sequence[tuple[str, str]], *more: int) -> None:
        """Options or commands, each with what it means."""
        super().write_dl([(_names(names), _meaning(text)) for names, text in rows], *more)


def _names(names: str) -> str:
    return _TYPE.sub(lambda match: translated(f"<{match[1]}>"), names)


def _meaning(text: str) -> str:
    """What an option means, with its default and limits: "Rows.  [default: 50; 1<=x<=100]"."""
    words, mark, rest = text.rpartition("[")
    if not mark or not rest.endswith("]"):
        return translated(text)
    facts = "; ".join(map(translated, rest[:-1].split("; ")))
    return f"{translated(words.strip())} [{facts}]".strip()


class Context(typer.Context):
    """The context of a command, for its formatter."""

    formatter_class = Formatter


class Command(TyperCommand):
    """A command whose help is in the language of the user."""

    context_class = Context


def first_paragraph(command: Any) -> str:
    """What a command does, for a list of commands."""
    return " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split())


def usage_message(error: Any) -> str:
    """A usage error as lines for the terminal: how to call it, where help is, what is wrong."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    lines = []
    if error.ctx is not None:
        command = f"{error.ctx.command_path} --help"
        hint = translated("Try {command} for help.").format(command=f"'{command}'")
        lines = [error.ctx.get_usage(), hint, ""]
    message = translated(error.format_message())
    return "\n".join((*lines, translated("Error: {message}").format(message=message)))
