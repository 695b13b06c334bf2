"""The tables of a feed in the target database: made, added to, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    MetaData,
    String,
    Table,
    Text,
    inspect,
)
from sqlalchemy.dialects.mysql import LONGTEXT, VARCHAR
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import Integer, TypeEngine

from pipeline.errors import StoreError
from pipeline.store.tables import KEY, TABLES, ColumnType, columns

DEFAULT_PREFIX = "congvan_"
STATE_TABLE = "feed_state"


class FeedSchemaError(StoreError):
    """The tables of the target are not as they must be, and adding to them does not help."""

    reason = "feed-schema"
    remedy = "change the tables as the printed statements say, or feed with another --prefix"


def _types() -> dict[ColumnType, TypeEngine[Any]]:
    key = String(80).with_variant(VARCHAR(80, charset="ascii", collation="ascii_bin"), "mysql")
    return {
        "key": key,
        "code": Text().with_variant(VARCHAR(1000, charset="utf8mb4"), "mysql"),
        "date": String(32),
        "text": Text().with_variant(LONGTEXT(charset="utf8mb4"), "mysql"),
        "int": BigInteger(),
        "real": Double(),
        "bool": Boolean(),
    }


def feed_tables(prefix: str) -> tuple[MetaData, dict[str, Table]]:
    """The tables of a feed by their shared name, and the state table as "feed_state"."""
    metadata, types = MetaData(), _types()
    tables = {}
    for name, row in TABLES.items():
        held = [
            Column(
                c.name,
                types[c.kind],
                primary_key=c.name in KEY,
                nullable=c.nullable,
                autoincrement=False,
            )
            for c in columns(row)
        ]
        tables[name] = Table(
            prefix + name,
            metadata,
            *held,
            Column("row_hash", String(16), nullable=False),
            mysql_charset="utf8mb4",
            mysql_engine="InnoDB",
        )
    tables[STATE_TABLE] = Table(
        prefix + STATE_TABLE,
        metadata,
        Column("name", String(20), primary_key=True),
        Column("store", String(32), nullable=False),
        Column("seq", BigInteger(), nullable=False),
        Column("shape", String(32), nullable=False),
    )
    return metadata, tables


def shape(*, include_secret: bool) -> str:
    """A mark of what is fed; when it changes, everything is compared again."""
    names = [(t, c.name, c.kind) for t, row in TABLES.items() for c in columns(row)]
    return blake2b(repr((names, include_secret)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SchemaPlan:
    """What has to be done to the target before it can be fed."""

    create: tuple[Table, ...]
    statements: tuple[str, ...]
    """The same as SQL, with the columns to add."""


def plan_schema(connection: Connection, tables: dict[str, Table]) -> SchemaPlan:
    """Compare the target with what a feed needs.

    Raises:
        FeedSchemaError: a table of that name is not ours, or a column has another type.
    """
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    create, statements, wrong = [], [], []
    for table in tables.values():
        if table.name not in present:
            create.append(table)
            statements.append(create_statement(table, connection.dialect))
            continue
        held = {column["name"]: column for column in inspector.get_columns(table.name)}
        if not {c.name for c in table.primary_key} <= held.keys():
            wrong.append(f"-- {table.name} is another table; feed with another prefix")
            continue
        for column in table.columns:
            if column.name not in held:
                statements.append(_add_column(table, column, connection.dialect))
            elif _family(column.type) != _family(held[column.name]["type"]):
                wrong.append(_retype(table, column, connection.dialect))
    if wrong:
        raise FeedSchemaError("; ".join(wrong), name=str(connection.engine.url.database))
    return SchemaPlan(tuple(create), tuple(statements))


def ensure_schema(connection: Connection, plan: SchemaPlan) -> None:
    """Make missing tables and columns."""
    for statement in plan.statements:
        connection.exec_driver_sql(statement)


def create_statement(table: Table, dialect: Dialect) -> str:
    """CREATE TABLE for one table."""
    return str(CreateTable(table).compile(dialect=dialect)).strip()


def _quoted(name: str, dialect: Dialect) -> str:
    return dialect.identifier_preparer.quote(name)


def _add_column(table: Table, column: Column[Any], dialect: Dialect) -> str:
    """A new column allows null: the rows that are there have no value yet."""
    kind = column.type.compile(dialect=dialect)
    where, name = _quoted(table.name, dialect), _quoted(column.name, dialect)
    return f"ALTER TABLE {where} ADD COLUMN {name} {kind}"


def _retype(table: Table, column: Column[Any], dialect: Dialect) -> str:
    kind = column.type.compile(dialect=dialect)
    where, name = _quoted(table.name, dialect), _quoted(column.name, dialect)
    return f"ALTER TABLE {where} ALTER COLUMN {name} TYPE {kind}"


def _family(kind: TypeEngine[Any]) -> str:
    """Types that can hold the same values: MariaDB has TINYINT for a boolean."""
    if isinstance(kind, Boolean | Integer):
        return "whole"
    python = getattr(kind, "python_type", str)
    return "number" if python.__name__ in ("float", "Decimal") else "text"
