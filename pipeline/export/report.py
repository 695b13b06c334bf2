"""Ready questions to the tables, answered by DuckDB over Parquet."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.export.parquet import duckdb_module, write_parquet
from pipeline.messages import Language, default_language, say
from pipeline.resources import lexicon
from pipeline.store.copies import SAME_WORDS, Copies, Pairs, Row, copies, not_in
from pipeline.store.schema import open_reader
from pipeline.store.tables import TABLES


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question: a table, and how to draw it.

    chart: bars, stacked (later columns are parts of the second), columns (over years), matrix
    (first column by second), or None. `full` is the value of a whole bar, the largest when None.
    """

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: str | None
    units: tuple[str, ...] = ()
    full: float | None = None
    empty: str | None = None


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
    linked: Pairs = (),
) -> tuple[Answer, ...]:
    """Answers to the questions `names` (all when empty).

    What documents `linked` as the same notice say alike is counted once.

    Raises:
        MissingExtraError: DuckDB is not installed.
        StoreError: there is no index.
    """
    language = language or default_language()
    duckdb = duckdb_module()
    with tempfile.TemporaryDirectory() as temporary, closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        write_parquet(out, Path(temporary), include_secret=include_secret)
        held = copies_of(out, linked, include_secret=include_secret)
        said_again = {"statements": held.statements, "tasks": held.tasks}
        for table in TABLES:
            rows = said_again.get(table, ())
            _make_view(connection, table, f"'{temporary}/{table}.parquet'", rows)
        connection.execute(f"CREATE MACRO same_words(t) AS {SAME_WORDS}")
        connection.execute(f"SET VARIABLE as_of = '{as_of.isoformat()}'")
        return tuple(
            _answer(connection, name, language, held.count) for name in names or questions()
        )


def copies_of(out: Path, linked: Pairs, *, include_secret: bool) -> Copies:
    """What the documents of a store say again that are `linked` as the same notice."""
    if not linked:
        return Copies()
    with closing(open_reader(out)) as store:
        return copies(store, linked, include_secret=include_secret)


def _make_view(connection: Any, table: str, source: str, without: tuple[Row, ...]) -> None:
    """A table by its name, without these of its rows."""
    connection.execute(f'CREATE TABLE "without_{table}" (document_id VARCHAR, ordinal BIGINT)')
    connection.execute(
        f'INSERT INTO "without_{table}" SELECT unnest(?), unnest(?)',
        ([row.document_id for row in without], [row.ordinal for row in without]),
    )
    connection.execute(
        f'CREATE VIEW "{table}" AS SELECT * FROM {source}'
        f' ANTI JOIN "without_{table}" USING (document_id, ordinal)'
    )


_COUNTED = re.compile(r"(?:FROM|JOIN) (?:statements|tasks)\b")


def _answer(connection: Any, name: str, language: Language, copied: int) -> Answer:
    catalogue = lexicon("reports")
    question = catalogue["questions"][name]
    cursor = connection.execute(question["sql"])
    columns = tuple(column[0] for column in cursor.description)
    held = [catalogue["columns"][column] for column in columns]
    notes = [question.get(f"note_{language}", "")]
    if copied and _COUNTED.search(question["sql"]):
        notes.append(say("export.copies-once", language, count=copied))
    return Answer(
        name=name,
        title=question[language],
        note=" ".join(filter(None, notes)),
        columns=columns,
        titles=tuple(column[language] for column in held),
        rows=tuple(_named(columns, row, language) for row in cursor.fetchall()),
        chart=question.get("chart"),
        units=tuple(column.get("unit", "") for column in held),
        full=question.get("full"),
        empty=question.get(f"empty_{language}"),
    )


def _named(columns: tuple[str, ...], row: tuple[Any, ...], language: Language) -> tuple[Any, ...]:
    """A row with the names of codes; what a group is of and no document says is "not known"."""
    catalogue = lexicon("reports")
    unknown = catalogue["unknown"][language]
    named = []
    for at, (column, value) in enumerate(zip(columns, row, strict=True)):
        names = catalogue["values"].get(column, {})
        grouped = at == 0 or column == "year"
        named.append(
            unknown if value is None and grouped else names.get(value, {}).get(language, value)
        )
    return tuple(named)


def totals(
    out: Path, include_secret: bool, as_of: dt.date | None = None, linked: Pairs = ()
) -> dict[str, int]:
    """Key numbers of the store; with `as_of` the tasks past their deadline too.

    What documents `linked` as the same notice say alike is counted once.
    """
    held = copies_of(out, linked, include_secret=include_secret)
    statements, tasks = not_in(held.statements), not_in(held.tasks)
    counts = {
        "documents": "SELECT count(*) FROM documents d WHERE d.secret <= ?",
        "tasks": f"SELECT count(*) FROM tasks {_JOIN}{tasks}",
        "deadlines": f"SELECT count(t.deadline_kind) FROM tasks {_JOIN}{tasks}",
        "overdue": f"SELECT count(*) FROM tasks {_JOIN}{tasks} AND t.due_on < '{as_of}'",
        "shortcomings": f"{_STATEMENTS}{statements} AND t.label = 'shortcoming'",
        "achievements": f"{_STATEMENTS}{statements} AND t.label = 'achievement'",
    }
    if as_of is None:
        counts.pop("overdue")
    with closing(open_reader(out)) as connection:
        return {
            name: int(connection.execute(sql, (int(include_secret),)).fetchone()[0])
            for name, sql in counts.items()
        }


_JOIN = "t JOIN documents d ON d.rid = t.doc WHERE d.secret <= ?"
_STATEMENTS = f"SELECT count(*) FROM statements {_JOIN}"
