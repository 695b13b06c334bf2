"""The register of tasks: who, what, due when, overdue as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline import register
from pipeline.record import Deadline, Found, Header
from pipeline.store.names import name_key, party_key
from pipeline.store.schema import open_reader
from pipeline.store.task_filters import party_test
from pipeline.store.tasks import TaskPage, TaskQuery, count_tasks, list_tasks
from tests.records import notice
from tests.stores import write

AS_OF = dt.date(2025, 12, 31)


def _header(issued: str | None) -> Header:
    day = Found(value=issued, start=0, end=1, quote="x", origin="t") if issued else None
    return Header(issued_on=day)


DUE = [
    ("date", "2025-12-31", None, "2025-12-31", "stated"),
    ("date", "2025-11-27T17:00", None, "2025-11-27", "stated"),
    ("date", "2025-02-30", None, None, "unreadable"),
    ("period", "2026-03-31", None, "2026-03-31", "period-end"),
    ("relative", "P15D after signing", "2025-03-01", "2025-03-16", "from-issue"),
    ("relative", "P1M after issue", "2025-01-31", "2025-02-28", "from-issue"),
    ("relative", "P15D after issue", None, None, "no-issue-date"),
    ("relative", "P15D after issue", "2025-03", None, "anchor-unknown"),
    ("relative", "P10D after receipt", "2025-03-01", None, "anchor-unknown"),
    ("relative", "P45D after 2017-08-01", None, "2017-09-15", "from-date"),
    ("recurring", "FREQ=MONTHLY;BYMONTHDAY=25", "2025-03-01", None, "recurring"),
    ("event", "sau khi lũ rút", "2025-03-01", None, "event"),
]


@pytest.mark.parametrize(("kind", "value", "issued", "day", "basis"), DUE)
def test_due_day(kind: Any, value: str, issued: str | None, day: str | None, basis: str) -> None:
    deadline = Deadline(kind=kind, value=value, raw="x", start=0, end=1, origin="rule:test")
    due = register.resolve(deadline, _header(issued))
    assert (due.on.isoformat() if due.on else None, due.basis) == (day, basis)


@pytest.mark.parametrize(
    ("kind", "due", "wanted"),
    [
        ("date", "2025-12-30", "overdue"),
        ("date", "2025-12-31", "due"),
        ("recurring", None, "recurring"),
        ("event", None, "open"),
        (None, None, "none"),
    ],
)
def test_state(kind: str | None, due: str | None, wanted: str) -> None:
    assert register.state(kind, due, AS_OF) == wanted


def test_next_day_of_a_recurring_task() -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=25"
    assert register.next_day("recurring", rule, dt.date(2025, 3, 26)) == "2025-04-25"
    assert register.next_day("date", "2025-03-25", AS_OF) is None
    assert register.next_day("recurring", rule, dt.date.max) is None


PARTIES = [
    ("Sở Y tế", "Sở Y tế", "SỞ XÂY DỰNG", True),
    ("Sở Y tế", "Giám đốc Sở Y tế", None, True),
    ("Sở Y tế", "Sở Y tế và Sở Nội vụ", None, True),
    ("Sở Y tế", "Sở Xây dựng", None, False),
    ("Sở Y tế", "Văn phòng Sở", "SỞ Y TẾ", True),
    ("Sở Y tế", "Phòng Nghiệp vụ Dược", "SỞ Y TẾ", True),
    ("Sở Y tế", "Văn phòng Sở", "SỞ XÂY DỰNG", False),
    ("Sở Y tế", "Sở Xây dựng", "SỞ Y TẾ", False),
    ("Văn phòng Sở Y tế", "Văn phòng Sở", "SỞ Y TẾ", True),
    ("Văn phòng Sở Y tế", "Văn phòng Sở", "SỞ XÂY DỰNG", False),
    ("Văn phòng Sở", "Chánh Văn phòng Sở", "SỞ Y TẾ", True),
    ("Sở NN&MT", "Sở Tài nguyên và Môi trường", None, True),
    ("Sở TN&MT", "Sở Nông nghiệp và Môi trường", None, True),
    ("Bộ GTVT", "Bộ Xây dựng", None, True),
    ("UBND tỉnh", "Ủy ban nhân dân tỉnh", None, True),
    ("Trần Văn Bình", "đồng chí Trần Văn Bình", None, True),
    ("đồng chí Trần Văn Bình", "Ông Trần Văn Bình", None, True),
    ("Đ/c Giám đốc Sở", "đồng chí Giám đốc Sở", "SỞ Y TẾ", True),
    ("bà Lê Thị Hạnh", "Lê Thị Hạnh", None, True),
    ("Bà Rịa - Vũng Tàu", "UBND tỉnh Bà Rịa - Vũng Tàu", None, True),
    ("ông Trần Văn Bình", "đồng chí Lê Thị Hạnh", None, False),
]


@pytest.mark.parametrize(("asked", "party", "issuer", "wanted"), PARTIES)
def test_who_is_meant(asked: str, party: str, issuer: str | None, wanted: bool) -> None:
    assert party_test((asked,))(party_key(party), name_key(issuer) if issuer else None) is wanted


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Các đồng chí Ủy viên", "uy vien"),
        ("ông (bà) Trần Bình", "tran binh"),
        ("Đ/c Bà Lê Hạnh", "le hanh"),
        ("Bà Rịa", "ba ria"),
        ("Ban Bà mẹ", "ban ba me"),
        ("Đồng chí", "dong chi"),
        ("", ""),
    ],
)
def test_respect_is_not_part_of_a_name(name: str, key: str) -> None:
    assert party_key(name) == key


def test_respect_is_folded_in_the_index_and_kept_in_the_record(tmp_path: Path) -> None:
    draft = notice(number="4")
    draft.task("Giao đồng chí Trần Văn Bình chủ trì.", assignees=["đồng chí Trần Văn Bình"])
    draft.task("Ông Trần Văn Bình báo cáo.", assignees=["Ông Trần Văn Bình"])
    write(tmp_path, [draft])
    with closing(open_reader(tmp_path)) as connection:
        query = TaskQuery(as_of=AS_OF, assignees=("bà Trần Văn Bình",))
        page = list_tasks(connection, query)
        counts = count_tasks(connection, query, "assignee")
    shown = {name for item in page.items for name in item.assignees}
    assert shown == {"đồng chí Trần Văn Bình", "Ông Trần Văn Bình"}
    assert [count.tasks for count in counts] == [2]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    out: Path = tmp_path_factory.mktemp("out")
    one = notice(number="1", issuer="SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", day="2024-05-10")
    one.task(
        "Giao Văn phòng Sở chủ trì, phối hợp với Thanh tra Sở rà soát hồ sơ quá hạn, hoàn thành"
        " trước ngày 30/6/2024; Phòng Kế hoạch theo dõi.",
        assignees=["Văn phòng Sở"],
        coordinators=["Thanh tra Sở"],
        monitors=["Phòng Kế hoạch"],
        deadline=("date", "2024-06-30", "trước ngày 30/6/2024"),
        topic="tthc",
    )
    one.task("Các phòng, đơn vị tổ chức họp giao ban.", assignees=["Các phòng, đơn vị"])
    two = notice(number="2", issuer="UBND TỈNH", day="2025-09-01", kind="CT")
    two.task(
        "Sở Y tế, Sở Nội vụ báo cáo kết quả hằng tháng trước ngày 25.",
        assignees=["Sở Y tế", "Sở Nội vụ"],
        deadline=("recurring", "FREQ=MONTHLY;BYMONTHDAY=25", "hằng tháng trước ngày 25"),
    )
    two.task(
        "Sở Y tế hoàn thành đề án trong quý I năm 2026.",
        assignees=["Sở Y tế"],
        deadline=("period", "2026-03-31", "trong quý I năm 2026"),
        kind="commitment",
    )
    secret = notice(number="3", issuer="UBND TỈNH", day="2025-01-01", secrecy="MẬT")
    secret.task("Sở Y tế làm việc kín.", assignees=["Sở Y tế"])
    write(out, [one, two, secret])
    reader = open_reader(out)
    yield reader
    reader.close()


def ask(connection: Any, **filters: Any) -> TaskPage:
    return list_tasks(connection, TaskQuery(as_of=filters.pop("as_of", AS_OF), **filters))


FILTERS = [
    ({}, 4),
    ({"assignees": ("Sở Y tế",)}, 2),
    ({"assignees": ("so noi vu",)}, 1),
    ({"assignees": ("Sở NN&MT",)}, 2),
    ({"assignees": ("Văn phòng Sở Tài nguyên và Môi trường",)}, 1),
    ({"coordinators": ("Thanh tra Sở",)}, 1),
    ({"monitors": ("Phòng Kế hoạch",)}, 1),
    ({"topics": ("tthc",)}, 1),
    ({"agencies": ("UBND tỉnh",)}, 2),
    ({"kinds": ("CT",)}, 2),
    ({"number": "1/TB-SXD"}, 2),
    ({"dated_from": "2025"}, 2),
    ({"dated_to": "2024-12"}, 2),
    ({"has_deadline": True}, 3),
    ({"overdue": True}, 1),
    ({"overdue": True, "as_of": dt.date(2024, 6, 30)}, 0),
    ({"overdue": True, "as_of": dt.date(2026, 4, 1)}, 2),
    ({"due_before": dt.date(2026, 12, 31)}, 2),
    ({"due_from": dt.date(2026, 1, 1)}, 1),
    ({"commitment": True}, 1),
    ({"commitment": False}, 3),
    ({"text": "hồ sơ quá hạn"}, 1),
    ({"text": "ho so qua han"}, 1),
    ({"text": "giao ban OR đề án"}, 2),
    ({"include_secret": True}, 5),
    ({"labels": ("shortcoming",)}, 0),
]


@pytest.mark.parametrize(("filters", "number"), FILTERS, ids=[str(f) for f, _ in FILTERS])
def test_filters(connection: Any, filters: dict[str, Any], number: int) -> None:
    page = ask(connection, **filters)
    assert (page.total, len(page.items)) == (number, number)


def test_an_item_has_all_a_follow_up_needs(connection: Any) -> None:
    item = ask(connection, overdue=True).items[0]
    assert item.assignees == ("Văn phòng Sở",)
    assert item.coordinators == ("Thanh tra Sở",)
    assert item.monitors == ("Phòng Kế hoạch",)
    assert (item.due_on, item.due_basis, item.state) == ("2024-06-30", "stated", "overdue")
    assert (item.code, item.dated_on) == ("1/TB-SXD", "2024-05-10")


def test_order_and_pages(connection: Any) -> None:
    query = TaskQuery(as_of=AS_OF, limit=1)
    days, cursor = [], None
    while True:
        page = list_tasks(connection, query.model_copy(update={"cursor": cursor}))
        days += [item.due_on for item in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert days == ["2024-06-30", "2026-03-31", None, None]


COUNTS = [
    ("assignee", {"Sở Y tế": 2, "Sở Nội vụ": 1, "Văn phòng Sở": 1, "Các phòng, đơn vị": 1}),
    ("agency", {"SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG": 2, "UBND TỈNH": 2}),
    ("year", {"2024": 2, "2025": 2}),
    ("kind", {"TB": 2, "CT": 2}),
    ("topic", {"tthc": 1, None: 3}),
    ("state", {"overdue": 1, "due": 1, "recurring": 1, "none": 1}),
    ("monitor", {"Phòng Kế hoạch": 1, None: 3}),
]


@pytest.mark.parametrize(("group", "wanted"), COUNTS)
def test_counts(connection: Any, group: Any, wanted: dict[str | None, int]) -> None:
    counts = count_tasks(connection, TaskQuery(as_of=AS_OF), group)
    assert {count.value: count.tasks for count in counts} == wanted


def test_counts_of_overdue(connection: Any) -> None:
    counts = count_tasks(connection, TaskQuery(as_of=AS_OF), "agency")
    by_agency = {count.value: (count.with_deadline, count.overdue, count.due) for count in counts}
    assert by_agency == {"SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG": (1, 1, 0), "UBND TỈNH": (2, 0, 1)}
