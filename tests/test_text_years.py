"""The year of a text that carries no date of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.years import year_of_writing


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Ngày 02/3/2017 huyện họp, kế hoạch đến năm 2030.", "2017"),
        ("Sơ kết 6 tháng đầu năm 2019; thu tăng 4% so với cùng kỳ năm 2018, năm 2018.", "2019"),
        ("Thu ngân sách tăng 8% so với cùng kỳ 2016; ước cả năm vượt năm 2016 là 5%.", "2017"),
        ("Giải ngân quý II/2021 đạt thấp, vốn chuyển sang năm 2022.", "2021"),
        ("Nhiệm kỳ 2011 - 2016 có sai phạm; năm 2017 đã khắc phục.", "2017"),
        ("Theo Nghị định số 59/2011/NĐ-CP, năm 2013 xã phải lập hồ sơ.", "2013"),
        ("Phấn đấu đến năm 2025 không còn hộ nghèo.", None),
        ("Hạn chót là trước ngày 30/9.", None),
        ("", None),
    ],
)
def test_the_year_that_a_report_tells(text, year):
    assert year_of_writing(text.lower()) == year


@given(st.text(alphabet="năm đếkỳcùghời 0123456789-/.", max_size=80))
def test_a_year_is_printed_or_follows_one_that_is(text):
    year = year_of_writing(text.lower())
    assert year is None or year in text or str(int(year) - 1) in text
