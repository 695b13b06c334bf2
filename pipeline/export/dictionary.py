"""The published description of the tables: DDL for databases, and a dictionary for people."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import Dialect

from pipeline.feed.schema import DEFAULT_PREFIX, create_statement, feed_tables
from pipeline.store.tables import KEY, TABLES, columns, meaning

DialectName = Literal["postgresql", "mysql", "sqlite"]

_DIALECTS: dict[DialectName, type[Dialect]] = {
    "postgresql": postgresql.dialect,
    "mysql": mysql.dialect,
    "sqlite": sqlite.dialect,
}


def ddl(dialect: DialectName, prefix: str = DEFAULT_PREFIX) -> str:
    """The CREATE TABLE statements that `congvan feed` uses."""
    chosen = _DIALECTS[dialect]()
    tables = feed_tables(prefix)[1]
    head = "-- congvan feed: tables in the target database. Generated; see docs/feeds.md\n"
    statements = (create_statement(table, chosen) + ";\n" for table in tables.values())
    return head + "\n".join(" ".join(s.split(" ")) for s in statements)


def data_dictionary() -> str:
    """docs/data-dictionary.md: every table and column in Vietnamese and English."""
    parts = [_HEAD]
    for name, row in TABLES.items():
        parts.append(
            f"\n## {name}\n\n{meaning(name, None, 'vi')}. {meaning(name, None, 'en')}.\n\n"
        )
        parts.append("| column | type | null | tiếng Việt | English |\n|---|---|---|---|---|\n")
        for column in columns(row):
            kind = f"{column.kind}, key" if column.name in KEY else column.kind
            null = "yes" if column.nullable else ""
            vi = meaning(name, column.name, "vi")
            en = meaning(name, column.name, "en")
            parts.append(f"| {column.name} | {kind} | {null} | {vi} | {en} |\n")
    return "".join(parts)


_HEAD = """# Data dictionary / Từ điển dữ liệu

Generated from `pipeline/store/tables.py`; a test fails when it is not current.

The same tables are in the search index (`OUT/index/store.sqlite`), the Parquet files of
`congvan export parquet` and the databases of `congvan feed` (there with a prefix and a column
`row_hash`). The key of each table is `document_id`, `ordinal`; in the SQLite index the tables other
than `documents` have `doc`, the row number of the document, in place of `document_id`.

Types: `key` an id, `code` a short word or name, `date` ISO 8601 as precise as the document
(`2023`, `2023-05`, `2023-05-18`), `text`, `int`, `real`, `bool`. Offsets count characters
(Unicode code points) of the record's `text`, half-open.
"""
