"""Labels, torn lines of forms and mistaken capitals of scans, put right by what is around."""

from __future__ import annotations

import pytest

from pipeline.readers.correct import corrected
from pipeline.readers.notes import Numbering
from pipeline.readers.printed import PrintedLine, PrintedWord


def read(*lines: str) -> list[tuple[str, list[str | None]]]:
    """Lines as corrected, with what was read first; "word|0.4" is read with that confidence."""
    made = []
    for row, text in enumerate(lines):
        words = []
        for place, token in enumerate(text.split()):
            word, _, sure = token.partition("|")
            box = (20.0 * place, 20.0 * row, 20.0 * place + 15, 20.0 * row + 10)
            words.append(PrintedWord(word, box, 11, confidence=float(sure or 0.97)))
        made.append(PrintedLine(tuple(words), 20.0 * row + 10))
    return [(line.text, [w.raw for w in line.words]) for line in corrected(made, Numbering())]


def texts(*lines: str) -> list[str]:
    return [text for text, _ in read(*lines)]


@pytest.mark.parametrize(
    ("before", "wrong", "right"),
    [("b)", "9)", "c)"), ("b)", "e)", "c)"), ("d)", "d)", "đ)"), ("h)", "1)", "i)")],
)
def test_the_letter_of_a_point_follows_the_one_before_it(before, wrong, right):
    assert texts(f"{before} Rà soát hồ sơ", f"{wrong} Báo cáo kết quả") == [
        f"{before} Rà soát hồ sơ",
        f"{right} Báo cáo kết quả",
    ]


def test_what_was_read_for_a_letter_is_kept():
    assert read("b) Rà soát", "9) Báo cáo")[1] == ("c) Báo cáo", ["9)", None, None])


@pytest.mark.parametrize(
    "lines",
    [
        ("8) Rà soát", "9) Báo cáo"),
        ("b) Rà soát", "1) Kiểm tra", "9) Báo cáo"),
        ("9) Báo cáo",),
        ("a) Rà soát", "b) Báo cáo", "c) Kiểm tra"),
        ("d) Rà soát", "e) Báo cáo"),
    ],
    ids=" / ".join,
)
def test_labels_that_may_be_printed_so_are_left(lines):
    assert texts(*lines) == list(lines)


def test_the_torn_word_of_a_line_of_the_form_is_put_right():
    assert read("nÁU|0.1 nhận:") == [("Nơi nhận:", ["nÁU", None])]
    assert texts("Người nhận:") == ["Người nhận:"]
    assert texts("cấp|0.1 nhận: 12") == ["cấp nhận: 12"]


def test_a_capital_taken_for_another_is_put_right_where_ocr_was_in_doubt():
    assert read("HỘ|0.87 TÀI CHÍNH") == [("BỘ TÀI CHÍNH", ["HỘ", None, None])]
    assert texts("HỘ TÀI CHÍNH") == ["HỘ TÀI CHÍNH"]
    assert texts("HỘ|0.87 GIA ĐÌNH") == ["HỘ GIA ĐÌNH"]


def test_a_second_capital_in_a_doubtful_syllable_is_a_small_letter():
    assert read("PHạm|0.9 Văn Toản") == [("Phạm Văn Toản", ["PHạm", None, None])]
    assert texts("UBnd|0.9 xã") == ["UBnd xã"]
