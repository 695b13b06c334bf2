"""The index follows the records, and a rebuild proves it."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from pipeline.errors import QueryError, StoreError
from pipeline.store import index
from pipeline.store.changes import changes_since, cursor_of, seq_of
from pipeline.store.files import record_path, write_record
from pipeline.store.names import lineage, name_key, number_words, spelling
from pipeline.store.problems import NoIndexError, OldIndexError
from pipeline.store.query import Query
from pipeline.store.rebuild import digests, rebuild
from pipeline.store.rows import rows_of
from pipeline.store.schema import index_path, open_reader, open_writer
from pipeline.store.search import searcher
from pipeline.store.tables import TABLES, columns, meaning
from pipeline.text.fold import fold
from tests.stores import plain, write


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("four")
    write(folder, [plain(number) for number in range(1, 5)])
    return folder


@pytest.fixture
def out(four: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(four, tmp_path / "out"))


def test_update_counts_only_changes(out: Path) -> None:
    ids = [plain(number).record().id for number in range(1, 5)]
    assert index.count(out) == 4
    assert index.update(out, ids) == 0
    record_path(out, ids[0]).unlink()
    assert index.stale(out) == [ids[0]]
    assert index.update(out, ids) == 1
    assert (index.count(out), index.stale(out)) == (3, [])


def test_a_broken_record_does_not_stop_the_others(out: Path) -> None:
    bad, good = plain(7).record(), plain(8).record()
    for record in (bad, good):
        write_record(out, record, durable=False)
    record_path(out, bad.id).write_text("{not json")
    with pytest.raises(StoreError, match=bad.id[:12]):
        index.update(out, [bad.id, good.id])
    assert index.count(out) == 5


def test_rebuild_proves_equality_after_any_history(out: Path) -> None:
    ids = write(out, [plain(9), plain(10)])
    changed = plain(9)
    changed.say("context", "Thêm một câu.")
    write_record(out, changed.record().model_copy(update={"id": ids[0]}))
    record_path(out, ids[1]).unlink()
    index.update(out, ids)
    result = rebuild(out)
    assert result.equal
    assert result.documents == 5


def test_rebuild_finds_and_repairs_what_differs(out: Path) -> None:
    connection = open_writer(out)
    victim = connection.execute("SELECT rid, document_id FROM documents").fetchone()
    connection.execute("UPDATE tasks SET action = 'sai' WHERE doc = ?", (victim["rid"],))
    connection.close()
    result = rebuild(out)
    assert result.differing == (victim["document_id"],)
    assert rebuild(out).equal


def test_rebuild_finds_words_that_no_text_has(out: Path) -> None:
    connection = open_writer(out)
    connection.execute("INSERT INTO passages_fts (rowid, exact, folded) VALUES (1, 'lạ', 'la')")
    connection.close()
    result = rebuild(out)
    assert not result.words_equal
    assert rebuild(out).equal


@pytest.mark.parametrize("damage", [b"", b"not a database at all, " * 100])
def test_rebuild_replaces_a_damaged_index(out: Path, damage: bytes) -> None:
    index_path(out).write_bytes(damage)
    for suffix in ("-wal", "-shm"):
        index_path(out).with_name("store.sqlite" + suffix).unlink(missing_ok=True)
    if damage:
        with pytest.raises(StoreError):
            open_reader(out)
    assert rebuild(out).replaced
    assert rebuild(out).equal
    assert [p.name for p in index_path(out).parent.glob("rebuild*")] == []


def test_an_index_of_another_layout_is_refused_then_rebuilt(out: Path) -> None:
    connection = open_writer(out)
    connection.execute("UPDATE meta SET value = '999' WHERE name = 'format'")
    connection.close()
    for opener in (open_reader, open_writer):
        with pytest.raises(OldIndexError):
            opener(out)
    assert rebuild(out).replaced


def test_rebuild_names_broken_records_and_keeps_their_rows(out: Path) -> None:
    bad = plain(1).record().id
    record_path(out, bad).write_text("{}")
    result = rebuild(out)
    assert result.broken == (bad,)
    assert result.documents == 4


def test_missing_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError):
        open_reader(tmp_path)
    assert index.count(tmp_path) == 0


def test_readers_see_whole_documents_while_one_writes(out: Path) -> None:
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        engine = searcher(out)
        while not done.is_set():
            seen.add(engine.search(Query(text="thư xin lỗi", limit=1)).total)
        engine.close()

    reader = threading.Thread(target=read)
    reader.start()
    write(out, [plain(number) for number in range(20, 30)])
    done.set()
    reader.join()
    assert seen <= set(range(4, 15))


def test_a_reader_is_not_blocked_by_an_open_write(out: Path) -> None:
    writer = open_writer(out)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM passages")
    reader = open_reader(out)
    assert reader.execute("SELECT count(*) FROM documents").fetchone()[0] == 4
    reader.close()
    writer.execute("ROLLBACK")
    writer.close()


def test_reading_does_not_write(out: Path) -> None:
    reader = open_reader(out)
    with pytest.raises(sqlite3.OperationalError):
        reader.execute("DELETE FROM documents")
    reader.close()


def test_changes_number_every_change_once_and_remember_deletions(out: Path) -> None:
    reader = open_reader(out)
    first = changes_since(reader, 0, include_secret=False)
    assert [change.operation for change in first] == ["upsert"] * 4
    cursor = cursor_of(reader, first[-1].seq)
    gone = first[0].document_id
    record_path(out, gone).unlink()
    index.update(out, [gone])
    news = changes_since(reader, seq_of(reader, cursor), include_secret=False)
    assert [(change.document_id, change.operation) for change in news] == [(gone, "delete")]
    for bad in ("other-3", "x", f"{cursor}x", "-5"):
        with pytest.raises(QueryError):
            seq_of(reader, bad)
    reader.close()


def test_digests_do_not_depend_on_row_numbers(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, [plain(number) for number in (3, 1, 4, 2)])
    one, two = open_reader(out), open_reader(other)
    assert dict(digests(one)) == dict(digests(two))
    one.close()
    two.close()


def test_rows_fit_the_types_of_their_columns() -> None:
    rows = rows_of(plain(3, secrecy="MẬT").record())
    python = {"int": int, "real": float, "bool": bool}
    for name, row_type in TABLES.items():
        for row in rows.of(name):
            for column, value in zip(columns(row_type), row, strict=True):
                assert value is not None or column.nullable, (name, column)
                if value is not None:
                    assert isinstance(value, python.get(column.kind, str)), (name, column)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_table_and_column_has_a_meaning(language: str) -> None:
    for name, row_type in TABLES.items():
        assert meaning(name, None, language)  # type: ignore[arg-type]
        for column in columns(row_type):
            assert meaning(name, column.name, language)  # type: ignore[arg-type]


SPELLINGS = [
    ("hoá", "hóa"),
    ("Thuỷ lợi", "thủy lợi"),
    ("KỸ THUẬT", "kĩ thuật"),
    ("công ty", "công ti"),
    ("quý III", "quí iii"),
    ("hoàn thành", "hoàn thành"),
    ("quỳnh", "quỳnh"),
    ("thuý kiều", "thúy kiều"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)
    assert len(spelling(one)) == len(one)
    assert fold(spelling(one)) == fold(spelling(other))


def test_name_keys() -> None:
    assert name_key("Sở TN&MT") == name_key("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG")
    assert (
        name_key("UBND tỉnh")
        == name_key("Ủy ban nhân dân tỉnh")
        == name_key("Uỷ ban nhân dân Tỉnh")
    )
    assert number_words("05/TB-UBND") == ("5", "tb", "ubnd")


def test_lineage_goes_both_ways_but_not_to_sisters() -> None:
    environment = name_key("Sở Tài nguyên và Môi trường")
    farming = name_key("Sở Nông nghiệp và Phát triển nông thôn")
    merged = name_key("Sở Nông nghiệp và Môi trường")
    assert set(lineage("Sở TN&MT")) == {environment, merged}
    assert set(lineage("Sở Nông nghiệp và Môi trường")) == {merged, environment, farming}
    assert "hung yen" in lineage("Thái Bình")
