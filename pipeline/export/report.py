"""Ready questions to the tables, answered by DuckDB over Parquet."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.export.parquet import duckdb_module, write_parquet
from pipeline.messages import Language, default_language
from pipeline.resources import lexicon
from pipeline.store.schema import open_reader
from pipeline.store.tables import TABLES


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question: a table, and how to draw it ("bars", "stacked" or None)."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: str | None


def questions() -> tuple[str, ...]:
    """The names of all ready questions."""
    return tuple(lexicon("reports")["questions"])


def report(
    out: Path,
    names: tuple[str, ...] = (),
    *,
    as_of: dt.date,
    include_secret: bool = False,
    language: Language | None = None,
) -> tuple[Answer, ...]:
    """Answers to the questions `names` (all when empty).

    Raises:
        MissingExtraError: DuckDB is not installed.
        StoreError: there is no index.
    """
    language = language or default_language()
    duckdb = duckdb_module()
    with tempfile.TemporaryDirectory() as temporary, closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        write_parquet(out, Path(temporary), include_secret=include_secret)
        for table in TABLES:
            connection.execute(
                f"CREATE VIEW \"{table}\" AS SELECT * FROM '{temporary}/{table}.parquet'"
            )
        connection.execute(f"SET VARIABLE as_of = '{as_of.isoformat()}'")
        return tuple(_answer(connection, name, language) for name in names or questions())


def _answer(connection: Any, name: str, language: Language) -> Answer:
    catalogue = lexicon("reports")
    question = catalogue["questions"][name]
    cursor = connection.execute(question["sql"])
    columns = tuple(column[0] for column in cursor.description)
    titles = tuple(catalogue["columns"][column][language] for column in columns)
    return Answer(
        name=name,
        title=question[language],
        note=question.get(f"note_{language}", ""),
        columns=columns,
        titles=titles,
        rows=tuple(tuple(row) for row in cursor.fetchall()),
        chart=question.get("chart"),
    )


def totals(out: Path, include_secret: bool) -> dict[str, int]:
    """Key numbers of the store."""
    counts = {
        "documents": "SELECT count(*) FROM documents d WHERE d.secret <= ?",
        "tasks": f"SELECT count(*) FROM tasks {_JOIN}",
        "deadlines": f"SELECT count(t.deadline_kind) FROM tasks {_JOIN}",
        "shortcomings": f"SELECT count(*) FROM statements {_JOIN} AND t.label = 'shortcoming'",
        "achievements": f"SELECT count(*) FROM statements {_JOIN} AND t.label = 'achievement'",
    }
    with closing(open_reader(out)) as connection:
        return {
            name: int(connection.execute(sql, (int(include_secret),)).fetchone()[0])
            for name, sql in counts.items()
        }


_JOIN = "t JOIN documents d ON d.rid = t.doc WHERE d.secret <= ?"
