"""Rows as CSV text, for programs and for Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, excel: bool = True
) -> str:
    """CSV with a header line.

    With `excel` it has a byte order mark, so that Excel reads the accents, and a blank before what
    Excel would take for a formula ("- Rà soát ...").
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row.get(column), excel=excel) for column in columns])
    return (_BYTE_ORDER_MARK if excel else "") + buffer.getvalue()


def csv_cell(value: Any, *, excel: bool) -> str:
    """One value as text: lists joined by "; ", null as nothing."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(csv_cell(item, excel=False) for item in value)
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f" {text}" if excel and text.startswith(_FORMULA_STARTS) else text
