"""Who gets in, what they may do, what the pages let nobody do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.desk.app import OpenDeskError, create_desk
from pipeline.desk.sessions import (
    IDLE_SECONDS,
    REQUEST_SECONDS,
    REQUESTS,
    TRIES,
    TRY_SECONDS,
    LoginLimit,
    RequestLimit,
    Sessions,
)
from pipeline.desk.users import User, UserError, UserFile, users_path
from pipeline.desk.view import local_address, marked
from tests.desks import PASSWORD, TestClient, add_users, client, fill, form_token, log_in

PAGES = ("/search", "/search?q=hồ sơ", "/tasks", "/overview", "/runs", "/api/v1/docs")
FILES = ("/search.json?q=a", "/tasks.csv", "/api/v1/tasks", "/api/v1/openapi.json")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shared")
    fill(out)
    add_users(out)
    return out


@pytest.fixture
def browser(store: Path) -> TestClient:
    return client(store, host="0.0.0.0")


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_nothing_without_a_login(browser: TestClient, address: str) -> None:
    reply = browser.get(address)
    assert reply.status_code in (303, 401)
    assert "SỞ" not in reply.text
    if reply.status_code == 303:
        assert reply.headers["location"].startswith("/login?next=")


def test_login_leads_back_to_the_page_asked_for(browser: TestClient) -> None:
    asked = browser.get("/tasks?state=overdue")
    shown = browser.get(asked.headers["location"])
    assert 'value="/tasks?state=overdue"' in shown.text
    reply = log_in(browser, "doc", after="/tasks?state=overdue")
    assert reply.status_code == 303
    assert reply.headers["location"] == "/tasks?state=overdue"
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get("/tasks").status_code == 200


def test_login_gives_a_new_session_id(browser: TestClient) -> None:
    browser.get("/login")
    before = browser.cookies["congvan_session"]
    log_in(browser, "doc")
    assert browser.cookies["congvan_session"] != before


@pytest.mark.parametrize(
    ("name", "password"),
    [("doc", "sai-mat-khau"), ("nobody", PASSWORD), ("", ""), ("doc", "x" * 999)],
)
def test_wrong_password(browser: TestClient, name: str, password: str) -> None:
    reply = log_in(browser, name, password)
    assert reply.status_code == 401
    assert "Tên hoặc mật khẩu không đúng" in reply.text
    assert browser.get("/search").status_code == 303


def test_too_many_wrong_passwords_wait(browser: TestClient) -> None:
    for _ in range(TRIES):
        assert log_in(browser, "soat", "sai-mat-khau").status_code == 401
    reply = log_in(browser, "soat")
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) > 60


def test_logout_ends_the_session(browser: TestClient) -> None:
    log_in(browser, "doc")
    sid = browser.cookies["congvan_session"]
    assert browser.post("/logout", data={"csrf": form_token(browser, "/search")}).status_code == 303
    browser.cookies.set("congvan_session", sid)
    assert browser.get("/search").status_code == 303


def test_a_removed_user_is_out_at_once(tmp_path: Path) -> None:
    fill(tmp_path)
    add_users(tmp_path)
    with client(tmp_path) as visitor:
        log_in(visitor, "doc")
        assert visitor.get("/search").status_code == 200
        UserFile(users_path(tmp_path)).remove("doc")
        assert visitor.get("/search").status_code == 303


@pytest.mark.parametrize(
    ("values", "headers"),
    [
        ({}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": "không"}, {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Sec-Fetch-Site": "same-site"}),
    ],
    ids=["none", "invented", "letters", "other-site", "neighbour"],
)
@pytest.mark.parametrize("address", ["/login", "/logout", "/runs/retry"])
def test_forged_forms_are_refused(
    store: Path, address: str, values: dict[str, str] | None, headers: dict[str, str]
) -> None:
    with client(store) as visitor:
        log_in(visitor, "mat")
        sent = {"csrf": form_token(visitor, "/search")} if values is None else values
        reply = visitor.post(address, data={**sent, "reason": "corrupt"}, headers=headers)
        assert reply.status_code == 403
        assert visitor.get("/search").status_code == 200


def test_the_token_of_another_visitor_is_refused(store: Path) -> None:
    with client(store) as victim, client(store) as other:
        log_in(victim, "doc")
        token = form_token(other)
        assert victim.post("/logout", data={"csrf": token}).status_code == 403


def test_forms_of_the_local_desk_need_the_token_too(tmp_path: Path) -> None:
    fill(tmp_path)
    with client(tmp_path) as local:
        assert local.get("/search").status_code == 200
        assert local.post("/runs/retry", data={"all": "yes"}).status_code == 403


def test_readers_may_not_retry(browser: TestClient) -> None:
    log_in(browser, "doc")
    token = form_token(browser, "/search")
    reply = browser.post("/runs/retry", data={"csrf": token, "reason": "corrupt"})
    assert reply.status_code == 403
    assert "chỉ được đọc" in reply.text


def everything(browser: TestClient) -> str:
    addresses = (
        "/search?q=hồ sơ", "/search?q=99", "/search?q=number:99", "/search?agency=Sở Công Thương",
        "/search.jsonl?q=hồ sơ", "/search.csv?unit=title", "/tasks?limit=1000", "/tasks.jsonl",
        "/tasks.ics", "/tasks?group=document", "/tasks?group=agency", "/overview", "/search",
        "/api/v1/search?q=hồ sơ&limit=1000", "/api/v1/tasks?limit=1000",
        "/api/v1/documents?limit=1000", "/api/v1/changes?limit=1000",
    )  # fmt: skip
    return "\n".join(browser.get(address).text for address in addresses)


def test_secret_documents_are_nowhere_for_others(browser: TestClient, store: Path) -> None:
    log_in(browser, "doc")
    text = everything(browser)
    assert "SỞ XÂY DỰNG" in text
    assert "CÔNG THƯƠNG" not in text
    assert "99/TB" not in text
    log = store / "secret-access.jsonl"
    assert not log.exists() or '"doc"' not in log.read_text(encoding="utf-8")


def test_secret_documents_for_those_allowed_and_logged(store: Path) -> None:
    with client(store) as allowed:
        log_in(allowed, "mat")
        assert "CÔNG THƯƠNG" in everything(allowed)
    log = (store / "secret-access.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["user"] for line in log} == {"mat"}
    assert any("99" in json.loads(line)["detail"] for line in log)


def test_what_was_done_is_in_the_audit_log(store: Path, browser: TestClient) -> None:
    log_in(browser, "nobody", "x")
    log_in(browser, "doc")
    log = (store / "desk" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    done = [(json.loads(line)["user"], json.loads(line)["action"]) for line in log]
    assert ("nobody", "login-wrong") in done
    assert ("doc", "login") in done
    assert PASSWORD not in "".join(log)


@pytest.mark.parametrize("address", [*PAGES, *FILES, "/static/desk.css", "/nowhere", "/login"])
def test_every_reply_has_the_policy(tmp_path: Path, store: Path, address: str) -> None:
    with client(store) as visitor:
        policy = visitor.get(address).headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "frame-ancestors 'none'" in policy
        assert visitor.get(address).headers["x-content-type-options"] == "nosniff"


def test_pages_load_nothing_from_elsewhere_and_have_no_inline_code(store: Path) -> None:
    with client(store) as visitor:
        log_in(visitor, "mat")
        for address in (*PAGES, "/search?q=hồ sơ", "/tasks?group=assignee"):
            text = visitor.get(address).text
            assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
            assert not re.search(r"<script(?![^>]*src=)", text)


def test_another_machine_only_with_users(tmp_path: Path, store: Path) -> None:
    with pytest.raises(OpenDeskError, match="congvan user add"):
        create_desk(tmp_path, host="0.0.0.0")
    create_desk(store, host="0.0.0.0")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8800", "127.0.0.1.evil.example"])
def test_the_local_desk_answers_to_its_own_name_only(tmp_path: Path, host: str) -> None:
    """A page elsewhere whose name is made to mean 127.0.0.1 must not read the store."""
    fill(tmp_path)
    with client(tmp_path) as local:
        reply = local.get("/search?q=hồ sơ", headers={"Host": host})
        assert reply.status_code == 421
        assert "SỞ" not in reply.text
        assert local.get("/search", headers={"Host": "localhost:8800"}).status_code == 200


def test_a_token_is_for_programs_only(tmp_path: Path) -> None:
    fill(tmp_path)
    with client(tmp_path, token="mã") as visitor:
        bearer = {"Authorization": "Bearer mã".encode()}
        assert visitor.get("/api/v1/tasks").status_code == 401
        assert visitor.get("/api/v1/tasks", headers=bearer).status_code == 200  # type: ignore[arg-type]
        assert visitor.get("/search", headers=bearer).status_code == 401  # type: ignore[arg-type]
        assert "congvan user add" in visitor.get("/search").text


def test_overlong_addresses_and_forms(browser: TestClient) -> None:
    assert browser.get("/search?q=" + "a" * 20_000).status_code == 414
    reply = browser.post("/login", data={"csrf": form_token(browser), "name": "a" * 300_000})
    assert reply.status_code == 403


def test_a_damaged_users_file_lets_nobody_in(tmp_path: Path) -> None:
    fill(tmp_path)
    add_users(tmp_path)
    with client(tmp_path) as visitor:
        log_in(visitor, "doc")
        users_path(tmp_path).write_text("{", encoding="utf-8")
        assert visitor.get("/search").status_code == 503


def test_users_file_keeps_no_password(tmp_path: Path) -> None:
    users = UserFile(tmp_path / "users.json")
    users.add(User(name="lan", role="reviewer"), PASSWORD)
    assert PASSWORD not in users.path.read_text(encoding="utf-8")
    assert users.path.stat().st_mode & 0o777 == 0o600
    assert users.check("lan", PASSWORD) == User(name="lan", role="reviewer")
    assert users.check("lan", PASSWORD.encode().decode("utf-8") + "x") is None
    import unicodedata

    assert users.check("lan", unicodedata.normalize("NFD", PASSWORD)) is not None


@pytest.mark.parametrize(
    ("name", "password"), [("a b", PASSWORD), ("", PASSWORD), ("a" * 65, PASSWORD), ("lan", "ngắn")]
)
def test_users_that_are_not_taken(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(UserError):
        UserFile(tmp_path / "users.json").add(User(name=name), password)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_sessions_end_when_idle() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    sid = sessions.start("lan")
    clock.now += IDLE_SECONDS - 1
    assert sessions.user(sid) == "lan"
    clock.now += IDLE_SECONDS + 1
    assert sessions.user(sid) is None


def test_login_limit_counts_names_and_addresses() -> None:
    clock = Clock()
    limit = LoginLimit(clock)
    for _ in range(TRIES):
        assert limit.wait("lan", "10.0.0.1") == 0
        limit.wrong("lan", "10.0.0.1")
    assert limit.wait("lan", "10.0.0.1") > 0
    assert limit.wait("lan", "10.0.0.2") == 0
    assert limit.wait("minh", "10.0.0.1") == 0
    for number in range(4 * TRIES):
        limit.wrong(f"name{number}", "10.0.0.1")
    assert limit.wait("minh", "10.0.0.1") > 0
    clock.now += TRY_SECONDS + 1
    assert limit.wait("lan", "10.0.0.1") == 0


def test_request_limit_counts_each_visitor_by_the_minute() -> None:
    clock = Clock()
    limit = RequestLimit(clock)
    assert [limit.wait("lan") for _ in range(REQUESTS)] == [0] * REQUESTS
    assert 0 < limit.wait("lan") <= REQUEST_SECONDS + 1
    assert limit.wait("minh") == 0
    clock.now += REQUEST_SECONDS
    assert limit.wait("lan") == 0


def test_too_many_requests_are_refused_for_a_while(store: Path) -> None:
    browser = client(store, host="0.0.0.0", token="chương-trình")
    log_in(browser, "doc")
    requests = browser.app.state.desk.requests  # type: ignore[attr-defined]
    for _ in range(REQUESTS):
        requests.wait("doc")
    reply = browser.get("/tasks")
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) > 0
    assert "Quá nhiều yêu cầu" in reply.text
    assert browser.get("/api/v1/tasks").json()["code"] == "too-many"
    assert browser.get("/static/desk.css").status_code == 200
    token = {"Authorization": "Bearer chương-trình".encode()}
    assert browser.get("/api/v1/tasks", headers=token).status_code == 200


@given(
    st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=4)
)
def test_marks_add_nothing_but_marks(text: str, pairs: list[tuple[int, int]]) -> None:
    from markupsafe import Markup

    edges = sorted({min(place, len(text)) for pair in pairs for place in pair})
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    shown = marked(text, spans)
    assert (
        Markup(re.sub("</?mark>", "", str(shown))).unescape()
        == Markup(Markup.escape(text)).unescape()
    )


@given(st.text(max_size=60))
def test_addresses_to_go_back_to_stay_inside(address: str) -> None:
    found: Any = local_address(address)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
