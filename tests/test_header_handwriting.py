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
