"""Paths as text: every path of a disk has one, no two share one, and each leads back."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.paths import has_unreadable_bytes, path_text, real_path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/kho/Thông báo số 12 (ký).pdf", "/kho/Thông báo số 12 (ký).pdf"),
        ("/kho/ten-\udcff\udce1.txt", r"/kho/ten-\xff\xe1.txt"),
        ("hai\ndong\t.txt", r"hai\x0adong\x09.txt"),
        ("a\x85b\u2028c\u202efdp.exe", r"a\u0085b\u2028c\u202efdp.exe"),
        (r"a\xff.txt", r"a\x5cxff.txt"),
        (r"C:\Users\b.txt", r"C:\Users\b.txt"),
    ],
    ids=["readable", "bytes", "control", "breaks", "looks-like-an-escape", "backslashes"],
)
def test_what_a_path_is_as_text(path, text):
    assert path_text(path) == text
    assert real_path(text) == path


_NAMES = st.text(st.sampled_from("\\xuff0a5c8ạ/ \n\x85\u2028\udc80\udcff\ud800"), max_size=12)


@given(st.one_of(_NAMES, st.text(max_size=20), st.binary(max_size=20).map(os.fsdecode)))
def test_every_path_comes_back_and_can_be_written(path):
    text = path_text(path)
    assert real_path(text) == path
    assert text.encode().decode() == text
    assert "\n" not in text
    is_strange = any("\udc80" <= c <= "\udcff" or c == "\ufffd" for c in path)
    assert has_unreadable_bytes(text) == is_strange
