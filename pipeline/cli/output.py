"""Printing rows: readable tables on a terminal, JSON, JSON Lines or CSV for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.cli.common import Format
from pipeline.export.csv_text import csv_text

if TYPE_CHECKING:
    from rich.table import Table


def write_rows(rows: Iterable[Mapping[str, Any]], format: Format, columns: Sequence[str]) -> None:
    """Rows as JSON (one list), JSON Lines or CSV on stdout."""
    if format == "json":
        _write(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n")
    elif format == "jsonl":
        for row in rows:
            _write(json.dumps(row, ensure_ascii=False) + "\n")
    else:
        _write(csv_text(rows, columns))


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def show_table(table: Table) -> None:
    """A rich table on stdout; 120 columns where there is no terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    Console(width=width, highlight=False, soft_wrap=False).print(table)


def new_table(*columns: str) -> Table:
    """An empty table with these column titles."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
