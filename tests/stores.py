"""Stores of invented records on disk, and servers for feeds, for tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.record import Record
from pipeline.store import index
from pipeline.store.files import write_record
from tests.records import Draft, notice


def write(out: Path, drafts: Iterable[Draft | Record]) -> list[str]:
    """Write records and index them; their ids."""
    records = [d if isinstance(d, Record) else d.record() for d in drafts]
    for record in records:
        write_record(out, record, durable=False)
    ids = [record.id for record in records]
    index.update(out, ids)
    return ids


def plain(number: int, issuer: str = "SỞ XÂY DỰNG", secrecy: str | None = None) -> Draft:
    """A small invented notice with one of everything."""
    draft = notice(
        number=str(number),
        issuer=issuer,
        secrecy=secrecy,
        day=f"202{number % 5}-0{number % 9 + 1}-15",
    )
    draft.heading("I.", "Kết quả đạt được", "achievement")
    draft.say("achievement", f"Đã giải quyết {number + 100} hồ sơ đúng hạn.")
    draft.say("shortcoming", "Còn hồ sơ quá hạn chưa có thư xin lỗi người dân.")
    draft.task(
        "Giao Văn phòng Sở chủ trì, phối hợp với Thanh tra Sở rà soát"
        f" theo Kế hoạch số {number}/KH-SXD, hoàn thành trước ngày 30/6/2025.",
        assignees=["Văn phòng Sở"],
        coordinators=["Thanh tra Sở"],
        deadline=("date", "2025-06-30", "trước ngày 30/6/2025"),
        topic="tthc",
        references=[f"{number}/KH-SXD"],
    )
    draft.cite(f"{number}/KH-SXD", "KH")
    return draft


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str, *places: str) -> str | None:
    found = shutil.which(name)
    return found or next((str(p) for place in places for p in Path("/").glob(place)), None)


def _as_user(name: str) -> list[str]:
    """Servers refuse to run as root; use their own user then."""
    if os.geteuid() != 0:
        return []
    runner = shutil.which("runuser")
    return [runner, "-u", name, "--"] if runner else []


@contextmanager
def postgres(folder: Path) -> Iterator[str | None]:
    """A PostgreSQL server of its own; its URL, or None where it cannot be had."""
    initdb = _program("initdb", "usr/lib/postgresql/*/bin/initdb")
    server = _program("postgres", "usr/lib/postgresql/*/bin/postgres")
    if not (initdb and server):
        yield None
        return
    user, port = _as_user("postgres"), free_port()
    cluster = folder / "pg"
    _give(folder, "postgres")
    subprocess.run(
        [
            *user,
            initdb,
            "-D",
            str(cluster),
            "-U",
            "tester",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    command = [server, "-D", str(cluster), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1"]
    with _running([*user, *command], folder):
        url = f"postgresql://tester@127.0.0.1:{port}/postgres"
        yield url if _answers(url) else None


@contextmanager
def mariadb(folder: Path) -> Iterator[str | None]:
    """A MariaDB server of its own; its URL, or None where it cannot be had."""
    install = _program("mariadb-install-db", "usr/bin/mariadb-install-db")
    server = _program("mariadbd", "usr/sbin/mariadbd")
    if not (install and server):
        yield None
        return
    user, port = _as_user("mysql"), free_port()
    data = folder / "maria"
    data.mkdir()
    _give(folder, "mysql")
    _give(data, "mysql")
    common = ["--no-defaults", f"--datadir={data}"]
    subprocess.run(
        [*user, install, *common, "--auth-root-authentication-method=normal"],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    command = [
        server,
        *common,
        f"--port={port}",
        f"--socket={folder}/m.sock",
        "--bind-address=127.0.0.1",
    ]
    with _running([*user, *command], folder):
        url = f"mariadb://root@127.0.0.1:{port}/test"
        yield url if _answers(url) else None


def _give(folder: Path, user: str) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.parents):
            if path == Path("/tmp") or path == Path("/"):
                break
            path.chmod(path.stat().st_mode | 0o011)
        shutil.chown(folder, user)


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=10)


def _answers(url: str) -> bool:
    from sqlalchemy.exc import DBAPIError

    from pipeline.feed.run import open_engine

    for _ in range(120):
        engine = open_engine(url)
        try:
            with engine.connect():
                return True
        except DBAPIError:
            time.sleep(0.25)
        finally:
            engine.dispose()
    return False
