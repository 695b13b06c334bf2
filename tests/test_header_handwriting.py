"""Numbers and days written by hand on scans: null with the reason, never a guess."""

from __future__ import annotations

import pytest

from pipeline.process import structured
from pipeline.readers.compose import Composer
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord
from pipeline.text.assemble import Assembler

BODY = "Căn cứ báo cáo của Văn phòng, các phòng tiếp tục rà soát hồ sơ tồn đọng từ quý"


def scanned(rows, source="ocr"):
    """The header of a page of lines given by left edge, baseline and words; "word/0.4" is doubtful.

    A letter is 5 points wide.
    """
    lines = []
    for x, baseline, text in rows:
        words = []
        for token in text.split():
            word, _, sure = token.partition("|")
            end = x + 5 * len(word)
            confidence = float(sure or 0.96) if source == "ocr" else None
            box = (x, baseline - 11, end, baseline + 2)
            words.append(PrintedWord(word, box, 11, confidence=confidence))
            x = end + 3
        lines.append(PrintedLine(tuple(words), baseline))
    out = Assembler()
    composer = Composer(out)
    composer.add(PrintedPage(1, 595, 842, source, tuple(lines)))
    composer.finish()
    return structured(out.document(b"x", name="a", media_type="image/png"))[0].header


def sheet(number, date):
    return [
        (85, 60, "SỞ NỘI VỤ TỈNH CAO LÂM"),
        (300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (330, 78, "Độc lập - Tự do - Hạnh phúc"),
        (85, 100, number),
        (330, 100, date),
        (270, 130, "QUYẾT ĐỊNH"),
        (220, 146, "Về việc tăng cường tiếp công dân"),
        *((85, 180 + 16 * row, BODY) for row in range(10)),
    ]


PRINTED = ("Số: 63/QĐ-SNV", "Cao Lâm, ngày 13 tháng 01 năm 2025")


def test_what_ocr_is_sure_of_is_kept():
    header = scanned(sheet(*PRINTED))
    assert (header.number.value, header.code) == ("63", "63/QĐ-SNV")
    assert header.issued_on.value == "2025-01-13"
    assert {"number", "issued_on"}.isdisjoint(header.nulls)


@pytest.mark.parametrize(
    "number", ["Số: 63/QĐ-SNV|0.45", "Số: Úsệ|0.2 /2025/QĐ-SNV", "Số: 6ƒ|0.31 /QĐ-SNV"]
)
def test_a_number_by_hand_is_null_with_the_reason(number):
    header = scanned(sheet(number, PRINTED[1]))
    assert (header.number, header.code) == (None, None)
    assert header.nulls["number"] == "handwritten"
    assert header.issued_on.value == "2025-01-13"


@pytest.mark.parametrize(
    "date", ["Cao Lâm, ngày 18|0.5 tháng 01 năm 2025", "Cao Lâm, ngày f{|0.41 tháng 01 năm 2025"]
)
def test_a_day_by_hand_is_null_with_the_reason(date):
    header = scanned(sheet(PRINTED[0], date))
    assert header.issued_on is None
    assert header.nulls["issued_on"] == "handwritten"
    assert header.code == "63/QĐ-SNV"


def test_where_the_whole_line_is_doubtful_it_is_unreadable():
    header = scanned(sheet("Sô:|0.4 63/QĐ-SNV|0.45", PRINTED[1]))
    assert header.nulls["number"] == "unreadable"


def test_digital_text_is_never_doubted():
    header = scanned(sheet(*PRINTED), source="text")
    assert header.code == "63/QĐ-SNV"


@pytest.mark.parametrize(
    ("number", "symbol"),
    [
        ("só:0Ÿ|0.1 /2025/QĐ-SNV", "QĐ-SNV"),
        ("Só«24\u2044J6/TB-ĐHKT|0.5", "TB-ĐHKT"),
        ("Số: ÿ33/QĐ-SNV|0.65", "QĐ-SNV"),
    ],
)
def test_of_a_number_by_hand_the_printed_symbol_stays_and_the_line_names_no_issuer(number, symbol):
    header = scanned(sheet(number, PRINTED[1]))
    assert (header.number, header.code, header.symbol.value) == (None, None, symbol)
    assert header.nulls["number"] == "handwritten"
    assert header.issuer.value == "SỞ NỘI VỤ TỈNH CAO LÂM"


@pytest.mark.parametrize(
    "date",
    [
        "Cao Lâm, ngàu)9 tháng § năm 2025",
        "Cao Lâm, ngày!9+hángD{năm|0.1 2025",
        "Cao lâm, ngày ÄÙ|0.3 tháng 12 năm 2025",
    ],
)
def test_of_a_date_by_hand_the_printed_place_stays(date):
    header = scanned(sheet(PRINTED[0], date))
    assert header.issued_on is None
    assert header.nulls["issued_on"] == "handwritten"
    assert header.place.value.casefold() == "cao lâm"


def test_a_number_line_read_without_capital_and_colon_is_one():
    header = scanned(sheet("số 08/2025/QĐ-SNV", PRINTED[1]))
    assert header.code == "08/2025/QĐ-SNV"
    assert scanned(sheet("số 08/2025/QĐ-SNV", PRINTED[1]), source="text").number is None


def test_an_issuer_over_two_lines_above_a_number_by_hand():
    rows = [
        (75, 60, "SỞ LAO ĐỘNG - THƯƠNG BINH"),
        (100, 76, "VÀ XÃ HỘI"),
        (75, 92, "--------"),
        *[(x, y + 20 if y == 100 else y, text) for x, y, text in sheet("só:0Ÿ|0.1 /QĐ-S", "")[1:5]],
        *sheet(*PRINTED)[4:],
    ]
    header = scanned([row for row in rows if row[2]])
    assert header.issuer.value == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"


def test_a_stamp_of_arrival_under_the_number_is_no_issuer():
    rows = sheet(*PRINTED)
    rows.insert(5, (85, 116, "CỔNG THÔNG TIN ĐIỆN TỬ TỈNH"))
    header = scanned(rows)
    assert header.issuer.value == "SỞ NỘI VỤ TỈNH CAO LÂM"


def test_a_rule_drawn_between_issuer_and_number_parts_nothing():
    rows = sheet(*PRINTED)
    rows.insert(1, (110, 76, "————"))
    assert scanned(rows).issuer.value == "SỞ NỘI VỤ TỈNH CAO LÂM"


def test_a_signature_that_ocr_lost_is_unreadable_not_absent():
    foot = [(85, 380, "Nơi nhận:"), (85, 396, "- Các phòng;"), (85, 412, "- Lưu: VT.")]
    header = scanned([*sheet(*PRINTED), *foot])
    assert header.recipients
    assert (header.nulls["signer"], header.nulls["signer_title"]) == ("unreadable", "unreadable")
    digital = scanned([*sheet(*PRINTED), *foot], source="text")
    assert digital.nulls["signer"] == "absent"


def test_a_signer_of_which_a_stamp_left_half_a_word_is_unreadable():
    foot = [(85, 380, "Nơi nhận:"), (85, 396, "- Lưu: VT."), (330, 380, "GIÁM ĐỐC")]
    torn = scanned([*sheet(*PRINTED), *foot, (330, 440, "Do|0.4 Minh Bích")])
    assert (torn.signer, torn.nulls["signer"]) == (None, "unreadable")
    marks = scanned([*sheet(*PRINTED), *foot, (330, 440, "Do Minh Bích")])
    assert (marks.signer, marks.nulls["signer"]) == (None, "unreadable")
    unknown = scanned([*sheet(*PRINTED), *foot, (330, 440, "Rơ Minh Bích")])
    assert unknown.signer.value == "Rơ Minh Bích"
    read = scanned([*sheet(*PRINTED), *foot, (330, 440, "Đỗ|0.8 Minh Bích")])
    assert read.signer.value == "Đỗ Minh Bích"


def test_a_number_line_whose_blank_and_stroke_were_lost_is_no_issuer():
    header = scanned(sheet("Số: SNV-VP", PRINTED[1]))
    assert header.issuer.value == "SỞ NỘI VỤ TỈNH CAO LÂM"
    assert (header.number, header.symbol.value) == (None, "SNV-VP")
