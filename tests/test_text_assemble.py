"""Assembling text keeps every span true."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.assemble import Assembler


def finish(out):
    return out.document(b"x", name="a.txt", media_type="text/plain")


def test_words_blocks_and_pages_point_at_their_text():
    out = Assembler()
    with out.page(1, "text", width=595.0, height=842.0):
        with out.block("heading", page=1, bold=True):
            out.word("THÔNG", box=(1, 2, 3, 4))
            out.space()
            out.word("BÁO")
        out.newline(2)
        with out.block("paragraph", page=1):
            out.word("Nội")
            out.space()
            out.word("dung", raw="dunq", confidence=0.4)
    out.newline()
    with out.page(2, "ocr"):
        pass
    document = finish(out)
    assert document.text == "THÔNG BÁO\n\nNội dung"
    assert [document.text[b.start : b.end] for b in document.blocks] == ["THÔNG BÁO", "Nội dung"]
    assert [document.text[w.start : w.end] for w in document.words] == [
        "THÔNG",
        "BÁO",
        "Nội",
        "dung",
    ]
    assert (document.pages[0].start, document.pages[0].end) == (0, len(document.text))
    assert document.pages[1].start == document.pages[1].end == len(document.text)
    assert document.words[3].raw == "dunq"


def test_an_empty_block_is_not_kept_and_separators_are_not_doubled():
    out = Assembler()
    out.newline(2)
    with out.block("paragraph"):
        pass
    out.add("a")
    out.newline()
    out.space()
    out.newline(2)
    out.newline()
    out.add("b")
    document = finish(out)
    assert document.text == "a\n\nb"
    assert document.blocks == ()


def test_a_mark_that_starts_a_piece_joins_the_letter_before_it():
    out = Assembler()
    out.word("ke\u0302")
    out.word("\u0301")
    out.space()
    out.word("toán")
    document = finish(out)
    assert document.text == "kế toán"
    assert [document.text[w.start : w.end] for w in document.words] == ["kế", "toán"]


pieces = st.lists(
    st.tuples(
        st.text(alphabet="aeđo\u0301\u0302\u0323ươ1. ", max_size=4), st.sampled_from(["", " ", "n"])
    ),
    max_size=30,
)


@given(pieces)
def test_text_is_nfc_and_spans_stay_inside_it(parts):
    out = Assembler()
    for text, separator in parts:
        with out.block("paragraph"):
            out.word(text)
        if separator:
            out.space() if separator == " " else out.newline()
    document = finish(out)
    assert unicodedata.is_normalized("NFC", document.text)
    assert all(0 <= b.start <= b.end <= len(document.text) for b in document.blocks)
    assert all(0 <= w.start < w.end <= len(document.text) for w in document.words)
    assert all(a.end <= b.start for a, b in zip(document.words, document.words[1:], strict=False))
