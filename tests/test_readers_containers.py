"""Archives, messages and folders of page images: each document inside becomes one of its own."""

import base64
import io
import zipfile
from email.message import EmailMessage
from types import NoneType

import pytest
from office_files import compound, docx, p
from PIL import Image

from pipeline.errors import (
    CorruptFileError,
    EmptyFileError,
    InputError,
    LimitError,
    UnsupportedTypeError,
)
from pipeline.readers import read
from pipeline.readers.cfb import read_compound
from pipeline.readers.containers import (
    Member,
    is_container,
    open_container,
    pack_pages,
    page_order,
)
from pipeline.readers.limits import Limits


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _image(kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("L", (40, 60), 255).save(target, kind)
    return target.getvalue()


def _names(members: list[Member]) -> list[str]:
    return [member.name for member in members]


def test_a_document_is_its_own_only_member() -> None:
    data = docx(p("Chữ"))
    assert not is_container(data)
    assert list(open_container(data, "a.docx")) == [Member("a.docx", data)]


def test_members_of_an_archive_and_of_one_inside_it() -> None:
    inner = _zip({"phu-luc.txt": b"phu luc"})
    data = _zip(
        {
            "kh.docx": docx(p("Kế hoạch")),
            "sub/inner.zip": inner,
            "__MACOSX/._kh.docx": b"x",
            "Thumbs.db": b"x",
            "empty.txt": b"",
        }
    )
    members = list(open_container(data, "ho-so.zip"))
    assert _names(members) == [
        "ho-so.zip!/kh.docx",
        "ho-so.zip!/sub/inner.zip!/phu-luc.txt",
        "ho-so.zip!/empty.txt",
    ]
    assert [type(member.error) for member in members] == [NoneType, NoneType, EmptyFileError]
    assert is_container(data)
    assert read(members[0].data, members[0].name).text == "Kế hoạch"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/a.txt", "etc/a.txt"),
        ("C:\\a\\b.txt", "C:/a/b.txt"),
        ("a\x01\nb.txt", r"a\x01\x0ab.txt"),
        ("..", "unnamed"),
    ],
)
def test_names_from_inside_are_labels_only(name: str, label: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, b"noi dung")
    assert _names(list(open_container(target.getvalue(), "a.zip"))) == [f"a.zip!/{label}"]


def test_two_members_of_one_name_stay_apart() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", b"mot")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", b"hai")
    assert _names(list(open_container(target.getvalue(), "z.zip"))) == [
        "z.zip!/a.txt",
        "z.zip!/a.txt (2)",
    ]


def test_one_bad_member_does_not_stop_the_others() -> None:
    data = bytearray(_zip({"a.txt": b"A" * 400, "b.txt": b"B"}))
    start = data.index(b"a.txt") + len("a.txt")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    first, second = open_container(bytes(data), "z.zip")
    assert isinstance(first.error, CorruptFileError)
    assert (second.data, second.error) == (b"B", None)


def test_depth_size_and_number_have_limits() -> None:
    nested = b"het"
    for level in range(5):
        nested = _zip({f"{level}.zip" if level else "a.txt": nested})
    deep = list(open_container(nested, "z.zip"))
    assert isinstance(deep[0].error, LimitError)
    assert deep[0].error.facts["what"] == "max_depth"
    data = _zip({"a.txt": b"a" * 500, "b.txt": b"b" * 500})
    tight = list(open_container(data, "z.zip", Limits(max_unzipped_bytes=600)))
    assert isinstance(tight[-1].error, LimitError)
    few = list(open_container(data, "z.zip", Limits(max_members=1)))
    assert isinstance(few[-1].error, LimitError)


def _mail(**attachments: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "vt@so.vn", "pkh@so.vn"
    message["Subject"] = "Gửi thông báo kết luận"
    message["MIME-Version"] = "1.0"
    message["Message-ID"] = "<1@so.vn>"
    message.set_content("Kính gửi: Phòng Kế hoạch, gửi kèm thông báo.")
    for name, content in attachments.items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=f"{name}.docx"
        )
    return message


def test_message_with_attachments() -> None:
    data = _mail(thong_bao=docx(p("Kết luận"))).as_bytes()
    body, attached = open_container(data, "thu.eml")
    assert body.name == "thu.eml!/body.txt"
    assert read(body.data, body.name).text.strip() == "Kính gửi: Phòng Kế hoạch, gửi kèm thông báo."
    assert attached.name == "thu.eml!/thong_bao.docx"
    assert read(attached.data, attached.name).text == "Kết luận"


def test_message_inside_a_message_and_html_body() -> None:
    inner = _mail(kh=docx(p("Kế hoạch")))
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "a@b.vn", "c@d.vn", "FW"
    outer["Message-ID"] = "<2@so.vn>"
    outer.set_content("<p>Chuyển tiếp</p>", subtype="html")
    outer.add_attachment(inner)
    names = _names(list(open_container(outer.as_bytes(), "f.eml")))
    assert names[0] == "f.eml!/body.html"
    assert names[-1].endswith("!/kh.docx")
    assert len(names) == 3


def test_body_in_another_charset_reaches_the_reader_in_unicode() -> None:
    text = base64.b64encode("Ba\u0301o ca\u0301o quy\u0301 I".encode("cp1258"))
    head = b"From: a@b.vn\nTo: c@d.vn\nSubject: x\nMIME-Version: 1.0\n"
    head += b"Content-Type: text/plain; charset=windows-1258\nContent-Transfer-Encoding: base64\n\n"
    body = next(open_container(head + text, "t.eml"))
    assert read(body.data, body.name).text.strip() == "Báo cáo quý I"


def test_outlook_message() -> None:
    pad = b"\0" * 8000  # above the size from which streams lie in sectors of their own
    document = docx(p("Thông báo " + "dài " * 400)).ljust(8000, b"\0")
    data = compound(
        {
            "__properties_version1.0": pad,
            "__substg1.0_1000001F": "Kính gửi các phòng".encode("utf-16-le").ljust(8000, b"\0"),
            "__attach_version1.0_#00000000/__substg1.0_3707001F": "tb.docx".encode("utf-16-le")
            + pad,
            "__attach_version1.0_#00000000/__substg1.0_37010102": document,
            "__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001F": (
                "Thư bên trong".encode("utf-16-le") + pad
            ),
        }
    )
    members = list(open_container(data, "t.msg"))
    assert members[0].data.decode().rstrip("\0") == "Kính gửi các phòng"
    assert members[1].name == "t.msg!/tb.docx"
    assert members[1].data == document
    assert "Thư bên trong" in members[2].data.decode()


@pytest.mark.parametrize("cut", [300, 512, 700, 2000])
def test_damaged_compound_files_end_in_an_error_or_less_content(cut: int) -> None:
    data = compound({"a/b": b"x" * 6000, "c": b"y" * 6000})
    try:
        read_compound(data[:cut])
    except InputError:
        return
    assert cut > 512


def test_compound_file_with_a_loop_ends() -> None:
    data = bytearray(compound({"a": b"x" * 6000}))
    table = len(data) - 512
    for index in range(20):  # every sector is followed by the first one
        data[table + 4 * index : table + 4 * index + 4] = b"\0\0\0\0"
    try:
        root = read_compound(bytes(data))
    except CorruptFileError:
        return
    assert sum(map(len, root.streams.values())) <= len(data)


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["p2.jpg", "p1.jpg", "p10.jpg", *(f"p{i}.jpg" for i in range(3, 10))], "p1.jpg"),
        (["Trang 01.tif", "Trang 02.tif"], "Trang 01.tif"),
        (["a1.jpg", "a3.jpg"], None),
        (["a1.jpg", "b2.jpg"], None),
        (["a1.jpg", "a2.png"], None),
        (["a1.jpg"], None),
        (["a1.jpg", "a2.jpg", "ghi-chu.txt"], None),
        (["IMG_1201.jpg", "IMG_1202.jpg"], None),
        ([], None),
    ],
)
def test_which_images_are_pages_of_one_document(names: list[str], order: str | None) -> None:
    found = page_order(names)
    assert (found[0] if found else None) == order
    if found:
        assert len(found) == len(names)


def test_page_images_of_an_archive_are_one_document() -> None:
    pages = _zip({f"quet/trang-{i}.png": _image() for i in (1, 2, 3)})
    assert not is_container(pages)
    assert _names(list(open_container(pages, "quet.zip"))) == ["quet.zip"]
    mixed = _zip(
        {
            "tb.txt": b"thong bao",
            "quet/trang-2.png": _image(),
            "quet/trang-1.png": _image(),
        }
    )
    members = list(open_container(mixed, "m.zip"))
    assert _names(members) == ["m.zip!/tb.txt", "m.zip!/quet"]
    document = read(members[1].data, members[1].name, limits=Limits(ocr=False))
    assert len(document.pages) == 2


def test_page_images_by_name_only_are_not_pages() -> None:
    fake = _zip({"a1.png": b"khong phai anh", "a2.png": b"khong phai anh"})
    assert is_container(fake)


def test_archive_cannot_be_read_as_a_document() -> None:
    with pytest.raises(UnsupportedTypeError):
        read(_zip({"a.txt": b"x"}), "a.zip")


def test_page_images_are_packed_as_one_document() -> None:
    pages = {f"page-{number}.png": _image() for number in (1, 2)}
    packed = pack_pages(pages)
    assert packed == pack_pages(pages)
    assert len(read(packed, "folder", limits=Limits(ocr=False)).pages) == 2


def test_multi_page_tiff_is_one_document() -> None:
    target = io.BytesIO()
    frames = [Image.new("L", (40, 60), 255) for _ in range(3)]
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    document = read(target.getvalue(), "scan.tif", limits=Limits(ocr=False))
    assert len(document.pages) == 3
