"""Files made to hurt: each ends as an error of the file or as a document, soon and small."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from office_files import compound, docx, p

from pipeline.document import Document
from pipeline.errors import CorruptFileError, InputError, LimitError
from pipeline.readers import read, read_guarded
from pipeline.readers.containers import open_container
from pipeline.readers.limits import Limits
from tests.pace import Stopwatch

MB = 1_000_000


def _package(parts: dict[str, bytes | str]) -> bytes:
    """A good DOCX with some of its parts replaced or added."""
    source = zipfile.ZipFile(io.BytesIO(docx(p("Chữ"))))
    content: dict[str, bytes | str] = {i.filename: source.read(i) for i in source.infolist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name, part in {**content, **parts}.items():
            copy.writestr(name, part)
    return target.getvalue()


def entity_bomb() -> bytes:
    steps = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    part = f'<!DOCTYPE w [<!ENTITY l0 "ha">{steps}]>' + docx_part("&l9;")
    return _package({"word/document.xml": part})


def docx_part(text: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'


def outside_entity() -> bytes:
    part = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + docx_part("a&x;b")
    return _package({"word/document.xml": part})


def outside_entity_utf16() -> bytes:
    part = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w [<!ENTITY x "y">]>' + docx_part(
        "&x;"
    )
    return _package({"word/document.xml": part.encode("utf-16")})


def huge_text_node() -> bytes:
    return _package({"word/document.xml": docx_part("a" * 60 * MB)})


def huge_text_node_badly_packed() -> bytes:
    """Too little packed for the ratio: the size of the part is what counts."""
    noise = zlib.compress(bytes(range(256)) * 100)[:97].hex()
    return _package({"word/document.xml": docx_part((noise + " ") * (70 * MB // len(noise)))})


def deep_tables() -> bytes:
    depth = 20_000
    return docx("<w:tbl><w:tr><w:tc>" * depth + p("x") + "</w:tc></w:tr></w:tbl>" * depth)


def deep_insertions() -> bytes:
    return docx(f"<w:p>{'<w:ins>' * 240}<w:r><w:t>x</w:t></w:r>{'</w:ins>' * 240}</w:p>")


def style_loop() -> bytes:
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:basedOn w:val="{}"/></w:style>'
    styles = style.format("A", "B") + style.format("B", "A")
    return docx(p("x", properties='<w:pStyle w:val="A"/>'), styles=styles)


def huge_list_numbers() -> bytes:
    level = '<w:lvl w:ilvl="0"><w:start w:val="999999"/><w:numFmt w:val="lowerLetter"/>'
    level += f'<w:lvlText w:val="{"%1" * 50}"/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
    lists += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    one = p("x", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    return docx(one * 50, numbering=lists)


def huge_media() -> bytes:
    return _package({"word/media/image1.bmp": b"\0" * 150 * MB})


def upward_names() -> bytes:
    return _package({"../congvan-evil.xml": "<x/>", "word/../../congvan-evil.rels": "<x/>"})


def zip_of_zeros() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a.txt", b"\0" * 100 * MB)
    return target.getvalue()


def overlapping_zip() -> bytes:
    """Directory entries that all point at one member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", b"x" * 5000)
    data = target.getvalue()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry, count = data[start:end], 300
    tail = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0
    )
    return data[:start] + entry * count + tail


def nested_zips() -> bytes:
    data = b"thong bao"
    for _ in range(30):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("x.zip", data)
        data = target.getvalue()
    return data


def deep_page() -> bytes:
    return b"<html><body>" + b"<div><b>" * 50_000 + b"x" + b"</b></div>" * 50_000


def page_of_many_tags() -> bytes:
    return b"<html><body>" + b"<p>a" * 300_000


def page_with_endless_attribute() -> bytes:
    return b"<html><body><p class='" + b"content-detail " * 200_000 + b"'>x</p>"


def deep_json() -> bytes:
    stated = "[" * 100_000 + "]" * 100_000
    return f'<html><script type="application/ld+json">{stated}</script><p>x</p></html>'.encode()


def one_endless_line() -> bytes:
    return b"# T\n|" + b"a" * 4 * MB


def line_of_marks() -> bytes:
    return b"**a**\n" + b"**a *b _" * 300_000


def line_of_dashes_and_dots() -> bytes:
    return b"|" + b" -|" * MB


def many_lines() -> bytes:
    return b"a\n" * 2 * MB


def marks_without_letters() -> bytes:
    return ("a" + "\u0301" * MB).encode()


def mojibake_forever() -> bytes:
    return ("Ã¡" * 500_000).encode()


def deep_mail() -> bytes:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = "a@b.vn", "b@c.vn", "x"
    inner["Message-ID"] = "<1@b.vn>"
    head = b"From: a@b.vn\nTo: b@c.vn\nMessage-ID: <1@b.vn>\nMIME-Version: 1.0\n"
    data = head + b"Content-Type: text/plain\n\nx"
    for number in range(150):
        boundary = f"b{number}".encode()
        data = (
            head
            + b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n" % (boundary, boundary)
            + b"Content-Type: message/rfc822\n\n"
            + data
            + b"\n--%b--\n" % boundary
        )
    return data


def shared_sectors() -> bytes:
    """A compound file in which a thousand streams are the same long chain."""
    data = bytearray(compound({f"s{i:02d}": b"x" * (9000 if i == 0 else 600) for i in range(10)}))
    start = data.index("s01".encode("utf-16-le"))
    for index in range(9):
        data[start + 128 * index + 116 : start + 128 * index + 124] = struct.pack("<II", 0, 9000)
    return bytes(data)


def huge_picture() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IEND\xaeB`\x82"
    )


def pdf_stream_bomb() -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"q " * MB) for _ in range(500)) + packer.flush()
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    head += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    head += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
    body = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return head + body + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def pdf_huge_page() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000 200000]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


QUICK: list[Callable[[], bytes]] = [
    entity_bomb,
    outside_entity,
    outside_entity_utf16,
    deep_tables,
    deep_insertions,
    style_loop,
    huge_list_numbers,
    upward_names,
    overlapping_zip,
    nested_zips,
    deep_page,
    deep_json,
    one_endless_line,
    line_of_marks,
    marks_without_letters,
    deep_mail,
    shared_sectors,
    huge_picture,
]
HEAVY: list[Callable[[], bytes]] = [
    huge_text_node,
    huge_text_node_badly_packed,
    huge_media,
    zip_of_zeros,
    page_of_many_tags,
    page_with_endless_attribute,
    line_of_dashes_and_dots,
    many_lines,
    mojibake_forever,
    pdf_stream_bomb,
    pdf_huge_page,
]


def _outcome(read_it: Callable[[], object]) -> InputError | None:
    try:
        read_it()
    except InputError as error:
        return error
    return None


@pytest.mark.parametrize("make", QUICK, ids=lambda make: make.__name__)
def test_quick_ones_end_soon(make: Callable[[], bytes]) -> None:
    data = make()
    watch = Stopwatch(clock=True)
    _outcome(lambda: read(data, "x"))
    _outcome(lambda: list(open_container(data, "x")))
    assert watch.seconds() < 8


@pytest.mark.parametrize("make", [entity_bomb, outside_entity, outside_entity_utf16])
def test_doctype_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(CorruptFileError, match="DOCTYPE"):
        read(make(), "x.docx")


def test_names_with_upward_paths_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert read(upward_names(), "x.docx").text == "Chữ"
    assert list(tmp_path.rglob("*evil*")) == []


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (zip_of_zeros, "max_ratio"),
        (huge_text_node, "max_ratio"),
        (huge_media, "max_ratio"),
        (overlapping_zip, "max_ratio"),
    ],
)
def test_bombs_name_the_limit_they_pass(make: Callable[[], bytes], what: str) -> None:
    data = make()
    found = next(iter(open_container(data, "x"))).error or _outcome(lambda: read(data, "x"))
    assert isinstance(found, LimitError)
    assert found.facts["what"] == what


def test_limits_can_be_raised() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a" * 3 * MB)
    refused = next(iter(open_container(target.getvalue(), "x.zip")))
    assert isinstance(refused.error, LimitError)
    allowed = next(iter(open_container(target.getvalue(), "x.zip", Limits(max_ratio=5000))))
    assert len(allowed.data) == 3 * MB


def _resident() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory as Linux tells it")
@pytest.mark.parametrize("make", QUICK + HEAVY, ids=lambda make: make.__name__)
def test_guarded_reader_keeps_its_limits(make: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(make())
    limits = Limits(seconds=20, memory_bytes=2_000_000_000)
    before = _resident()
    watch = Stopwatch(clock=True)
    result: Document | InputError
    try:
        result = read_guarded(path, limits=limits)
    except InputError as error:
        result = error
    assert watch.seconds() < limits.seconds + 5
    assert _resident() - before < 50 * MB
    if isinstance(result, Document):
        assert len(result.text) <= limits.max_characters
