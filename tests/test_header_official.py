"""Headers of official documents: fields, families, interleaved and run-on blocks."""

import pytest
from headers import DISPATCH, LETTER, PARTY, STATE, read, values, wrapped
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.header.anchors import _LOOSE_DIGITS, LOOSE_DATE
from pipeline.header.sheet import is_upper


def test_state_notice() -> None:
    result = read(STATE)
    assert result.family == "state"
    assert result.header.code == "418/TB-SKHCN"
    assert values(result) == {
        "kind": "TB",
        "number": "418",
        "symbol": "TB-SKHCN",
        "issued_on": "2021-07-05",
        "place": "Sông Lam",
        "issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
        "parent_agency": "UBND TỈNH SÔNG LAM",
        "title": "Kết luận kiểm tra việc sử dụng phần mềm một cửa tại các đơn vị thuộc Sở",
        "signer": "Hoàng Thị Bích Đào",
        "signer_title": "PHÓ GIÁM ĐỐC",
        "authority": "KT. GIÁM ĐỐC",
        "recipients": [
            "UBND tỉnh (để b/c)",
            "Giám đốc, các Phó Giám đốc Sở",
            "Các đơn vị được kiểm tra",
            "Lưu: VT, TTr",
        ],
    }


def test_letter_with_blanks_and_interleaved_columns() -> None:
    result = read(LETTER)
    assert values(result) == {
        "kind": "CV",
        "symbol": "UBND-VHTT",
        "issued_on": "2014-09",
        "place": "Đông Giang",
        "issuer": "ỦY BAN NHÂN DÂN HUYỆN ĐÔNG GIANG",
        "title": "chuẩn bị hội thi cồng chiêng và đón đoàn kiểm tra của tỉnh",
        "signer": "Bríu Thị Nem",
        "signer_title": "CHỦ TỊCH",
        "addressees": ["Phòng Văn hóa và Thông tin", "UBND các xã: Ba, Tư, A Ting"],
        "recipients": ["Như trên", "TT. Huyện ủy (để b/c)", "Các đơn vị liên quan", "Lưu: VT"],
    }
    assert result.header.code is None
    assert result.header.nulls["number"] == "blank"
    assert [issue.code for issue in result.issues] == ["number-blank", "date-partial"]


def test_party_report() -> None:
    result = read(PARTY)
    assert result.family == "party"
    assert result.header.code == "31-BC/HU"
    found = values(result)
    assert found["symbol"] == "BC/HU"
    assert found["issuer"] == "HUYỆN ỦY YÊN PHÚ"
    assert found["title"] == "tổng kết công tác kiểm tra, giám sát năm 2022"
    assert found["authority"] == "T/M BAN THƯỜNG VỤ"
    assert found["signer_title"] == "PHÓ BÍ THƯ THƯỜNG TRỰC"
    assert found["signer"] == "Lò Văn Pâng"
    assert found["recipients"][-1] == "Lưu Văn phòng Huyện ủy"


@pytest.mark.parametrize("text", [DISPATCH, wrapped(DISPATCH)], ids=["run-on", "wrapped"])
def test_dispatch_run_together(text: str) -> None:
    found = values(read(text))
    assert found["kind"] == "CĐ"
    assert found["urgency"] == "HỎA TỐC"
    assert found["issuer"] == "BỘ Y TẾ"
    assert found["title"] == "VỀ VIỆC CẤP CỨU, THU DUNG NGƯỜI BỊ NẠN DO BÃO"
    assert found["addressees"] == [
        "Sở Y tế các tỉnh: Lam Sơn, Sông Mây",
        "Các bệnh viện trực thuộc Bộ",
    ]
    assert found["recipients"] == [
        "Như trên",
        "Bộ trưởng (để b/c)",
        "Cục Quản lý Khám, chữa bệnh - Bộ Y tế",
        "Lưu: VT, KCB (03)",
    ]
    assert found["authority"] == "KT. BỘ TRƯỞNG"
    assert found["signer_title"] == "THỨ TRƯỞNG"
    assert found["signer"] == "Vi Thị Nàng Hương"


@pytest.mark.parametrize(
    ("line", "number", "symbol", "code"),
    [
        ("Số: 229 /TB-STNMT", "229", "TB-STNMT", "229/TB-STNMT"),
        ("Số: 30/2020/NĐ-CP", "30", "NĐ-CP", "30/2020/NĐ-CP"),
        ("Số: 5095/TB-SKHCN", "5095", "TB-SKHCN", "5095/TB-SKHCN"),
        ("Số: 202/2025/QH15", "202", "QH15", "202/2025/QH15"),
        ("Số 66-QĐ/TW", "66", "QĐ/TW", "66-QĐ/TW"),
        ("Số: 05/CTr-BTGTU", "05", "CTr-BTGTU", "05/CTr-BTGTU"),
        ("Số: 11554/VPCP-V.I", "11554", "VPCP-V.I", "11554/VPCP-V.I"),
        ("Số: 62/QĐ-UB", "62", "QĐ-UB", "62/QĐ-UB"),
        ("Số:     /KH-UBND", None, "KH-UBND", None),
        ("Số: ...../BC-PGDĐT", None, "BC-PGDĐT", None),
        ("Sô: 17/KL-TTr", "17", "KL-TTr", "17/KL-TTr"),
        ("Số: 64 - CV/HU", "64", "CV/HU", "64-CV/HU"),
    ],
)
def test_number_line(line: str, number: str | None, symbol: str, code: str | None) -> None:
    header = read(STATE.replace("Số: 418/TB-SKHCN", line)).header
    assert (header.number and header.number.value) == number
    assert header.symbol is not None
    assert header.symbol.value == symbol
    assert header.code == code


@pytest.mark.parametrize(
    ("line", "date", "place"),
    [
        ("Hà Nội, ngày 5 tháng 12 năm 1999", "1999-12-05", "Hà Nội"),
        ("Bà Rịa - Vũng Tàu, ngày 01 tháng 02 năm 2016", "2016-02-01", "Bà Rịa - Vũng Tàu"),
        ("Thành phố Hồ Chí Minh, ngày 18 tháng 6 năm 2024", "2024-06-18", "Thành phố Hồ Chí Minh"),
        ("Sông Lam, ngày      tháng      năm 2021", "2021", "Sông Lam"),
        ("Sông Lam, ngày … tháng 7 năm 2021", "2021-07", "Sông Lam"),
        ("Sông Lam, ngày 05 tháng 7\nnăm 2021", "2021-07-05", "Sông Lam"),
        ("Sông Lam,\nngày 05 tháng 7 năm 2021", "2021-07-05", "Sông Lam"),
        ("Sông Lam, ngảy 05 tháng 7 năm 2021", "2021-07-05", "Sông Lam"),
        ("Sông Lam, nqày 05 thánq 7 năm 2021", "2021-07-05", "Sông Lam"),
    ],
)
def test_place_and_date(line: str, date: str, place: str) -> None:
    header = read(STATE.replace("Sông Lam, ngày 05 tháng 7 năm 2021", line)).header
    assert header.issued_on is not None
    assert header.place is not None
    assert (header.issued_on.value, header.place.value) == (date, place)


@pytest.mark.parametrize(
    ("block", "issuer", "parent"),
    [
        ("BỘ TÀI CHÍNH CỤC THUẾ", "CỤC THUẾ", "BỘ TÀI CHÍNH"),
        ("BỘ NỘI VỤ HỌC VIỆN HÀNH CHÍNH", "HỌC VIỆN HÀNH CHÍNH", "BỘ NỘI VỤ"),
        ("BỘ QUỐC PHÒNG", "BỘ QUỐC PHÒNG", None),
        ("BỘ QUỐC PHÒNG CỤC CHÍNH TRỊ", "CỤC CHÍNH TRỊ", "BỘ QUỐC PHÒNG"),
        ("BỘ QUỐC PHÒNG - BỘ CÔNG AN", "BỘ QUỐC PHÒNG - BỘ CÔNG AN", None),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", None),
        ("BỘ VĂN HÓA,\nTHỂ THAO **\nVÀ DU LỊCH", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", None),
        ("**ỦY\nBAN NHÂN DÂN**\n**TỈNH SÔNG LAM**", "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM", None),
        ("SỞ Y TẾ HẢI PHÒNG VĂN PHÒNG", "VĂN PHÒNG", "SỞ Y TẾ HẢI PHÒNG"),
        ("BỘ CHỈ HUY BỘ ĐỘI BIÊN PHÒNG", "BỘ CHỈ HUY BỘ ĐỘI BIÊN PHÒNG", None),
        ("ỦY BAN NHÂN DÂN XÃ THANH TRƯỜNG", "ỦY BAN NHÂN DÂN XÃ THANH TRƯỜNG", None),
        ("CỤC CẢNH SÁT PHÒNG CHÁY", "CỤC CẢNH SÁT PHÒNG CHÁY", None),
        (
            "BỘ TÀI CHÍNH ỦY BAN CHỨNG KHOÁN NHÀ NƯỚC",
            "ỦY BAN CHỨNG KHOÁN NHÀ NƯỚC",
            "BỘ TÀI CHÍNH",
        ),
        ("UBND HUYỆN HÒA AN PHÒNG NỘI VỤ", "PHÒNG NỘI VỤ", "UBND HUYỆN HÒA AN"),
        (
            "HỘI ĐỒNG NHÂN DÂN\nTỈNH SÔNG LAM\nBAN PHÁP CHẾ",
            "BAN PHÁP CHẾ",
            "HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG LAM",
        ),
        ("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", None),
        ("ỦY BAN NHÂN DÂN  TỈNH SÔNG LAM", "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM", None),
        (
            "CÔNG TY TNHH MỘT THÀNH VIÊN\nTHỦY NÔNG BẮC ĐUỐNG",
            "CÔNG TY TNHH MỘT THÀNH VIÊN THỦY NÔNG BẮC ĐUỐNG",
            None,
        ),
        (
            "CỤC QUẢN LÝ ĐƯỜNG BỘ VÀ PHÒNG, CHỐNG SỤT LỞ",
            "CỤC QUẢN LÝ ĐƯỜNG BỘ VÀ PHÒNG, CHỐNG SỤT LỞ",
            None,
        ),
        ("BỘ THỦY LỢI VÀ TRUYỀN\nTHÔNG", "BỘ THỦY LỢI VÀ TRUYỀN THÔNG", None),
        (
            "TRƯỜNG CAO ĐẲNG CƠ KHÍ\n- CÔNG NGHIỆP SÔNG LAM",
            "TRƯỜNG CAO ĐẲNG CƠ KHÍ - CÔNG NGHIỆP SÔNG LAM",
            None,
        ),
    ],
)
def test_issuer_block(block: str, issuer: str, parent: str | None) -> None:
    text = STATE.replace("UBND TỈNH SÔNG LAM\nSỞ KHOA HỌC VÀ CÔNG NGHỆ", block)
    found = values(read(text))
    assert found["issuer"] == issuer
    assert found.get("parent_agency") == parent


@pytest.mark.parametrize(
    ("block", "authority", "title", "signer"),
    [
        (
            "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Đỗ Hữu Lộc",
            "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Đỗ Hữu Lộc",
        ),
        (
            "TM. CHÍNH PHỦ\nTHỦ TƯỚNG\nLương Văn Bình",
            "TM. CHÍNH PHỦ",
            "THỦ TƯỚNG",
            "Lương Văn Bình",
        ),
        (
            "TL. BỘ TRƯỞNG\nKT. CHÁNH VĂN PHÒNG\nPHÓ CHÁNH VĂN PHÒNG\nĐặng Vũ Hà",
            "TL. BỘ TRƯỞNG KT. CHÁNH VĂN PHÒNG",
            "PHÓ CHÁNH VĂN PHÒNG",
            "Đặng Vũ Hà",
        ),
        (
            "TL. CỤC TRƯỞNG KT. TRƯỞNG BAN GIÁM SÁT THUẾ PHÓ TRƯỞNG BAN Lê Vũ",
            "TL. CỤC TRƯỞNG KT. TRƯỞNG BAN GIÁM SÁT THUẾ",
            "PHÓ TRƯỞNG BAN",
            "Lê Vũ",
        ),
        (
            "KT. BỘ TRƯỞNG,\nCHỦ NHIỆM\nPHÓ CHỦ NHIỆM\nĐỗ Hữu Lộc",
            "KT. BỘ TRƯỞNG, CHỦ NHIỆM",
            "PHÓ CHỦ NHIỆM",
            "Đỗ Hữu Lộc",
        ),
        (
            "TUQ. CHỦ TỊCH\nGIÁM ĐỐC SỞ NỘI VỤ\nTrương Công Lý",
            "TUQ. CHỦ TỊCH",
            "GIÁM ĐỐC SỞ NỘI VỤ",
            "Trương Công Lý",
        ),
        (
            "K/T CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(đã ký)\nVũ Đình Lưu",
            "K/T CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Vũ Đình Lưu",
        ),
        ("Q. GIÁM ĐỐC\nLưu Thị Phòng", "Q.", "Q. GIÁM ĐỐC", "Lưu Thị Phòng"),
        ("HIỆU TRƯỞNG\nPGS.TS. Đoàn Ngọc Hòa", None, "HIỆU TRƯỞNG", "Đoàn Ngọc Hòa"),
        ("GIÁM ĐỐC\nBS. CKII Đào Thị Phấn", None, "GIÁM ĐỐC", "Đào Thị Phấn"),
        (
            "TRƯỞNG CÔNG AN HUYỆN\nThượng tá Hà Văn Công",
            None,
            "TRƯỞNG CÔNG AN HUYỆN",
            "Hà Văn Công",
        ),
        ("CHỦ TỊCH\nA Lăng", None, "CHỦ TỊCH", "A Lăng"),
        ("CHỦ TỊCH\nNGUYỄN VĂN THÀNH", None, "CHỦ TỊCH", "NGUYỄN VĂN THÀNH"),
        ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐÓC\nMa Thị Sao", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐÓC", "Ma Thị Sao"),
        ("T/M ĐẢNG ỦY Tòng Thị Ết", "T/M ĐẢNG ỦY", None, "Tòng Thị Ết"),
        ("**KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC**\n\n\nCao Lộc", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Cao Lộc"),
    ],
)
def test_signature_block(block: str, authority: str | None, title: str | None, signer: str) -> None:
    text = STATE[: STATE.index("KT. GIÁM ĐỐC")] + block + "\n"
    found = values(read(text))
    assert (found.get("authority"), found.get("signer_title")) == (authority, title)
    assert found["signer"] == signer


def test_signature_before_recipients_and_without_them() -> None:
    block = "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nHoàng Thị Bích Đào\n"
    body, _, rest = STATE.partition("Nơi nhận:")
    before = body + block + "Nơi nhận:" + rest.replace(block, "")
    assert values(read(before)) == values(read(STATE))
    alone = values(read(body + block))
    assert alone["signer"] == "Hoàng Thị Bích Đào"
    assert "recipients" not in alone


def test_minutes_are_signed_by_the_head_of_the_mission() -> None:
    text = (
        "UBND HUYỆN HÒA AN\nPHÒNG TƯ PHÁP\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Độc lập - Tự do - Hạnh phúc\nBIÊN BẢN LÀM VIỆC\nVề kiểm tra sổ hộ tịch\n"
        "Hôm nay, hồi 8 giờ 30 phút ngày 04 tháng 6 năm 2012, tại xã Nà Tấu, hai bên làm việc.\n"
        "Sổ hộ tịch đủ chữ ký, số liệu khớp với báo cáo.\n"
        "ĐẠI DIỆN UBND XÃ\nCHỦ TỊCH\nNông Văn Slí\nTHƯ KÝ\nBế Thị Lan\nTRƯỞNG ĐOÀN\nHoàng Văn Tạ\n"
    )
    result = read(text)
    found = values(result)
    assert found["kind"] == "BB"
    assert found["issued_on"] == "2012-06-04"
    assert found["signer"] == "Hoàng Văn Tạ"
    assert "several-signers" in [issue.code for issue in result.issues]
    assert result.header.nulls["number"] == "absent"


def test_signer_spelled_in_two_ways_is_kept_and_flagged() -> None:
    text = STATE.replace("Tổ kiểm tra", "Tổ kiểm tra do bà Hoàng Thị Bích Đảo phụ trách")
    result = read(text)
    assert result.header.signer is not None
    assert result.header.signer.value == "Hoàng Thị Bích Đào"
    spans = [(i.start, i.end) for i in result.issues if i.code == "signer-spelling"]
    assert [text[start:end] for start, end in spans] == ["Hoàng Thị Bích Đào", "Hoàng Thị Bích Đảo"]
    assert not [i for i in read(STATE).issues if i.code == "signer-spelling"]


def test_issuer_inferred_from_symbol_and_place_says_so() -> None:
    text = (
        STATE[STATE.index("Số: 418") :]
        .replace("TB-SKHCN", "TB-STNMT")
        .replace("Sông Lam", "Hà Nam")
    )
    issuer = read(text).header.issuer
    assert issuer is not None
    assert issuer.value == "Sở Tài nguyên và Môi trường tỉnh Hà Nam"
    assert issuer.origin.startswith("inferred:")
    assert issuer.quote == "TB-STNMT"
    late = read(text.replace("năm 2021", "năm 2026")).header.issuer
    assert late is None, "this department ended on 2025-02-28"


def test_words_of_a_site_below_a_signature_are_no_second_signer() -> None:
    text = (
        "THÔNG BÁO\nVề lịch thu gom rác\nCác tổ dân phố nhắc người dân đổ rác đúng giờ.\n"
        "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLê Văn Bình\n"
        "TỆP\nĐÍNH KÈM VĂN BẢN\n"
    )
    result = read(text)
    assert result.header.signer is not None
    assert result.header.signer.value == "Lê Văn Bình"
    assert "several-signers" not in {issue.code for issue in result.issues}


def test_the_day_of_another_document_is_not_that_of_adoption() -> None:
    text = (
        "THÔNG BÁO\nVề danh mục công trình\nKính gửi: Các xã, phường\n"
        "Danh mục đã được Hội đồng thông qua (Sở Xây dựng trình tại Văn bản số 15/SXD-KT ngày "
        "08/8/2024).\n- Các xã lập dự toán.\n"
    )
    assert read(text).header.issued_on is None


def test_resolution_without_header_block() -> None:
    text = (
        "NGHỊ QUYẾT\nVỀ MỨC THU PHÍ THƯ VIỆN TRÊN ĐỊA BÀN TỈNH SÔNG LAM\n"
        "HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG LAM\nKHÓA XVI, KỲ HỌP THỨ 4\n"
        "Căn cứ Luật Phí và lệ phí năm 2015;\nQUYẾT NGHỊ:\nĐiều 1. Mức thu là 20.000 đồng/năm.\n"
        "Nghị quyết này đã được Hội đồng nhân dân tỉnh thông qua ngày 9 tháng 12 năm 2016./.\n"
    )
    result = read(text)
    assert values(result) == {
        "kind": "NQ",
        "issuer": "HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG LAM",
        "title": "VỀ MỨC THU PHÍ THƯ VIỆN TRÊN ĐỊA BÀN TỈNH SÔNG LAM",
        "issued_on": "2016-12-09",
    }
    for field in ("number", "symbol", "place", "signer"):
        assert result.header.nulls[field] == "absent"


def test_portal_table_is_used_only_where_the_document_is_silent() -> None:
    table = (
        "Số hiệu:\n99/KL-XX\nLoại văn bản:\nThông báo\nNơi ban hành:\nSở Y tế\nNgười ký:\nAi Đó\n"
        "Ngày ban hành:\n01/02/2003\nNgày hiệu lực:\nĐã biết\n"
    )
    assert values(read(table + STATE)) == values(read(STATE))
    bare = STATE.replace("Số: 418/TB-SKHCN\n", "").replace(
        "Sông Lam, ngày 05 tháng 7 năm 2021\n", ""
    )
    found = values(read(table + bare))
    assert (found["number"], found["symbol"], found["issued_on"]) == ("99", "KL-XX", "2003-02-01")


def test_number_in_the_cell_of_a_portal_is_not_a_number_line() -> None:
    table = (
        "**Số hiệu:**\n|\n5095/SKHCN-VP\n|\n|\n**Loại văn bản:**\n|\nThông báo\n|\n"
        "**Nơi ban hành:**\n|\nSở Y tế\n|\n**Ngày ban hành:**\n|\n01/02/2003\n|\n|\n"
    )
    assert values(read(table + STATE)) == values(read(STATE))


def test_issuer_of_many_lines_between_the_rules_of_a_table() -> None:
    block = "UBND THÀNH PHỐ CHÍ\nLINH\n**TRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG**\n-------\n|"
    text = STATE.replace("UBND TỈNH SÔNG LAM\nSỞ KHOA HỌC VÀ CÔNG NGHỆ", "Tin\n#\n|\n" + block)
    found = values(read(text))
    assert found["parent_agency"] == "UBND THÀNH PHỐ CHÍ LINH"
    assert found["issuer"] == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (
            "- Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc\nChính phủ;\n- Báo Sông Lam.",
            ["Bộ trưởng, Thủ trưởng cơ quan ngang bộ, cơ quan thuộc Chính phủ", "Báo Sông Lam"],
        ),
        (
            "- Chủ tịch UBND các huyện: Hòa An,\nYên Phú, Chợ Lách;\n- Công an tỉnh.",
            ["Chủ tịch UBND các huyện: Hòa An, Yên Phú, Chợ Lách", "Công an tỉnh"],
        ),
        ("Các\nThuế tỉnh, thành phố.", ["Các Thuế tỉnh, thành phố"]),
        ("Bộ trưởng\nBộ Xây dựng", ["Bộ trưởng Bộ Xây dựng"]),
        ("Ông Tạ Văn\nLương\n(Địa chỉ: thôn 3;\nSố ĐT: 1)", ["Ông Tạ Văn Lương"]),
        (
            "- Thuế thành phố Hải\nPhòng\n- Công ty Điện lực Nà Tấu.",
            ["Thuế thành phố Hải Phòng", "Công ty Điện lực Nà Tấu"],
        ),
        (
            "- Bộ trưởng các Bộ:\n|\nNội vụ, Tài chính.\n|\n|\n- Bí thư, Chủ tịch\nUBND các xã.",
            ["Bộ trưởng các Bộ: Nội vụ, Tài chính", "Bí thư, Chủ tịch UBND các xã"],
        ),
        (
            "- Sở Y tế.\n|\n|\n**Đồng kính gửi: **\n|\n- Thường trực Tỉnh ủy (để báo cáo).",
            ["Sở Y tế", "Thường trực Tỉnh ủy (để báo cáo)"],
        ),
    ],
)
def test_addressees_of_a_list_with_short_lines(lines: str, names: list[str]) -> None:
    text = (
        "UBND TỈNH SÔNG LAM\nSố: 12/UBND-VX\nSông Lam, ngày 05 tháng 7 năm 2021\n"
        f"Kính gửi:\n|\n{lines}\n|\n"
        "Thực hiện chỉ đạo của Bộ Nội vụ, Ủy ban nhân dân tỉnh có ý kiến như sau:\n"
        "Đề nghị các đơn vị rà soát hồ sơ, gửi kết quả trước ngày 20 tháng 7 năm 2021./.\n"
    )
    assert values(read(text))["addressees"] == names


@pytest.mark.parametrize("kind", ["CÔNG ĐIỆN", "NGHỊ QUYẾT", "THÔNG BÁO"])
def test_the_kind_of_a_document_is_nobody_who_issues_it(kind: str) -> None:
    text = f"**{kind}**\n\n{STATE[STATE.index('Kết luận kiểm tra') :]}"
    assert values(read(text)).get("issuer") != kind


def test_signature_above_the_charter_it_promulgates() -> None:
    head = STATE.partition("Nơi nhận:")[0]
    block = "|\n**TM. ỦY BAN\nNHÂN DÂN**\nKT. CHỦ TỊCH\n**PHÓ CHỦ TỊCH**\n**Đỗ Hữu Lộc**\n|\n"
    charter = "\n**ĐIỀU LỆ**\n" + "".join(
        f"Điều {i}. Sở Y tế giữ sổ của năm thứ {i}.\n" for i in range(1, 20)
    )
    found = values(read(head + block + charter))
    assert found["signer"] == "Đỗ Hữu Lộc"
    assert found["authority"] == "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH"


def test_date_in_bold() -> None:
    text = STATE.replace("ngày 05 tháng 7 năm 2021", "ngày **05** tháng 7 năm\n2021")
    assert values(read(text))["issued_on"] == "2021-07-05"


def test_recipients_go_on_in_brackets() -> None:
    text = STATE.replace("- Các đơn vị được kiểm tra;", "- Các đơn vị được kiểm tra;\n(để t/h)")
    assert values(read(text))["recipients"][2:] == [
        "Các đơn vị được kiểm tra; (để t/h)",
        "Lưu: VT, TTr",
    ]


def test_recipients_go_on_after_a_comma() -> None:
    text = STATE.replace(
        "- Các đơn vị được kiểm tra;",
        "- VP: CVP, PCVP Trần Lê Hạ,\nPCVP Đỗ Hữu Lộc,\nTrợ lý, Cổng TTĐT;",
    )
    assert values(read(text))["recipients"] == [
        "UBND tỉnh (để b/c)",
        "Giám đốc, các Phó Giám đốc Sở",
        "VP: CVP, PCVP Trần Lê Hạ, PCVP Đỗ Hữu Lộc, Trợ lý, Cổng TTĐT",
        "Lưu: VT, TTr",
    ]


def test_a_list_without_dashes_goes_on_behind_a_semicolon_read_as_a_comma() -> None:
    body, _, rest = STATE.partition("Nơi nhận:")
    signature = rest[rest.index("KT. GIÁM ĐỐC") :]
    listed = "Văn phòng Sở;\nCác phòng chuyên môn;\nCục Tần số - Bộ Bưu chính,\nBáo Sông Lam;\n"
    found = values(read(f"{body}Nơi nhận:\n{listed}Lưu: VT.\n\n{signature}"))
    assert found["signer"] == "Hoàng Thị Bích Đào"
    assert found["recipients"][-1] == "Lưu: VT"


@pytest.mark.parametrize(
    ("top", "family"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", "state"),
        ("CỘNG HOÀ XÃ HỘI CHỦ NGHỈA VIỆT NAM\nĐộc 1ập - Tự do - Hạnh phúc", "state"),
        ("ĐẢNG CỘNG SẢN VIỆT NAM", "party"),
        ("ĐOÀN TNCS HỒ CHÍ MINH", "union"),
    ],
)
def test_family_by_the_line_at_the_top_right(top: str, family: str) -> None:
    national = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    assert read(STATE.replace(national, top)).family == family


DECREE = """TỦ SÁCH PHÁP CHẾ \t\tCƠ SỞ DỮ LIỆU VĂN BẢN XƯA

SẮC LỆNH
CỦA CHỦ TỊCH CHÍNH PHỦ LÂM THỜI
SỐ 318 NGÀY 9 THÁNG 2 NĂM 1946

CHỦ TỊCH CHÍNH PHỦ
VIỆT NAM DÂN CHỦ CỘNG HOÀ

Chiểu theo lời đề nghị của Bộ trưởng Bộ Giao thông;
Sau khi Hội đồng Chính phủ đã thoả thuận;

RA SẮC LỆNH:

Điều thứ nhất: Lập một sở coi việc đê điều ở Bắc bộ.

Điều thứ hai: Bộ trưởng Bộ Giao thông thi hành sắc lệnh này.
"""


@pytest.mark.parametrize("kind", ["Luật", "Pháp lệnh", "Nghị quyết"])
def test_a_law_says_its_kind_before_its_number(kind: str) -> None:
    result = read(
        f"QUỐC HỘI\n{kind} số: 91/2018/QH14\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        f"Độc lập - Tự do - Hạnh phúc\n\n{kind.upper()}\nVỀ ĐÊ SÔNG\n\n"
        f"Căn cứ Hiến pháp và theo {kind} số: 12/1998/QH10;\nĐiều 1. Đê sông là tài sản chung.\n"
    )
    assert result.header.code == "91/2018/QH14"
    assert values(result)["issuer"] == "QUỐC HỘI"
    assert values(result)["title"] == "VỀ ĐÊ SÔNG"


def test_a_decree_of_1946_has_a_header() -> None:
    """No national title of today, no symbol, the line of a collection above it."""
    result = read(DECREE)
    assert result.family == "state"
    assert values(result) == {
        "kind": "SL",
        "number": "318",
        "issued_on": "1946-02-09",
        "issuer": "CHỦ TỊCH CHÍNH PHỦ LÂM THỜI",
    }
    assert result.header.code is None


def test_capitals_with_marks_that_tcvn3_does_not_have() -> None:
    lost = str.maketrans("ẮỆỦỊÍÀÁĂÂỜỐ", "ắệủịíàáăâờố")
    result = read(DECREE.translate(lost))
    assert values(result) == {
        "kind": "SL",
        "number": "318",
        "issued_on": "1946-02-09",
        "issuer": "CHủ TịCH CHíNH PHủ LâM THờI",
    }


@pytest.mark.parametrize(
    ("written", "code"),
    [("75VN/CC", "75VN/CC"), ("12/CC", "12/CC"), ("41-B", "41-B"), ("07NQ-HĐND", "07/NQ-HĐND")],
)
def test_numbers_of_headings(written: str, code: str) -> None:
    result = read(DECREE.replace("SỐ 318", f"SỐ {written}"))
    assert result.header.code == code
    assert result.header.place is None


@pytest.mark.parametrize("gap", [" ", "\n"], ids=["one line", "two lines"])
def test_a_dispatch_of_the_head_of_a_body(gap: str) -> None:
    """Its issuer is the head, also on lines of their own; the sender ends the title."""
    result = read(
        "CHỦ TỊCH\nỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Độc lập - Tự do - Hạnh phúc\nSố: 21/CĐ-UBND\nSông Lam, ngày 14 tháng 10 năm 2024\n"
        f"CÔNG ĐIỆN\nVề việc gia cố đê trước lũ{gap}CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SÔNG LAM điện:\n"
        "- Giám đốc Sở Thủy lợi;\n- Chủ tịch Ủy ban nhân dân các huyện.\n"
        "Mực nước các sông đang lên nhanh, yêu cầu các đơn vị gia cố đê ngay trong đêm.\n"
    )
    assert values(result) == {
        "kind": "CĐ",
        "number": "21",
        "symbol": "CĐ-UBND",
        "issued_on": "2024-10-14",
        "place": "Sông Lam",
        "issuer": "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SÔNG LAM",
        "title": "Về việc gia cố đê trước lũ",
        "addressees": ["Giám đốc Sở Thủy lợi", "Chủ tịch Ủy ban nhân dân các huyện"],
    }


LOST = """ủy ban nhân dân tỉnh Hải Vân

cộng hòa xã hội chủ nghĩa việt nam
Độc lập - Tự do - Hạnh phúc

Số: 812/1998/QĐ-UB

Hải Vân, ngày 03 tháng 4 năm 1998

quyết định của ủy ban nhân dân tỉnh
V/v thành lập Ban quản lý bến cá

Căn cứ Luật Tổ chức Hội đồng nhân dân;

Điều 1. Thành lập Ban quản lý bến cá.

Nơi nhận:
- Như Điều 1;

TM. ủy ban nhân dân tỉnh
Chủ tịch

Lê Thị Muối
"""


def test_headings_whose_capitals_the_encoding_lost() -> None:
    """Text of a capitals font in TCVN3 comes out in small letters; values keep them."""
    result = read(LOST)
    assert values(result) == {
        "kind": "QĐ",
        "number": "812",
        "symbol": "QĐ-UB",
        "issued_on": "1998-04-03",
        "place": "Hải Vân",
        "issuer": "ủy ban nhân dân tỉnh Hải Vân",
        "title": "thành lập Ban quản lý bến cá",
        "authority": "TM. ủy ban nhân dân tỉnh",
        "signer_title": "Chủ tịch",
        "signer": "Lê Thị Muối",
        "recipients": ["Như Điều 1"],
    }


def test_small_letters_under_a_title_in_capitals_are_no_headings() -> None:
    kept = LOST.replace("cộng hòa xã hội chủ nghĩa việt nam", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert "issuer" not in values(read(kept))


def test_heading_of_the_gazette() -> None:
    text = (
        "THÔNG TƯ\nCỦA BỘ THỦY LỢI SỐ 07/2009/TT-BTL NGÀY 20 THÁNG 8 NĂM 2009\n"
        "HƯỚNG DẪN ĐẶT TRẠM BƠM DÃ CHIẾN\nCăn cứ Luật Đê điều;\nĐiều 1. Mỗi xã đặt một trạm bơm.\n"
        "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\nĐỗ Văn Kênh\n"
    )
    result = read(text)
    assert result.header.code == "07/2009/TT-BTL"
    assert values(result) == {
        "kind": "TT",
        "number": "07",
        "symbol": "TT-BTL",
        "issued_on": "2009-08-20",
        "issuer": "BỘ THỦY LỢI",
        "title": "HƯỚNG DẪN ĐẶT TRẠM BƠM DÃ CHIẾN",
        "authority": "KT. BỘ TRƯỞNG",
        "signer_title": "THỨ TRƯỞNG",
        "signer": "Đỗ Văn Kênh",
    }


@pytest.mark.parametrize("gap", ["    ", " ", "\t"], ids=["blanks", "blank", "tab"])
def test_columns_read_as_one_line(gap: str) -> None:
    head = (
        f"UBND TỈNH SÔNG LAM{gap}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        f"SỞ KHOA HỌC VÀ CÔNG NGHỆ{gap}Độc lập - Tự do - Hạnh phúc\n"
        f"Số: 418/TB-SKHCN{gap}Sông Lam, ngày 05 tháng 7 năm 2021\n"
    )
    foot = (
        f"Nơi nhận:{gap}KT. GIÁM ĐỐC\n- UBND tỉnh (để b/c);{gap}PHÓ GIÁM ĐỐC\n"
        f"- Giám đốc, các Phó Giám đốc Sở;\n- Các đơn vị được kiểm tra;{gap}(Đã ký)\n"
        f"- Lưu: VT, TTr.{gap}Hoàng Thị Bích Đào\n"
    )
    body = STATE[STATE.index("THÔNG BÁO") : STATE.index("Nơi nhận:")]
    assert values(read(head + body + foot)) == values(read(STATE))


@given(st.text("AaĐđ1. ǅ", max_size=24), st.integers(1, 40))
@example("Aǅ", 1)
def test_capitals_are_four_of_five_letters(text: str, times: int) -> None:
    text *= times
    letters = [char for char in text[:400] if char.isupper() or char.islower()]
    share = sum(map(str.isupper, letters)) / len(letters) if letters else 0.0
    lost = "a" not in text[:400] and sum(map(str.isupper, text[:400])) > 1  # "SắC LệNH" in TCVN3
    assert is_upper(text) is (share >= 0.8 or lost)


@given(
    st.tuples(*(st.sampled_from([*word, *word, "x"]) for word in "ngay")),
    st.sampled_from(["5", "15", ""]),
    st.tuples(*(st.sampled_from([*letter, *letter, "0"]) for letter in "thang")),
    st.sampled_from(["nam", "nan", "mom", "n m"]),
    st.sampled_from(["2015", "1999", "215"]),
    st.sampled_from([" ", "  ", ""]),
)
def test_loose_dates_have_loose_digits(
    day: tuple[str, ...], number: str, month: tuple[str, ...], year: str, digits: str, gap: str
) -> None:
    text = gap.join(["".join(day), number, "".join(month), "7", year, digits])
    assert _LOOSE_DIGITS.search(text) or not LOOSE_DATE.search(text)
