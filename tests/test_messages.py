"""What people read is in their language: kinds, issues, and what readers say of a file."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from pipeline.bulk.reasons import explain_error
from pipeline.checks.catalogue import catalogue, issue_text
from pipeline.desk.words import kind_name
from pipeline.errors import InputError
from pipeline.messages import say, technical
from pipeline.readers import read
from pipeline.resources import lexicon, lexicon_rows

_SLOT = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("check", catalogue().values(), ids=lambda check: check.id)
def test_every_check_is_told_in_both_languages(check) -> None:
    facts = {name: f"giá trị {name}" for name in _SLOT.findall(check.vi)}
    message = check.vi.format(**facts)
    assert issue_text(check.id, message, "vi") == message
    assert issue_text(check.id, message, "en") == check.en.format(**facts)


@pytest.mark.parametrize("code", lexicon("messages/header"))
def test_checks_of_the_header_are_told_in_both_languages(code: str) -> None:
    facts = {"signature": "Nguyễn Văn An", "body": "Nguyễn Văn Ân"}
    message = say(f"header.{code}", "vi", **facts)
    assert issue_text(code, message, "en") == say(f"header.{code}", "en", **facts)


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    assert issue_text("x", "Một câu của bản ghi cũ.", "en") == "Một câu của bản ghi cũ."
    assert technical("some library says so", "vi") == "some library says so"


def damaged_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>" * 50)
        archive.writestr("[Content_Types].xml", "<Types/>")
    return held.getvalue()[:-40]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (damaged_zip(), "a.docx"),
        (b"%PDF-1.4\nnothing of a PDF", "a.pdf"),
        (b"\x89PNG\r\n\x1a\nnothing", "a.png"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1nothing", "a.doc"),
        (b"\x7fELF" + bytes(200), "a.pdf"),
        (b"", "a.txt"),
    ],
)
def test_why_a_file_is_refused_is_told_in_the_language_asked_for(data: bytes, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, name)
    english, vietnamese = (
        re.findall(r"\((.*)\)", explain_error(caught.value, language)) for language in ("en", "vi")
    )
    assert all(technical(words, "en") == words for words in english)
    assert english == [] or vietnamese != english


@pytest.mark.parametrize(
    ("english", "told"),
    [
        (
            "not a readable ZIP: File is not a zip file",
            "không đọc được như tệp ZIP: tệp không phải ZIP",
        ),
        ("page 3: no text found", "trang 3: không thấy chữ"),
        (
            "page 12: confidence 0.89, syllables 0.97, unread ink 0.05",
            "trang 12: độ tin cậy 0.89, âm tiết tiếng Việt 0.97, nét mực chưa đọc 0.05",
        ),
        ("max_bytes: 12 is over 10", "max_bytes: 12 vượt quá 10"),
        ("the PDF needs a password", "tệp PDF có mật khẩu"),
        ("Input should be less than or equal to 1000", "nhiều nhất là 1000"),
    ],
)
def test_what_readers_say_in_vietnamese(english: str, told: str) -> None:
    assert technical(english, "vi") == told
    assert technical(english, "en") == english


def test_kinds_are_called_as_the_law_calls_them() -> None:
    names: dict[str, str] = {}
    for row in lexicon_rows("document_types"):
        names.setdefault(row["code"], row["name"])
    names["SL"] = "Sắc lệnh, bản sao lục"  # the same letters for two kinds, of two times
    assert {code: kind_name(code, "vi") for code in names} == names
    assert [kind_name(code, "en") for code in ("QĐ", "TB", "NEWS", "?")] == [
        "Decision",
        "Notice",
        "News",
        "?",
    ]
    assert kind_name(None, "vi") == ""
