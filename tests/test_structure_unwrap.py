"""Texts broken at a column are put together again; items, headings and names stay apart."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.process import structured
from pipeline.readers import read
from pipeline.structure.build import structure_of
from pipeline.structure.draft import Line
from pipeline.structure.lines import flatten, lines_of, printed_lines
from pipeline.structure.unwrap import is_closed, leaves_open, wrap_columns

SAMPLES = {
    path.parent.name: read(path.read_bytes(), path.name).text
    for path in sorted((Path(__file__).parent.parent / "samples").rglob("source.txt"))
}


def document(text: str) -> Document:
    return Document(name="a.txt", media_type="text/plain", sha256="0" * 64, size=1, text=text)


def printed(text: str) -> tuple[Line, ...]:
    return printed_lines(document(text))


NOTICE = """Sáu tháng đầu năm, các khoa phòng của bệnh viện đã rà soát lại sổ giao ban, sổ \
bàn giao thuốc trực và thống nhất một mẫu ghi chép chung cho toàn viện.
1. Kết quả
- Khoa Dược cấp phát đủ thuốc theo đơn, không để người bệnh phải mua ngoài các thuốc có \
trong danh mục trúng thầu; hồ sơ thanh toán gửi cơ quan bảo hiểm xã hội trước ngày \
15/6/2024, sớm hơn quý trước 9 ngày.
- Phòng Điều dưỡng kiểm tra chéo 12 khoa.
2. Hạn chế
Vẫn còn 4 khoa ghi sổ muộn, nhất là các khoa thuộc cơ sở 2 tại Khu công nghiệp phía Nam; \
Ban Giám đốc đã nhắc hai lần theo Công văn số 36/CV-BV ngày 02 tháng 5 năm 2024 nhưng chưa \
chuyển biến.
3. Nhiệm vụ
a) Giao Phòng Kế hoạch tổng hợp báo cáo gửi Sở Y tế trong tháng 7 năm 2024 và các quý sau.
b) Giao Khoa Dược bổ sung tủ trực trước ngày 30 tháng 6 năm 2024.
"""


def units(text: str) -> list[str]:
    flat = flatten(text)
    found = structure_of(flat, lines_of(document(text)), ()).units
    return [" ".join(flat[unit.start : unit.end].split()) for unit in found]


def wrapped(text: str, width: int) -> str:
    lines = (
        textwrap.wrap(line, width, break_on_hyphens=False, break_long_words=False) or [""]
        for line in text.split("\n")
    )
    return "\n".join(piece for pieces in lines for piece in pieces)


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100])
def test_units_are_the_same_at_any_column(width: int) -> None:
    assert units(wrapped(NOTICE, width)) == units(NOTICE)


def test_units_are_the_same_when_first_lines_are_shorter() -> None:
    """As some exports of law portals break: paragraphs apart, their first lines short."""
    paragraphs = []
    for line in NOTICE.splitlines():
        first = textwrap.wrap(line, 30, break_on_hyphens=False)[0]
        rest = textwrap.wrap(line[len(first) :].strip(), 78, break_on_hyphens=False)
        paragraphs.append("\n".join([first, *rest]))
    assert units("\n\n".join(paragraphs)) == units(NOTICE)


RAGGED = """Sở Xây dựng kiểm tra các công trình nước sạch trên địa
bàn như sau, trong đó có những việc phải làm ngay trong quý này để kịp
mùa khô, nhất là ở các xã vùng cao chưa có bể chứa và đường ống về từng cụm
dân cư, đã được nêu trong các báo cáo của huyện từ năm
trước.
1. Kết quả
Các đơn vị đã sửa xong bốn trạm bơm và thay hai nghìn mét ống dẫn cũ, bảo
đảm nước cho ba nghìn hộ ở vùng thấp trong suốt mùa khô vừa qua, nhờ đó các
trường học có
đủ nước, đơn giá sửa chữa theo đúng định
mức.
2. Nhiệm vụ
- Cán bộ thủy lợi phối hợp với kỹ sư của trạm, thợ của hợp tác xã và tổ quản
lý của thôn ghi số đo lưu lượng, gửi số liệu ghi được lên
Phòng Quản lý hạ tầng trước ngày 25 hằng
tháng.
- Giao các xã chọn đất dựng bể, ghi vào kế hoạch của xã và trình Ủy ban
nhân dân huyện cùng bản vẽ đã được thẩm tra theo
Quy chuẩn kỹ thuật của ngành.
3. Kết quả thực hiện kế hoạch sửa chữa của năm trước tại các huyện
Đã sửa xong mười hai trạm.
"""


def test_running_text_goes_on_with_a_capital_where_no_column_explains_the_breaks() -> None:
    found = units(RAGGED)
    assert [unit for unit in found if unit.startswith(("Phòng", "Quy"))] == []
    assert found[-2:] == [
        "3. Kết quả thực hiện kế hoạch sửa chữa của năm trước tại các huyện",
        "Đã sửa xong mười hai trạm.",
    ]


@pytest.mark.parametrize(
    "name", [name for name, text in SAMPLES.items() if not wrap_columns(printed(text))]
)
def test_samples_have_the_same_units_when_they_are_wrapped(name: str) -> None:
    """Without header and footer, whose lines are values one by one."""
    text = SAMPLES[name]
    found = []
    for version in (text, wrapped(text, 72)):
        draft, _ = structured(document(version))
        found.append(
            [
                " ".join(draft.flat[unit.start : unit.end].split())
                for unit in draft.units
                if unit.zone == "body"
            ]
        )
    assert found[0] == found[1]


def test_columns_need_sentences_that_run_over() -> None:
    assert wrap_columns(printed(NOTICE)) == ()
    (column,) = wrap_columns(printed(wrapped(NOTICE, 72)))
    assert column.lowest <= 72 <= column.highest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Các khoa gửi báo cáo về Phòng Kế hoạch trước ngày", "16/6/2025; quá hạn thì nêu tên."),
        ("Báo cáo kết quả kiểm tra các kho vật tư trong tháng", "12. Sau đó họp rút kinh nghiệm."),
        ("Đoàn làm việc với lãnh đạo và kế toán của đơn vị tại", "Trạm Y tế xã Suối Cát."),
        ("Giao Khoa Dược làm đầu mối, có sự tham gia của Khoa Nội và", "Phòng Tài chính."),
        ("Thực hiện theo đúng quy trình đã ban hành tại Quyết định số", "12/QĐ-BV của Giám đốc."),
        ("Bàn giao cho tổ tiếp nhận (gồm kho lẻ, kho chẵn và tủ trực", "Khoa Cấp cứu) trong tuần."),
        (
            "Căn cứ vào kết quả kiểm tra nêu ở khoản 2 và điểm",
            "a) khoản 3 của Quy chế, Giám đốc quyết định.",
        ),
    ],
)
def test_a_line_that_cannot_end_goes_on(before: str, after: str) -> None:
    assert len(units(f"Mở đầu.\n{before}\n{after}\nKết thúc.")[1]) > len(before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Nợ thuế của các hộ kinh doanh trong chợ đã quá 90 ngày", "Ban hành quyết định mới"),
        ("Điểm của lĩnh vực cải cách thủ tục hành chính đạt 13,75/16 điểm", "a) Tiếp nhận đủ"),
        ("Hội đồng đã thảo luận và thống nhất tại phiên họp cuối năm,", "QUYẾT NGHỊ:"),
        ("Về những tồn tại, hạn chế và khuyết điểm", "2.1. Đối với tập thể"),
        ("Giao các khoa, phòng thực hiện các việc sau đây:", "1. Rà soát tủ trực."),
    ],
)
def test_items_and_headings_stay_apart(before: str, after: str) -> None:
    found = units(f"Mở đầu.\n{before}\n{after}\nKết thúc.")
    assert any(unit.startswith(after[:2]) for unit in found)


def test_emphasis_runs_over_the_end_of_a_line() -> None:
    text = (
        "**Điều\n1. Phạm vi áp dụng**\n\nQuy chế áp dụng cho các khoa.\n\n"
        "**Điều 2.\n** Công bố danh mục\n\n**2.** Khoa Dược\n\na) Lập sổ."
    )
    flat = flatten(text)
    found = structure_of(flat, lines_of(document(text)), ())
    labels = [section.label for section in found.sections]
    assert labels == ["Điều 1.", "Điều 2.", "2."]


def test_plain_words_behind_a_bold_marker_are_no_title() -> None:
    body = wrapped(NOTICE, 72).replace("\n", "\n\n", 1)
    text = (
        f"{body}\n\n**Điều 1. **Trạm\nY tế phường lập sổ theo dõi thuốc và giao ca mỗi ngày.\n\n"
        "**Điều 2. Tổ chức thực hiện**\n1. Khoa Dược cấp thuốc.\n"
    )
    found = units(text)
    assert any("Trạm Y tế phường lập sổ" in unit for unit in found)
    assert any(unit.strip("* ") == "Điều 2. Tổ chức thực hiện" for unit in found)


def test_a_sentence_goes_on_behind_a_semicolon_where_blank_lines_part_paragraphs() -> None:
    text = """Ngày 12
tháng 5, lãnh đạo huyện họp về phòng dịch tại các trường mầm non trên địa bàn,
có các phòng
liên quan cùng dự.

Phòng Y
tế cấp đủ thuốc cho các trạm (trước hết là thuốc hạ sốt, oresol, cồn sát khuẩn;
khẩu trang và găng
tay cấp theo số ca trực của từng trạm trong tháng vừa qua).

Phòng Giáo dục lập danh sách học sinh nghỉ ốm;
Các trường báo cáo hằng ngày.
"""
    assert [" ".join(unit.split()) for unit in units(text)][1:] == [
        "Phòng Y tế cấp đủ thuốc cho các trạm (trước hết là thuốc hạ sốt, oresol, cồn sát khuẩn; "
        "khẩu trang và găng tay cấp theo số ca trực của từng trạm trong tháng vừa qua).",
        "Phòng Giáo dục lập danh sách học sinh nghỉ ốm;",
        "Các trường báo cáo hằng ngày.",
    ]


def test_a_mark_of_emphasis_without_its_pair_joins_no_sentences() -> None:
    text = (
        "**\nCăn cứ Luật Thanh tra;\nCăn cứ Nghị định số 12/2020/NĐ-CP;\n"
        "Theo đề nghị của Chánh Thanh tra.\nĐiều 1. Công bố danh mục.\n"
    )
    starts = [unit.strip("* ")[:10] for unit in units(text)]
    assert starts[:3] == ["Căn cứ Luậ", "Căn cứ Ngh", "Theo đề ng"]
    assert starts[-1] == "Công bố da"


def test_a_name_after_the_last_sentence_is_no_part_of_it() -> None:
    body = wrapped(NOTICE, 72).rstrip().splitlines()
    filled = "Các khoa nghiêm túc thực hiện thông báo này kể từ ngày ký ban hành ra."
    text = "\n".join([*body, filled, "Vũ Thị Hoài"])
    assert units(text)[-1] == "Vũ Thị Hoài"


@pytest.mark.parametrize(
    ("text", "closed"),
    [("Đã xong.", True), ("như sau:", True), ("họp tại TP.", False), ("**Xong./.**", True)],
)
def test_is_closed(text: str, closed: bool) -> None:
    assert is_closed(text) is closed


def test_leaves_open_needs_a_number_after_a_word_for_one() -> None:
    first, number, name = printed("trước ngày\n15/6\nPhòng Kế hoạch")
    assert leaves_open([first], number)
    assert not leaves_open([first], name)


@pytest.mark.parametrize(
    ("before", "after", "is_open"),
    [
        ("báo cáo Sở Y tế trước ngày 05 tháng", "4 năm 2025 để tổng hợp;", True),
        ("theo Nghị định của Chính phủ ngày 05 tháng 4 năm", "2025 về văn thư;", True),
        ("hoàn thành trong thời hạn 03 tháng", "4 Sở Y tế", False),
        ("thực hiện trong 5 năm", "12 đơn vị", False),
    ],
)
def test_a_date_may_be_broken_before_its_month_or_year(
    before: str, after: str, is_open: bool
) -> None:
    first, following = printed(f"{before}\n{after}")
    assert leaves_open([first], following) is is_open


@given(st.text(alphabet="aBĐ1.;:-)(* \n,", max_size=160))
def test_unwrapping_loses_nothing(text: str) -> None:
    found = lines_of(document(text))
    flat = flatten(text)
    assert all(flat[line.start : line.end] == line.text for line in found)
    kept = "".join(line.text for line in found)
    assert kept.replace(" ", "") == flat.replace(" ", "")
