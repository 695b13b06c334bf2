"""`congvan process FILE`: one document, its record on stdout; of a container, all its records."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import LangOption, tell
from pipeline.errors import ExitCode, InputError
from pipeline.messages import say

if TYPE_CHECKING:
    from pipeline.readers.containers import Member


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("process")(process_file)


def process_file(
    file: Annotated[Path, typer.Argument(help="File to read, or - for standard input.")],
    lang: LangOption = None,
) -> None:
    """Read one document and print its record (JSON).

    A message or an archive (EML, MSG, ZIP) gives a JSON list: one record for each document in it.
    """
    from pipeline.bulk.scan import read_bytes
    from pipeline.readers.containers import is_container, open_container
    from pipeline.text.paths import path_text

    if file.is_dir():
        tell(say("load.process-folder", name=path_text(str(file))))
        raise typer.Exit(int(ExitCode.SOME_FAILED))
    content = sys.stdin.buffer.read() if str(file) == "-" else read_bytes(file)
    name = "stdin" if str(file) == "-" else path_text(file.name)
    if not is_container(content):
        sys.stdout.buffer.write(_record(content, name))
        return
    tell(say("load.process-members", name=name))
    if _write_list(open_container(content, name)):
        raise typer.Exit(int(ExitCode.SOME_FAILED))


def _record(content: bytes, name: str) -> bytes:
    from pipeline.process import process
    from pipeline.record import to_json, verify

    record = process(content, name)
    verify(record)
    return to_json(record)


def _write_list(members: Iterable[Member]) -> int:
    """Write the records as one JSON list; how many members gave none (each is said)."""
    from pipeline.bulk.reasons import explain

    failed, mark = 0, b"[\n"
    for member in members:
        try:
            if member.error is not None:
                raise member.error
            record = _record(member.data, member.name)
        except InputError as error:
            failed += 1
            tell(explain(error.reason, member.name, str(error)))
            continue
        sys.stdout.buffer.write(mark + record)
        mark = b",\n"
    sys.stdout.buffer.write(b"]\n" if mark == b",\n" else b"[]\n")
    sys.stdout.buffer.flush()
    return failed
