"""`congvan user` and the refusals of `congvan serve`."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import assemble
from pipeline.cli.common import Commands
from pipeline.desk.users import User, UserFile, users_path
from pipeline.messages import default_language
from tests.stores import plain, write

PASSWORD = "mật-khẩu-để-thử"


def run(*words: str, given: str = "") -> tuple[int, str, str]:
    app = assemble(typer.Typer(cls=Commands))
    result = CliRunner().invoke(app, list(words), input=given)
    return result.exit_code, result.stdout, result.stderr


def test_add_list_remove(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path)]
    code, _, told = run(
        "user", "add", "lan", "--role", "reviewer", "--password-stdin", *out, given=f"{PASSWORD}\n"
    )
    assert code == 0, told
    users = UserFile(users_path(tmp_path))
    assert users.check("lan", PASSWORD) == User(name="lan", role="reviewer")
    code, shown, _ = run("user", "list", "--format", "json", *out)
    assert json.loads(shown) == [{"name": "lan", "role": "reviewer", "secret": False}]
    assert "False" not in run("user", "list", *out)[1]
    users.add(User(name="minh", role="reader", secret=True), PASSWORD)
    assert run("user", "list", *out)[1].count("✓") == 1
    assert run("user", "remove", "minh", *out)[0] == run("user", "remove", "lan", *out)[0] == 0
    assert users.all() == {}


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (("user", "add", "lan", "--password-stdin"), "ngắn\n", "từ 10 đến 200"),
        (("user", "add", "a b", "--password-stdin"), f"{PASSWORD}\n", "chỉ gồm chữ"),
        (("user", "remove", "lan"), "", "Không có người dùng lan"),
        (("serve", "--host", "0.0.0.0"), "", "congvan user add"),
    ],
)
def test_refusals_say_why(tmp_path: Path, words: tuple[str, ...], given: str, told: str) -> None:
    code, _, said = run(*words, "--out", str(tmp_path), given=given)
    assert code == 2
    assert told in " ".join(said.split())


def test_a_store_that_is_not_there_is_not_served(tmp_path: Path) -> None:
    code, _, said = run("serve", "--out", str(tmp_path / "typo"))
    assert code == 1
    assert (
        said.strip() == f"Kho {tmp_path}/typo chưa có lần nạp nào. Hãy nạp văn bản (congvan load)."
    )


@pytest.mark.parametrize(("lang", "told"), [("vi", "đang bận"), ("en", "is in use")])
def test_a_busy_port_is_said_before_any_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, told: str
) -> None:
    write(tmp_path, [plain(1)])
    monkeypatch.setenv("CONGVAN_LANG", lang)
    default_language.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        code, _, shown = run("serve", "--port", port, "--out", str(tmp_path))
    default_language.cache_clear()
    assert (code, port in shown, told in shown) == (1, True, True)
    assert "http://" not in shown
