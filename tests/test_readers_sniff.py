"""Types from bytes: what a file is called never matters."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import compound, docx, p

from pipeline.errors import (
    CorruptFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitError,
    UnsupportedTypeError,
)
from pipeline.readers import READERS, read, reader_for
from pipeline.readers.limits import Limits
from pipeline.readers.sniff import (
    DOC,
    DOCX,
    EML,
    HTML,
    MHTML,
    MSG,
    ODT,
    PDF,
    PLAIN,
    RTF,
    ZIP,
    sniff,
)


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def _odt() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", ODT)
        archive.writestr("content.xml", "<x/>")
    return target.getvalue()


MAIL = b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: =?utf-8?q?x?=\r\nMIME-Version: 1.0\r\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n", PDF),
        (b"junk from a mail gateway\r\n%PDF-1.7\n", PDF),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"II*\0....", "image/tiff"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"BM\x36\0\0\0\0\0\0\0" + b"\0" * 30, "image/bmp"),
        (docx(p("x")), DOCX),
        (docx(p("x"))[:-40], DOCX),
        (_odt(), ODT),
        (_zip(a=b"1"), ZIP),
        (_zip(xl__workbook=b"", **{"xl__workbook.xml": b"<x/>"}), None),
        (b"{\\rtf1\\ansi x}", RTF),
        (compound({"WordDocument": b"x" * 5000}), DOC),
        (compound({"__properties_version1.0": b"x" * 40}), MSG),
        (b"<!DOCTYPE html><html><body>x</body></html>", HTML),
        (b"\xef\xbb\xbf<html><body>x</body></html>", HTML),
        ("<html><body>x</body></html>".encode("utf-16"), HTML),
        (b"<div><p>a</p><p>b</p><p>c</p></div>", HTML),
        (b"<center>\nTHONG BAO\n", PLAIN),
        (MAIL + b"\r\nbody", EML),
        (MAIL + b"Content-Type: multipart/related; boundary=x\r\n\r\n", MHTML),
        (b"From: here to there\nNothing of a mail", PLAIN),
        ("Thông báo kết luận".encode(), PLAIN),
        ("Thông báo kết luận".encode("utf-16-le"), PLAIN),
        (b"\x00\x01\x02\x03" * 20, "application/octet-stream"),
        (bytes(range(1, 256)) * 2, "application/octet-stream"),
        ("ỦY BAN NHÂN DÂN XÃ ẲN HẢI".encode(), "text/plain"),
        (b"MZ\x90\0", "application/vnd.microsoft.portable-executable"),
    ],
)
def test_media_type(data: bytes, media_type: str | None) -> None:
    found = sniff(data)
    assert found == media_type if media_type else found.endswith("spreadsheetml.sheet")


@given(st.binary(max_size=300))
def test_any_bytes_have_a_type(data: bytes) -> None:
    assert "/" in sniff(data)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy ÀÁẢÃẠỆ0123456789.,;:-/\n", min_size=1))
def test_vietnamese_text_is_text(text: str) -> None:
    assert sniff(text.encode()) == PLAIN


def test_the_name_does_not_decide() -> None:
    assert read(docx(p("Chữ")), "bao-cao.pdf").text == "Chữ"
    assert read(b"chu thuong", "bao-cao.docx").media_type == PLAIN


def test_refusals_name_their_reason() -> None:
    with pytest.raises(EmptyFileError):
        read(b"", "a.txt")
    with pytest.raises(UnsupportedTypeError, match="x-7z"):
        read(b"7z\xbc\xaf\x27\x1c123", "a.7z")
    with pytest.raises(LimitError, match="max_bytes"):
        read(b"x" * 101, "a.txt", limits=Limits(max_bytes=100))
    with pytest.raises(EncryptedFileError):
        read(compound({"EncryptedPackage": b"x" * 600}), "a.docx")


def test_a_compound_file_that_is_cut_short_is_damaged_not_of_another_type():
    whole = compound({"Sổ": b"x" * 5000})
    with pytest.raises(UnsupportedTypeError, match="ole-storage"):
        read(whole, "a.xls")
    with pytest.raises(CorruptFileError):
        read(whole[:600], "a.doc")


@pytest.mark.parametrize("media_type", sorted(READERS))
def test_every_reader_can_be_imported(media_type: str) -> None:
    assert callable(reader_for(media_type))
