"""Writing whole documents into a target database, and only the rows that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select

from pipeline.store.tables import TABLES, columns, row_hash

Rows = dict[str, list[tuple[object, ...]]]
"""Table -> rows in the column order of the shared tables."""
_KEYS_IN_ONE = 500


@dataclass(slots=True)
class Counts:
    """Rows written to the target."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0

    def add(self, other: Counts) -> None:
        """Add the numbers of another batch."""
        self.inserted += other.inserted
        self.updated += other.updated
        self.deleted += other.deleted
        self.unchanged += other.unchanged


def apply(
    connection: Connection,
    tables: dict[str, Table],
    document_ids: Sequence[str],
    rows: Rows,
    *,
    fresh: bool = False,
) -> Counts:
    """Make the target hold exactly `rows` for these documents, inside the caller's transaction.

    `fresh` says that the target holds none of these documents, so nothing needs to be compared.
    """
    counts = Counts()
    for name in TABLES:
        held = {} if fresh else _held(connection, tables[name], document_ids)
        counts.add(_apply_table(connection, tables[name], name, held, rows.get(name, [])))
    return counts


def held_of(
    connection: Connection, tables: dict[str, Table], document_ids: Sequence[str]
) -> set[str]:
    """Those of these documents that the target holds."""
    column = tables["documents"].c.document_id
    found = (select(column).where(column.in_(part)) for part in _parts(document_ids))
    return {row[0] for query in found for row in connection.execute(query)}


def _apply_table(
    connection: Connection,
    table: Table,
    name: str,
    held: dict[tuple[str, int], str],
    rows: Iterable[tuple[object, ...]],
) -> Counts:
    counts, written = Counts(), []
    remove: list[tuple[str, int]] = []
    bools = [i for i, c in enumerate(columns(TABLES[name])) if c.kind == "bool"]
    for row in rows:
        key, digest = (str(row[0]), int(str(row[1]))), row_hash(row)
        old = held.pop(key, None)
        if old == digest:
            counts.unchanged += 1
            continue
        if old is None:
            counts.inserted += 1
        else:
            counts.updated += 1
            remove.append(key)
        written.append((*_with_bools(row, bools), digest))
    counts.deleted = len(held)
    remove.extend(held)
    _delete(connection, table, remove)
    _insert(connection, table, written)
    return counts


def _with_bools(row: tuple[object, ...], positions: list[int]) -> tuple[object, ...]:
    if not positions:
        return row
    values = list(row)
    for position in positions:
        values[position] = bool(values[position])
    return tuple(values)


def _held(
    connection: Connection, table: Table, document_ids: Sequence[str]
) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for part in _parts(document_ids):
        rows = connection.execute(
            select(table.c.document_id, table.c.ordinal, table.c.row_hash).where(
                table.c.document_id.in_(part)
            )
        )
        found.update({(row[0], row[1]): row[2] for row in rows})
    return found


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + _KEYS_IN_ONE] for at in range(0, len(values), _KEYS_IN_ONE))


def _delete(connection: Connection, table: Table, keys: list[tuple[str, int]]) -> None:
    if keys:
        statement = delete(table).where(
            table.c.document_id == bindparam("k_document"),
            table.c.ordinal == bindparam("k_ordinal"),
        )
        connection.execute(statement, [{"k_document": d, "k_ordinal": o} for d, o in keys])


def _insert(connection: Connection, table: Table, rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, rows)
        return
    dialect = connection.dialect
    quote = dialect.identifier_preparer.quote
    names = [quote(column.name) for column in table.columns]
    marks = ["?" if dialect.paramstyle == "qmark" else "%s"] * len(names)
    # the driver's own many-row insert: PyMySQL makes one statement of many rows
    connection.exec_driver_sql(
        f"INSERT INTO {quote(table.name)} ({', '.join(names)}) VALUES ({', '.join(marks)})", rows
    )


def _copy(connection: Connection, table: Table, rows: list[tuple[object, ...]]) -> None:
    """PostgreSQL's COPY, the fast way in, on the connection of the transaction."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([_clean(value) for value in row])


def _clean(value: object) -> object:
    """PostgreSQL text cannot hold the character NUL; texts of documents may."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
