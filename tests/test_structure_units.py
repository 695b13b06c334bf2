"""Sentences, items and hard-wrapped lines of administrative Vietnamese."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Block, Document
from pipeline.structure.build import structure_of
from pipeline.structure.lines import cut_at, flatten, lines_of
from pipeline.structure.markers import find_marker
from pipeline.structure.units import _END, _END_IN_STOP, _cut, split_sentences


def document(text: str) -> Document:
    return Document(name="a.txt", media_type="text/plain", sha256="0" * 64, size=1, text=text)


def units(text: str) -> list[str]:
    flat = flatten(text)
    found = structure_of(flat, lines_of(document(text)), ()).units
    return [flat[unit.start : unit.end] for unit in found]


SENTENCES = [
    ("plain", "Đã rà soát xong. Còn hai việc.", ["Đã rà soát xong.", "Còn hai việc."]),
    ("thousands", "Tiếp nhận 1.713 hồ sơ. Trả 1.668.", ["Tiếp nhận 1.713 hồ sơ.", "Trả 1.668."]),
    ("city", "Họp tại TP. Việt Trì. Dự có 5 đơn vị.", ["Họp tại TP. Việt Trì.", "Dự có 5 đơn vị."]),
    ("end mark", "Các đơn vị thực hiện./.", ["Các đơn vị thực hiện./."]),
    ("item number", "1. Rà soát hồ sơ. Báo cáo Sở.", ["1. Rà soát hồ sơ.", "Báo cáo Sở."]),
    ("item of two levels", "4.2. Mở lớp. Báo cáo Sở.", ["4.2. Mở lớp.", "Báo cáo Sở."]),
    ("roman", "II. Tồn tại", ["II. Tồn tại"]),
    ("semicolons", "Lập sổ; mở hòm thư; báo cáo.", ["Lập sổ; mở hòm thư; báo cáo."]),
    ("quote", "Ông nói: “Chậm quá.” Dân phải chờ.", ["Ông nói: “Chậm quá.”", "Dân phải chờ."]),
    ("small letter goes on", "Lưu trữ, v.v. và báo cáo.", ["Lưu trữ, v.v. và báo cáo."]),
    (
        "starts with a number",
        "Xong sớm. 100% hồ sơ đúng hạn.",
        ["Xong sớm.", "100% hồ sơ đúng hạn."],
    ),
    ("degree", "Bà ThS. Lê Thị Na trình bày.", ["Bà ThS. Lê Thị Na trình bày."]),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in SENTENCES], ids=[r[0] for r in SENTENCES]
)
def test_split_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


@given(st.text(alphabet="aA1.!?…/ ”)", max_size=14))
def test_one_sentence_is_seen_without_cutting(text: str) -> None:
    assert split_sentences(text) == _cut(text)


@given(st.text(alphabet="aĐ1./ ”)“-", max_size=20))
def test_ends_are_those_of_stops_where_no_other_mark_stands(text: str) -> None:
    ends = [match.span() for match in _END.finditer(text)]
    assert [match.span() for match in _END_IN_STOP.finditer(text)] == ends


@given(st.text(alphabet="aăđĐ.;:!?…“” 1-/\t", max_size=80))
def test_split_sentences_loses_nothing_but_blanks(text: str) -> None:
    flat = flatten(text)
    spans = split_sentences(flat)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    kept = "".join(flat[start:end] for start, end in spans)
    assert kept.replace(" ", "") == flat.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "marker", "level"),
    [
        ("a) Rà soát", "a)", 11),
        ("đ) Rà soát", "đ)", 11),
        ("II. TỒN TẠI", "II.", 5),
        ("Điều 3. Hiệu lực", "Điều 3.", 4),
        ("2.1. Về tiến độ", "2.1.", 8),
        ("12. Sở Y tế", "12.", 7),
        ("- Lưu hồ sơ", "-", 12),
        ("+ Nộp báo cáo", "+", 13),
        ("(2) Bộ Xây dựng", "(2)", 10),
        ("Thứ hai, về nguồn lực", "Thứ hai,", 10),
        ("1- Phụ cấp đắt đỏ", "1-", 7),
        ("2 – Phụ cấp gia đình", "2 –", 7),
        ("Điều thứ nhất: Lập một sở coi việc đê điều.", "Điều thứ nhất:", 4),
        ("Điều thứ 12. Sắc lệnh này thi hành ngay.", "Điều thứ 12.", 4),
        ("Khoản thứ bẩy: Các ông có tên trên chịu uỷ nhiệm.", "Khoản thứ bẩy:", 4),
    ],
)
def test_find_marker(text: str, marker: str, level: int) -> None:
    found = find_marker(text)
    assert found is not None
    assert (found.text, found.level) == (marker, level)


@pytest.mark.parametrize(
    "text",
    [
        "1.713 hồ sơ đã giải quyết",
        "Vì vậy, các đơn vị",
        "2,5 tỷ đồng",
        "Iết",
        "39-NQ/TW ngày 5/4",
        "10 - 15 hộ",
    ],
)
def test_find_marker_refuses(text: str) -> None:
    assert find_marker(text) is None


def test_units_unwrap_lines_broken_at_a_column() -> None:
    text = (
        "Trong sáu tháng đầu năm, các phòng thuộc Sở đã tiếp nhận và giải\n"
        "quyết đúng hạn toàn bộ hồ sơ do người dân nộp trực tiếp tại bộ phận\n"
        "một cửa.\n"
        "- Văn phòng Sở chủ trì rà soát danh mục, báo cáo kết quả trước ngày\n"
        "15/8/2023 để tổng hợp.\n"
        "- Phòng Đo đạc bàn giao tài liệu.\n"
    )
    assert len(units(text)) == 3
    assert units(text)[1].endswith("15/8/2023 để tổng hợp.")


def test_units_unwrap_lines_broken_by_hand() -> None:
    text = (
        "Qua kiểm tra, Đoàn ghi nhận các khoa đã lập sổ bàn giao\n"
        "thiết bị theo mẫu,\ncó chữ ký của hai bên.\n"
        "Riêng Khoa Ngoại còn để trống sổ của tháng Ba, trưởng khoa\n"
        "hứa bổ sung trong tuần.\n"
    )
    assert len(units(text)) == 2


def test_units_join_a_sentence_cut_by_a_page() -> None:
    text = (
        "Người dân được hướng dẫn ngay tại quầy số một của Bộ\n\nphận tiếp nhận hồ sơ. Xong việc."
    )
    assert len(units(text)) == 2


def test_units_cut_a_list_that_stands_on_one_line() -> None:
    text = (
        "Giám đốc Sở yêu cầu trưởng các phòng, đơn vị trực thuộc khẩn trương thực hiện những việc "
        "sau đây: 1. Rà soát toàn bộ hồ sơ còn tồn tại bộ phận một cửa. 2. Công khai số điện thoại "
        "đường dây nóng trên trang tin; - Báo cáo kết quả."
    )
    assert [unit[:8] for unit in units(text)] == ["Giám đốc", "1. Rà so", "2. Công ", "- Báo cá"]


def test_cut_at_divides_a_line_where_a_zone_ends() -> None:
    text = "Số: 12/TB-SYT Căn cứ kế hoạch"
    parts = cut_at(lines_of(document(text)), [14])
    assert [part.text for part in parts] == ["Số: 12/TB-SYT", "Căn cứ kế hoạch"]
    assert all(text[part.start : part.end] == part.text for part in parts)


@given(st.text(alphabet="aB1.;:-) \nĐ", max_size=120))
def test_units_are_ordered_and_inside_the_text(text: str) -> None:
    flat = flatten(text)
    found = structure_of(flat, lines_of(document(text)), ()).units
    assert all(0 <= unit.start < unit.end <= len(text) for unit in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(flat[unit.start : unit.end] for unit in found)
    assert kept.replace(" ", "") == flat.replace(" ", "")


@pytest.mark.parametrize("line", ["| |", "** **", "-----", "|---|---|", "| 1 | 2.340 |"])
def test_markup_and_empty_cells_are_no_statements(line: str) -> None:
    text = f"Các phòng rà soát lại sổ trực.\n{line}\nBáo cáo Giám đốc trong tuần."
    flat = flatten(text)
    kinds = [unit.kind for unit in structure_of(flat, lines_of(document(text)), ()).units]
    assert kinds == ["statement", "meta", "statement"]


def test_the_number_of_an_article_is_a_heading_and_its_words_are_statements() -> None:
    text = "Điều 3. Sở Tài chính bố trí kinh phí. Văn phòng Sở theo dõi.\nĐiều 4. Thi hành"
    flat = flatten(text)
    found = structure_of(flat, lines_of(document(text)), ()).units
    assert [(flat[u.start : u.end], u.kind) for u in found] == [
        ("Điều 3.", "heading"),
        ("Sở Tài chính bố trí kinh phí.", "statement"),
        ("Văn phòng Sở theo dõi.", "statement"),
        ("Điều 4. Thi hành", "heading"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nộp trước khi hết học kỳ I. Giáo viên ký nhận.",
            ["Nộp trước khi hết học kỳ I.", "Giáo viên ký nhận."],
        ),
        ("Bà V. Thị Hà có mặt.", ["Bà V. Thị Hà có mặt."]),
        ("Ông dừng lại. “ Tôi xin nhận lỗi.”", ["Ông dừng lại.", "“ Tôi xin nhận lỗi.”"]),
        ("2.1. Về kho. Đã khóa.", ["2.1. Về kho.", "Đã khóa."]),
    ],
)
def test_capitals_and_quotations_at_a_full_stop(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_who_said_it_belongs_to_the_quotation() -> None:
    text = (
        "Theo các hộ kinh doanh, thời gian chờ ở quầy số ba của chợ đã giảm từ nửa ngày xuống còn "
        "chưa đầy một giờ. “Chúng tôi không còn phải nghỉ bán để đi nộp tờ khai nữa” - bà Lò Thị "
        "Son nói. Ban Quản lý chợ ghi nhận ý kiến."
    )
    assert [unit[:9] for unit in units(text)] == ["Theo các ", "“Chúng tô", "Ban Quản "]


def test_a_row_of_a_table_is_one_item() -> None:
    rows = [
        "1\tLập sổ mới. Hủy sổ cũ.\tKhoa Nội",
        "2\tThay khóa kho: 1. Kho lẻ; 2. Kho chẵn\tTổ Kho",
    ]
    text = "\n".join(rows)
    blocks = tuple(
        Block(kind="table", start=text.index(row), end=text.index(row) + len(row)) for row in rows
    )
    table = document(text).model_copy(update={"blocks": blocks})
    found = structure_of(flatten(text), lines_of(table), ()).units
    assert [text[unit.start : unit.end] for unit in found] == rows
