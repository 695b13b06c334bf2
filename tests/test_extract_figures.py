"""Figures: value, range, unit, kind, comparator and change; and numbers that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.figures import find_figures
from pipeline.record import Figure


def figures(text: str) -> tuple[Figure, ...]:
    return find_figures(text, [(0, len(text))], issued_on="2024-03-15")


@pytest.mark.parametrize(
    ("text", "value", "top", "unit", "kind"),
    [
        ("tiếp nhận 1.713 hồ sơ", "1713", None, "hồ sơ", "count"),
        ("còn 02 chi nhánh", "2", None, "chi nhánh", "count"),
        ("đạt 98,05%", "98.05", None, "%", "percent"),
        ("đạt 100 % kế hoạch", "100", None, "%", "percent"),
        ("giảm 8,6 điểm phần trăm", "8.6", None, "điểm phần trăm", "percent"),
        ("thu 62 tỷ đồng", "62000000000", None, "đồng", "money"),
        ("thu 47,5 nghìn tỷ đồng", "47500000000000", None, "đồng", "money"),
        ("vốn 1.219,11 triệu USD", "1219110000", None, "USD", "money"),
        ("phạt 8.746.000 đồng", "8746000", None, "đồng", "money"),
        ("học phí 15,5 triệu đồng/khóa", "15500000", None, "đồng/khóa", "money"),
        ("tưới 18 ha lúa", "18", None, "ha", "area"),
        ("rộng 11.240 m2", "11240", None, "m2", "area"),
        ("dài 3,2 km", "3.2", None, "km", "other"),
        ("chạy 3 km/h", "3", None, "km/h", "other"),
        ("năng suất 31 tạ/ha", "31", None, "tạ/ha", "other"),
        ("hoàn thành 56/93 nhiệm vụ", "56", "93", "nhiệm vụ", "ratio"),
        ("trễ 1.688/17.925 hồ sơ", "1688", "17925", "hồ sơ", "ratio"),
        ("chiếm 1/4 diện tích", "1", "4", "diện tích", "ratio"),
        ("đứng thứ 21/27 huyện", "21", "27", "huyện", "rank"),
        ("tăng 7 bậc", "7", None, "bậc", "rank"),
        ("cắt 30-50% thời gian", "30", "50", "%", "percent"),
        ("sâu 15 đến 20 cm", "15", "20", "cm", "other"),
        ("chậm từ 3 đến 7 tháng", "3", "7", "tháng", "duration"),
        ("còn 12 ngày", "12", None, "ngày", "duration"),
        ("mở hai lớp", "2", None, "lớp", "count"),
        ("gặp mười lăm hộ", "15", None, "hộ", "count"),
        ("kiểm tra năm công trình", "5", None, "công trình", "count"),
        ("kéo dài hai năm", "2", None, "năm", "duration"),
        ("hàng trăm hộ dân", "100", None, "hộ dân", "count"),
        ("bổ nhiệm 02 Phó Giám đốc", "2", None, None, "count"),
        ("nuôi 12 trâu", "12", None, "trâu", "count"),
    ],
)
def test_figure(text, value, top, unit, kind):
    (found,) = figures(text)
    assert (found.value, found.value_max) == (value, top)
    assert (found.unit, found.kind) == (unit, kind)
    assert text[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    ("text", "comparator", "quote"),
    [
        ("thu hơn 62 tỷ đồng", "gt", "hơn 62 tỷ đồng"),
        ("có trên 90% số hộ", "gt", "trên 90%"),
        ("dưới 500 triệu đồng", "lt", "dưới 500 triệu đồng"),
        ("khoảng 40 người", "approx", "khoảng 40 người"),
        ("gần gấp 3 lần", "approx", "gần gấp 3 lần"),
        ("tối thiểu 80%", "ge", "tối thiểu 80%"),
        ("nợ từ 3 tháng trở lên", "ge", "3 tháng trở lên"),
        ("không quá 20 phút", "le", "không quá 20 phút"),
        ("có 80%", "eq", "80%"),
    ],
)
def test_comparator(text, comparator, quote):
    (found,) = figures(text)
    assert (found.comparator, found.quote) == (comparator, quote)


def test_changes_have_a_direction():
    up, down = figures("thu tăng 14,5% nhưng hồ sơ giảm 3 ngày")
    assert up.change is not None
    assert down.change is not None
    assert (up.change.direction, up.change.amount) == ("up", "14.5")
    assert (down.change.direction, down.change.amount) == ("down", "3")


def test_numbers_of_a_list_take_the_unit_of_the_first():
    found = figures("giải quyết 2.950 hồ sơ: trước hạn 1.700, đúng hạn 1.190, quá hạn 60")
    assert [f.value for f in found] == ["2950", "1700", "1190", "60"]
    assert {f.unit for f in found} == {"hồ sơ"}


def test_metric_and_period_are_read_from_the_clause():
    (found,) = figures("Đến ngày 30/9/2023, tỷ lệ hồ sơ đúng hạn đạt 98%")
    assert found.metric == "tỷ lệ hồ sơ đúng hạn"
    assert found.period is not None
    assert found.period.end == "2023-09-30"


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 64/KH-SNV ngày 18/5/2023",
        "họp chiều 23-10",
        "họp lúc 15 giờ, từ 7 giờ",
        "từ ngày 04/10 và 11/10",
        "khoản 2 Điều 5",
        "dịch vụ công mức độ 3",
        "trong 6 tháng đầu năm",
        "quý 3, tháng 10, năm 2023",
        "còn một số hạn chế ở một số phòng",
        "bộ phận một cửa",
        "1. Khẩn trương rà soát",
        "2.5. Sắp xếp lại",
        "a) Phòng Hành chính",
        "thứ hai, thứ năm",
        "cùng một ngày",
        "xếp hạng 2, tổ dân phố số 5",
        "Tổ 3, Thôn 12",
        "tháng, năm cấp thẻ",
        "các năm tiếp theo",
        "Mã TTHC: 1.012657",
        "các năm 2009 và 2012",
        "",
    ],
)
def test_no_figure(text):
    assert figures(text) == ()


def test_only_the_span_is_read():
    text = "có 5 xã và 7 huyện"
    assert [f.value for f in find_figures(text, [(0, 7)], issued_on=None)] == ["5"]


@given(st.text(alphabet="0123456789.,/-% hồsơđngtrămbaixãkm²()\n", max_size=150))
def test_any_text_gives_verbatim_figures(text):
    last = 0
    for found in figures(text):
        assert text[found.start : found.end] == found.quote
        assert found.start >= last
        last = found.start
        float(found.value)
