"""The document page and review over HTTP: what is shown, who may say what, and what is kept."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from pipeline.desk.document import LATEST
from pipeline.desk.document_text import Mark, pieces
from pipeline.desk.document_view import address_of, dom_of, key_of
from pipeline.review import edits
from pipeline.review.anchoring import anchor_at
from pipeline.review.log import append, read_log
from pipeline.review.reviewed import Key
from pipeline.store import index
from pipeline.store.files import read_record
from pipeline.store.reviews import reviewed_record
from tests.desks import PASSWORD, SCRIPT, add_users, client, fill, form_token
from tests.stores import plain, write


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write(tmp_path, [plain(1)])
    return tmp_path


def only(store: Path):
    from pipeline.store.files import record_ids

    return reviewed_record(store, next(iter(record_ids(store))))


def say(browser, store: Path, do: str, **fields):
    record = only(store).record
    address = f"/documents/{record.id}"
    token = form_token(browser, address)
    return browser.post(f"{address}/review", data={"csrf": token, "do": do, **fields})


def test_the_page_shows_every_value_with_its_words(store: Path) -> None:
    record = only(store).record
    page = client(store).get(f"/documents/{record.id}").text
    task = record.tasks[0]
    for key in (
        Key("header", "issuer"),
        Key("task", task.id),
        Key("task", task.id, "assignees"),
        Key("task", task.id, "deadline"),
        Key("statement", record.statements[0].id),
    ):
        dom = dom_of(key)
        assert page.count(f'id="{dom}"') == 1, key
        assert f'href="#e{dom}"' in page, "a value leads to its words"
        assert page.count(f'id="e{dom}"') == 1, "and they are there"
        assert f'data-of="{dom}"' in page or key.kind == "statement"


def test_the_text_is_all_there_and_in_order(store: Path) -> None:
    record = only(store).record
    page = client(store).get(f"/documents/{record.id}").text
    source = re.search(r'<div class="text" lang="vi">(.*?)</div>', page, re.S)
    assert source
    assert re.sub(r"<[^>]+>", "", source[1]) == record.text


@pytest.mark.parametrize("name", ["id", "start"])
def test_a_document_is_found_by_id_and_its_start(store: Path, name: str) -> None:
    record = only(store).record
    known = {"id": record.id, "start": record.id[:12]}[name]
    reply = client(store).get(f"/documents/{known}")
    assert reply.status_code == 200
    assert client(store).get("/documents/ffffffffffff").status_code == 404


def test_a_place_that_a_link_asks_for_is_marked(store: Path) -> None:
    record = only(store).record
    start = record.text.index("Còn hồ sơ")
    page = client(store).get(f"/documents/{record.id}?at={start}-{start + 9}").text
    assert page.count('id="at"') == 1
    for at in ("9-3", "x", "0-99999999", "-1-4"):
        reply = client(store).get(f"/documents/{record.id}", params={"at": at})
        assert (reply.status_code, 'id="at"' in reply.text) == (200, False)


def test_a_place_that_a_link_asks_for_names_its_card(store: Path) -> None:
    record = only(store).record
    browser, (task,), shortcoming = client(store), record.tasks, record.statements[1]
    for item, kind in ((task, "task"), (shortcoming, "statement")):
        page = browser.get(f"/documents/{record.id}?at={item.start}-{item.end}").text
        dom = dom_of(Key(kind, item.id))
        assert f'data-asked="{dom}"' in page
        assert f'id="{dom}"' in page
    assert "data-asked" not in browser.get(f"/documents/{record.id}").text
    assert "data-asked" not in browser.get(f"/documents/{record.id}?at=0-1").text


def test_the_mark_of_a_document_looked_through_takes_the_place_of_its_button(store: Path) -> None:
    browser, address = client(store), f"/documents/{only(store).record.id}"
    say(browser, store, "accept document:")
    page = browser.get(address).text
    assert page.count("✓ Đã xem hết") == 1
    assert (
        page.index('value="undo entry:"') < page.index("✓ Đã xem hết") < page.index("/review/next")
    )


def test_an_assignee_is_corrected_and_taken_back(store: Path) -> None:
    browser, key = client(store), address_of(Key("task", only(store).record.tasks[0].id))
    reply = say(browser, store, f"correct {key}assignees", words="Thanh tra Sở")
    assert reply.status_code == 303
    assert reply.headers["location"].endswith("assignees")
    (party,) = only(store).record.tasks[0].assignees
    assert party.value == "Thanh tra Sở"
    page = browser.get(reply.headers["location"]).text
    assert "đã sửa" in page
    assert say(browser, store, "undo entry:").status_code == 303
    assert only(store).record.tasks[0].assignees[0].value == "Văn phòng Sở"
    assert len(read_log(store, only(store).record.id).entries) == 2


def test_a_name_that_a_person_typed_is_not_called_inferred(store: Path) -> None:
    browser, key = client(store), address_of(Key("task", only(store).record.tasks[0].id))
    reply = say(browser, store, f"correct {key}assignees", words="Phòng Quản lý nhà")
    page = browser.get(reply.headers["location"]).text
    by = only(store).standing[0].by
    assert f"do {by} nhập" in page
    assert "suy ra" not in page


@pytest.mark.parametrize("words", ["khi nào rảnh", "31/9/2025"])
def test_what_is_no_deadline_comes_back_with_what_may_be_typed(store: Path, words: str) -> None:
    key = address_of(Key("task", only(store).record.tasks[0].id, "deadline"))
    reply = say(client(store), store, f"correct {key}", words=words)
    assert reply.status_code == 422
    assert f"“{words}” không phải là thời hạn; hãy gõ như 30/9/2025" in reply.text
    assert f'name="words" value="{words}"' in reply.text
    assert only(store).standing == ()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("sau khi nghiệm thu", "sau khi nghiệm thu"),
        ("10 ngày kể từ ngày ký", "10 ngày kể từ ngày ký"),
        ("hằng tháng", "hằng tháng"),
        ("quý IV/2025", "31/12/2025"),
    ],
)
def test_a_corrected_deadline_is_shown_as_corrected(store: Path, words: str, shown: str) -> None:
    browser, task = client(store), only(store).record.tasks[0]
    key = Key("task", task.id, "deadline")
    reply = say(browser, store, f"correct {address_of(key)}", words=words)
    page = browser.get(reply.headers["location"]).text
    assert f'href="#e{dom_of(key)}" lang="vi">{shown}</a>' in page


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("30/9/2025", "<b>30/09/2025</b>"),
        ("sau khi nghiệm thu", '<span class="raw" lang="vi">sau khi nghiệm thu</span>'),
    ],
)
def test_the_register_says_that_a_deadline_was_corrected(
    store: Path, words: str, cell: str
) -> None:
    browser, task = client(store), only(store).record.tasks[0]
    assert "đã sửa" not in browser.get("/tasks").text
    say(browser, store, f"correct {address_of(Key('task', task.id, 'deadline'))}", words=words)
    mark = '<span class="raw">✓ đã sửa</span>'
    assert f'<td class="deadline">{cell}{mark}</td>' in browser.get("/tasks").text
    say(browser, store, "undo entry:")
    assert "đã sửa" not in browser.get("/tasks").text


def test_accept_reject_label_task_and_done(store: Path) -> None:
    browser, record = client(store), only(store).record
    first, second = (address_of(Key("statement", s.id)) for s in record.statements[:2])
    assert say(browser, store, f"accept {first}").status_code == 303
    assert only(store).record.statements[0].confidence == 1.0
    assert say(browser, store, f"label {second}cause").status_code == 303
    assert only(store).record.statements[1].label == "cause"
    assert say(browser, store, f"task {second}").status_code == 303
    assert len(only(store).record.tasks) == 2
    assert say(browser, store, "reject header:signer:").status_code == 303
    assert only(store).record.header.signer is None
    assert say(browser, store, "accept document:").status_code == 303
    assert only(store).done
    assert "Không còn văn bản" in browser.get("/review").text


def test_selected_words_become_a_statement(store: Path) -> None:
    browser, record = client(store), only(store).record
    start = record.text.index("chưa có thư xin lỗi")
    end = start + len("chưa có thư xin lỗi")
    place = {"start": start, "end": end, "selected": record.text[start:end]}
    assert say(browser, store, "label statement::cause", **place).status_code == 303
    assert "cause" in [s.label for s in only(store).record.statements]
    wrong = place | {"selected": "những chữ khác"}
    assert say(browser, store, "task statement:", **wrong).status_code == 422
    assert say(browser, store, "task statement:").status_code == 422


@pytest.mark.parametrize(
    "do",
    ["", "accept", "accept task:nothing:", "correct header:code:", "dance task::", "undo entry:x"],
)
def test_what_means_nothing_is_refused_and_changes_nothing(store: Path, do: str) -> None:
    assert say(client(store), store, do, words="x").status_code == 422
    assert only(store).standing == ()


def test_a_value_that_no_words_show_comes_back_with_the_reason(store: Path) -> None:
    reply = say(client(store), store, "correct header:signer_title:", words="Phó Chủ tịch")
    assert reply.status_code == 422
    assert "Không thấy “Phó Chủ tịch” trong văn bản" in reply.text
    assert 'value="Phó Chủ tịch"' in reply.text, "what was typed is not lost"


def test_the_form_of_a_value_needs_no_script(store: Path) -> None:
    record = only(store).record
    key = address_of(Key("task", record.tasks[0].id, "assignees"))
    page = client(store).get(f"/documents/{record.id}", params={"edit": key}).text
    assert 'name="words" value="Văn phòng Sở"' in page
    assert f'value="correct {key}"' in page


def test_only_reviewers_may_say_something(tmp_path: Path) -> None:
    fill(tmp_path)
    add_users(tmp_path)
    browser = client(tmp_path, host="0.0.0.0")
    token = form_token(browser)
    login = {"csrf": token, "name": "doc", "password": PASSWORD}
    assert browser.post("/login", data=login).status_code == 303
    document = browser.get("/api/v1/documents").json()["items"][0]["document_id"]
    page = browser.get(f"/documents/{document}")
    assert 'name="do"' not in page.text
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    form = {"csrf": token, "do": "accept document:"}
    assert browser.post(f"/documents/{document}/review", data=form).status_code == 403
    assert read_log(tmp_path, document).entries == ()


def test_a_form_without_its_token_is_refused(store: Path) -> None:
    record = only(store).record
    reply = client(store).post(f"/documents/{record.id}/review", data={"do": "accept document:"})
    assert reply.status_code == 403
    assert only(store).standing == ()


def test_secret_documents_are_for_those_allowed(tmp_path: Path) -> None:
    (secret,) = write(tmp_path, [plain(9, secrecy="MẬT")])
    for path in ("", "/pages/1", "/source"):
        assert client(tmp_path).get(f"/documents/{secret}{path}").status_code == 404
    assert client(tmp_path, include_secret=True).get(f"/documents/{secret}").status_code == 200


def test_a_script_in_a_document_is_text(tmp_path: Path) -> None:
    fill(tmp_path)
    browser = client(tmp_path)
    found = browser.get("/api/v1/search", params={"q": "hiển thị sai"}).json()["items"]
    page = browser.get(f"/documents/{found[0]['document_id']}").text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_the_queue_leads_from_document_to_document(tmp_path: Path) -> None:
    write(tmp_path, [plain(1), plain(2)])
    browser = client(tmp_path)
    first = browser.get("/review/next").headers["location"]
    after = first.rsplit("/", 1)[1]
    second = browser.get(f"/review/next?after={after}").headers["location"]
    assert second != first
    assert second.startswith("/documents/")
    queue = browser.get("/review").text
    assert first in queue
    assert second in queue
    assert browser.get("/review/orphans").status_code == 200


def test_many_corrections_are_listed_when_asked_for(store: Path) -> None:
    record = only(store).record
    key = Key("statement", record.statements[0].id)
    append(store, record.id, [edits.accept(record, key)] * (LATEST + 1), by="lan")
    browser = client(store)
    page = browser.get(f"/documents/{record.id}").text
    assert page.count('class="entry small"') == LATEST
    link = re.search(r'href="([^"]*history=all[^"]*)"', page)
    assert link
    page = browser.get(f"/documents/{record.id}{unescape(link[1])}").text
    assert page.count('class="entry small"') == LATEST + 1
    assert "history=all" not in page


def test_corrections_without_a_place_have_pages(tmp_path: Path) -> None:
    ids = write(tmp_path, [plain(number) for number in range(1, 23)])
    for document in ids:
        record = read_record(tmp_path, document)
        words = record.statements[0]
        elsewhere = anchor_at("Một văn bản khác hẳn.", 0, 12)
        gone = edits.accept(record, Key("statement", words.id))
        target = gone.target.model_copy(update={"anchor": elsewhere})
        append(tmp_path, document, [gone.model_copy(update={"target": target})], by="lan")
    index.update(tmp_path, ids)
    browser = client(tmp_path)
    seen: list[str] = []
    address: str | None = "/review/orphans"
    while address:
        page = browser.get(address).text
        seen += re.findall(r'<h2 lang="vi"><a href="/documents/([0-9a-f]+)', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/review/orphans{found[1]}" if found else None
    assert sorted(seen) == sorted(ids)


def test_keys_go_through_addresses() -> None:
    for key in (Key("task", "ab12", "assignees"), Key("header", "issuer"), Key("document", "")):
        assert key_of(address_of(key)) == key


def test_pieces_are_the_text() -> None:
    text = "Giao Sở Y tế\nbáo cáo."
    marks = [
        Mark(0, len(text), "a", "st", ""),
        Mark(5, 12, "b", "val", ""),
        Mark(5, 9, "c", "v", ""),
    ]
    found = list(pieces(text, marks, (9, 15)))
    assert "".join(piece.text for piece in found) == text
    assert [piece.dom for piece in found] == ["a", "c", "b", "a", "a"]
    assert [piece.anchors for piece in found] == [("a",), ("b", "c"), (), (), ()]
    assert [piece.at for piece in found] == [False, False, True, True, False]
