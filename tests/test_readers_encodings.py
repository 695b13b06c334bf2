"""Old encodings end as the same Unicode text; clean Unicode is never touched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.encodings import convert, convert_run, decode, repair, scheme_of_font
from pipeline.resources import lexicon_rows

TEXT = """Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 4
Ngày 12/4/2024, Giám đốc Sở chủ trì cuộc họp giao ban, đánh giá kết quả công tác tháng 3.
1. Các phòng đã hoàn thành 46/50 nhiệm vụ được giao; tỷ lệ hồ sơ giải quyết đúng hạn đạt 99,2%.
2. Một số phòng còn chậm gửi báo cáo; việc cập nhật hồ sơ trên hệ thống chưa thường xuyên.
3. Giao Phòng Kế hoạch chủ trì, phối hợp với Thanh tra rà soát, trình trước ngày 25/4/2024.
Số: 58
Nơi nhận: Như trên; Lưu: VT."""

_SMALL_TONES = {"\u0302": 1, "\u0306": 1, "\u031b": 1}


def _typed(text: str, scheme: str) -> str:
    """`text` as it shows when typed in `scheme` and taken for Windows-1252."""
    by_letter: dict[str, str] = {}
    for row in lexicon_rows("legacy_encodings"):
        if row["scheme"] == scheme:
            seen = "".join(chr(int(code, 16)) for code in row["seen"].split())
            by_letter.setdefault(row["character"], seen)
    return "".join(by_letter.get(char, char) for char in text)


def _cp1258(text: str) -> bytes:
    """Windows-1258 bytes: letters with circumflex, breve and horn, tones as marks after them."""
    made = ""
    for char in text:
        base, *marks = unicodedata.normalize("NFD", char)
        for mark in marks:
            if mark in _SMALL_TONES:
                base = unicodedata.normalize("NFC", base + mark)
        made += base + "".join(mark for mark in marks if mark not in _SMALL_TONES)
    return made.encode("cp1258")


def _bytes(text: str) -> bytes:
    """Windows-1252 bytes, with control bytes where that has no letter."""
    return b"".join(
        char.encode("cp1252") if char.encode("cp1252", "ignore") else char.encode("latin-1")
        for char in text
    )


VARIANTS = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "utf-16 with mark": TEXT.encode("utf-16"),
    "utf-16 little endian": TEXT.encode("utf-16-le"),
    "utf-16 big endian": TEXT.encode("utf-16-be"),
    "windows line ends": TEXT.replace("\n", "\r\n").encode(),
    "old mac line ends": TEXT.replace("\n", "\r").encode(),
    "windows-1258": _cp1258(TEXT),
    "vni bytes": _bytes(_typed(TEXT, "vni")),
    "vni copied": _typed(TEXT, "vni").encode(),
    "viscii bytes": _bytes(_typed(TEXT, "viscii")),
    "viscii copied": _typed(TEXT, "viscii").encode(),
    "tcvn3 bytes": _bytes(_typed(TEXT, "tcvn3")),
    "tcvn3 copied": _typed(TEXT, "tcvn3").encode(),
    "mojibake latin-1": TEXT.encode().decode("latin-1").encode(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_encoding_gives_the_same_text(variant: str) -> None:
    assert decode(VARIANTS[variant]).text == TEXT


def test_encodings_are_named() -> None:
    assert decode(VARIANTS["utf-8"]).encodings == ("utf-8",)
    assert decode(VARIANTS["tcvn3 bytes"]).encodings == ("tcvn3",)
    assert decode(VARIANTS["vni copied"]).encodings == ("utf-8", "vni")
    assert decode(VARIANTS["windows-1258"]).encodings == ("windows-1258",)


def test_one_file_in_two_encodings_is_decided_by_paragraph() -> None:
    lines = TEXT.split("\n")
    mixed = [*lines[:3], *(_typed(line, "tcvn3") for line in lines[3:5]), *lines[5:]]
    assert decode("\n".join(mixed).encode()).text == TEXT


def test_capitals_lost_in_tcvn3_come_back_in_lines_of_capitals() -> None:
    assert convert("céng hoµ", "tcvn3") == "cộng hoà"
    assert convert("CéNG HOµ X· HéI", "tcvn3") == "CỘNG HOÀ XÃ HỘI"
    assert convert("Lª V¨n §øc", "tcvn3") == "Lê Văn Đức"


CLEAN = [
    TEXT,
    "Diện tích 250 m², nhiệt độ 25°C, sai số ±5%, §2, «văn bản», 3\u00d74, ½ ngày",
    "Công ty TNHH Société Générale; ông Müller, bà García; naïve",
    "PHỤ LỤC\nSTT\tNội dung\n1\tà á ả ã ạ",
    "Khong dau: cong hoa xa hoi chu nghia Viet Nam",
    "Hà Nội\nHuế\nĐà Nẵng",
    "“Một cửa” – ‘liên thông’ … 100%",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_unicode_stays(text: str) -> None:
    assert decode(text.encode()).text == text
    assert repair(text) == (text, ())


def test_bytes_that_break_utf8_are_kept_as_marks_and_said() -> None:
    data = TEXT.encode()
    broken = data[:200] + b"\xff" + data[200:]
    decoded = decode(broken)
    assert decoded.damaged
    assert decoded.text.count("\ufffd") == 1
    assert not decode(data).damaged


@pytest.mark.parametrize(
    ("font", "scheme"),
    [
        (".VnTime", ("tcvn3", False)),
        (".VnTimeH", ("tcvn3", True)),
        (".VnArial NarrowH", ("tcvn3", True)),
        ("VNI-Helve", ("vni", False)),
        ("Times New Roman", None),
        ("Verdana", None),
    ],
)
def test_fonts_name_their_scheme(font: str, scheme: tuple[str, bool] | None) -> None:
    assert scheme_of_font(font) == scheme


def test_runs_follow_their_font() -> None:
    assert convert_run("Th«ng b\u00b8o", ".VnTime") == ("Thông báo", "tcvn3")
    assert convert_run("Th«ng b\u00b8o", ".VnTimeH") == ("THÔNG BÁO", "tcvn3")
    assert convert_run("Thông báo", "Arial") == ("Thông báo", None)
    assert convert_run("Ủy ban", ".VnTime") == ("Ủy ban", None)
    assert convert_run("12/4/2024", ".VnTime") == ("12/4/2024", None)


def test_legacy_font_in_a_file_of_code_page_1258() -> None:
    seen = _bytes(_typed("Kết luận kiểm tra", "tcvn3")).decode("cp1258")
    assert convert_run(seen, ".VnTime") == ("Kết luận kiểm tra", "tcvn3")
    assert convert_run("Đơn vị đã hoàn thành", ".VnTime") == ("Đơn vị đã hoàn thành", None)


_LETTERS = st.text(
    alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmno"
    "òỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ .,\n",
    max_size=200,
)


@given(_LETTERS)
def test_vietnamese_unicode_is_read_back_exactly(text: str) -> None:
    assert decode(text.encode()).text == text


@given(_LETTERS)
def test_tables_turn_back(text: str) -> None:
    assert convert(_typed(text, "vni"), "vni") == text
    assert convert(_typed(text, "viscii"), "viscii") == text


@given(st.binary(max_size=400))
def test_any_bytes_become_nfc_text(data: bytes) -> None:
    text = decode(data).text
    assert text == unicodedata.normalize("NFC", text)
    assert "\r" not in text
