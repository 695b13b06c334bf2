"""Numbers in digits, words and Roman numerals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.numerals import number, parse_number, parse_roman, parse_words, plain, roman


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("1.713", "1713"),
        ("15.726", "15726"),
        ("1.219,11", "1219.11"),
        ("8.746.000", "8746000"),
        ("10,22", "10.22"),
        ("3,0", "3.0"),
        ("02", "2"),
        ("0", "0"),
        ("1,500,000", "1500000"),
        ("20,000", "20000"),
        ("1,234.56", "1234.56"),
        ("7.5", "7.5"),
    ],
)
def test_digits(digits, value):
    parsed = parse_number(digits)
    assert parsed is not None
    assert plain(parsed) == value


@pytest.mark.parametrize("digits", ["", "-", "1..2", "1.2.3", "abc", "٣", "9" * 30, "1,2,3"])
def test_what_is_no_number(digits):
    assert parse_number(digits) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("một", 1),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi mốt", 21),
        ("ba mươi tư", 34),
        ("một trăm linh năm", 105),
        ("hai trăm", 200),
        ("ba nghìn năm trăm", 3500),
        ("Hai triệu", 2000000),
        ("một tỷ hai trăm triệu", 1200000000),
    ],
)
def test_words(words, value):
    assert parse_words(words) == value


@pytest.mark.parametrize("words", ["", "linh", "hai ba", "hai xã", "thứ hai"])
def test_words_that_are_no_number(words):
    assert parse_words(words) is None


def test_number_reads_both():
    assert number("12") == number("mười hai") == Decimal(12)
    assert number("xã") is None


@pytest.mark.parametrize(("letters", "value"), [("I", 1), ("IV", 4), ("XIX", 19), ("MMXXV", 2025)])
def test_roman(letters, value):
    assert parse_roman(letters) == value


@pytest.mark.parametrize("letters", ["", "IIII", "VX", "ABC", "IC"])
def test_roman_in_wrong_form(letters):
    assert parse_roman(letters) is None


@given(st.integers(min_value=1, max_value=3999))
def test_roman_round_trip(value):
    assert parse_roman(roman(value)) == value


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_digits_round_trip(value):
    assert parse_number(f"{value:,}".replace(",", ".")) == value


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_none(text):
    parse_number(text)
    parse_words(text)
    parse_roman(text)
