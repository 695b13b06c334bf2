"""Small holes: whose name the desk answers to, what hides where, numbers no page can have."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.report import EXTRA_COUNTS, Report, problem_of, write_report
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import Outcome
from pipeline.desk.sessions import TRIES, LoginLimit
from pipeline.desk.users import User, UserFile, users_path
from pipeline.review.log import read_log
from tests.desks import PASSWORD, add_users, client, fill, form_token, log_in
from tests.stores import plain, write

RUN = "20260101T000000Z-1"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """One document for all and one with a secrecy mark."""
    write(tmp_path, [plain(1), plain(9, secrecy="MẬT")])
    return tmp_path


def a_load(out: Path, failed: dict[str, str]) -> None:
    """A finished load in which files (path by SHA-256) could not be read."""
    with closing(Ledger(out)) as ledger:
        ledger.start_run(RUN, "load")
        found = [Found(Seen(path, 1, 1), key, path) for key, path in failed.items()]
        added = ledger.add(found)
        ledger.mark(RUN, [Outcome(a.document, "quarantine", reason="corrupt") for a in added])
        names = ("files", "done", "skipped", "failed", "left", "pages", *EXTRA_COUNTS)
        counts = dict.fromkeys(names, 0) | {"quarantined": len(failed)}
        ledger.finish_run(RUN, "done", counts)
        problems = tuple(problem_of(entry, False) for entry in ledger.entries())
    facts = ("load", "done", "2026-01-01T00:00:00+00:00", 1.0, counts, 1.0, 1.0, 0, 0)
    write_report(out, Report(RUN, *facts, problems))


@pytest.mark.parametrize(
    "host", ["evil`x.example", 'evil"x.example', "evil{x}.example", "evil.example:99999", "[", ""]
)
def test_a_name_that_names_may_not_have_is_not_this_machine(store: Path, host: str) -> None:
    """Browsers ask for some of them, and the framework puts its own name in their place."""
    with client(store) as local:
        assert local.get("/api/v1/tasks", headers={"Host": host}).status_code == 421
        for own in ("127.0.0.1:8800", "LOCALHOST", "[::1]:8800"):
            assert local.get("/api/v1/tasks", headers={"Host": own}).status_code == 200


def test_a_new_password_ends_the_sessions_of_the_old_one(store: Path) -> None:
    add_users(store)
    with client(store) as visitor:
        log_in(visitor, "doc")
        assert visitor.get("/search").status_code == 200
        users = UserFile(users_path(store))
        user = users.find("doc")
        assert user is not None
        users.add(user, f"{PASSWORD}-mới")
        assert visitor.get("/search").status_code == 303
        log_in(visitor, "doc", f"{PASSWORD}-mới")
        assert visitor.get("/search").status_code == 200


def test_tries_that_have_to_wait_fill_no_memory() -> None:
    limit = LoginLimit(lambda: 0.0)
    for number in range(4 * TRIES):
        limit.wrong(f"name{number}", "10.0.0.1")
    held = len(limit._wrong)
    for number in range(1000):
        assert limit.wait(f"other{number}", "10.0.0.1") > 0
    assert len(limit._wrong) == held


def test_many_names_do_not_make_the_limit_forget_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.desk.sessions.MAX_SESSIONS", 30)
    limit = LoginLimit(lambda: 0.0)
    for number in range(4 * TRIES):
        limit.wrong(f"name{number}", "10.0.0.1")
    assert limit.wait("lan", "10.0.0.1") > 0


def test_wrong_passwords_sent_at_once_count_too(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_users(store)
    check = UserFile.check

    def slow(users: UserFile, name: str, password: str) -> User | None:
        time.sleep(0.5)
        return check(users, name, password)

    monkeypatch.setattr(UserFile, "check", slow)
    with client(store) as visitor:
        values = {"csrf": form_token(visitor), "name": "doc", "password": "sai-mat-khau"}
        with ThreadPoolExecutor(10) as people:
            sent = [people.submit(visitor.post, "/login", data=values) for _ in range(10)]
            statuses = sorted(one.result().status_code for one in sent)
        assert statuses == [401] * TRIES + [429] * (10 - TRIES)


def test_right_passwords_do_not_count() -> None:
    limit = LoginLimit(lambda: 0.0)
    for _ in range(100):
        assert limit.begin("lan", "10.0.0.1") == 0
        limit.right("lan", "10.0.0.1")


def test_nothing_is_said_that_cannot_be_noted(store: Path) -> None:
    visitor = client(store)
    (shown,) = [i["document_id"] for i in visitor.get("/api/v1/documents").json()["items"]]
    (store / "desk" / "audit.jsonl").mkdir(parents=True)
    address = f"/documents/{shown}"
    form = {"csrf": form_token(visitor, address), "do": "accept document:"}
    assert visitor.post(f"{address}/review", data=form).status_code == 503
    assert read_log(store, shown).entries == ()


def test_what_failed_now_and_was_secret_before_stays_hidden(store: Path) -> None:
    with closing(Ledger(store)):
        pass
    add_users(store)
    with client(store) as allowed:
        log_in(allowed, "mat")
        items = allowed.get("/api/v1/documents").json()["items"]
        secret = next(i["document_id"] for i in items if str(i["code"]).startswith("9/"))
        a_load(store, {secret: "ke-hoach-kin.pdf", "0" * 64: "thong-bao-hong.pdf"})
        for page in ("/runs/quarantine", f"/runs/{RUN}"):
            assert "ke-hoach-kin" in allowed.get(page).text
    with client(store) as reviewer:
        log_in(reviewer, "soat")
        for page in ("/runs/quarantine", f"/runs/{RUN}"):
            text = reviewer.get(page).text
            assert "thong-bao-hong" in text
            assert "ke-hoach-kin" not in text


def test_quarantine_of_a_store_without_an_index(tmp_path: Path) -> None:
    a_load(tmp_path, {"0" * 64: "thong-bao-hong.pdf"})
    assert "thong-bao-hong" in client(tmp_path).get("/runs/quarantine").text


def test_what_a_retry_said_is_for_reviewers(store: Path) -> None:
    a_load(store, {"0" * 64: "thong-bao-hong.pdf"})
    add_users(store)
    (store / "desk" / "retry.log").write_text("thong-bao-hong.pdf: lỗi", encoding="utf-8")
    with client(store) as visitor:
        with subprocess.Popen(["false"]) as ended:
            ended.wait()
        visitor.app.state.desk.processes["retry"] = ended
        for name, seen in (("doc", False), ("soat", True)):
            log_in(visitor, name)
            assert ("thong-bao-hong" in visitor.get("/runs").text) is seen
            token = form_token(visitor, "/search")
            visitor.post("/logout", data={"csrf": token})


def test_counts_leave_secret_documents_out(store: Path) -> None:
    for allowed, number in ((False, 1), (True, 2)):
        with client(store, include_secret=allowed) as visitor:
            assert visitor.get("/api/v1/health").json()["documents"] == number


def test_a_shared_machine_keeps_no_picture_of_a_page(store: Path) -> None:
    (shown,) = [i["document_id"] for i in client(store).get("/api/v1/documents").json()["items"]]
    picture = store / "pages" / shown[:2] / shown / "1.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"RIFF")
    address = f"/documents/{shown}/pages/1"
    assert "max-age" in client(store).get(address).headers["cache-control"]
    add_users(store)
    with client(store) as visitor:
        log_in(visitor, "doc")
        reply = visitor.get(address)
        assert (reply.status_code, reply.headers["cache-control"]) == (200, "private, no-store")


@pytest.mark.parametrize("number", ["-1", "0", "9" * 400, "9" * 4000])
def test_pages_that_no_document_has(store: Path, number: str) -> None:
    visitor = client(store)
    (shown,) = [i["document_id"] for i in visitor.get("/api/v1/documents").json()["items"]]
    assert visitor.get(f"/documents/{shown}/pages/{number}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/search?q=h&at=²", "/tasks?at=²", f"/runs/{RUN}?at={'9' * 30}"]
)
def test_numbers_that_are_none_are_no_failure(tmp_path: Path, address: str) -> None:
    fill(tmp_path)
    a_load(tmp_path, {})
    assert client(tmp_path).get(address).status_code == 200
