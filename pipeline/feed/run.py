"""Feeding a database: what changed since its cursor, the cursor moving in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, IntegrityError, OperationalError

from pipeline.errors import CongvanError, ExitCode, StoreError
from pipeline.feed.schema import (
    DEFAULT_PREFIX,
    STATE_TABLE,
    SchemaPlan,
    ensure_schema,
    feed_tables,
    plan_schema,
    shape,
)
from pipeline.feed.sink import Counts, Rows, apply, held_of
from pipeline.store.changes import Change, changes_since, rows_of_documents
from pipeline.store.problems import missing_extra
from pipeline.store.schema import open_reader, store_id
from pipeline.store.tables import TABLES

BATCH = 400
"""Documents in a transaction while there is a backlog; a few changes go one document each."""
SMALL = 100
_STATE = "cursor"
_REFUSED = (DataError, IntegrityError)
Progress = Callable[[int, int], None]


class FeedAddressError(CongvanError):
    """What was given is not the address of a database that can be fed."""

    exit_code = ExitCode.USAGE
    reason = "feed-address"
    remedy = "give an address such as sqlite:////path/to/file.db"


class FeedTargetError(StoreError):
    """The target database cannot be reached or used."""

    reason = "feed-target"
    remedy = "check the address, the user's rights and that the server runs"


class OtherStoreError(StoreError):
    """The target holds the rows of another store."""

    reason = "feed-other-store"
    remedy = "feed another database or prefix, or take the target over with --replace"


@dataclass(slots=True)
class FeedReport:
    """What a feed did, or would do."""

    target: str
    documents: int = 0
    removed: int = 0
    counts: Counts = field(default_factory=Counts)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Feed:
    source: sqlite3.Connection
    engine: Engine
    target: str
    """The address without its password."""
    prefix: str
    store: str
    include_secret: bool


def feed(
    out: Path,
    url: str,
    *,
    prefix: str = DEFAULT_PREFIX,
    include_secret: bool = False,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> FeedReport:
    """Bring a database up to date with the store. Run again after any interruption.

    Raises:
        FeedAddressError: `url` is not the address of a database that can be fed.
        FeedTargetError: the database cannot be reached.
        FeedSchemaError: its tables cannot be brought into shape by adding to them.
        OtherStoreError: it holds the rows of another store, and `replace` is false.
    """
    engine = open_engine(url)
    target = engine.url.render_as_string(hide_password=True)
    rejects = _Rejects(out, target, prefix)
    if dry_run and _would_be_made(engine.url):
        engine = _sqlite_engine(make_url("sqlite://"))
    try:
        with closing(open_reader(out)) as source:
            job = _Feed(source, engine, target, prefix, store_id(source), include_secret)
            return _run(job, rejects, replace=replace, dry_run=dry_run, progress=progress)
    except (OperationalError, DatabaseError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise FeedTargetError(reason, name=target) from error
    finally:
        engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine for a database URL; the driver is chosen here.

    Raises:
        FeedAddressError: the URL is not one, names no file, or is of another database.
        MissingExtraError: the driver is not installed.
    """
    try:
        target = make_url(url)
    except ArgumentError as error:
        raise FeedAddressError(name="URL" if "@" in url else url) from error
    kind = target.get_backend_name()
    if kind in ("postgresql", "postgres"):
        target, package, extra = target.set(drivername="postgresql+psycopg"), "psycopg", "postgres"
    elif kind in ("mysql", "mariadb"):
        target = target.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})
        package, extra = "pymysql", "mysql"
    elif kind == "sqlite" and target.database not in (None, "", ":memory:"):
        return _sqlite_engine(target)
    else:
        raise FeedAddressError(name=target.render_as_string(hide_password=True))
    try:
        return create_engine(target)
    except ImportError as error:
        raise missing_extra(package, extra) from error


def _sqlite_engine(target: URL) -> Engine:
    engine = create_engine(target)
    _begin_for_real(engine)
    return engine


def _would_be_made(target: URL) -> bool:
    """Whether to open the database would make its file."""
    if target.get_backend_name() != "sqlite":
        return False
    path = Path(str(target.database))
    return path.parent.is_dir() and not path.exists()


def _begin_for_real(engine: Engine) -> None:
    """Let transactions on SQLite cover DDL and take the write lock at once."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _run(
    job: _Feed, rejects: _Rejects, *, replace: bool, dry_run: bool, progress: Progress | None
) -> FeedReport:
    report = FeedReport(job.target)
    plan = _prepare(job, dry_run=dry_run)
    report.statements = plan.statements
    if dry_run and plan.create:
        _count_all(job, report)
        return report
    seq = _start(job, replace=replace, dry_run=dry_run, report=report)
    pending = changes_since(job.source, seq, include_secret=job.include_secret)
    pending = _retried(job, rejects, pending)
    size = BATCH if len(pending) > SMALL else 1
    for at in range(0, len(pending), size):
        batch = pending[at : at + size]
        _feed_batch(job, batch, report, dry_run=dry_run)
        if progress:
            progress(min(at + size, len(pending)), len(pending))
    if not dry_run:
        rejects.write(report.rejected)
    return report


def _prepare(job: _Feed, *, dry_run: bool) -> SchemaPlan:
    tables = feed_tables(job.prefix)[1]
    with job.engine.begin() as connection:
        plan = plan_schema(connection, tables)
        if not dry_run:
            ensure_schema(connection, plan)
    return plan


def _count_all(job: _Feed, report: FeedReport) -> None:
    changes = changes_since(job.source, 0, include_secret=job.include_secret)
    ids = [change.document_id for change in changes if change.operation == "upsert"]
    report.documents = len(ids)
    for at in range(0, len(ids), BATCH):
        rows = _rows(job, ids[at : at + BATCH])
        report.counts.inserted += sum(map(len, rows.values()))


def _start(job: _Feed, *, replace: bool, dry_run: bool, report: FeedReport) -> int:
    """The change number to go on from; 0 when everything has to be compared."""
    tables = feed_tables(job.prefix)[1]
    state, mark = tables[STATE_TABLE], shape(include_secret=job.include_secret)
    with job.engine.begin() as connection:
        held = connection.execute(select(state.c.store, state.c.seq, state.c.shape)).first()
        if held is not None and held.store != job.store and not replace:
            raise OtherStoreError(name=job.target)
        if held is not None and (held.store, held.shape) == (job.store, mark):
            return int(held.seq)
        if held is not None and not dry_run:
            report.removed += _remove_strangers(job, connection)
        if not dry_run:
            connection.execute(delete(state))
            values = {"name": _STATE, "store": job.store, "seq": 0, "shape": mark}
            connection.execute(insert(state).values(values))
    return 0


def _remove_strangers(job: _Feed, connection: Connection) -> int:
    """Remove documents that the target has and the store has not."""
    tables = feed_tables(job.prefix)[1]
    held = {row[0] for row in connection.execute(select(tables["documents"].c.document_id))}
    own = {row[0] for row in job.source.execute("SELECT document_id FROM documents")}
    gone = sorted(held - own)
    if gone:
        apply(connection, tables, gone, {})
    return len(gone)


def _retried(job: _Feed, rejects: _Rejects, pending: list[Change]) -> list[Change]:
    """Documents that the target refused last time, then the new changes."""
    known = {change.document_id for change in pending}
    again = [document_id for document_id in rejects.read() if document_id not in known]
    if not again:
        return pending
    last = {
        c.document_id: c for c in changes_since(job.source, 0, include_secret=job.include_secret)
    }
    return [last[d]._replace(seq=0) for d in again if d in last] + pending


def _rows(job: _Feed, document_ids: Sequence[str]) -> Rows:
    return {name: list(rows_of_documents(job.source, name, document_ids)) for name in TABLES}


def _feed_batch(job: _Feed, batch: list[Change], report: FeedReport, *, dry_run: bool) -> None:
    try:
        _transaction(job, batch, report, dry_run=dry_run)
    except _REFUSED as error:
        if len(batch) > 1:
            for change in batch:
                _feed_batch(job, [change], report, dry_run=dry_run)
            return
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        report.rejected.append((batch[0].document_id, reason))
        _move_cursor(job, batch[-1].seq, dry_run=dry_run)


def _transaction(job: _Feed, batch: list[Change], report: FeedReport, *, dry_run: bool) -> None:
    tables = feed_tables(job.prefix)[1]
    ids = [change.document_id for change in batch]
    rows = _rows(job, [c.document_id for c in batch if c.operation == "upsert"])
    with job.engine.connect() as connection, connection.begin() as transaction:
        _lock(connection, tables)
        held = held_of(connection, tables, ids)
        counts = apply(connection, tables, ids, rows, fresh=not held)
        if dry_run:
            transaction.rollback()
        else:
            _set_seq(connection, tables, batch[-1].seq)
            transaction.commit()
    report.counts.add(counts)
    report.documents += sum(change.operation == "upsert" for change in batch)
    report.removed += sum(c.operation == "delete" and c.document_id in held for c in batch)


def _lock(connection: Connection, tables: dict[str, Table]) -> None:
    """One feed at a time: the second waits for the row of the first."""
    state = tables[STATE_TABLE]
    connection.execute(select(state.c.seq).with_for_update()).first()


def _set_seq(connection: Connection, tables: dict[str, Table], seq: int) -> None:
    state = tables[STATE_TABLE]
    connection.execute(update(state).where(state.c.seq < seq).values(seq=seq))


def _move_cursor(job: _Feed, seq: int, *, dry_run: bool) -> None:
    if not dry_run:
        with job.engine.begin() as connection:
            _set_seq(connection, feed_tables(job.prefix)[1], seq)


class _Rejects:
    """Documents that the target refused, in OUT/feeds/*.rejects.jsonl; tried again each time."""

    def __init__(self, out: Path, target: str, prefix: str) -> None:
        mark = blake2b(f"{target} {prefix}".encode(), digest_size=6).hexdigest()
        self.path = out / "feeds" / f"{mark}.rejects.jsonl"

    def read(self) -> list[str]:
        if not self.path.is_file():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [str(json.loads(line)["document_id"]) for line in lines]

    def write(self, rejected: list[tuple[str, str]]) -> None:
        if not rejected:
            self.path.unlink(missing_ok=True)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps({"document_id": d, "reason": r}, ensure_ascii=False) for d, r in rejected
        ]
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
