"""Zones, exact spans, and any text at all: nothing is lost, nothing is invented, nothing breaks."""

import unicodedata

import pytest
from headers import DISPATCH, LETTER, NEWS, PARTY, STATE, read, values, wrapped
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.header import HeaderResult
from pipeline.record import Found

TEXTS = [STATE, LETTER, PARTY, DISPATCH, NEWS]


def founds(result: HeaderResult) -> list[Found[str]]:
    out: list[Found[str]] = []
    for name in type(result.header).model_fields:
        value = getattr(result.header, name)
        out.extend(
            value if isinstance(value, tuple) else [value] if isinstance(value, Found) else []
        )
    return out


def check(text: str, result: HeaderResult) -> None:
    for found in founds(result):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.quote
        assert found.value
    last = 0
    for zone in result.zones:
        assert last <= zone.start < zone.end <= len(text)
        last = zone.end
    for issue in result.issues:
        assert issue.start is not None
        assert issue.end is not None
        assert text[issue.start : issue.end]


def test_body_is_what_stands_between_header_and_footer() -> None:
    result = read(STATE)
    assert [zone.zone for zone in result.zones] == ["header", "footer"]
    header, footer = result.zones
    body = STATE[header.end : footer.start].strip()
    assert body.startswith("Thực hiện Kế hoạch số 77")
    assert body.endswith("trước ngày 30/8/2021./.")


def test_bold_letters_of_the_header_end_in_the_header() -> None:
    title = "Kết luận kiểm tra việc sử dụng phần mềm một cửa tại các đơn vị thuộc Sở"
    text = STATE.replace(title, f"{title}\n**CHỦ TỊCH ỦY BAN NHÂN DÂN\nTỈNH**")
    header = read(text).zones[0]
    assert text[: header.end].endswith("TỈNH**")


def test_text_of_a_site_and_attachments_are_set_apart() -> None:
    annex = (
        "PHỤ LỤC\nDANH SÁCH ĐƠN VỊ ĐƯỢC KIỂM TRA\n(Kèm theo Thông báo số 418/TB-SKHCN)\n1. Trạm A\n"
    )
    site = "Văn bản liên quan\nThông báo 12/TB-X năm 2020\nTHÔNG BÁO\nVề bảo mật của trang\n"
    text = "Click vào phần bôi vàng để xem chi tiết.\n" + STATE + annex + site
    result = read(text)
    kinds = {zone.zone: text[zone.start : zone.end] for zone in result.zones}
    assert list(kinds) == ["boilerplate", "header", "footer", "attachment"]
    assert [zone.reason for zone in result.zones if zone.zone == "boilerplate"] == [
        "before-document",
        "site-text",
    ]
    assert kinds["attachment"] == annex.strip()
    assert values(result) == values(read(STATE))


@pytest.mark.parametrize("text", TEXTS)
def test_spans_are_exact(text: str) -> None:
    check(text, read(text))


@pytest.mark.parametrize("text", TEXTS)
def test_blank_lines_and_odd_blanks_change_nothing(text: str) -> None:
    expected = values(read(text))
    assert values(read(text.replace("\n", "\n\n"))) == expected
    assert values(read(text.replace(": ", ":\u00a0"))) == expected
    assert values(read("\ufeff" + text)) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_composition_of_letters_changes_nothing(text: str) -> None:
    split = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text))
    assert values(read(split)) == values(read(text))


@pytest.mark.parametrize("text", [STATE, LETTER, PARTY, DISPATCH])
def test_hard_wraps_change_nothing(text: str) -> None:
    assert values(read(wrapped(text))) == values(read(text))


def test_same_text_same_header() -> None:
    assert read(STATE) == read(STATE)


PIECES = [line for text in TEXTS for line in text.splitlines()] + [
    "Số:",
    "ngày tháng năm",
    "KT.",
    "TM.",
    "Nơi nhận:",
    "Kính gửi:",
    "điện:",
    "- ;",
    "V/v",
    "-----",
    "(",
    "Lưu",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["\n", " ", "\n\n", "; - "]))
def test_any_order_of_lines_keeps_the_promises(lines: list[str], glue: str) -> None:
    text = glue.join(lines)
    check(text, read(text))


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=300))
def test_any_text_keeps_the_promises(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    check(text, read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Số: " * 5000,
        "KT. " * 5000,
        "Nơi nhận: " + "- a; " * 5000,
        "NGHỊ QUYẾT " + "VỀ VIỆC " * 5000,
        "ngày tháng năm " * 5000,
        "Kính gửi: " + "A. B " * 5000,
        "(" * 20000,
        "Ảnh: " * 5000,
        "A\n" * 5000,
    ],
    ids=lambda text: text[:10].strip(),
)
def test_hostile_repetition_ends_quickly(text: str) -> None:
    check(text, read(text))


def test_a_truncated_document_loses_only_what_was_cut() -> None:
    whole = values(read(STATE))
    for cut in range(0, len(STATE), 37):
        part = STATE[:cut]
        found = values(read(part))
        check(part, read(part))
        if found.get("signer"):
            assert whole["signer"].startswith(found["signer"])
