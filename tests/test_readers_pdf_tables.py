"""Ruled tables of PDF pages: which rules make one, which cells, and that no word is lost."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from bench.reading.render import PAGE, fonts
from pipeline.readers.grid import Rule, Rules, tables_of
from pipeline.readers.limits import Limits
from pipeline.readers.pdf import read_pdf

NO_OCR = Limits(ocr=False)
X, Y = (80, 200, 320, 440), (700, 676, 652, 628)
"""Places of the rules of the tables that the tests draw."""
WORDS = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


@pytest.fixture(scope="module")
def regular():
    try:
        return fonts()[0]
    except LookupError as reason:
        pytest.skip(str(reason))


def drawn(paint, font, pages=1):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1)
    for _ in range(pages):
        canvas.setFont(font, 12)
        paint(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(pdf):
    return read_pdf(pdf, name="a.pdf", media_type="application/pdf", limits=NO_OCR)


def rows_of(document):
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == "table"]


def fill(canvas):
    """A number word in each of the nine fields."""
    for index, word in enumerate(WORDS):
        canvas.drawString(X[index % 3] + 6, Y[index // 3] - 16, word)


def frame(canvas, *, skip=()):
    """All sides of the nine fields but those named: ("h", row, column) or ("v", row, column)."""
    for row in range(4):
        for column in range(3):
            if ("h", row, column) not in skip:
                canvas.line(X[column], Y[row], X[column + 1], Y[row])
    for row in range(3):
        for column in range(4):
            if ("v", row, column) not in skip:
                canvas.line(X[column], Y[row], X[column], Y[row + 1])


NINE = ["một\thai\tba", "bốn\tnăm\tsáu", "bảy\ttám\tchín"]
LEFT = tuple(("v", row, 0) for row in range(3))
RIGHT = tuple(("v", row, 3) for row in range(3))
TOP = tuple(("h", 0, column) for column in range(3))


@pytest.mark.parametrize(
    ("skip", "rows"),
    [
        ((), NINE),
        ((*LEFT, *RIGHT), NINE),
        (TOP, NINE),
        ((("v", 0, 1), ("v", 0, 2)), ["một hai ba", *NINE[1:]]),
        ((("h", 1, 0), ("h", 2, 0)), ["một bốn bảy\thai\tba", "năm\tsáu", "tám\tchín"]),
    ],
    ids=["all sides", "open at the sides", "goes on from the page before", "wide", "tall"],
)
def test_cells_are_the_fields_between_rules(regular, skip, rows):
    def paint(canvas):
        frame(canvas, skip=skip)
        fill(canvas)

    assert rows_of(read(drawn(paint, regular))) == rows


def thin_boxes(canvas):
    """Rules as word processors write them: filled boxes half a point thick, side by side."""
    for y in Y:
        for x in X[:-1]:
            canvas.rect(x, y, 119.5, 0.5, stroke=0, fill=1)
    for x in X:
        for y in Y[1:]:
            canvas.rect(x, y + 0.5, 0.5, 23.5, stroke=0, fill=1)


def double_rules(canvas):
    frame(canvas)
    for y in Y:
        canvas.line(X[0], y - 4, X[-1], y - 4)


def in_a_form(canvas):
    canvas.beginForm("table")
    canvas.translate(30, 40)
    frame(canvas)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(-30, -40)
    canvas.doForm("table")
    canvas.restoreState()


@pytest.mark.parametrize("rules", [thin_boxes, double_rules, in_a_form])
def test_rules_are_found_however_they_are_drawn(regular, rules):
    def paint(canvas):
        rules(canvas)
        fill(canvas)

    assert rows_of(read(drawn(paint, regular))) == NINE


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_on_a_turned_page_is_a_table(regular, turn):
    def paint(canvas):
        canvas.translate(PAGE[0] / 2, PAGE[1] / 2)
        canvas.rotate(turn)
        canvas.translate(-260, -660)
        canvas.setFont(regular, 12)
        frame(canvas)
        fill(canvas)

    pdf = pdfium.PdfDocument(drawn(paint, regular))
    pdf[0].set_rotation(turn)
    out = io.BytesIO()
    pdf.save(out)
    assert rows_of(read(out.getvalue())) == NINE


def test_no_word_is_lost_where_fields_are_no_rectangles(regular):
    def paint(canvas):
        frame(canvas, skip=(("v", 0, 1), ("h", 1, 1)))
        fill(canvas)

    document = read(drawn(paint, regular))
    assert sorted(document.text.split()) == sorted(WORDS)
    assert "bảy\ttám\tchín" in rows_of(document)


def test_words_beside_a_table_are_kept_and_stand_outside_it(regular):
    def paint(canvas):
        frame(canvas)
        fill(canvas)
        canvas.drawString(460, Y[1] - 16, "ghi chú")

    document = read(drawn(paint, regular))
    assert rows_of(document) == NINE
    assert document.text.count("ghi chú") == 1


def test_a_lone_number_in_the_last_row_of_a_page_is_no_page_number(regular):
    def paint(canvas):
        canvas.translate(0, -610)
        frame(canvas)
        canvas.drawString(X[0] + 6, Y[0] - 16, "tổ")
        canvas.drawString(X[1] + 6, Y[2] - 16, "12")

    document = read(drawn(paint, regular))
    assert document.text.split() == ["tổ", "12"]
    assert {block.kind for block in document.blocks} == {"table"}


def test_frames_and_lines_under_headings_are_no_tables(regular):
    def paint(canvas):
        canvas.rect(60, 300, 450, 450)
        canvas.line(100, 600, 300, 600)
        canvas.line(100, 500, 300, 500)
        canvas.drawString(100, 605, "Chương trình công tác")

    assert rows_of(read(drawn(paint, regular))) == []


def test_a_page_that_is_a_drawing_is_read_without_looking_for_tables(regular):
    def paint(canvas):
        path = canvas.beginPath()
        path.moveTo(50, 50)
        for step in range(21_000):
            path.lineTo(50 + step % 400, 50 + step % 700)
        canvas.drawPath(path)
        frame(canvas)
        fill(canvas)

    document = read(drawn(paint, regular))
    assert rows_of(document) == []
    assert sorted(document.text.split()) == sorted(WORDS)


def test_pages_go_on_where_the_file_is_opened_again(regular):
    numbers = iter(range(1, 1000))
    pdf = drawn(lambda c: c.drawString(80, 700, f"trang thứ {next(numbers)}"), regular, pages=103)
    document = read(pdf)
    assert [page.number for page in document.pages] == list(range(1, 104))
    found = [document.text[page.start : page.end] for page in document.pages]
    assert found == [f"trang thứ {number}" for number in range(1, 104)]


places = st.integers(0, 60).map(lambda step: 10.0 * step)
rules = st.lists(st.builds(Rule, places, places, places), max_size=9)


@settings(max_examples=60, deadline=None)
@given(rules, rules)
def test_cells_of_any_rules_lie_in_their_table_and_do_not_overlap(level, upright):
    def sorted_ends(found):
        return [Rule(rule.at, min(rule[1:]), max(rule[1:])) for rule in found]

    for table in tables_of(Rules(sorted_ends(level), sorted_ends(upright))):
        cells = [cell for row in table.rows for cell in row]
        for x0, y0, x1, y1 in cells:
            assert table.box[0] <= x0 < x1 <= table.box[2]
            assert table.box[1] <= y0 < y1 <= table.box[3]
        areas = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in cells)
        box = table.box
        assert areas <= (box[2] - box[0]) * (box[3] - box[1]) * 1.000001


OPEN_ROWS = [
    ("Việc", "Đơn vị", "Hạn"),
    ("nạo vét", "Xã Đông", "20/6"),
    ("gia cố", "Xã Tây", "25/6"),
    ("trực đêm", "Xã Nam", "30/6"),
]


def ruled_across(canvas, rows=OPEN_ROWS, places=(86, 206, 326)):
    for index, row in enumerate(rows):
        y = 700 - 24 * index
        canvas.line(80, y, 440, y)
        for place, words in zip(places, row, strict=False):
            canvas.drawString(place, y - 16, words)
    canvas.line(80, 700 - 24 * len(rows), 440, 700 - 24 * len(rows))


def test_a_table_without_upright_rules_has_columns(regular):
    document = read(drawn(ruled_across, regular))
    assert rows_of(document) == ["\t".join(row) for row in OPEN_ROWS]


def test_rules_between_paragraphs_make_no_table(regular):
    lines = [("Các đơn vị báo cáo kết quả về Văn phòng trước ngày 20",) for _ in range(4)]
    document = read(drawn(lambda canvas: ruled_across(canvas, lines, (86,)), regular))
    assert rows_of(document) == []


def test_two_rules_under_a_letterhead_make_no_table(regular):
    def letterhead(canvas):
        canvas.drawString(86, 720, "ỦY BAN NHÂN DÂN")
        canvas.drawString(300, 720, "CỘNG HÒA XÃ HỘI")
        canvas.line(90, 714, 250, 714)
        canvas.line(300, 714, 460, 714)

    assert rows_of(read(drawn(letterhead, regular))) == []
