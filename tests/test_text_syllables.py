"""The spelling test and the score built on it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.syllables import is_marked, is_syllable, split_tone, vscore, words_of

LEGAL = (
    "nghiêng khuỷu quốc quyển gì gìn giếng giặt hoà hòa thuý thúy kĩ kỹ y ý ngoằn xoong "
    "Nguyễn HUỲNH đường ưỡn oằn yếu rượu tuếch ở"
)
ILLEGAL = "ngiêng ghà kác cê hoat tât qốc lưọt thưong QĐÐ bb 12 xyz ngh đđ quu"


@pytest.mark.parametrize("word", LEGAL.split())
def test_a_legal_syllable_is_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ILLEGAL.split())
def test_an_illegal_syllable_is_refused(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("open_form", "stopped"), [("tán", "tát"), ("lịch", "lích"), ("họp", "hóp")]
)
def test_a_rime_closed_by_a_stop_takes_two_tones_only(open_form, stopped):
    assert is_syllable(open_form)
    assert is_syllable(stopped)
    bare, _ = split_tone(stopped)
    assert not is_syllable(unicodedata.normalize("NFC", bare + "\u0300"))


def test_tone_and_bare_form_are_separated():
    assert split_tone("thuyết") == ("thuyêt", "sắc")
    assert split_tone("ba") == ("ba", "ngang")
    assert split_tone("á\u0323")[1] == ""


def test_marks_are_seen():
    assert is_marked("đi")
    assert is_marked("ở")
    assert not is_marked("ban")


NOTICE = "Phòng Kế hoạch chủ trì rà soát hồ sơ đất đai tồn đọng, báo cáo trước ngày 15 tháng 9"


def test_scores_tell_accented_unaccented_and_wrongly_decoded_text_apart():
    stripped = "".join(
        c for c in unicodedata.normalize("NFD", NOTICE) if not unicodedata.combining(c)
    ).replace("đ", "d")
    wrong = NOTICE.encode().decode("latin-1")
    assert vscore(NOTICE) > 0.9
    assert 0.3 < vscore(stripped) < 0.55
    assert vscore(wrong) < 0.3


def test_abbreviations_do_not_lower_the_score():
    assert vscore(NOTICE + " TN&MT UBND HĐND STNMT") == pytest.approx(vscore(NOTICE), abs=0.02)


@pytest.mark.parametrize("text", ["", "12/9 ...", "\x01\x02"])
def test_text_without_words_has_no_score(text):
    assert vscore(text) == 0.0


@given(st.text(max_size=200))
def test_any_text_has_a_score_between_0_and_1(text):
    assert 0.0 <= vscore(text) <= 1.0
    assert all(any(map(str.isalpha, word)) for word in words_of(text))
