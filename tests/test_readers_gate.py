"""The quality gate of scans: each of its signs alone asks for a person; one engine a process."""

from __future__ import annotations

import pytest

from pipeline.readers.limits import Limits
from pipeline.readers.notes import Notes
from pipeline.readers.ocr import OcrLine, OcrWord, find_tessdata
from pipeline.readers.scan import _judge

SENTENCE = "Giao Phòng Quản lý đô thị rà soát các hồ sơ còn tồn đọng và báo cáo kết quả"
TEXT = SENTENCE.split()


def codes(words, confidences, unread=0.0):
    made = tuple(
        OcrWord(word, (0, 0, 10, 10), confidence)
        for word, confidence in zip(words, confidences, strict=True)
    )
    notes = Notes(Limits())
    _judge(1, (OcrLine(made, 10.0, 20.0),) if made else (), unread, notes)
    return [issue.code for issue in notes.issues]


@pytest.mark.parametrize(
    ("words", "confidences", "unread", "found"),
    [
        pytest.param(TEXT, [0.96] * len(TEXT), 0.0, [], id="sound"),
        pytest.param(TEXT, [0.85] * len(TEXT), 0.0, ["ocr-quality"], id="unsure"),
        pytest.param(
            TEXT, [0.98] * (len(TEXT) - 3) + [0.7] * 3, 0.0, ["ocr-quality"], id="doubtful words"
        ),
        pytest.param(
            ["HÌwx", "qlzt", "ăữp"] * 6, [0.96] * 18, 0.0, ["ocr-quality"], id="no syllables"
        ),
        pytest.param(TEXT, [0.96] * len(TEXT), 0.2, ["ocr-quality"], id="ink that was not read"),
        pytest.param([], [], 0.0, ["ocr-empty"], id="nothing"),
    ],
)
def test_each_sign_alone_asks_for_a_person(words, confidences, unread, found):
    assert codes(words, confidences, unread) == found


@pytest.mark.ocr
def test_a_process_has_one_engine():
    from pipeline.errors import ToolMissingError
    from pipeline.readers.ocr import _api

    try:
        folder = find_tessdata()
    except ToolMissingError as reason:
        pytest.skip(str(reason))
    assert _api(folder) is _api(folder)
