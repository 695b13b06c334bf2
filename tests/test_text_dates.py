"""Dates in text: forms, precision, inferred years, and look-alikes that are none."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import dates
from pipeline.text.dates import find_dates, first_day, last_day, quarter_of
from pipeline.text.lunar import hung_kings_day, new_year, new_year_named, next_new_year
from pipeline.text.workdays import add_working_days, is_holiday, is_working_day

ANCHOR = "2019-10-25"


def values(text: str, anchor: str | None = None) -> list[str]:
    return [found.value for found in find_dates(text, anchor=anchor)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ngày 24 tháng 7 năm 2023", "2023-07-24"),
        ("ngày 24 tháng 07, năm 2023", "2023-07-24"),
        ("ngày  24 tháng 7  năm 2023", "2023-07-24"),
        ("Ngày 05/06/2021", "2021-06-05"),
        ("18/5/2023", "2023-05-18"),
        ("18-05-2023", "2023-05-18"),
        ("18.5.2023", "2023-05-18"),
        ("ngày 18 / 5 / 2023", "2023-05-18"),
        ("21:50 25/10/2019", "2019-10-25T21:50"),
        ("17 giờ 30 ngày 25/10/2019", "2019-10-25T17:30"),
        ("8h ngày 25/10/2019", "2019-10-25T08:00"),
        ("tháng 5 năm 2023", "2023-05"),
        ("tháng 5/2023", "2023-05"),
        ("ngày     tháng 5 năm 2023", "2023-05"),
        ("quý I năm 2026", "2026-Q1"),
        ("Quý IV/2025", "2025-Q4"),
        ("quý 2/2025", "2025-Q2"),
        ("năm 2023", "2023"),
    ],
)
def test_one_date(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("chiều 23-10", "2019-10-23"),
        ("Sáng 18/5", "2019-05-18"),
        ("ngày 20 tháng 11", "2019-11-20"),
        ("đến 05/01", "2020-01-05"),
    ],
)
def test_a_missing_year_comes_from_the_anchor_and_says_so(text, value):
    (found,) = find_dates(text, anchor=ANCHOR)
    assert found.value == value
    assert found.inferred


def test_without_an_anchor_the_year_stays_open():
    assert values("chiều 23-10") == ["--10-23"]


@pytest.mark.parametrize(
    "text",
    [
        "giảm từ 30-50%",
        "đạt 23/10 hồ sơ",
        "giai đoạn 2021-2025",
        "229/2023/NĐ-CP",
        "ngày 31/02/2020",
        "ngày 12/13/2020",
        "đường dây 1900.1234",
        "tỷ lệ 1.713",
        "khoản 2 Điều 5",
        "",
    ],
)
def test_no_date(text):
    assert values(text, ANCHOR) == []


def test_the_span_is_verbatim_and_stays_within_its_limits():
    text = "Họp ngày 01/02/2020 và ngày 03/04/2020."
    found = find_dates(text, 20)
    assert [text[d.start : d.end] for d in found] == ["ngày 03/04/2020"]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q3", "2025-07-01", "2025-09-30"),
        ("2025-04-09", "2025-04-09", "2025-04-09"),
        ("2025-04-09T08:00", "2025-04-09", "2025-04-09"),
    ],
)
def test_edges_of_partial_dates(value, first, last):
    assert first_day(value) == dt.date.fromisoformat(first)
    assert last_day(value) == dt.date.fromisoformat(last)


def test_a_date_without_a_year_has_no_edges():
    assert first_day("--06-30") is None
    assert last_day("--06-30") is None


@pytest.mark.parametrize(
    ("printed", "quarter"), [("I", 1), ("IV", 4), ("3", 3), ("V", 0), ("9", 0)]
)
def test_quarters(printed, quarter):
    assert quarter_of(printed) == quarter


PIECES = st.sampled_from([
    "ngày", "Ngày", "tháng", "THÁNG", "năm", "quý", "IV", "từ", "đến", "thứ sáu,", "sáng", "16 giờ",
    "30 phút", "17h", ",", "/", "-", "–", ".", ":", " ", " ", "  ", "\n", "5", "12", "31", "2019",
    "2020", "1.713", "2020/NĐ-CP", "%", "xã", "chủ nhật",
])  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map(" ".join) | st.lists(PIECES, max_size=30).map("".join))
def test_dates_are_found_wherever_the_whole_pattern_finds_them(text):
    everywhere = [match.span() for match in dates._DATE.finditer(text)]
    assert [match.span() for match in dates._matches(text, 0, None)] == everywhere


@given(st.text(alphabet="ngàytháquýIVm 0123456789/-.:–", max_size=120))
def test_any_text_gives_ordered_dates_that_exist(text):
    found = find_dates(text, anchor=ANCHOR)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for date in found:
        assert 0 <= date.start < date.end <= len(text)
        assert first_day(date.value) is not None


# ---- lunar New Year, holidays, working days ----


@pytest.mark.parametrize(
    ("year", "day"),
    [(1985, "1985-01-21"), (2007, "2007-02-17"), (2014, "2014-01-31"), (2026, "2026-02-17")],
)
def test_new_year(year, day):
    assert new_year(year) == dt.date.fromisoformat(day)


def test_new_year_by_name_and_the_next_one():
    assert new_year_named("Giáp  ngọ", dt.date(2013, 5, 1)) == dt.date(2014, 1, 31)
    assert new_year_named("Nhâm Rồng", dt.date(2013, 5, 1)) is None
    assert next_new_year(dt.date(2024, 2, 11)) == dt.date(2025, 1, 29)
    assert new_year(1800) is None


@pytest.mark.parametrize(
    ("year", "day"), [(2022, "2022-04-10"), (2023, "2023-04-29"), (2025, "2025-04-07")]
)
def test_hung_kings(year, day):
    assert hung_kings_day(year) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        ("2024-02-09", True),
        ("2024-02-13", True),
        ("2024-02-14", False),
        ("2024-09-02", True),
        ("2024-09-03", False),
        ("2025-04-07", True),
    ],
)
def test_holidays(day, holiday):
    assert is_holiday(dt.date.fromisoformat(day)) is holiday


def test_working_days_go_forward_and_back():
    friday = dt.date(2024, 3, 15)
    assert is_working_day(friday)
    assert add_working_days(friday, 1) == dt.date(2024, 3, 18)
    assert add_working_days(dt.date(2024, 3, 18), -1) == friday
