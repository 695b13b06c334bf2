"""Documents cited by number: forms of State, Party and Union, dates, short forms, look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.references import (
    find_references,
    kind_of,
    normal_code,
    resolve_short_forms,
)


def codes(text: str, own: str | None = None) -> list[str]:
    return [reference.code for reference in find_references(text, own_code=own)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kế hoạch số 64/KH-STNMT của Sở", "64/KH-STNMT"),
        ("Kế hoạch số 64 /KH-STNMT", "64/KH-STNMT"),
        ("Kết luận 47/ KL - TTr của Thanh tra", "47/KL-TTr"),
        ("Nghị định số 30/2020/NĐ-CP", "30/2020/NĐ-CP"),
        ("Luật số 39/2012/QH13", "39/2012/QH13"),
        ("Nghị quyết số 70/2025/UBTVQH15", "70/2025/UBTVQH15"),
        ("Thông tư liên tịch 08/2011/TTLT-BNV-BTC", "08/2011/TTLT-BNV-BTC"),
        ("Thông tư liên tịch 416/1999/TTLT/BKH-BTC-BXD", "416/1999/TTLT/BKH-BTC-BXD"),
        ("Công văn 7415/BNV-CCVC", "7415/BNV-CCVC"),
        ("Công văn số 6721/VPCP-V.I", "6721/VPCP-V.I"),
        ("Chỉ thị số 31-CT/TU", "31-CT/TU"),
        ("Kế hoạch 02-KH/BCĐTW", "02-KH/BCĐTW"),
        ("Kết luận số 221 - KL/TW", "221-KL/TW"),
        ("Nghị quyết 03–NQ/ĐCT", "03-NQ/ĐCT"),
        ("Nghị quyết số 19-2017/NQ-CP", "19-2017/NQ-CP"),
        ("Nghị định 121/2003/NĐCP", "121/2003/NĐCP"),
        ("Quyết định số 12/QÐ-UBND", "12/QĐ-UBND"),
        ("Quyết định số 12/QĐ–UBND", "12/QĐ-UBND"),
        ("Thông tư số 09/2016/TTLT-BTP- BTC", "09/2016/TTLT-BTP-BTC"),
        ("Công văn số 233/UBND", "233/UBND"),
        ("số 19/QTKD của Khoa", "19/QTKD"),
    ],
)
def test_code(text, code):
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Kế hoạch số 64/KH-SNV ngày 18/5/2023", "2023-05-18"),
        ("Kế hoạch số 64/KH-SNV ngày 18 tháng 5 năm 2023 của Sở", "2023-05-18"),
        ("Kế hoạch số 64/KH-SNV (ngày 18/5/2023)", "2023-05-18"),
        ("Kế hoạch số 64/KH-SNV, ban hành ngày 18-5-2023", "2023-05-18"),
        ("Kế hoạch số 64/KH-SNV của Sở Nội vụ ngày 18/5/2023", "2023-05-18"),
        ("Kế hoạch số 64/KH-SNV; họp ngày 18/5", None),
        ("Kế hoạch số 64/KH-SNV về việc kiểm tra từ ngày 18/5/2023", None),
    ],
)
def test_date_that_follows(text, date):
    assert find_references(text)[0].date == date


@pytest.mark.parametrize(
    "text",
    [
        "đạt 56/93 nhiệm vụ",
        "tốc độ 80 km/h",
        "ngày 18/5/2023",
        "giai đoạn 2021-2025",
        "nhà 12/A đường Lê Lợi",
        "lý trình K0+740/QL",
        "9/11 đơn vị",
        "xử phạt 5 triệu đồng/HS",
        "3G/4G",
        "",
    ],
)
def test_no_reference(text):
    assert codes(text) == []


def test_a_remark_after_a_spaced_hyphen_is_not_part_of_the_code():
    assert codes("theo Quyết định 12/QĐ-UBND - Sở Nội vụ chủ trì") == ["12/QĐ-UBND"]


def test_the_documents_own_code_is_no_reference():
    text = "Số: 229/TB-SNV ... theo Kế hoạch 64/KH-SNV"
    assert codes(text, own="229/TB-SNV") == ["64/KH-SNV"]
    assert codes("Số: 229 /TB - SNV", own="229/TB-SNV") == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("64/KH-STNMT", "KH"),
        ("30/2020/NĐ-CP", "NĐ"),
        ("39/2012/QH13", "QH"),
        ("31-CT/TU", "CT"),
        ("7415/BNV-CCVC", "CV"),
        ("844/TTr-BTC", "TTr"),
        ("19/QTKD", None),
    ],
)
def test_kind(code, kind):
    assert kind_of(code) == kind


def test_short_forms_are_resolved_where_one_document_fits():
    text = "Quyết định số 262/QĐ-SNV ngày 05/7/2023. Thành viên Đoàn QĐ 262; Quyết định số 262."
    full = find_references(text)
    short = resolve_short_forms(text, full)
    assert [(r.code, r.quote) for r in short] == [
        ("262/QĐ-SNV", "QĐ 262"),
        ("262/QĐ-SNV", "Quyết định số 262"),
    ]
    assert short[0].date == "2023-07-05"


@pytest.mark.parametrize(
    "text",
    [
        "262/QĐ-SNV và 262/QĐ-STC. Theo QĐ 262",  # two candidates
        "262/QĐ-SNV. Theo KH 262",  # another kind
        "262/QĐ-SNV. Theo QĐ 2624",
        "262/QĐ-SNV. Theo Quyết định 262/QĐ-STC",
        "Theo QĐ 262",
    ],
)
def test_short_forms_that_stay_open(text):
    full = find_references(text)
    assert resolve_short_forms(text, full) == ()


def test_normal_code():
    assert normal_code("229 /TB – SNV") == "229/TB-SNV"


@given(st.text(alphabet="0123456789/-–. QĐTBUNDKH20số", max_size=120))
def test_any_text_gives_verbatim_references(text):
    for reference in find_references(text):
        assert text[reference.start : reference.end] == reference.quote
        assert " " not in reference.code


@pytest.mark.parametrize(
    ("before", "is_code"),
    [
        ("số ", True),
        ("Số:   ", True),
        ("SỐ :\t", True),
        ("", False),
        ("hồ sơ ", False),
        ("cố ", False),
    ],
)
def test_number_and_letters_are_a_code_where_they_are_called_one(before, is_code):
    found = find_references(f"Xem {before}15/BKVN để biết.")
    assert [reference.code for reference in found] == ["15/BKVN"] * is_code


def test_short_form_with_zeros_in_front():
    text = "Quyết định số 7/QĐ-UBND ngày 1/2/2024. Theo QĐ 007 thì làm; QĐ 70 thì không."
    short = resolve_short_forms(text, find_references(text))
    assert [(found.code, found.quote) for found in short] == [("7/QĐ-UBND", "QĐ 007")]
