"""A desk over invented documents, served for tests."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn

from pipeline.desk.app import create_desk
from pipeline.desk.users import User, hash_password, users_path
from tests.records import notice
from tests.stores import free_port, plain, write

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client's own deprecations
    from fastapi.testclient import TestClient

PASSWORD = "mật-khẩu-để-thử"
SCRIPT = "<script>document.title = 'taken'</script>"
REVIEWER = User(name="lan.nguyen", role="reviewer")
HOST = "http://127.0.0.1"


def fill(out: Path) -> list[str]:
    """Notices of several bodies and years, one with a secrecy mark, one with a script in it."""
    made, ids = _filled()
    shutil.copytree(made, out, dirs_exist_ok=True)
    return ids


@cache
def _filled() -> tuple[Path, list[str]]:
    """The store that `fill` copies, made once, and the ids of its documents."""
    out = Path(tempfile.mkdtemp(prefix="congvan-desk-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    issuers = ("SỞ XÂY DỰNG", "SỞ Y TẾ", "SỞ NỘI VỤ")
    drafts = [plain(number, issuer=issuers[number % 3]) for number in range(1, 31)]
    hostile = notice(number="77", issuer="SỞ TƯ PHÁP", day="2024-03-02", title=f"Kết quả {SCRIPT}")
    hostile.say("shortcoming", f"Hệ thống hiển thị sai {SCRIPT} trên trang tin.")
    hostile.task(
        "Giao Trung tâm Tin học sửa lỗi hiển thị, báo cáo định kỳ hằng tháng.",
        assignees=["Trung tâm Tin học"],
        deadline=("recurring", "FREQ=MONTHLY", "định kỳ hằng tháng"),
    )
    secret = plain(99, issuer="SỞ CÔNG THƯƠNG", secrecy="MẬT")
    return out, write(out, [*drafts, hostile, secret])


def add_users(out: Path) -> None:
    """A reader, a reviewer, and one who may see secret documents; hashed quickly for tests."""
    hashed = hash_password(PASSWORD, cost=2**8)
    users = [
        User(name="doc", role="reader"),
        User(name="soat", role="reviewer"),
        User(name="mat", role="reviewer", secret=True),
    ]
    content = {"users": [user.model_dump() | {"password": hashed} for user in users]}
    path = users_path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def client(out: Path, **options: Any) -> TestClient:
    """A client of the desk, without a network; redirects are not followed."""
    app = create_desk(out, **options)
    return TestClient(app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)


def form_token(browser: TestClient, page: str = "/login") -> str:
    """The token that the forms of this visitor carry."""
    text = browser.get(page).text
    return text.split('name="csrf-token" content="')[1].split('"')[0]


def log_in(browser: TestClient, name: str, password: str = PASSWORD, after: str = "/") -> Any:
    """Send the login form; the reply."""
    values = {"csrf": form_token(browser), "name": name, "password": password, "next": after}
    return browser.post("/login", data=values)


@contextmanager
def served(out: Path, **options: Any) -> Iterator[str]:
    """A desk on a port of its own; its address."""
    port = free_port()
    app = create_desk(out, **options)
    # pictures show a person, not whoever runs the tests
    app.state.desk = replace(app.state.desk, local_user=REVIEWER)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    try:
        yield f"{HOST}:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
