"""Finding quoted words again in another reading: the right place or none."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.review.noise import read_again
from pipeline.review.anchoring import anchor_at, place
from pipeline.text.fold import fold

TEXT = """Số: 17/TB-SXD

THÔNG BÁO
Kết luận kiểm tra công tác cải cách hành chính

I. KẾT QUẢ
1. Phòng Quản lý đô thị đã giải quyết 215 hồ sơ đúng hạn.
2. Bộ phận Một cửa niêm yết đủ 42 thủ tục.

II. NHIỆM VỤ
1. Giao Văn phòng Sở chủ trì rà soát quy chế, hoàn thành trước ngày 30/6/2025.
2. Giao Thanh tra Sở phúc tra hồ sơ quá hạn, báo cáo trước ngày 15/7/2025.
3. Giao Văn phòng Sở theo dõi, đôn đốc việc thực hiện Thông báo này.
"""


def anchor(quote: str, text: str = TEXT, nth: int = 0):
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return anchor_at(text, at, at + len(quote))


def words_at(text, found):
    return None if found is None else text[found.start : found.end]


@pytest.mark.parametrize(
    ("quote", "change", "expected"),
    [
        ("Thanh tra Sở", lambda t: t, "Thanh tra Sở"),
        ("Thanh tra Sở", lambda t: "Trang đầu mới\n\n" + t, "Thanh tra Sở"),
        ("Thanh tra Sở", lambda t: t.replace("Thanh tra Sở", "Thanh tra\nSở"), "Thanh tra\nSở"),
        ("Thanh tra Sở", lambda t: t.replace("Thanh tra Sở", "Thanh tra S0"), "Thanh tra S0"),
        ("Thanh tra Sở", fold, "thanh tra so"),
        ("trước ngày 15/7/2025", lambda t: t.replace("15/7", "l5/7"), "trước ngày l5/7/2025"),
        ("42", lambda t: t.replace("niêm yết", "niêm vết"), "42"),
        ("hồ sơ quá hạn", lambda t: t.replace("\n2. Giao", " 2. Giao"), "hồ sơ quá hạn"),
        ("I. KẾT QUẢ", lambda t: t.replace("KẾT QUẢ", "KÊT QUÁ"), "I. KÊT QUÁ"),
    ],
)
def test_the_same_words_are_found_in_another_reading(quote, change, expected):
    text = change(TEXT)
    assert words_at(text, place(text, anchor(quote))) == expected


@pytest.mark.parametrize(
    ("quote", "nth", "change"),
    [
        ("Thanh tra Sở", 0, lambda t: t.replace("2. Giao Thanh tra Sở", "2. Giao Phòng Tổ chức")),
        ("Giao Văn phòng Sở chủ trì", 0, lambda t: t.split("II. NHIỆM VỤ")[0]),
        ("Văn phòng Sở", 0, lambda t: t[: t.index("1. Giao Văn phòng")] + t[t.index("3. Giao") :]),
        ("Một cửa", 0, lambda t: "Một cửa " * 40),
        ("Một cửa", 0, lambda t: ""),
        ("Một cửa", 0, lambda t: "…\n\n–"),
    ],
)
def test_what_is_gone_is_not_found_elsewhere(quote, nth, change):
    text = change(TEXT)
    assert place(text, anchor(quote, nth=nth)) is None


def test_two_places_that_are_as_good_are_refused():
    line = "Giao các phòng, đơn vị tổ chức thực hiện nghiêm túc nội dung trên.\n"
    text = line * 6
    known = anchor_at(text, len(line) * 2 + 5, len(line) * 2 + 22)
    assert place("Mở đầu.\n" + text, known) is None
    assert place(text, known).start == known.start


@pytest.mark.parametrize(
    ("quote", "change"),
    [
        ("30/6/2025", lambda t: t.replace("30/6/2025", "30/9/2025")),
        ("30/6/2025", lambda t: t.replace("30/6/2025", "30/6/2026")),
        ("Số: 17/TB-SXD", lambda t: t.replace("17/TB", "18/TB")),
        ("Thanh tra Sở", lambda t: t.replace("Thanh tra Sở phúc", "Thanh tra Bộ phúc")),
    ],
)
def test_words_that_show_a_value_may_not_show_another(quote, change):
    text = change(TEXT)
    assert place(text, anchor(quote), strict=True) is None


def test_a_digit_read_as_a_letter_is_the_same_value():
    text = TEXT.replace("30/6/2025", "3O/6/2O25")
    assert words_at(text, place(text, anchor("30/6/2025"), strict=True)) == "3O/6/2O25"


@given(st.text(max_size=300), st.data())
@settings(max_examples=60, deadline=None)
def test_any_place_of_any_text_is_found_in_the_same_text(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = place(text, anchor_at(text, start, end))
    assert (found.start, found.end) == (start, end)


@given(st.text(max_size=200), st.text(max_size=200), st.data())
@settings(max_examples=60, deadline=None)
def test_any_other_text_gives_a_span_of_it_or_nothing(text, other, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = place(other, anchor_at(text, start, end))
    assert found is None or 0 <= found.start < found.end <= len(other)


@pytest.mark.parametrize(("share", "least"), [(0.005, 0.98), (0.02, 0.97), (0.05, 0.95)])
def test_after_a_worse_ocr_the_right_place_or_none(share, least):
    quotes = ["Văn phòng Sở chủ trì", "215", "Thanh tra Sở", "15/7/2025", "Bộ phận Một cửa"]
    right = lost = 0
    for seed in range(40):
        again = read_again(TEXT, share, random.Random(seed))
        for quote in quotes:
            known = anchor(quote)
            wanted = again.span(known.start, known.start + len(quote))
            found = place(again.text, known)
            if found is None:
                lost += 1
                continue
            near = max(abs(found.start - wanted[0]), abs(found.end - wanted[1]))
            assert near <= 4, (quote, again.text[found.start : found.end])
            right += 1
    assert right / (right + lost) >= least
