"""Reading order of notices: head, body, page breaks, foot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.reading.render import fonts, notices, render
from bench.reading.score import character_and_word_edits, without_page_numbers
from pipeline.document import Document
from pipeline.process import structured
from pipeline.readers.blocks import followed, label_of
from pipeline.readers.compose import Composer
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf
from pipeline.readers.printed import PrintedLine, PrintedPage, PrintedWord
from pipeline.text.assemble import Assembler


@pytest.fixture(scope="module")
def read():
    try:
        fonts("times")
    except LookupError as reason:
        pytest.skip(str(reason))
    made = [render(notice) for notice in notices()]
    return [
        (
            notice,
            read_pdf(
                notice.pdf, name="a.pdf", media_type="application/pdf", limits=Limits(ocr=False)
            ),
        )
        for notice in made
    ]


def noted(document, note):
    return [document.text[b.start : b.end] for b in document.blocks if b.note == note]


def test_the_head_is_read_column_by_column(read):
    for notice, document in read:
        left, right = noted(document, "header-left")[0], noted(document, "header-right")[0]
        assert right.split("\n") == notice.header_right
        assert " ".join(left.split()) == " ".join(notice.header_left)
        assert document.text.index(left) == 0


def test_the_foot_is_read_column_by_column(read):
    for notice, document in read:
        assert noted(document, "footer-left") == ["\n".join(notice.recipients)]
        assert noted(document, "footer-right") == ["\n".join(notice.signature)]


def test_every_paragraph_of_the_body_is_one_line_also_over_a_page_break(read):
    for notice, document in read:
        lines = document.text.split("\n")
        assert [line for line in notice.body if line not in lines] == []


def test_the_whole_text_is_exact(read):
    for notice, document in read:
        text = without_page_numbers(document)
        edits, length, _, _ = character_and_word_edits("\n".join(notice.body), text)
        assert edits <= 0.0005 * length


def test_page_numbers_are_blocks_of_their_own(read):
    for notice, document in read:
        numbers = [
            document.text[b.start : b.end] for b in document.blocks if b.kind == "page-number"
        ]
        assert numbers == [str(page) for page in range(2, notice.pages + 1)]


def test_headings_carry_weight_size_and_alignment(read):
    document = read[0][1]
    headings = {document.text[b.start : b.end]: b for b in document.blocks if b.kind == "heading"}
    assert headings["THÔNG BÁO"].align == "center"
    section = headings["II. TỒN TẠI, HẠN CHẾ"]
    assert (section.bold, section.size, section.label) == (True, 13.5, "II.")
    plain = next(b for b in document.blocks if document.text[b.start :].startswith("1. Trong"))
    assert (plain.bold, plain.kind, plain.align) == (False, "item", "justify")


def test_words_have_boxes_on_their_page(read):
    for _, document in read:
        assert document.words
        for word in document.words:
            assert document.text[word.start : word.end].strip()
            x0, y0, x1, y1 = word.box
            assert 0 <= x0 < x1 <= document.pages[0].width
            assert 0 <= y0 < y1 <= document.pages[0].height


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1. Giao Phòng", "1."),
        ("a) Đôn đốc", "a)"),
        ("đ) Kiến nghị", "đ)"),
        ("- Chủ trì", "-"),
        ("II. TỒN TẠI", "II."),
        ("3.2. Chỉ đạo", "3.2."),
        ("Điều 5. Hiệu lực", "Điều 5."),
        ("Phần thứ nhất: KẾT QUẢ", "Phần thứ nhất:"),
        ("A. CÔNG TÁC CHỈ ĐẠO", "A."),
        ("2024 là năm", None),
        ("Công ty A", None),
        ("12/9 đến nay", None),
    ],
)
def test_labels(text, label):
    assert label_of(text) == label


def typed(page: int, rows: list[tuple[float, float, str]], size: float = 13.0) -> PrintedPage:
    """A page of lines given by left edge, baseline and text; a letter is half an em wide."""
    lines = []
    for x, baseline, text in rows:
        words = []
        for word in text.split():
            end = x + len(word) * size / 2
            words.append(PrintedWord(word, (x, baseline - size, end, baseline + 3), size))
            x = end + size / 4
        lines.append(PrintedLine(tuple(words), baseline))
    return PrintedPage(page, 595, 842, "text", tuple(lines))


@pytest.mark.parametrize(
    ("office", "split"),
    [
        ("UBND TỈNH HÒA SƠN", True),
        ("TRUNG TÂM KIỂM SOÁT BỆNH TẬT", True),
        ("ĐẠI SỨ QUÁN NƯỚC", False),
        ("đại sứ quán nước", False),
    ],
)
def test_a_name_that_ends_a_blank_before_the_motto_is_not_its_line(office, split):
    body = "của tỉnh, các sở báo cáo việc thực hiện nhiệm vụ của quý một và kế hoạch"
    rows = [
        (320 - 5.5 * len(office), 60, f"{office} CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (120, 78, "Số: 318/TB-UBND"),
        (360, 78, "Độc lập - Tự do - Hạnh phúc"),
        *((85, baseline, body) for baseline in (110, 128, 146)),
    ]
    document = composed(typed(1, rows, size=12))
    lines = document.text.split("\n")
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in lines) is split
    assert (office in lines) is split


def composed(*pages: PrintedPage) -> Document:
    out = Assembler()
    composer = Composer(out)
    for page in pages:
        composer.add(page)
    composer.finish()
    return out.document(b"x", name="a", media_type="application/pdf")


FULL = "Các phòng chuyên môn tiếp tục rà soát toàn bộ hồ sơ còn tồn đọng từ quý"


def body(start: float, count: int) -> list[tuple[float, float, str]]:
    return [(85, start + 18 * index, FULL) for index in range(count)]


def test_a_paragraph_goes_on_behind_the_page_number():
    first = typed(1, [*body(100, 6), (290, 810, "1")])
    second = typed(2, [(290, 40, "2"), (85, 80, "trước của năm nay."), *body(120, 4)])
    document = composed(first, second)
    assert "từ quý trước của năm nay." in document.text
    block = next(b for b in document.blocks if "năm nay" in document.text[b.start : b.end])
    assert block.page == 1
    assert document.pages[1].start == document.text.index("trước của năm nay")
    order = [document.text[b.start : b.end] for b in document.blocks if b.kind == "page-number"]
    assert order == ["1", "2"]


def test_an_indented_line_on_the_next_page_begins_a_paragraph():
    first = typed(1, [*body(100, 5), (85, 190, "kết thúc tại đây.")])
    second = typed(2, [(121, 80, "Trong quý tới, các đơn vị"), *body(98, 4)])
    assert "đây.\nTrong quý tới" in composed(first, second).text


def test_no_blank_behind_a_hyphen_at_the_end_of_a_line():
    rows = [*body(100, 3), (85, 154, FULL[:-9] + "ngày 262/QĐ-"), (85, 172, "SXD của Sở.")]
    assert "262/QĐ-SXD của Sở." in composed(typed(1, rows)).text


def set_in(start: float, count: int) -> list[tuple[float, float, str]]:
    """Paragraphs of two lines, the first set in: page after page of an office is printed so."""
    rows = []
    for index in range(count):
        rows += [(121, start + 36 * index, FULL[:-7]), (85, start + 18 + 36 * index, FULL)]
    return rows


def test_where_paragraphs_are_set_in_each_line_set_in_begins_one():
    rows = [*set_in(100, 3), (121, 208, FULL[:-7]), (121, 226, "Văn phòng tổng hợp chung.")]
    lines = composed(typed(1, [*rows, *body(260, 3)])).text.split("\n")
    assert "Văn phòng tổng hợp chung." in lines


def test_a_line_set_in_that_goes_on_in_small_letters_begins_none():
    rows = [*set_in(100, 3), (121, 208, FULL[:-7]), (121, 226, "còn lại của kỳ trước.")]
    text = composed(typed(1, [*rows, *body(260, 3)])).text
    assert FULL[:-7] + " còn lại của kỳ trước." in text


def test_a_dash_that_begins_a_wrapped_line_is_no_bullet():
    rows = [*set_in(100, 3), (121, 208, FULL[:-7]), (85, 226, "- Tả Lủng đã nối thông.")]
    assert FULL[:-7] + " - Tả Lủng đã nối thông." in composed(typed(1, rows)).text


def test_recipients_that_run_over_a_page_are_all_read_behind_its_number():
    first = typed(
        1,
        [
            (85, 60, "UBND HUYỆN A"),
            (300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (330, 78, "Độc lập - Tự do - Hạnh phúc"),
            (85, 100, "Số: 12/TB-UBND"),
            (330, 100, "Xã A, ngày 3 tháng 2 năm 2025"),
            (260, 130, "THÔNG BÁO"),
            *body(160, 25),
            (85, 700, "Nơi nhận:"),
            (400, 700, "CHỦ TỊCH"),
            (85, 716, "- Các phòng chuyên môn và đơn vị"),
            (400, 760, "Lê Thị Ba"),
        ],
        size=11,
    )
    rows = ["Huyện;", "- Hạt Kiểm lâm huyện;", "- Lưu: VT."]
    second = typed(
        2, [(290, 40, "2"), *((85, 80 + 16 * i, row) for i, row in enumerate(rows))], size=11
    )
    header = structured(composed(first, second))[0].header
    assert "Hạt Kiểm lâm huyện" in [found.value for found in header.recipients]
    assert header.signer.value == "Lê Thị Ba"


def test_the_foot_may_go_on_over_a_page():
    first = typed(
        1,
        [
            *body(100, 30),
            (85, 700, "Nơi nhận:"),
            (380, 700, "KT. GIÁM ĐỐC"),
            (85, 716, "- Như trên;"),
        ],
    )
    second = typed(2, [(85, 60, "- Lưu: VT."), (380, 90, "Lê Thị Ba")])
    document = composed(first, second)
    assert noted(document, "footer-left") == ["Nơi nhận:\n- Như trên;", "- Lưu: VT."]
    assert noted(document, "footer-right") == ["KT. GIÁM ĐỐC", "Lê Thị Ba"]


def test_a_sentence_about_a_place_of_receipt_is_no_foot():
    rows = [*body(100, 5), (121, 194, "Nơi nhận hồ sơ: phòng 12, tầng 2."), *body(212, 3)]
    assert noted(composed(typed(1, rows)), "footer-left") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [("- Các phòng chuyên môn, ngành", "TW;"), ("- Các xã: Hòa Sơn, Lam Giang,", "Ninh Hòa;")],
)
def test_a_recipient_that_runs_over_lines_is_one_line(first, second):
    rows = [*body(100, 30), (85, 700, "Nơi nhận:"), (380, 700, "GIÁM ĐỐC")]
    rows += [(85, 716, first), (85, 732, second), (85, 748, "- Lưu: VT.")]
    recipients = f"Nơi nhận:\n{first} {second}\n- Lưu: VT."
    assert noted(composed(typed(1, rows)), "footer-left") == [recipients]


def test_the_motto_close_behind_a_long_name_and_a_far_dash_begin_the_right_column():
    rows = [
        (85, 60, "TỔNG CÔNG TY ĐIỆN LỰC A"),
        (85 + 6.5 * 19 + 3.25 * 5 + 10, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (130, 78, "-"),
        (280, 78, "Độc lập - Tự do - Hạnh phúc"),
        (100, 100, "Số: 12/TB-TCT"),
        (280, 100, "Xã A, ngày 3 tháng 2 năm 2025"),
        *body(180, 8),
    ]
    page = typed(1, rows)
    one, two, three, four, *rest = page.lines
    as_scanned = (followed(one, two), followed(three, four), *rest)
    document = composed(replace(page, lines=as_scanned))
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    assert noted(document, "header-right") == [right + "Xã A, ngày 3 tháng 2 năm 2025"]


def test_a_wrapped_subject_is_one_line():
    rows = [
        (100, 60, "UBND HUYỆN A"),
        (300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (330, 78, "Độc lập - Tự do - Hạnh phúc"),
        (100, 100, "Số: 12/UBND-VP"),
        (330, 100, "Xã A, ngày 3 tháng 2 năm"),
        (385, 116, "2025"),
        (90, 116, "V/v rà soát hồ sơ"),
        (95, 132, "đất đai năm 2025"),
        *body(180, 8),
    ]
    document = composed(typed(1, rows, size=11))
    assert noted(document, "header-left")[0].split("\n")[-1] == (
        "V/v rà soát hồ sơ đất đai năm 2025"
    )
    assert noted(document, "header-right")[0].endswith("ngày 3 tháng 2 năm 2025")
