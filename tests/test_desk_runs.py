"""The page of a run: what programs and people changed since another run, and why."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import Outcome
from pipeline.desk.retry import retry_state, start_retry
from pipeline.desk.state import Desk
from pipeline.desk.users import User
from pipeline.record import Record
from pipeline.review import edits
from pipeline.review.edits import Said
from pipeline.review.log import append
from pipeline.review.reviewed import Key
from pipeline.store import index
from pipeline.store.differences import held_record, note_differences
from pipeline.store.files import write_record
from tests.desks import add_users, client, log_in
from tests.stores import plain


def a_run(out: Path, name: str, records: list[Record], *, ends: bool = True) -> None:
    """A run that makes these records, as the workers and the ledger do it."""
    with closing(Ledger(out)) as ledger:
        ledger.start_run(name, "reprocess")
        found = [Found(Seen(f"/d/{r.id}", 1, 1), r.id, f"{r.id}.txt") for r in records]
        added = ledger.add(found)
        for record, one in zip(records, added, strict=True):
            before = held_record(out, record.id)
            output = write_record(out, record, durable=False)
            note_differences(out, before, record)
            ledger.mark(name, [Outcome(one.document, "done", output=output)])
        if ends:
            ledger.finish_run(name, "done", {"done": len(records)})
    index.update(out, [record.id for record in records])
    time.sleep(0.02)


def relabelled(record: Record, label: str, origin: str, version: str) -> Record:
    first = record.statements[0].model_copy(update={"label": label, "origin": origin})
    made = record.provenance.model_copy(update={"congvan": version})
    return record.model_copy(
        update={"statements": (first, *record.statements[1:]), "provenance": made}
    )


@pytest.fixture
def record() -> Record:
    return plain(1).record()


@pytest.fixture
def store(tmp_path: Path, record: Record) -> Path:
    """Three runs: the second finds another label, the third too; a correction in between."""
    a_run(tmp_path, "20260101T000000Z-1", [record])
    a_run(tmp_path, "20260102T000000Z-1", [relabelled(record, "cause", "model:labels@2", "2.0")])
    task = record.tasks[0]
    made = edits.correct(record, Key("task", task.id, "assignees"), [Said("Thanh tra Sở")])
    append(tmp_path, record.id, [made], by="lan.nguyen")
    index.update(tmp_path, [record.id])
    time.sleep(0.02)
    a_run(tmp_path, "20260103T000000Z-1", [relabelled(record, "proposal", "rule:cue@3", "3.0")])
    return tmp_path


@pytest.fixture
def page(store: Path) -> Callable[[str], str]:
    return lambda address: client(store).get(f"/runs/{address}").text


def test_an_older_run_still_says_what_it_changed_and_why(page: Callable[[str], str]) -> None:
    shown = page("20260102T000000Z-1")
    for told in ("kết quả", "nguyên nhân", "rule:test → model:labels@2", "→ 2.0+"):
        assert told in shown.lower() or told in shown, told
    assert "kiến nghị" not in shown.lower().split("<main")[1], "that came later"
    assert "lan.nguyen" not in shown


def test_corrections_between_two_runs_are_told_with_who(page: Callable[[str], str]) -> None:
    shown = page("20260103T000000Z-1")
    assert "<del>Văn phòng Sở</del>" in shown
    assert "<ins>Thanh tra Sở</ins>" in shown
    assert "lan.nguyen" in shown


def test_any_two_runs_are_compared(page: Callable[[str], str]) -> None:
    shown = page("20260103T000000Z-1?since=20260101T000000Z-1")
    for told in ("rule:test → rule:cue@3", "→ 3.0+", '<option value="20260101T000000Z-1" selected'):
        assert told in shown
    assert "model:labels@2" not in shown, "what was in between is no difference"
    same = page("20260101T000000Z-1")
    assert "Không có giá trị nào đổi" in same


def test_a_run_that_was_cut_off_ends_with_the_next(tmp_path: Path, record: Record) -> None:
    a_run(tmp_path, "20260101T000000Z-1", [record])
    other = relabelled(record, "cause", "model:labels@2", "2.0")
    a_run(tmp_path, "20260102T000000Z-1", [other], ends=False)
    a_run(tmp_path, "20260103T000000Z-1", [record])
    browser = client(tmp_path)
    assert "rule:test → model:labels@2" in browser.get("/runs/20260102T000000Z-1").text
    assert "model:labels@2 → rule:test" in browser.get("/runs/20260103T000000Z-1").text


@pytest.mark.parametrize("since", ["x", "20200101T000000Z-9", "../../x", "20260103T000000Z-1'"])
def test_a_run_that_is_not_there(store: Path, since: str) -> None:
    assert client(store).get(f"/runs/20260103T000000Z-1?since={since}").status_code == 404


def test_secret_documents_are_not_told(tmp_path: Path) -> None:
    secret = plain(1, secrecy="MẬT").record()
    a_run(tmp_path, "20260101T000000Z-1", [secret])
    a_run(tmp_path, "20260102T000000Z-1", [relabelled(secret, "cause", "model:labels@2", "2")])
    append(tmp_path, secret.id, [edits.accept(secret, Key("header", "issuer"))], by="lan.nguyen")
    index.update(tmp_path, [secret.id])
    time.sleep(0.02)
    a_run(tmp_path, "20260103T000000Z-1", [secret])
    add_users(tmp_path)
    for name, is_told in (("soat", False), ("mat", True)):
        with client(tmp_path) as visitor:
            log_in(visitor, name)
            shown = [visitor.get(f"/runs/2026010{n}T000000Z-1").text for n in (2, 3)]
            assert ("model:labels@2" in shown[0]) is is_told
            assert ("lan.nguyen" in shown[1]) is is_told


def test_a_retry_of_what_left_quarantine_meanwhile_is_done(store: Path) -> None:
    desk = Desk(store, "local", User(name="local", role="reviewer"))
    start_retry(desk, (), "crash")
    assert desk.processes["retry"].wait(60) == 4
    state = retry_state(desk)
    assert state.status == "done"
    assert "cách ly" in state.output
