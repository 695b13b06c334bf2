"""Parquet files of the shared tables, for analysts (congvan[analytics])."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

from pipeline.errors import TargetError
from pipeline.store.problems import missing_extra
from pipeline.store.schema import open_reader
from pipeline.store.tables import TABLES, ColumnType, columns

_TYPES: dict[ColumnType, str] = {
    "key": "VARCHAR",
    "code": "VARCHAR",
    "date": "VARCHAR",
    "text": "VARCHAR",
    "int": "BIGINT",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
}


def duckdb_module() -> ModuleType:
    """DuckDB.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise missing_extra("duckdb", "analytics") from error
    return duckdb


def write_parquet(
    out: Path, folder: Path, *, include_secret: bool = False, only: tuple[str, ...] = tuple(TABLES)
) -> dict[str, int]:
    """One file a table in `folder`, sorted by document, so the same store gives the same bytes.

    Returns the rows of each table. Files are replaced whole.

    Raises:
        MissingExtraError: DuckDB is not installed.
        StoreError: there is no index.
        TargetError: the folder cannot be written.
    """
    duckdb = duckdb_module()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            closing(open_reader(out)) as source,
            closing(duckdb.connect()) as target,
            tempfile.TemporaryDirectory(dir=folder) as temporary,
        ):
            target.execute("SET threads = 1")
            return {
                name: _write_table(source, target, name, folder, Path(temporary), include_secret)
                for name in only
            }
    except OSError as error:
        raise TargetError(error.strerror or "", path=str(folder)) from error


def _write_table(
    source: sqlite3.Connection,
    target: object,
    name: str,
    folder: Path,
    temporary: Path,
    include_secret: bool,
) -> int:
    lines, part = temporary / f"{name}.jsonl", temporary / f"{name}.parquet"
    rows = 0
    with lines.open("w", encoding="utf-8") as file:
        for row in table_rows(source, name, include_secret=include_secret):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            rows += 1
    kinds = ", ".join(f"'{c.name}': '{_TYPES[c.kind]}'" for c in columns(TABLES[name]))
    selected = ", ".join(f'"{c.name}"' for c in columns(TABLES[name]))
    reading = (
        f"read_json('{_sql(lines)}', format='newline_delimited', columns={{{kinds}}},"
        " maximum_object_size=268435456)"
    )
    target.execute(  # type: ignore[attr-defined]
        f"COPY (SELECT {selected} FROM {reading} ORDER BY document_id, ordinal)"
        f" TO '{_sql(part)}' (FORMAT parquet, COMPRESSION zstd)"
    )
    part.replace(folder / f"{name}.parquet")
    return rows


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")


def table_rows(
    source: sqlite3.Connection, name: str, *, include_secret: bool
) -> Iterator[dict[str, object]]:
    """The rows of a table by column name, sorted by document and ordinal."""
    kinds = {c.name: c.kind for c in columns(TABLES[name])}
    fields = [f for f in TABLES[name]._fields if f != "document_id"]
    table = "documents" if name == "documents" else f'"{name}"'
    join = "t.rid = d.rid" if name == "documents" else "t.doc = d.rid"
    cursor = source.execute(
        f"SELECT d.document_id, {', '.join('t.' + f for f in fields)}"
        f" FROM documents d JOIN {table} t ON {join} WHERE d.secret <= ?"
        " ORDER BY d.document_id, t.ordinal",
        (int(include_secret),),
    )
    for row in cursor:
        values = dict(zip(("document_id", *fields), row, strict=True))
        for field, kind in kinds.items():
            if kind == "bool":
                values[field] = bool(values[field])
        yield values
