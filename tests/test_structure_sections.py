"""Headings, the tree they make, and the role they give."""

import pytest

from pipeline.document import Document
from pipeline.structure.build import Structure, structure_of
from pipeline.structure.lines import flatten, lines_of
from pipeline.structure.sections import heading_role

TEXT = """I. KẾT QUẢ ĐẠT ĐƯỢC
Các phòng đã nộp báo cáo đúng hạn.
II. TỒN TẠI, HẠN CHẾ
1. Về hồ sơ
Một số hồ sơ chưa ký số.
2. Về con người
Trực bộ phận một cửa còn thiếu người.
III. NHIỆM VỤ
Văn phòng Sở:
- Lập lại danh mục hồ sơ.
- Báo cáo Giám đốc.
"""


def structure(text: str) -> Structure:
    document = Document(name="a.txt", media_type="text/plain", sha256="0" * 64, size=1, text=text)
    return structure_of(flatten(text), lines_of(document), ())


def test_sections_nest_by_their_markers() -> None:
    sections = structure(TEXT).sections
    titles = {section.id: section.title for section in sections}
    tree = [(section.title, titles.get(section.parent or "")) for section in sections]
    assert tree == [
        ("KẾT QUẢ ĐẠT ĐƯỢC", None),
        ("TỒN TẠI, HẠN CHẾ", None),
        ("Về hồ sơ", "TỒN TẠI, HẠN CHẾ"),
        ("Về con người", "TỒN TẠI, HẠN CHẾ"),
        ("NHIỆM VỤ", None),
        ("Văn phòng Sở:", "NHIỆM VỤ"),
    ]


def test_sections_cover_what_stands_below_them() -> None:
    found = structure(TEXT)
    section = next(s for s in found.sections if s.title == "TỒN TẠI, HẠN CHẾ")
    assert TEXT[section.start : section.end].endswith("còn thiếu người.")


def test_units_know_their_innermost_section() -> None:
    found = structure(TEXT)
    where = {TEXT[u.start : u.end]: u.section for u in found.units}
    titles = {section.id: section.title for section in found.sections}
    assert titles[where["Một số hồ sơ chưa ký số."] or ""] == "Về hồ sơ"


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Những kết quả đạt được", "achievement"),
        ("Ưu điểm", "achievement"),
        ("Việc chưa làm được", "shortcoming"),
        ("Một số tồn tại, hạn chế", "shortcoming"),
        ("Nguyên nhân", "cause"),
        ("Nhiệm vụ, giải pháp", "task"),
        ("Biện pháp khắc phục tồn tại", "task"),
        ("Kiến nghị với cấp trên", "proposal"),
        ("Kết quả đạt được và những tồn tại", "mixed"),
        ("Thành phần tham dự", "other"),
    ],
)
def test_heading_role(heading: str, role: str) -> None:
    assert heading_role(heading) == role


@pytest.mark.parametrize(
    "line",
    [
        "1. Các phòng nộp báo cáo về Văn phòng Sở trước ngày 15 hằng tháng.",
        "- Thực hiện nghiêm nội quy;",
        "Các đơn vị thực hiện những nhiệm vụ sau:",
        "Đoàn kiểm tra yêu cầu Trạm Y tế:",
        "Qua đối chiếu sổ sách, Phòng Tài chính có ý kiến:",
        "Trong đó:",
    ],
)
def test_sentences_are_no_headings(line: str) -> None:
    assert structure(f"Mở đầu văn bản có một câu dài hơn.\n{line}\nKết thúc.").sections == ()


@pytest.mark.parametrize(
    "line", ["Mục đích, yêu cầu:", "Ban Chỉ đạo về giảm nghèo:", "Sở Giao thông vận tải:"]
)
def test_names_of_parts_and_doers_are_headings(line: str) -> None:
    assert structure(f"Mở đầu văn bản có một câu dài hơn.\n{line}\n- Làm.\n").sections != ()


def test_cells_of_a_table_written_line_by_line_are_no_headings() -> None:
    text = (
        "II. PHÂN CÔNG\n1. Rà lại sổ trực của các khoa\nPhòng Điều dưỡng\nTrong quý III/2021\n"
        "2. Thay bình ô xy ở phòng cấp cứu\nKhoa Cấp cứu; phối hợp: Phòng Vật tư\n15/8/2021\n"
    )
    assert [section.title for section in structure(text).sections] == ["PHÂN CÔNG"]


def test_a_marker_alone_on_its_line_is_a_heading() -> None:
    text = "Điều 3.\nChánh Văn phòng chịu trách nhiệm thi hành Quyết định này kể từ ngày ký.\n"
    assert [section.label for section in structure(text).sections] == ["Điều 3."]
