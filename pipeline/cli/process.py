"""`congvan process FILE`: one document, its record on stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import LangOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("process")(process_file)


def process_file(
    file: Annotated[Path, typer.Argument(help="File to read, or - for standard input.")],
    lang: LangOption = None,
) -> None:
    """Read one document and print its record (JSON) / Đọc một văn bản và in bản ghi (JSON)."""
    from pipeline.bulk.scan import read_bytes
    from pipeline.process import process
    from pipeline.record import to_json, verify

    content = sys.stdin.buffer.read() if str(file) == "-" else read_bytes(file)
    record = process(content, "stdin" if str(file) == "-" else file.name)
    verify(record)
    sys.stdout.buffer.write(to_json(record))
    sys.stdout.buffer.flush()
