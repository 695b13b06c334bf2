"""Texts that no office writes: they cost no more than their length, and nothing of them is kept."""

import time

import pytest

from pipeline.checks import wording
from pipeline.extract import mention_words, phrases
from pipeline.extract.figures import find_figures
from pipeline.process import understand
from pipeline.readers import read
from pipeline.record import Record
from pipeline.structure.units import split_sentences


def understood(text: str) -> Record:
    return understand(read(text.encode(), "hostile.txt"))


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Lexicons and the model are loaded before anything is timed."""
    understood("Giao Sở Y tế báo cáo kết quả trước ngày 30/6/2025, sau khi luật có hiệu lực.")


@pytest.mark.parametrize(
    "text",
    [
        "giao " * 8_000,
        "khi " * 8_000,
        "Nội dung " + "." * 20_000 + " x",
        "Nội dung " + " " * 20_000 + "x",
    ],
    ids=["giao", "khi", "dots", "blanks"],
)
def test_repetition_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    understood(text)
    assert time.process_time() - start < 4


def test_many_dates_in_one_sentence_are_no_figures() -> None:
    text = "ngày 1/1 " * 12_000
    start = time.process_time()
    assert find_figures(text, [(0, len(text))], issued_on="2025-02-03") == ()
    assert time.process_time() - start < 6


def test_a_figure_beside_dates_has_the_period_before_it() -> None:
    text = "Từ tháng 3/2024 xử lý 12 vụ, đến ngày 5/4/2024 xử lý 30 vụ, ngày 6/5/2024 họp."
    figures = find_figures(text, [(0, len(text))], issued_on=None)
    assert [(f.value, f.period.label if f.period else None) for f in figures] == [
        ("12", "2024-03"),
        ("30", "2024-04-05"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Họ và tên: ........ Địa chỉ: ...", ["Họ và tên: ........", "Địa chỉ: ..."]),
        ("Họ và tên........x. Xong?! Rồi…", ["Họ và tên........x.", "Xong?!", "Rồi…"]),
        (' *"4.2. Nội dung. Hết./.', [' *"4.2. Nội dung.', "Hết./."]),
        ("Trang 4.   2 của Sổ. Xong.", ["Trang 4.   2 của Sổ.", "Xong."]),
    ],
)
def test_runs_of_marks_end_a_sentence_once(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_parts_without_blanks_are_not_remembered() -> None:
    part = "ab1-/ă" * 500
    understood(f"Giao {part} báo cáo.")
    for remembered in (phrases._CHUNKS, mention_words._WORDS, wording._MISTYPED):
        assert all(len(known) < 100 for known in remembered)
    assert part not in wording._MISTYPED._nothing
