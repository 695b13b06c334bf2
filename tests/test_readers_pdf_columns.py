"""Body text in two columns, as gazettes and newspapers are set."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, NextPageTemplate, PageTemplate
from reportlab.platypus import Paragraph as Printed
from reportlab.platypus import Table as PrintedTable

from bench.reading.render import fonts
from pipeline.errors import ToolMissingError
from pipeline.readers.image import read_image
from pipeline.readers.limits import Limits
from pipeline.readers.ocr import find_tessdata
from pipeline.readers.pdf import read_pdf

TITLE = "Huyện Sông Bạch kiểm tra việc chăm sóc cây xanh ở các trường học trong mùa khô năm 2023"
PARAGRAPHS = [
    f"Trường {name} đã trồng {count} cây bóng mát, trong đó {alive} cây sống; nhà trường giao mỗi "
    "lớp chăm sóc một hàng cây, có sổ theo dõi việc tưới nước và bón phân theo tuần, có giáo viên "
    "kiểm tra vào sáng thứ hai. Một số cây ở phía sau nhà đa năng còn thiếu cọc chống, tổ bảo vệ "
    "chậm thay cọc gãy sau các trận gió lớn, học sinh lớp dưới hay bẻ cành."
    for name, count, alive in (
        ("Tiểu học Lá Xanh", 120, 111),
        ("Tiểu học Cầu Tre", 86, 80),
        ("Trung học cơ sở Đồi Chè", 230, 204),
        ("Trung học cơ sở Bến Đá", 145, 139),
        ("Mầm non Hoa Gạo", 52, 50),
        ("Trung học phổ thông Sông Bạch", 310, 287),
        ("Tiểu học Đồng Lau", 97, 90),
        ("Tiểu học Hòn Khói", 64, 60),
    )
]
LAST = "Ủy ban nhân dân huyện yêu cầu các trường thay cọc gãy trước ngày 30 tháng 4 năm 2023."


@pytest.fixture(scope="module")
def family():
    try:
        return fonts("times")[0]
    except LookupError as reason:
        pytest.skip(str(reason))


def page_of(family, columns, size=11.0, gap=18.0):
    """A page: the title across, PARAGRAPHS in `columns` columns, LAST behind them."""
    made = io.BytesIO()
    title = ParagraphStyle("t", fontName=family, fontSize=15, leading=19, alignment=TA_CENTER)
    body = ParagraphStyle(
        "b",
        fontName=family,
        fontSize=size,
        leading=1.25 * size,
        alignment=TA_JUSTIFY,
        firstLineIndent=14,
        spaceAfter=3,
    )
    plain = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
    width = (A4[0] - 120 - gap * (columns - 1)) / columns
    frames = [Frame(60, 740, A4[0] - 120, 60, **plain)]
    frames += [
        Frame(60 + index * (width + gap), 60, width, 670, **plain) for index in range(columns)
    ]
    document = BaseDocTemplate(made, pagesize=A4)
    document.addPageTemplates(PageTemplate("p", frames))
    story = [NextPageTemplate("p"), Printed(TITLE, title), FrameBreak()]
    document.build([*story, *(Printed(text, body) for text in [*PARAGRAPHS, LAST])])
    return made.getvalue()


def read(pdf):
    return read_pdf(pdf, name="a.pdf", media_type="application/pdf", limits=Limits(ocr=False))


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(("size", "gap"), [(11.0, 18.0), (10.5, 12.0), (12.0, 28.0)])
def test_columns_are_read_one_after_the_other(family, columns, size, gap):
    document = read(page_of(family, columns, size, gap))
    lines = [line for line in document.text.split("\n") if line]
    assert lines == [TITLE, *PARAGRAPHS, LAST]


def test_a_paragraph_that_goes_on_in_the_second_column_has_words_in_both(family):
    document = read(page_of(family, 2))
    over = [
        block
        for block in document.blocks
        if block.kind == "paragraph" and block.box and block.box[2] - block.box[0] > 300
    ]
    assert len(over) == 1


def test_a_list_with_values_is_read_row_by_row(family):
    style = ParagraphStyle("b", fontName=family, fontSize=11, leading=14)
    rows = [
        [
            Printed(f"Trường thứ {n} trong danh sách các trường đã kiểm tra", style),
            Printed(f"{n * 13} cây", style),
        ]
        for n in range(1, 15)
    ]
    made = io.BytesIO()
    document = BaseDocTemplate(made, pagesize=A4)
    document.addPageTemplates(PageTemplate("p", [Frame(60, 60, A4[0] - 120, 700)]))
    document.build([PrintedTable(rows, colWidths=[290, 180])])
    text = read(made.getvalue()).text
    assert text.index("13 cây") < text.index("Trường thứ 2 ")


@pytest.mark.ocr
@pytest.mark.slow
def test_columns_of_a_scan_are_read_one_after_the_other(family):
    picture = io.BytesIO()
    try:
        find_tessdata()
    except ToolMissingError:
        pytest.skip("no tesseract-ocr-vie")
    page = pypdfium2.PdfDocument(page_of(family, 2))[0]
    page.render(scale=150 / 72).to_pil().save(picture, "PNG", dpi=(150, 150))
    document = read_image(picture.getvalue(), name="a.png", media_type="image/png", limits=Limits())
    places = [document.text.find(text[:20]) for text in [*PARAGRAPHS, LAST]]
    assert -1 not in places
    assert places == sorted(places)
