"""Feeds into SQL databases: exactly the rows of the store, however interrupted."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.bulk.reasons import explain_error
from pipeline.errors import ExitCode
from pipeline.feed.run import (
    FeedAddressError,
    FeedReport,
    FeedTargetError,
    OtherStoreError,
    feed,
    open_engine,
)
from pipeline.feed.schema import FeedSchemaError
from pipeline.store import index
from pipeline.store.changes import rows_of_documents
from pipeline.store.files import record_path, write_record
from pipeline.store.schema import open_reader
from pipeline.store.tables import TABLES, row_hash
from tests.stores import mariadb, plain, postgres, write

SERVERS = ("postgres", "mariadb")


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    make = {"postgres": postgres, "mariadb": mariadb}[request.param]
    pytest.importorskip({"postgres": "psycopg", "mariadb": "pymysql"}[request.param])
    with make(tmp_path_factory.mktemp(request.param)) as url:
        if url is None:
            pytest.skip(f"no {request.param} server here: apt-get install {request.param}")
        yield url


@pytest.fixture
def target(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/target.sqlite"


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("five")
    write(out, [plain(number) for number in range(1, 6)])
    return out


@pytest.fixture
def store(five: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(five, tmp_path / "out"))


def hashes(url: str, prefix: str = "congvan_") -> set[tuple[str, str, int, str]]:
    """Every row of the target as (table, document, ordinal, hash)."""
    engine = open_engine(url)
    found = set()
    with engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in TABLES:
            rows = connection.execute(
                text(f"SELECT document_id, ordinal, row_hash FROM {quote(prefix + name)}")
            )
            found |= {(name, row[0], row[1], row[2]) for row in rows}
    engine.dispose()
    return found


def expected(out: Path, *, secret: bool = False) -> set[tuple[str, str, int, str]]:
    source = open_reader(out)
    ids = [
        row[0]
        for row in source.execute("SELECT document_id FROM documents WHERE secret <= ?", (secret,))
    ]
    found = set()
    for name in TABLES:
        for row in rows_of_documents(source, name, ids):
            found.add((name, str(row[0]), int(str(row[1])), row_hash(row)))
    source.close()
    return found


def check_everyday_life(out: Path, url: str) -> None:
    first = feed(out, url)
    assert hashes(url) == expected(out)
    assert first.counts.inserted == len(expected(out))
    assert first.counts.updated == first.counts.deleted == 0

    again = feed(out, url)
    assert (again.documents, again.counts.inserted, again.counts.updated) == (0, 0, 0)

    changed = plain(2)
    changed.say("context", "Câu thêm vào khi xử lý lại.")
    gone, kept = plain(1).record(), plain(2).record()
    write_record(out, changed.record().model_copy(update={"id": kept.id}))
    record_path(out, gone.id).unlink()
    index.update(out, [gone.id, kept.id])
    third = feed(out, url)
    assert hashes(url) == expected(out)
    assert (third.documents, third.removed) == (1, 1)
    assert third.counts.inserted == 1
    assert third.counts.updated == 1  # the document row: its size changed
    assert third.counts.deleted > 0


def test_everyday_life_sqlite(store: Path, target: str) -> None:
    check_everyday_life(store, target)


@pytest.mark.slow
@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_everyday_life_on_servers(store: Path, server: str) -> None:
    _empty(server)
    check_everyday_life(store, server)


def _empty(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in (*TABLES, "feed_state"):
            connection.execute(text(f"DROP TABLE IF EXISTS {quote('congvan_' + name)}"))
    engine.dispose()


def test_texts_come_through_exactly(store: Path, target: str) -> None:
    feed(store, target)
    engine = open_engine(target)
    with engine.connect() as connection:
        texts = {row[0] for row in connection.execute(text("SELECT text FROM congvan_statements"))}
    engine.dispose()
    assert "Còn hồ sơ quá hạn chưa có thư xin lỗi người dân." in texts


def test_dry_run_writes_nothing(store: Path, target: str) -> None:
    report = feed(store, target, dry_run=True)
    assert report.counts.inserted == len(expected(store))
    assert any("CREATE TABLE" in statement for statement in report.statements)
    feed(store, target)
    write(store, [plain(9)])
    before = hashes(target)
    report = feed(store, target, dry_run=True)
    assert report.documents == 1
    assert report.counts.inserted > 0
    assert hashes(target) == before


def test_comparing_everything_again_changes_no_row(store: Path, target: str) -> None:
    feed(store, target)
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(text("UPDATE congvan_feed_state SET seq = 0"))
    engine.dispose()
    report = feed(store, target)
    counts = report.counts
    assert (report.documents, counts.unchanged) == (5, len(expected(store)))
    assert (counts.inserted, counts.updated, counts.deleted) == (0, 0, 0)


def test_new_columns_are_added(store: Path, target: str) -> None:
    feed(store, target)
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE congvan_tasks DROP COLUMN topic"))
        connection.execute(text("UPDATE congvan_feed_state SET shape = 'older'"))
        connection.execute(text("UPDATE congvan_tasks SET row_hash = 'older'"))
    engine.dispose()
    report = feed(store, target)
    assert any("ADD COLUMN topic" in statement for statement in report.statements)
    assert report.counts.updated == 5
    assert hashes(target) == expected(store)


def test_a_table_of_somebody_else_stops_the_feed(store: Path, target: str) -> None:
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE congvan_tasks (id INTEGER PRIMARY KEY, note TEXT)"))
    with pytest.raises(FeedSchemaError, match="congvan_tasks"):
        feed(store, target)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        assert {row[0] for row in names} == {"congvan_tasks"}
    engine.dispose()


def test_a_column_of_another_type_stops_with_the_statement(store: Path, target: str) -> None:
    feed(store, target)
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE congvan_tasks DROP COLUMN page"))
        connection.execute(text("ALTER TABLE congvan_tasks ADD COLUMN page TEXT"))
    engine.dispose()
    with pytest.raises(FeedSchemaError, match="ALTER TABLE congvan_tasks"):
        feed(store, target)


def test_secret_documents_are_not_fed_unless_asked(tmp_path: Path, target: str) -> None:
    out = tmp_path / "out"
    write(out, [plain(1), plain(2, secrecy="TỐI MẬT")])
    assert feed(out, target).removed == 0  # what never was there is not told as taken away
    assert hashes(target) == expected(out)
    feed(out, target, include_secret=True)
    assert hashes(target) == expected(out, secret=True)
    assert feed(out, target).removed == 1
    assert hashes(target) == expected(out)


def test_another_store_may_not_take_over_unasked(store: Path, tmp_path: Path, target: str) -> None:
    feed(store, target)
    other = tmp_path / "other"
    write(other, [plain(77)])
    with pytest.raises(OtherStoreError):
        feed(other, target)
    assert hashes(target) == expected(store)
    feed(other, target, replace=True)
    assert hashes(target) == expected(other)


def test_a_refused_document_does_not_stop_the_others(store: Path, target: str) -> None:
    feed(store, target)
    engine = open_engine(target)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON congvan_documents WHEN NEW.number = '7'"
                " BEGIN SELECT RAISE(ABORT, 'number 7 is refused'); END"
            )
        )
    write(store, [plain(6), plain(7), plain(8)])
    report = feed(store, target)
    bad = plain(7).record().id
    assert [(d, "refused" in why) for d, why in report.rejected] == [(bad, True)]
    assert report.documents == 2
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER refuse"))
    engine.dispose()
    assert feed(store, target).documents == 1
    assert hashes(target) == expected(store)


def test_a_target_that_cannot_be_opened_is_named(store: Path) -> None:
    with pytest.raises(FeedTargetError):
        feed(store, "sqlite:////no/such/folder/x.db")


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("f.db", "f.db"),
        ("oracle://x", "oracle://x"),
        ("oracle://a:secret@x/y", "oracle://a:***@x/y"),
        ("postgres//a:secret@x/y", "URL"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///", "sqlite:///"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_what_is_no_address_of_a_database_is_refused(store: Path, url: str, named: str) -> None:
    for dry_run in (False, True):
        with pytest.raises(FeedAddressError) as caught:
            feed(store, url, dry_run=dry_run)
        assert caught.value.exit_code == ExitCode.USAGE
        assert explain_error(caught.value, "en").startswith(f"{named} is not the address")


def test_a_dry_run_makes_no_file(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    report = feed(store, f"sqlite:///{path}", dry_run=True)
    assert report.target == f"sqlite:///{path}"
    assert report.counts.inserted == len(expected(store))
    assert not path.exists()


_KILLED = """
import sys
from pathlib import Path
import pipeline.feed.run as run
run.SMALL = 0
run.BATCH = 3
run.feed(Path(sys.argv[1]), sys.argv[2])
"""


def kill_often(out: Path, url: str, times: int, longest: float) -> None:
    dice = random.Random(7)
    for round_ in range(times):
        process = subprocess.Popen([sys.executable, "-c", _KILLED, str(out), url])
        time.sleep(0.5 + dice.random() * longest)
        process.send_signal(signal.SIGKILL)
        process.wait()
        write(out, [plain(1000 + round_)])
    feed(out, url)
    assert hashes(url) == expected(out)


@pytest.mark.slow
def test_killed_at_random_moments_sqlite(tmp_path: Path, target: str) -> None:
    out = tmp_path / "out"
    write(out, [plain(number) for number in range(1, 150)])
    kill_often(out, target, 5, 1.5)


@pytest.mark.slow
@pytest.mark.parametrize("server", SERVERS, indirect=True)
def test_killed_at_random_moments_on_servers(tmp_path: Path, server: str) -> None:
    _empty(server)
    out = tmp_path / "out"
    write(out, [plain(number) for number in range(1, 400)])
    kill_often(out, server, 20, 2.0)


def test_progress_and_report(store: Path, target: str) -> None:
    seen: list[tuple[int, int]] = []
    report = feed(store, target, progress=lambda done, all_: seen.append((done, all_)))
    assert isinstance(report, FeedReport)
    assert seen[-1] == (5, 5)
