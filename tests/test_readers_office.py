"""DOC, RTF and ODT through LibreOffice; without it a status that says so."""

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
from office_files import compound, docx, font, listed, numbering, p, r, table

from pipeline.document import Document
from pipeline.errors import (
    CorruptFileError,
    EncryptedFileError,
    LimitError,
    ReaderTimeoutError,
    ToolMissingError,
)
from pipeline.readers import read
from pipeline.readers.limits import Limits
from pipeline.readers.office import find_soffice, read_office_batch
from pipeline.readers.sniff import ODT, RTF

NO_OFFICE = Limits(soffice="")
RTF_FILE = (
    rb"{\rtf1\ansi\ansicpg1258{\fonttbl{\f0 Times New Roman;}{\f1 .VnTime;}}"
    rb"\pard\qc\b\f0 TH\u212?NG B\u193?O\b0\par"
    rb"\pard\ql\f1 K\'d5t lu\'cbn ki\'d3m tra\par"
    rb"{\listtext 1.\tab}\f0 Giao V\u259?n ph\u242?ng theo d\u245?i.\par}"
)


def _odt(content: str, manifest: str = "<m/>") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return target.getvalue()


@pytest.mark.parametrize("data", [RTF_FILE, compound({"WordDocument": b"\0" * 5000})])
def test_without_libreoffice_the_status_says_so(data: bytes) -> None:
    with pytest.raises(ToolMissingError) as missing:
        read(data, "x", limits=NO_OFFICE)
    assert missing.value.reason == "needs-tool"
    assert missing.value.facts["tool"] == "LibreOffice"


def test_configured_path_that_is_not_there() -> None:
    assert find_soffice("/khong/co/soffice") is None
    assert find_soffice("") is None


@pytest.fixture
def fake_office(tmp_path: Path) -> Limits:
    """Stands where LibreOffice would, and does what the test writes into it."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    return Limits(soffice=str(program), office_seconds=1.0)


def test_exit_code_zero_without_output_is_a_failure(fake_office: Limits) -> None:
    with pytest.raises(CorruptFileError, match="could not read"):
        read(RTF_FILE, "x.rtf", limits=fake_office)


def test_empty_output_is_a_failure(fake_office: Limits) -> None:
    script = (
        'for last; do :; done\ndir=$(dirname "$last")/out\nmkdir -p "$dir"\n: > "$dir/0000.docx"\n'
    )
    Path(str(fake_office.soffice)).write_text(f"#!/bin/sh\n{script}")
    with pytest.raises(CorruptFileError):
        read(RTF_FILE, "x.rtf", limits=fake_office)


def test_hanging_office_is_stopped(fake_office: Limits) -> None:
    Path(str(fake_office.soffice)).write_text("#!/bin/sh\nsleep 62.5 & wait\n")
    with pytest.raises(ReaderTimeoutError):
        read(RTF_FILE, "x.rtf", limits=fake_office)


def test_encrypted_files_are_told_before_libreoffice_sees_them(fake_office: Limits) -> None:
    flags = struct.pack("<10xH", 0x0100)
    with pytest.raises(EncryptedFileError):
        read(compound({"WordDocument": flags.ljust(5000, b"\0")}), "x.doc", limits=fake_office)
    locked = _odt("<x/>", '<manifest:file-entry><manifest:encryption-data m="1"/>')
    with pytest.raises(EncryptedFileError):
        read(locked, "x.odt", limits=fake_office)


def test_bombs_do_not_reach_libreoffice(fake_office: Limits) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("mimetype")
        archive.writestr(info, "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", b"x" * 30_000_000)
    with pytest.raises(LimitError):
        read(target.getvalue(), "x.odt", limits=fake_office)


needs_office = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


@pytest.mark.office
@pytest.mark.slow
@needs_office
def test_rtf_through_libreoffice_keeps_fonts_and_layout() -> None:
    document = read(RTF_FILE, "x.rtf")
    lines = document.text.split("\n")
    assert lines[0] == "THÔNG BÁO"
    assert lines[1] == "Kết luận kiểm tra"
    assert document.blocks[0].bold is True
    assert document.blocks[0].align == "center"
    assert (document.media_type, document.size) == (RTF, len(RTF_FILE))
    assert document.reading == {"encoding": "tcvn3", "converter": "libreoffice"}


@pytest.mark.office
@pytest.mark.slow
@needs_office
def test_a_batch_with_a_bad_file_in_it() -> None:
    good = (RTF_FILE, "a.rtf", RTF)
    bad = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"rac" * 500, "b.doc", "application/msword")
    first, second, third = read_office_batch([good, bad, good], Limits())
    assert isinstance(first, Document)
    assert isinstance(second, CorruptFileError)
    assert isinstance(third, Document)
    assert first.text == third.text


def _converted(source: bytes, form: str, folder: Path) -> bytes:
    """A DOCX as LibreOffice writes it in another form."""
    (folder / "a.docx").write_bytes(source)
    subprocess.run(
        [
            str(find_soffice()),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", form, "--outdir", str(folder / "out")),
            str(folder / "a.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (made,) = (folder / "out").iterdir()
    return made.read_bytes()


@pytest.mark.office
@pytest.mark.slow
@needs_office
@pytest.mark.parametrize(
    ("form", "media_type"),
    [("doc:MS Word 97", "application/msword"), ("odt", ODT)],
    ids=["doc", "odt"],
)
def test_doc_and_odt_say_what_the_word_file_says(
    form: str, media_type: str, tmp_path: Path
) -> None:
    """Numbers, tables, tracked changes and old fonts come through."""
    body = (
        p("THÔNG BÁO", properties="<w:jc w:val='center'/>")
        + listed("Rà soát hồ sơ", 0)
        + listed("Báo cáo kết quả", 0)
        + p(
            "Hoàn thành ",
            "<w:del w:id='2' w:author='A'><w:r><w:delText>trước 30/6</w:delText></w:r></w:del>",
            "<w:ins w:id='1' w:author='A'>" + r("trước ngày 15/7") + "</w:ins>",
        )
        + p(r("KÕt luËn", font(".VnTime")))
        + table(("Đơn vị", "Số hồ sơ"), ("Phòng Một", "12"))
        + p("Nơi nhận:")
    )
    source = docx(body, numbering=numbering(("decimal", "%1.")))
    document = read(_converted(source, form, tmp_path), "x")
    assert document.media_type == media_type
    assert document.reading["converter"] == "libreoffice"
    lines = [line for line in document.text.split("\n") if line]
    assert lines == [
        "THÔNG BÁO",
        "1. Rà soát hồ sơ",
        "2. Báo cáo kết quả",
        "Hoàn thành trước ngày 15/7",
        "Kết luận",
        "Đơn vị\tSố hồ sơ",
        "Phòng Một\t12",
        "Nơi nhận:",
    ]
    assert document.blocks[0].align == "center"
    assert [block.label for block in document.blocks if block.label] == ["1.", "2."]
