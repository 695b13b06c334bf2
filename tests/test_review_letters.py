"""The distance of a pattern from each place of a text, against the table of the textbook."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.review.letters import distances, letters_of

WORDS = st.text("abc ", max_size=40)


def table(pattern: str, text: str) -> list[int]:
    """Sellers' table, cell by cell: its last row."""
    row = [0] * (len(text) + 1)
    for number, letter in enumerate(pattern, start=1):
        new = [number]
        for at, other in enumerate(text):
            new.append(min(row[at] + (letter != other), row[at + 1] + 1, new[at] + 1))
        row = new
    return row


@given(WORDS, WORDS)
def test_distances_are_those_of_the_table(pattern: str, text: str) -> None:
    found = distances(letters_of(pattern).codes, letters_of(text))
    assert found.tolist() == table(pattern.replace(" ", ""), text.replace(" ", ""))


def test_a_quote_has_no_errors_where_it_ends() -> None:
    text = "Giao Thanh tra Sở phúc tra hồ sơ quá hạn, báo cáo trước ngày 15/7/2025. " * 30
    letters = letters_of(text + "Văn phòng Sở tổng hợp.")
    found = distances(letters_of("van phong so").codes, letters)
    assert found.argmin() == len(letters.codes) - len("tonghop")
    assert found.min() == 0
    assert sorted(found)[1] > 0
