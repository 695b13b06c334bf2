"""Facets and filters that the desk asks for: province of today, deadline, quality, states."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.record import Record
from pipeline.register import DueState
from pipeline.store.context import contexts
from pipeline.store.filters import province_of
from pipeline.store.fts import FtsIndex
from pipeline.store.query import Query
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskQuery, count_tasks, list_tasks
from tests.records import notice
from tests.stores import plain, write

DAY = dt.date(2025, 7, 1)


def scanned(record: Record, confidence: float) -> Record:
    pages = tuple(
        page.model_copy(update={"source": "ocr", "confidence": confidence}) for page in record.pages
    )
    return record.model_copy(update={"pages": pages})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    old = notice(number="50", issuer="SỞ Y TẾ", parent="UBND TỈNH BẮC GIANG", place="Bắc Giang")
    old.say("shortcoming", "Còn thiếu thuốc.")
    new = notice(number="51", issuer="SỞ Y TẾ", parent="UBND TỈNH BẮC NINH", place="Bắc Ninh")
    new.say("shortcoming", "Còn thiếu thuốc.")
    records = [
        plain(1).record(),
        scanned(plain(2).record(), 0.95),
        scanned(plain(3).record(), 0.5),
        plain(4).record().model_copy(update={"status": "partial"}),
    ]
    write(out, [*records, old, new])
    return out


def facets(store: Path, **values: object) -> dict[str, dict[str, int]]:
    with closing(FtsIndex.reader(store)) as index:
        hits = index.search(
            Query.model_validate(
                values
                | {"facets": ("quality", "province", "deadline", "label"), "units": ("statement",)}
            )
        )
    return {name: dict(counts) for name, counts in hits.facets.items()}


def test_counts(store: Path) -> None:
    found = facets(store)
    assert found["quality"] == {"digital": 5, "scan": 3, "faint": 3, "partial": 3}
    assert found["province"] == {"Bắc Ninh": 2}
    assert found["deadline"] == {"yes": 4}
    assert found["label"]["shortcoming"] == 6


@pytest.mark.parametrize("quality", ["digital", "scan", "faint", "partial"])
def test_what_a_facet_counts_its_filter_finds(store: Path, quality: str) -> None:
    expected = facets(store)["quality"][quality]
    for values in ({"qualities": (quality,)}, {"text": f"quality:{quality}"}):
        with closing(FtsIndex.reader(store)) as index:
            query = Query.model_validate(values | {"units": ("statement",)})
            assert index.search(query).total == expected


def test_the_province_of_today_finds_older_names(store: Path) -> None:
    with closing(FtsIndex.reader(store)) as index:
        assert index.search(Query(places=("Bắc Ninh",), units=("statement",))).total == 2


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (("so y te", "ubnd tinh bac giang", "bac giang"), ("Bắc Ninh", "Bắc Giang")),
        (("bo y te", "", "ha noi"), ("Hà Nội", "Hà Nội")),
        (("so y te", "", ""), None),
    ],
)
def test_province_of(origin: tuple[str, str, str], expected: tuple[str, str] | None) -> None:
    assert province_of(*origin) == expected


@pytest.mark.parametrize(("state", "number"), [("overdue", 4), ("due", 0), ("none", 0)])
def test_states_are_those_counted(store: Path, state: DueState, number: int) -> None:
    query = TaskQuery(as_of=DAY, states=(state,))
    with closing(open_reader(store)) as connection:
        page = list_tasks(connection, query)
        counts = {c.value: c.tasks for c in count_tasks(connection, TaskQuery(as_of=DAY), "state")}
    assert page.total == number == counts.get(state, 0)
    assert all(item.state == state for item in page.items)


def test_text_filters_of_tasks_hold_for_list_and_totals(store: Path) -> None:
    query = TaskQuery(as_of=DAY, text="rà soát", agencies=("Sở Xây dựng",))
    with closing(open_reader(store)) as connection:
        assert list_tasks(connection, query).total == 4
        assert sum(c.tasks for c in count_tasks(connection, query, "state")) == 4
        other = query.model_copy(update={"text": "thuốc"})
        assert list_tasks(connection, other).total == 0


def test_the_context_of_a_statement(store: Path) -> None:
    with closing(FtsIndex.reader(store)) as index:
        hits = index.search(Query(text='"quá hạn chưa có"', limit=1))
        (found,) = contexts(index.connection, hits.items).values()
    assert found.heading == "Kết quả đạt được"
    assert found.before is not None
    assert found.before.startswith("Đã giải quyết")
    assert found.after is not None
    assert found.after.startswith("Giao Văn phòng Sở")
