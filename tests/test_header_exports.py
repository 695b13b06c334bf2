"""Headers of pages whose narrow columns and tables an export has broken into lines."""

import pytest
from headers import STATE, read


@pytest.mark.parametrize(
    ("block", "issuer", "parent"),
    [
        ("**VĂN PHÒNG\nCHÍNH PHỦ**", "VĂN PHÒNG CHÍNH PHỦ", None),
        ("BỘ TÀI CHÍNH\nCỤC\nHẢI QUAN", "CỤC HẢI QUAN", "BỘ TÀI CHÍNH"),
        ("UBND TỈNH SÔNG LAM\nTHANH TRA", "THANH TRA", "UBND TỈNH SÔNG LAM"),
    ],
)
def test_a_head_that_names_nobody_goes_on(block: str, issuer: str, parent: str | None) -> None:
    header = read(STATE.replace("UBND TỈNH SÔNG LAM\nSỞ KHOA HỌC VÀ CÔNG NGHỆ", block)).header
    assert header.issuer
    assert header.issuer.value == issuer
    assert (header.parent_agency and header.parent_agency.value) == parent


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("*Hà**\nNội, ngày 05 tháng 7 năm 2021*", "Hà Nội"),
        ("*Thành phố Hồ Chí\nMinh, ngày 05 tháng 7 năm 2021*", "Thành phố Hồ Chí Minh"),
        ("*Hòa Bình\nLong Xuyên, ngày 05 tháng 7 năm 2021*", "Long Xuyên"),
    ],
)
def test_the_name_of_a_province_cut_in_two(line: str, place: str) -> None:
    header = read(STATE.replace("Sông Lam, ngày 05 tháng 7 năm 2021", line)).header
    assert header.place
    assert header.place.value == place
    assert header.issued_on
    assert header.issued_on.value == "2021-07-05"


_RESOLUTION = """NGHỊ QUYẾT
QUY ĐỊNH MỨC
{}
HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG LAM
KHÓA VI, KỲ HỌP THỨ SÁU
Căn cứ Luật Tổ chức chính quyền địa phương và các luật khác có liên quan đến việc
thu phí trong các bảo tàng, nhà trưng bày;
Xét Tờ trình số 41/TTr-UBND ngày 02 tháng 6 năm 2016 của Ủy ban nhân dân tỉnh về
việc ban hành mức thu phí mới, báo cáo thẩm tra của ban và ý kiến thảo luận của các
đại biểu tại kỳ họp,
QUYẾT NGHỊ:
Điều 1. Quy định mức thu phí tham quan là 20.000 đồng một lượt người lớn và bằng
một nửa mức đó đối với trẻ em từ sáu tuổi đến mười lăm tuổi, người cao tuổi và các
đoàn học sinh có giấy giới thiệu.
Điều 2. Giao Ủy ban nhân dân tỉnh tổ chức thực hiện Nghị quyết này, báo cáo kết quả
tại kỳ họp cuối năm.
Nghị quyết này đã được Hội đồng nhân dân tỉnh khóa VI, kỳ họp thứ sáu thông qua ngày
{} và có hiệu lực từ ngày 25/7/2016./.
"""


def test_who_speaks_is_no_title_where_the_lines_above_were_put_together() -> None:
    title = "THU PHÍ THAM QUAN CÁC BẢO TÀNG, NHÀ TRƯNG BÀY, THƯ VIỆN TRÊN ĐỊA BÀN TỈNH SÔNG LAM"
    header = read(_RESOLUTION.format(title, "12/7/2016")).header
    assert header.title
    assert header.title.value == f"QUY ĐỊNH MỨC {title}"
    assert header.issuer
    assert header.issuer.value == "HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG LAM"


def test_the_day_of_adoption_is_not_that_of_effect() -> None:
    header = read(_RESOLUTION.format("THU PHÍ THAM QUAN BẢO TÀNG", "12/7/ 2016")).header
    assert header.issued_on
    assert header.issued_on.value == "2016-07-12"


def test_years_on_a_line_of_their_own_belong_to_the_title() -> None:
    text = STATE.replace(
        "Kết luận kiểm tra việc sử dụng phần mềm một cửa tại các đơn vị thuộc Sở",
        "PHÁT TRIỂN DỊCH VỤ SỐ GIAI ĐOẠN\n2021 - 2025",
    )
    header = read(text).header
    assert header.title
    assert header.title.value == "PHÁT TRIỂN DỊCH VỤ SỐ GIAI ĐOẠN 2021 - 2025"


@pytest.mark.parametrize(
    ("block", "authority", "title"),
    [
        ("**TL.\nGIÁM ĐỐC**\nTRƯỞNG PHÒNG", "TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG"),
        ("KT. TRƯỞNG BAN TỔ CHỨC PHÓ\nTRƯỞNG BAN", "KT. TRƯỞNG BAN TỔ CHỨC", "PHÓ TRƯỞNG BAN"),
    ],
)
def test_an_office_broken_after_its_first_word(block: str, authority: str, title: str) -> None:
    header = read(STATE.replace("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", block)).header
    assert header.authority
    assert header.authority.value == authority
    assert header.signer_title
    assert header.signer_title.value == title
    assert header.signer
    assert header.signer.value == "Hoàng Thị Bích Đào"


def test_an_office_filed_with_is_no_authority() -> None:
    header = read(STATE.replace("- Lưu: VT, TTr.", "- Lưu: VT, KT.")).header
    assert header.recipients[-1].value == "Lưu: VT, KT"
    assert header.authority
    assert header.authority.value == "KT. GIÁM ĐỐC"


_FORM = """
Phụ lục I
MẪU QUYẾT ĐỊNH KIỂM TRA
(Ban hành kèm theo Thông báo số 418/TB-SKHCN ngày 05 tháng 7 năm 2021)
Điều 1. Thành lập Tổ kiểm tra gồm các ông, bà có tên sau đây.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
Thủ trưởng đơn vị kiểm tra
(Ký, ghi rõ họ tên)
"""


def test_recipients_of_a_form_are_not_those_of_the_document() -> None:
    unsigned = (
        STATE[: STATE.index("Nơi nhận:")] + "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nHoàng Thị Bích Đào\n"
    )
    result = read(unsigned + _FORM)
    assert result.header.signer
    assert result.header.signer.value == "Hoàng Thị Bích Đào"
    assert result.header.recipients == ()
    assert [zone.zone for zone in result.zones] == ["header", "footer", "attachment"]


def test_the_number_of_a_heading_comes_before_that_in_the_reference_of_an_annex() -> None:
    header = read(
        "THÔNG TƯ\nCỦA BỘ Y TẾ SỐ 07/2012/TT-BYT NGÀY 03 THÁNG 5 NĂM 2012\nVỀ DINH DƯỠNG\n"
        "Căn cứ Luật An toàn thực phẩm;\nĐiều 1. Các bếp ăn tự kiểm tra.\n"
        "BỘ TRƯỞNG\nHoàng Thị Bích Đào\n"
        "PHỤ LỤC\n(Ban hành kèm theo Thông tư số 07/2012/ TT-BYT ngày 03/5/2012)\n"
    ).header
    assert header.code == "07/2012/TT-BYT"
    assert header.number
    assert header.number.origin == "rule:header.gazette-number"


def test_a_portal_names_the_document_once_more_above_its_own_text() -> None:
    again = "Thông báo 418/TB-SKHCN năm 2021 về kết luận kiểm tra do Sở Khoa học ban hành\n"
    text = f"{STATE}{again}Văn bản này chưa cập nhật nội dung Tiếng Anh\n"
    zone = read(text).zones[-1]
    assert (zone.zone, text[zone.start :][: len(again)]) == ("boilerplate", again)
