"""Texts that no office writes: they cost no more than their length, and nothing of them is kept."""

from itertools import product

import pytest

from pipeline.checks import patterns
from pipeline.extract import phrases
from pipeline.extract.figures import find_figures
from pipeline.process import understand
from pipeline.readers import read
from pipeline.record import Record
from pipeline.structure.units import split_sentences
from pipeline.text import words
from tests.pace import Stopwatch

WORDS = ["".join(letters) for letters in product("bcdghklmnprstv", "aeiouy", "cmnpt")]


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
        " ".join(f"giao giao {first}{second}" for first, second in product(WORDS[::60], WORDS)),
        "Giao các trạm " + "lập sổ thuốc " * 1_000 + "như sau:\n" + "- rà soát sổ;\n" * 1_000,
        "".join(f"báo cáo {word} {tail} trước ngày 1/9. " for word in WORDS for tail in "abc"),
        "So-a." * 8_000,
        "QUYẾT ĐỊNH\n" * 9_000,
        " ".join(f"{a}{b} {a}{b} q{b}.{a}" for a, b in product(WORDS[::15], WORDS)),
        "12/QĐ – " * 3_000,
        "các sở\n, các ban\n, " * 3_000,
        "Các Xã Tân, " * 4_000,
        "nội dung của đoạn này không có dấu chấm câu nào cả\n\n" * 4_000,
    ],
    ids=[
        "giao",
        "khi",
        "dots",
        "blanks",
        "doubled",
        "leads",
        "times",
        "symbol",
        "kinds",
        "doubled-beside-joined",
        "dashes",
        "lists-over-lines",
        "lists-of-names",
        "paragraphs",
    ],
)
def test_repetition_costs_no_more_than_its_length(text: str) -> None:
    watch = Stopwatch()
    understood(text)
    assert watch.seconds() < 4


def test_many_dates_in_one_sentence_are_no_figures() -> None:
    text = "ngày 1/1 " * 12_000
    watch = Stopwatch()
    assert find_figures(text, [(0, len(text))], issued_on="2025-02-03") == ()
    assert watch.seconds() < 6


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
    of_patterns = patterns._rows()[1]._held
    for remembered in (
        phrases._CHUNKS,
        words._KNOWN.parts,
        words._KNOWN._written,
        of_patterns,
        of_patterns._nothing,
    ):
        assert all(len(known) < 100 for known in remembered)


def test_a_text_that_cannot_be_read_to_its_end_leaves_no_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = words._Known()
    known.read("Giao xã")
    added = known._add

    def add(part: str) -> None:
        if part.startswith("z"):
            raise MemoryError
        added(part)

    monkeypatch.setattr(known, "_add", add)
    with pytest.raises(MemoryError):
        known.read(f"Giao {'y' * 50} {'z' * 60}")
    assert set(known.parts) == {"", "Giao", "xã"}
    assert sorted(known._written) == ["Giao", "xã"]
    text = known.read(f"{'y' * 50} xã Giao")
    assert [text.word(at) for at in range(3)] == ["y" * 50, "xã", "Giao"]
    assert text.places_of({"xã", "y" * 50, "none"}) == [0, 51]
