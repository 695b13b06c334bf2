"""Columns in memory say what the tables say, whatever was written since they were read."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store import columns, index
from pipeline.store.columns import columns_of
from pipeline.store.facets import count_facets
from pipeline.store.files import record_path, write_record
from pipeline.store.fts import FtsIndex
from pipeline.store.query import Facet, Query
from pipeline.store.rebuild import rebuild
from pipeline.store.schema import open_writer
from tests.stores import plain, write

ISSUERS = ("SỞ XÂY DỰNG", "SỞ Y TẾ", "SỞ TƯ PHÁP")
PLAIN_SQL: dict[Facet, str] = {
    "label": "p.label",
    "deadline": "CASE WHEN instr(p.tags, 'hdeadline') THEN 'yes' END",
    "kind": "d.kind",
    "agency": "d.issuer",
    "year": "d.year",
    "place": "d.place",
    "family": "d.family",
}


def plain_counts(connection: sqlite3.Connection, facet: Facet) -> Counter[str]:
    rows = connection.execute(
        f"SELECT {PLAIN_SQL[facet]} AS value, count(*) FROM passages p"
        " JOIN documents d ON d.rid = p.doc WHERE d.secret = 0 GROUP BY 1"
    )
    return Counter({str(value): number for value, number in rows if value is not None})


def assert_equal_to_tables(engine: FtsIndex) -> None:
    hits = engine.search(Query(facets=tuple(PLAIN_SQL), limit=1000))
    for facet in PLAIN_SQL:
        assert Counter(dict(hits.facets[facet])) == plain_counts(engine.connection, facet)
    connection = engine.connection
    for sort, column, turned in (("newest", "d.dated_on", True), ("due", "p.due_on", False)):
        found = engine.search(Query(sort=sort, limit=1000)).items  # type: ignore[arg-type]
        order = f"coalesce({column}, '{'' if turned else '9999'}') {'DESC' if turned else ''}"
        rows = connection.execute(
            "SELECT d.document_id, p.span_start, p.unit FROM passages p"
            " JOIN documents d ON d.rid = p.doc WHERE d.secret = 0"
            f" ORDER BY {order}, p.rid {'DESC' if turned else ''}"
        )
        assert [(h.document_id, h.span_start, h.unit) for h in found] == [tuple(r) for r in rows]


def draft(number: int, version: int) -> Any:
    made = plain(
        number, issuer=ISSUERS[(number + version) % 3], secrecy="MẬT" if version == 3 else None
    )
    for line in range(version):
        made.say("context", f"Bổ sung lần {line}.")
    return made


STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_they_follow_every_history(steps: list[tuple[int, int]], tmp_path_factory: Any) -> None:
    out = tmp_path_factory.mktemp("store")
    writer, reader = FtsIndex.writer(out), FtsIndex.reader(out)
    for number, version in steps:
        record = draft(number, version).record()
        identity = f"{number:064x}"
        if version == 4:
            writer.delete(identity)
        else:
            writer.upsert(record.model_copy(update={"id": identity}), f"{number}-{version}")
        assert_equal_to_tables(reader)
    assert_equal_to_tables(FtsIndex.reader(out))
    reader.close()
    writer.close()


def test_the_number_of_a_deleted_document_is_not_used_again(tmp_path: Path) -> None:
    writer = FtsIndex.writer(tmp_path)
    for number in range(6):
        record = draft(number, number % 3).record()
        writer.upsert(record, str(number))
        assert_equal_to_tables(writer)
        if number % 2:
            writer.delete(record.id)
            assert_equal_to_tables(writer)
    writer.close()


def test_copies_of_a_store_go_their_own_ways(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one, [plain(1)])
    shutil.copytree(one, two)
    for out, issuer in ((one, ISSUERS[1]), (two, ISSUERS[2])):
        write(out, [plain(2, issuer=issuer)])
        engine = FtsIndex.reader(out)
        assert_equal_to_tables(engine)
        engine.close()


def test_a_reader_of_an_older_state_sees_that_state(tmp_path: Path) -> None:
    ids = write(tmp_path, [plain(number) for number in range(3)])
    old = FtsIndex.reader(tmp_path)
    old.connection.execute("BEGIN")
    before = [row[0] for row in old.connection.execute("SELECT rid FROM passages")]
    record_path(tmp_path, ids[1]).unlink()
    write_record(tmp_path, plain(9, issuer=ISSUERS[1]).record())
    index.update(tmp_path, [ids[1], plain(9, issuer=ISSUERS[1]).record().id])
    new = FtsIndex.reader(tmp_path)
    assert_equal_to_tables(new)  # the columns of this state are in memory now
    rows = columns.np.array(before, columns.np.int64)
    counts = count_facets(old.connection, columns_of(old.connection), rows, ("agency",))
    kept = plain_counts(old.connection, "agency").total()
    gone = sum(dict(counts["agency"]).values())
    assert 0 < gone < kept  # what was gone before it was read is left out, not taken for others
    assert dict(counts["agency"]).keys() == {ISSUERS[0]}
    old.close()
    new.close()


def test_what_is_gone_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_SPARE", 5)
    writer = FtsIndex.writer(tmp_path)
    for version in range(40):
        record = draft(1, version % 3).record().model_copy(update={"id": f"{1:064x}"})
        writer.upsert(record, str(version))
        assert_equal_to_tables(writer)
    held = columns_of(writer.connection).passages(writer.connection)
    assert len(held.documents) <= 7
    writer.close()


@pytest.mark.parametrize("damage", ["entries = x'00'", "doc = doc + 100"])
def test_a_rebuild_finds_columns_that_differ(tmp_path: Path, damage: str) -> None:
    write(tmp_path, [plain(1), plain(2)])
    connection = open_writer(tmp_path)
    connection.execute(f"UPDATE passage_columns SET {damage} WHERE doc = 2")
    connection.execute("DELETE FROM passage_tasks")
    connection.close()
    assert rebuild(tmp_path).differing
    assert rebuild(tmp_path).equal
