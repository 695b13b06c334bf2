"""What makes reading tasks fast hides nothing: words read in chunks, rules screened by words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import deadlines, phrases
from pipeline.extract.clause_words import clause_lexicon
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.figure_grammar import figure_grammar, number_places, numbers_in
from pipeline.extract.inheritance import announces_list
from pipeline.extract.phrases import Phrases, lowered, split_list, words_of
from pipeline.extract.task_wording import may_order
from pipeline.resources import lexicon

NEEDS = sorted({need for rule in lexicon("deadlines")["rules"] for need in rule["needs"]})
TIMES = [
    "trước ngày 5/6/2024", "chậm nhất là 17 giờ ngày 20/11", "hằng quý", "quý IV/2025", "tháng 7",
    "trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản này", "tới", "hết năm 2026", "hè-thu",
    "30/4/2025", "định kỳ 06 tháng", "(25/12 hằng năm)", "sau khi có kết quả", "hoàn thành:",
]  # fmt: skip
PIECES = st.sampled_from([*NEEDS, *TIMES, ",", ".", ";", "(", "-", "–", "’", " ", "\n", "Sở", "12"])

CHUNKS = st.sampled_from([
    "TP.", "TP", "Tp.", "T.Ư", "Huế", "huế", "NN&PTNT", "đ/c", "1.713", "...", ",", " ", "  ", "\n",
    "“", "(", "12/5", "Uỷ", "ban_", "\u00a0", "-",
])  # fmt: skip


def whole(text: str) -> list[tuple[str, int, int]]:
    """The words of a text by one pattern over all of it."""
    return [(m.group(), m.start(), m.end()) for m in phrases._WORD.finditer(text)]


@given(st.lists(CHUNKS), st.integers(0, 9), st.integers(0, 9))
def test_words_read_in_chunks_are_those_of_the_whole_pattern(
    pieces: list[str], start: int, less: int
) -> None:
    text = "".join(pieces)
    end = max(start, len(text) - less)
    words = words_of(text, start, end)
    found = [(word.text, words.starts[at], words.end(at)) for at, word in enumerate(words)]
    assert found == [(w, a + start, b + start) for w, a, b in whole(text[start:end])]


def test_words_keep_their_case_apart() -> None:
    text = "TP. Huế về tp. Đ/c ĐẠT 1.713"
    assert [word.lower for word in words_of(text, 0, len(text))] == [
        "tp", "huế", "về", "tp", ".", "đ/c", "đạt", "1.713",
    ]  # fmt: skip
    assert [word.text for word in words_of(text, 0, len(text)) if word.is_capital] == [
        "TP.", "Huế", "Đ/c", "ĐẠT",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 500])
def test_small_letters_keep_offsets(size: int) -> None:
    text = "İSTANBUL Đà Nẵng " * size
    assert len(lowered(text, 0, len(text))) == len(text)
    assert lowered(text, 9, 16) == "đà nẵng"


@pytest.mark.parametrize(
    ("words", "at", "ends"),
    [("xin đề nghị các", 3, True), ("xin đề nghị với", 3, False), ("nghị các", 1, False),
     ("giao các", 1, True), ("giao", 0, False), ("giao", 1, True)],
)  # fmt: skip
def test_a_phrase_ends_where_no_longer_one_goes_on(words: str, at: int, ends: bool) -> None:
    known = Phrases(["đề nghị", "đề nghị với", "giao"])
    assert known.ends(words_of(words, 0, len(words)), at) is ends


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_no_rule_that_is_left_out_matches(pieces: list[str]) -> None:
    text = " ".join(pieces)
    low = lowered(text, 0, len(text))
    tried = {rule.id for rule in deadlines._worth_trying(text, low, 0, len(text))}
    plain = " ".join(text.lower().split())
    for rule in deadlines._rules():
        if any(need in plain for need in rule.needs) and deadlines._compiled(rule.pattern).search(
            text
        ):
            assert rule.id in tried
            assert deadlines._core(rule.pattern).search(low), rule.id


AMOUNTS = st.sampled_from([
    "12", "1.713", "10,5", "Hai", "mười lăm", "ba mươi", "hàng trăm", "xã", "HỒ SƠ", "%", "tỷ đồng",
    "nghìn", "km/h", "ngày", "-", "đến", "/", "trở lên", "và", "Năm", " ", "\n", "(", ".", "m2",
])  # fmt: skip


@given(st.lists(AMOUNTS, max_size=14).map(" ".join) | st.lists(AMOUNTS, max_size=14).map("".join))
def test_numbers_are_found_wherever_their_whole_pattern_finds_them(text: str) -> None:
    everywhere = [
        match.span()
        for match in figure_grammar().figure.finditer(text)
        if not match["words"] or match["noun"] or match["measure"]
    ]
    found = numbers_in(text, number_places(text), 0, len(text))
    assert [(number.start, number.end) for number in found] == everywhere


def test_deadlines_in_hyphenated_words() -> None:
    text = "hoàn thành trong hè-thu"
    assert [due.raw for due in find_deadlines(text, 0, len(text), issued_on=None)] == ["trong hè"]


def test_every_need_of_a_rule_stands_in_small_letters() -> None:
    assert [need for need in NEEDS if need != need.lower() or re.search(r"\s\s", need)] == []


@given(
    st.sampled_from(split_list(lexicon("assignment")["orders"])),
    st.sampled_from([" ", "  ", "\u00a0", "\n", "_", " _", "-", ","]),
)
def test_letters_hide_no_verb_of_order_that_words_show(verb: str, blank: str) -> None:
    text = f"Sở Y tế {verb.replace(' ', blank).capitalize()} các phòng, ban thực hiện"
    orders, words = clause_lexicon().orders, words_of(text, 0, len(text))
    if any(orders.match(words, at) for at in range(len(words))):
        assert may_order(text.lower())


@pytest.mark.parametrize(
    ("words", "announces"),
    [
        ("các nhiệm vụ sau:", True),
        ("thực hiện như sau . ", True),
        ("nội dung cụ thể;\n", True),
        ("các nội dung dưới đây", True),
        ("các nhiệm vụ sau.;", False),
        ("về sau, các xã", False),
        ("", False),
    ],
)
def test_what_announces_a_list_stands_at_the_end(words: str, announces: bool) -> None:
    assert announces_list(words) is announces


def test_words_are_equal_to_nothing_but_themselves() -> None:
    first, second = (words_of("Sở Y tế", 0, 7) for _ in range(2))
    assert first != second
    assert len({first, second, first}) == 2
    part = first.part(1)
    assert (part.low, part.starts) == (["y", "tế"], [3, 5])
