"""Long documents on the desk: cut into parts, nothing shown twice, no place lost."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.desk.document_parts import SIZE, WHOLE, part_at, parts_of
from pipeline.desk.document_view import dom_of
from pipeline.desk.opened import Shelf
from pipeline.record import Record, RecordPage
from pipeline.review import edits
from pipeline.review.log import append
from pipeline.review.reviewed import Key
from pipeline.store import index
from pipeline.store.reviews import reviewed_record
from tests.desks import client, form_token
from tests.records import notice
from tests.stores import write

WORDS = "rà soát, bổ sung danh mục hồ sơ và báo cáo kết quả thực hiện về Văn phòng Sở để tổng hợp; "


@cache
def long_record(statements: int = 90, pages: int = 0) -> Record:
    """A notice of some 50,000 characters; every tenth sentence is a task."""
    draft = notice(number="9", issuer="SỞ XÂY DỰNG")
    draft.line("Giám đốc Sở yêu cầu:")
    for number in range(statements):
        if number % 10 == 0:
            draft.task(
                f"{number}. Giao Phòng số {number} {WORDS * 6}xong trước ngày 30/6/2025.",
                assignees=[f"Phòng số {number}"],
                deadline=("date", "2025-06-30", "trước ngày 30/6/2025"),
                assigner="Giám đốc Sở",
            )
        else:
            draft.say("context", f"{number}. Các đơn vị {WORDS * 6}", confidence=0.95)
    record = draft.record()
    starts = [at * len(record.text) // pages for at in range(pages)] if pages else [0]
    sheets = tuple(
        RecordPage(number=number, start=start, end=end, source="text")
        for number, (start, end) in enumerate(pairwise([*starts, len(record.text)]), start=1)
    )
    return record.model_copy(update={"pages": sheets})


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = long_record(pages=30)
    write(tmp_path, [made])
    return made


def addresses(record: Record) -> list[str]:
    return [f"/documents/{record.id}?part={part.number}" for part in parts_of(record)]


@pytest.mark.parametrize("pages", [0, 3, 30, 300])
def test_parts_cover_the_text_once_and_are_of_one_size(pages: int) -> None:
    record = long_record(pages=pages)
    parts = parts_of(record)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert len(parts) >= len(record.text) // (2 * SIZE) > 1
    assert (parts[0].start, parts[-1].end) == (0, len(record.text))
    assert all(a.end == b.start for a, b in pairwise(parts))
    assert max(part.end - part.start for part in parts) <= 2 * SIZE
    if pages == 300:
        assert {part.start for part in parts} <= {page.start for page in record.pages}


def test_a_short_document_is_one_part() -> None:
    record = long_record(statements=5)
    (part,) = parts_of(record)
    assert (part.start, part.end, part.shown) == (0, len(record.text), len(record.text))
    assert len(record.text) <= WHOLE


def test_what_begins_in_a_part_is_shown_to_its_end() -> None:
    record = long_record(pages=30)
    parts = parts_of(record)
    cut = [s for s in record.statements if s.end > part_at(parts, s.start).end]
    assert cut, "some statement stands on two parts"
    assert all(part_at(parts, s.start).shown >= s.end for s in record.statements)


@given(text=st.text(alphabet="ab \n", min_size=0, max_size=200), factor=st.integers(1, 700))
def test_any_text_has_parts(text: str, factor: int) -> None:
    whole = text * factor
    base = long_record(statements=1)
    nothing = dict.fromkeys(("statements", "tasks", "pages"), ())
    record = base.model_copy(update={**nothing, "text": whole})
    parts = parts_of(record)
    assert "".join(whole[part.start : part.end] for part in parts) == whole
    assert all(part.end > part.start or not whole for part in parts)


def test_every_value_and_every_word_is_on_one_part(record: Record, tmp_path: Path) -> None:
    browser = client(tmp_path)
    pages = [browser.get(address).text for address in addresses(record)]
    assert max(map(len, pages)) < 400_000
    everything = "".join(pages)
    keys = [Key("statement", s.id) for s in record.statements]
    keys += [Key("task", t.id) for t in record.tasks] + [Key("header", "issuer")]
    for key in keys:
        assert everything.count(f'id="{dom_of(key)}"') == 1, key
        (page,) = [page for page in pages if f'id="{dom_of(key)}"' in page]
        assert f'href="#e{dom_of(key)}"' in page, "with its words"
    for page in pages:
        assert page.count('rel="next"') + page.count('rel="prev"') >= 1


def test_words_of_another_part_are_one_click_away(record: Record, tmp_path: Path) -> None:
    """The assigner of a task near the end stands at the beginning of the document."""
    browser, task = client(tmp_path), record.tasks[-1]
    page = browser.get(f"/documents/{record.id}?edit=task:{task.id}:assigner").text
    assert f'id="v-task-{task.id}-assigner"' in page, "a value is found without its part"
    assert task.assigner
    place = f"{task.assigner.start}-{task.assigner.end}"
    href = re.search(rf'href="(\?[^"]*at={place}[^"]*)#at"', page)
    assert href
    there = browser.get(f"/documents/{record.id}{href[1].replace('&amp;', '&')}").text
    assert 'id="at"' in there
    assert "yêu cầu:" in there


def test_a_link_to_a_place_opens_its_part(record: Record, tmp_path: Path) -> None:
    last = record.statements[-1]
    page = client(tmp_path).get(f"/documents/{record.id}?at={last.start}-{last.end}").text
    assert 'id="at"' in page
    assert f'id="v-statement-{last.id}"' in page


def test_doubts_lead_from_part_to_part(record: Record, tmp_path: Path) -> None:
    browser = client(tmp_path)
    address, seen = addresses(record)[0], set()
    for _ in parts_of(record):
        page = browser.get(address).text
        seen |= set(re.findall(r'class="value whole doubtful[^"]*" id="v-task-([^"]+)"', page))
        found = re.search(r'data-next="([^"]+)"', page)
        assert found
        address = f"/documents/{record.id}{found[1].replace('&amp;', '&')}"
    assert seen == {task.id for task in record.tasks}, "all deadlines come by"


def test_a_correction_stays_in_its_part_and_is_found(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.desk.later.PAUSE", 0)
    browser, task = client(tmp_path), record.tasks[-1]
    number = len(parts_of(record))
    page = f"/documents/{record.id}?part={number}"
    fields = {"view": "text", "part": str(number), "words": "Thanh tra Sở"}
    do = f"correct task:{task.id}:assignees"
    token = form_token(browser, page)
    reply = browser.post(f"/documents/{record.id}/review", data={"csrf": token, "do": do, **fields})
    assert reply.status_code == 303
    assert f"part={number}#v-task-{task.id}-assignees" in reply.headers["location"]
    assert "Thanh tra Sở" in browser.get(reply.headers["location"]).text
    browser.app.state.desk.later.wait()
    assert not index.stale(tmp_path), "the search knows it"
    refused = browser.post(
        f"/documents/{record.id}/review",
        data={"csrf": token, "do": "correct header:issued_on:", "words": "hôm nào", "part": "1"},
    )
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


@pytest.mark.parametrize("part", ["0", "-3", "999999", "x", "9" * 30])
def test_parts_that_are_not_there(record: Record, tmp_path: Path, part: str) -> None:
    reply = client(tmp_path).get(f"/documents/{record.id}?part={part}")
    assert reply.status_code in (200, 422, 400)


def test_an_open_document_is_as_its_files_are(tmp_path: Path) -> None:
    made = long_record(statements=3)
    write(tmp_path, [made])
    shelf = Shelf()
    first = shelf.open(tmp_path, made.id)
    assert shelf.open(tmp_path, made.id) is first, "read once"
    append(tmp_path, made.id, [edits.accept(made, Key("header", "issuer"))], by="lan")
    again = shelf.open(tmp_path, made.id)
    assert again.reviewed == reviewed_record(tmp_path, made.id) != first.reviewed
    other = made.model_copy(update={"tasks": ()})
    write(tmp_path, [other])
    assert shelf.open(tmp_path, made.id).record.tasks == ()
