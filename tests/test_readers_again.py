"""Doubtful lines read a second time: which of two readings stays, and what was read first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reading.degrade import degraded, pages
from bench.reading.render import fonts, notices, render
from bench.reading.score import character_and_word_edits, without_page_numbers
from pipeline.readers.again import better_of, read_again
from pipeline.readers.correct import corrected, gain_of, is_misfit
from pipeline.readers.image import read_image
from pipeline.readers.limits import Limits
from pipeline.readers.notes import Numbering
from pipeline.readers.ocr import OcrLine, OcrWord, in_columns
from pipeline.readers.preprocess import Prepared
from pipeline.readers.printed import PrintedLine, PrintedWord
from pipeline.readers.scan import without_noise


def words(text, y=0):
    """Words of 10 pixels a letter; "word|0.4" is read with that confidence."""
    made, x = [], 0
    for token in text.split():
        word, _, sure = token.partition("|")
        made.append(OcrWord(word, (x, y, x + 10 * len(word), y + 20), float(sure or 0.96)))
        x += 10 * len(word) + 8
    return tuple(made)


def line(text, y=0):
    return OcrLine(words(text, y), y + 18.0, 24.0)


def text_of(found):
    return " ".join(word.text for word in found.words)


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ("các tô chức có", "các tổ|0.9 chức có", "các tổ chức có"),
        ("các tổ chức có", "các tô|0.97 chức có", "các tổ chức có"),
        ("Nghị định sô 12", "Nghị định số 12", "Nghị định số 12"),
        ("HỘ|0.87 TÀI CHÍNH", "BỘ|0.76 TÀI CHÍNH", "BỘ TÀI CHÍNH"),
        ("đã nộp dần|0.7 dã", "đã nộp dân dã", "đã nộp dân dã"),
        ("ngày 15|0.8 tháng", "ngày I5|0.6 tháng", "ngày 15 tháng"),
        ("Số: 02/CT-BTTTT|0.64", "Số: 02/CT-BTTTI|0.75", "Số: 02/CT-BTTTT"),
        ("Số: 02/CT-BTTTI|0.64", "Số: 02/CT-BTTTT|0.75", "Số: 02/CT-BTTTT"),
        ("CÔNG 'TTIN|0.55 NGHỆ", "CÔNG TIN|0.9 NGHỆ", "CÔNG TIN NGHỆ"),
        ("Sở; V|0.27 ÔNG|0.4", "Sở, CHÁNH VĂN PHÒNG", "Sở, CHÁNH VĂN PHÒNG"),
        ("công ty phải chịu", "sàn|0.4 sông|0.6 phi|0.3 cảm|0.2", "công ty phải chịu"),
    ],
    ids=lambda value: value[:14],
)
def test_the_better_reading_of_a_word_stays(first, second, chosen):
    assert text_of(better_of(line(first), words(second))) == chosen


def test_what_was_read_first_is_kept_beside_it():
    found = better_of(line("các tô chức|0.8"), words("các tổ|0.9 chức"))
    assert [word.raw for word in found.words] == [None, "tô", None]
    assert found.words[2].confidence == 0.96  # two readings that agree are surer than one


def test_figures_that_two_readings_disagree_on_are_no_surer():
    word = better_of(line("người/I|0.7 năm"), words("người/1|0.95 năm")).words[0]
    assert (word.text, word.confidence) == ("người/1", 0.7)


def test_without_a_second_reading_the_first_stays():
    assert better_of(line("một hai ba bốn"), ()) == line("một hai ba bốn")


@given(st.lists(st.text("abcđêôố.,1/", min_size=1, max_size=6), min_size=1, max_size=8))
def test_a_reading_that_agrees_changes_nothing(tokens):
    one = line(" ".join(tokens))
    assert text_of(better_of(one, one.words)) == text_of(one)


def test_a_word_that_does_not_fit_its_neighbours_is_doubted_however_sure():
    assert is_misfit(["các", "tô", "chức"], 1)
    assert not is_misfit(["các", "tổ", "chức"], 1)
    assert not is_misfit(["số", "12/QĐ", "ngày"], 1)


def test_both_ways_to_place_a_tone_mark_are_one_word():
    assert gain_of(["CỘNG", "HOÀ", "XÃ"], 0, "CÔNG") < 0
    assert gain_of(["CỘNG", "HOÀ"], 0, "CÔNG") == gain_of(["CỘNG", "HÒA"], 0, "CÔNG")


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("quy định chi tiết. thi hành", "quy định chi tiết thi hành"),
        ("theo tp. hồ chí minh", "theo tp. hồ chí minh"),
        ("đã xong việc. Các phòng", "đã xong việc. Các phòng"),
    ],
)
def test_a_full_stop_before_a_small_letter_is_a_speck(read, printed):
    made = [
        PrintedWord(text, (20.0 * i, 0, 20.0 * i + 15, 10), 11, confidence=0.6)
        for i, text in enumerate(read.split())
    ]
    (found,) = corrected([PrintedLine(tuple(made), 10)], Numbering())
    assert found.text == printed


def test_two_columns_on_a_slanting_line_are_two_lines():
    """Near a stamp Tesseract joins lines of two columns; their words tell where each stands."""
    left = words("- Các phòng thuộc Sở", y=100)
    right = tuple(
        word._replace(box=(word.box[0] + 600, 130, word.box[2] + 600, 150))
        for word in words("GIÁM ĐỐC")
    )
    found = list(in_columns([*left, *right], 24.0, ((0, 120), (800, 150))))
    assert [text_of(part) for part in found] == ["- Các phòng thuộc Sở", "GIÁM ĐỐC"]
    assert abs(found[0].baseline - 120) < 8
    assert abs(found[1].baseline - 150) < 8
    joined = list(in_columns([*left, *right], 24.0, ((0, 150), (800, 150))))
    assert joined[0].baseline <= 120 + 0.3 * 24


@pytest.fixture(scope="module")
def notice():
    try:
        fonts()
    except LookupError as reason:
        pytest.skip(str(reason))
    return render(notices()[2])


@pytest.mark.ocr
@pytest.mark.slow
def test_only_doubtful_lines_are_read_again(notice):
    pixels = pages(notice.pdf, 200)[0][:, :, 1]
    page = Prepared(pixels, 200)
    sure = (line("Thông báo kết luận"),)
    assert read_again(page, sure, None) == sure
    near = (line("Thông|0.4 báo"), line("kết luận", y=4))
    assert read_again(page, near, None) == near  # the cut-out would show both


@pytest.mark.ocr
@pytest.mark.slow
@pytest.mark.parametrize("case", ["fax-150", "photocopy-200"])
def test_second_looks_and_corrections_raise_no_error_rate(notice, case):
    dpi, made = degraded(notice.pdf, case)
    from bench.reading.degrade import as_tiff

    document = read_image(
        as_tiff(made, dpi), name="a.tif", media_type="image/tiff", limits=Limits()
    )
    truth = "\n".join(notice.body)
    final = character_and_word_edits(truth, without_page_numbers(document))
    first = character_and_word_edits(truth, without_page_numbers(document, corrected=False))
    assert any(word.raw is not None for word in document.words)
    assert final[2] < first[2]


def test_specks_taken_for_signs_are_set_apart_and_cut_off():
    legible, noise = without_noise((line("___|0.5 Căn cứ „Nghị|0.3 định ° ________ - mục"),))
    assert [text_of(part) for part in legible] == ["Căn cứ Nghị định ________ - mục"]
    assert [text_of(part) for part in noise] == ["___ °"]
    assert {word.text: word.raw for word in legible[0].words}["Nghị"] == "„Nghị"
