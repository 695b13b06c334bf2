"""Words, verdicts and tables of PDF pages drawn by the tests."""

from __future__ import annotations

import io
import unicodedata

import pypdfium2 as pdfium
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from bench.reading.render import PAGE, fonts
from pipeline.errors import CorruptFileError, EncryptedFileError, LimitError
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf
from pipeline.readers.pdf_verdict import Verdict, judge
from pipeline.readers.pdf_words import read_words
from pipeline.resources import lexicon_rows

NO_OCR = Limits(ocr=False)
_TCVN3 = {
    ord(row["character"]): chr(int(row["seen"], 16))
    for row in lexicon_rows("legacy_encodings")
    if row["scheme"] == "tcvn3"
}


@pytest.fixture(scope="module")
def regular():
    try:
        return fonts()[0]
    except LookupError as reason:
        pytest.skip(str(reason))


def drawn(paint, *, pagesize=PAGE, **options):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=pagesize, invariant=1, **options)
    paint(canvas)
    canvas.save()
    return out.getvalue()


def with_rotation(pdf, turn):
    """The PDF with its page shown turned clockwise."""
    document = pdfium.PdfDocument(pdf)
    document[0].set_rotation(turn)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def first_page(pdf):
    return read_words(pdfium.PdfDocument(pdf)[0])


def read(pdf, limits=NO_OCR):
    return read_pdf(pdf, name="a.pdf", media_type="application/pdf", limits=limits)


def spread(canvas, font, pieces, size=14, y=700.0, x=80.0):
    """Draw pieces one behind the other as separate text objects, as a fallback font does."""
    for piece in pieces:
        canvas.setFont(font, size)
        canvas.drawString(x, y, piece)
        x += pdfmetrics.stringWidth(piece, font, size)


def test_words_split_over_text_objects_are_put_together(regular):
    pdf = drawn(lambda c: spread(c, regular, ["K", "ế", "t lu", "ậ", "n c", "ủ", "a Sở"]))
    assert [word.text for line in first_page(pdf).lines for word in line.words] == (
        ["Kết", "luận", "của", "Sở"]
    )


def test_letters_drawn_out_of_order_stand_where_they_are_printed(regular):
    def paint(canvas):
        canvas.setFont(regular, 14)
        width = pdfmetrics.stringWidth
        at = {0: "X", 2: "t"}
        x = [80.0, 80 + width("X", regular, 14), 80 + width("Xé", regular, 14)]
        for index, letter in at.items():
            canvas.drawString(x[index], 700, letter)
        canvas.drawString(x[1], 700, "é")

    assert first_page(drawn(paint)).lines[0].text == "Xét"


def test_words_without_printed_spaces_part_at_gaps(regular):
    def paint(canvas):
        x = 80.0
        canvas.setFont(regular, 13)
        for word in ["Ban", "Quản", "lý", "dự", "án"]:
            canvas.drawString(x, 700, word)
            x += pdfmetrics.stringWidth(word, regular, 13) + 3.2

    assert first_page(drawn(paint)).lines[0].text == "Ban Quản lý dự án"


def test_text_drawn_twice_to_look_bold_is_read_once(regular):
    def paint(canvas):
        canvas.setFont(regular, 14)
        canvas.drawString(80, 700, "NGHỊ QUYẾT")
        canvas.drawString(80.4, 700, "NGHỊ QUYẾT")

    assert [line.text for line in first_page(drawn(paint)).lines] == ["NGHỊ QUYẾT"]


def test_decomposed_letters_become_nfc(regular):
    text = unicodedata.normalize("NFD", "chủ trì")
    pdf = drawn(lambda c: (c.setFont(regular, 14), c.drawString(80, 700, text)))
    assert unicodedata.is_normalized("NFC", read(pdf).text)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_level_with_boxes_on_the_page_as_shown(regular, turn):
    def paint(canvas):
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.setFont(regular, 14)
        canvas.drawString(-100, 40, "Phòng Tài vụ")
        canvas.drawString(-100, 0, "báo cáo")

    document = read(with_rotation(drawn(paint), turn))
    assert document.text.split() == ["Phòng", "Tài", "vụ", "báo", "cáo"]
    page = document.pages[0]
    assert (page.width > page.height) == (turn in (90, 270))
    for word in document.words:
        x0, y0, x1, y1 = word.box
        assert 0 <= x0 < x1 <= page.width
        assert 0 <= y0 < y1 <= page.height
    assert document.words[0].box[1] < document.words[-1].box[1]


def test_a_superscript_stays_in_its_line(regular):
    def paint(canvas):
        canvas.setFont(regular, 14)
        canvas.drawString(80, 700, "diện tích 120 m")
        at = 80 + pdfmetrics.stringWidth("diện tích 120 m", regular, 14)
        canvas.setFont(regular, 8)
        canvas.drawString(at, 706, "2")

    assert [line.text for line in first_page(drawn(paint)).lines] == ["diện tích 120 m2"]


def test_a_watermark_across_the_page_is_kept_apart(regular):
    def paint(canvas):
        canvas.setFont(regular, 13)
        for row in range(12):
            canvas.drawString(80, 700 - 20 * row, "Các đơn vị trực thuộc rà soát hồ sơ tồn đọng.")
        canvas.saveState()
        canvas.translate(150, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "BẢN NHÁP")
        canvas.restoreState()

    document = read(drawn(paint))
    notes = {block.note for block in document.blocks if block.kind == "boilerplate"}
    assert notes == {"watermark"}
    body = next(b for b in document.blocks if b.kind == "paragraph")
    assert "NHÁP" not in document.text[body.start : body.end]
    assert "NHÁP" in document.text


def test_a_ruled_table_is_read_row_by_row(regular):
    def paint(canvas):
        canvas.setFont(regular, 12)
        for row, cells in enumerate([("TT", "Đơn vị", "Số hồ sơ"), ("1", "Phòng Đất đai", "42")]):
            for column, cell in enumerate(cells):
                canvas.rect(80 + 120 * column, 680 - 24 * row, 120, 24)
                canvas.drawString(86 + 120 * column, 687 - 24 * row, cell)

    document = read(drawn(paint))
    rows = [document.text[b.start : b.end] for b in document.blocks if b.kind == "table"]
    assert rows == ["TT\tĐơn vị\tSố hồ sơ", "1\tPhòng Đất đai\t42"]


UNICODE = "đại hội thông qua nghị quyết về phát triển kinh tế xã hội của tỉnh trong năm tới"
LEGACY = UNICODE.translate(_TCVN3)


def test_a_tcvn3_layer_is_decoded(regular):
    pdf = drawn(lambda c: (c.setFont(regular, 12), c.drawString(60, 700, LEGACY)))
    page = pdfium.PdfDocument(pdf)[0]
    verdict, text = judge(page, read_words(page))
    assert verdict is Verdict.LEGACY
    assert text.lines[0].text == UNICODE
    assert read(pdf).pages[0].steps == ("legacy-font",)


def test_a_layer_without_meaning_is_garbage(regular):
    noise = " ".join(["qxw", "zrt", "bvk", "pln", "dfg", "hjk", "wwx", "ccv"] * 3)
    pdf = drawn(lambda c: (c.setFont(regular, 9), c.drawString(40, 700, noise)))
    page = pdfium.PdfDocument(pdf)[0]
    assert judge(page, read_words(page))[0] is Verdict.GARBAGE


def test_invisible_text_over_a_picture_is_kept_as_the_ocr_of_someone_else(regular):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def paint(canvas):
        canvas.drawImage(ImageReader(Image.new("L", (400, 560), 230)), 0, 0, *PAGE)
        for row in range(12):
            text = canvas.beginText(80, 700 - 20 * row)
            text.setFont(regular, 12)
            text.setTextRenderMode(3)
            text.textLine("Các đơn vị trực thuộc rà soát hồ sơ tồn đọng.")
            canvas.drawText(text)

    document = read(drawn(paint))
    assert document.pages[0].source == "ocr-layer"
    assert [issue.code for issue in document.issues] == ["ocr-layer"]
    assert "rà soát hồ sơ tồn đọng" in document.text


@pytest.mark.ocr
@pytest.mark.slow
def test_invisible_text_that_is_no_vietnamese_is_read_again_by_ocr(regular):
    from reportlab.lib.utils import ImageReader

    def printed(canvas):
        canvas.setFont(regular, 13)
        for row in range(12):
            canvas.drawString(80, 700 - 20 * row, "Các đơn vị trực thuộc rà soát hồ sơ tồn đọng.")

    scan = ImageReader(pdfium.PdfDocument(drawn(printed))[0].render(scale=200 / 72).to_pil())

    def paint(canvas):
        canvas.drawImage(scan, 0, 0, *PAGE)
        for row in range(12):
            text = canvas.beginText(80, 700 - 20 * row)
            text.setFont(regular, 12)
            text.setTextRenderMode(3)
            text.textLine("Cac dcm vl trvc thuqc rd sodt hd so tdn dpng qzx wkf")
            canvas.drawText(text)

    document = read(drawn(paint), Limits())
    assert document.pages[0].source == "ocr"
    assert document.text.count("rà soát hồ sơ tồn đọng") == 12


def test_a_picture_of_a_page_is_a_scan_and_says_that_ocr_is_off():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("L", (827, 1169), 240))
    pdf = drawn(lambda c: c.drawImage(picture, 0, 0, *PAGE))
    document = read(pdf)
    assert document.text == ""
    assert [(issue.code, issue.severity) for issue in document.issues] == [("ocr-off", "error")]


def test_an_empty_page_is_no_scan():
    document = read(drawn(lambda c: c.showPage()))
    assert document.text == ""
    assert document.issues == ()


def test_a_password_is_named_as_the_reason(regular):
    from reportlab.lib.pdfencrypt import StandardEncryption

    lock = StandardEncryption("bí mật".encode("latin-1", "replace").decode("latin-1"))
    pdf = drawn(lambda c: c.drawString(80, 700, "a"), encrypt=lock)
    with pytest.raises(EncryptedFileError):
        read(pdf)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4 garbage" * 50, b"PK\x03\x04zip"])
def test_bytes_that_are_no_pdf_are_corrupt(data):
    with pytest.raises(CorruptFileError):
        read(data)


def test_pages_and_pixels_are_limited(regular):
    many = drawn(lambda c: [c.showPage() for _ in range(4)])
    with pytest.raises(LimitError):
        read(many, Limits(ocr=False, max_pages=3))
    huge = drawn(lambda c: c.rect(0, 0, 10_000, 10_000), pagesize=(200_000, 200_000))
    with pytest.raises(LimitError):
        read(huge, Limits())
