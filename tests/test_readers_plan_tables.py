"""The table of a plan means the same from a Word file and from a PDF, also over a page break."""

from __future__ import annotations

import io

import pytest
from office_files import docx, p, table
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from bench.reading.render import fonts
from pipeline.extract.plan_tables import plan_tables
from pipeline.readers import read

HEAD = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành")
ROWS = [
    (
        "1",
        "Rà soát quy chế làm việc của phòng một cửa",
        "Văn phòng Sở",
        "Thanh tra Sở",
        "30/6/2025",
    ),
    ("2", "Lập danh mục hồ sơ nộp lưu năm trước", "Phòng Lưu trữ", "Các phòng", "15/7/2025"),
    ("3", "Báo cáo kết quả số hóa hồ sơ đất đai", "Phòng Đất đai", "Văn phòng Sở", "Quý III/2025"),
]


@pytest.fixture(scope="module")
def font():
    try:
        return fonts()[0]
    except LookupError as reason:
        pytest.skip(str(reason))


def as_pdf(rows, font, *, repeat=0):
    out = io.BytesIO()
    style = ParagraphStyle("cell", fontName=font, fontSize=11, leading=14)
    cells = [[Paragraph(cell, style) for cell in row] for row in (HEAD, *rows)]
    made = Table(cells, colWidths=(30, 150, 90, 90, 90), repeatRows=repeat)
    made.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build([made])
    return out.getvalue()


def plan_of(data, name):
    """The cells of each row by role, over all tables of the document."""
    document = read(data, name)
    return [
        {
            role: " ".join(document.text[start:end].split())
            for role, (start, end) in row.cells.items()
        }
        for found in plan_tables(document)
        for row in found.rows
    ]


def test_a_plan_in_a_pdf_has_the_rows_and_columns_it_has_in_word(font):
    from_word = plan_of(docx(table(HEAD, *ROWS) + p("Hết.")), "ke-hoach.docx")
    assert [row["assignee"] for row in from_word] == [row[2] for row in ROWS]
    assert plan_of(as_pdf(ROWS, font), "ke-hoach.pdf") == from_word


@pytest.mark.parametrize("repeat", [0, 1], ids=["head once", "head on each page"])
def test_a_plan_that_runs_over_a_page_keeps_all_rows(font, repeat):
    rows = ROWS * 12
    from_word = plan_of(docx(table(HEAD, *rows) + p("Hết.")), "ke-hoach.docx")
    found = plan_of(as_pdf(rows, font, repeat=repeat), "ke-hoach.pdf")
    assert len(from_word) == len(rows)
    assert found == from_word
