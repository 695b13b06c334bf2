"""Plain text and Markdown dumps: every character kept, furniture of pages marked at both ends."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.errors import LimitError
from pipeline.readers import read
from pipeline.readers.limits import Limits
from tests.pace import pace

NEWS = """A- A A+ | Tăng tương phản Giảm tương phản

Huyện Sông Lam kiểm tra công vụ đột xuất tại sáu xã

Sáng 3/4, đoàn kiểm tra công vụ của huyện đã kiểm tra đột xuất việc chấp hành giờ làm việc.

( Đoàn kiểm tra làm việc tại xã Tân Phú)

Qua kiểm tra, các xã đã bố trí đủ người trực tại Bộ phận Một cửa, niêm yết thủ tục đầy đủ.

Huyện Sông Lam kiểm tra công vụ đột xuất tại sáu xã

Người dân làm thủ tục tại Bộ phận Một cửa xã Tân Phú

Tuy nhiên, còn 02 công chức vắng mặt không lý do; 05 hồ sơ trả kết quả chậm.

Đoàn yêu cầu Chủ tịch UBND các xã kiểm điểm, báo cáo trước ngày 15/4.

Tác giả: Hoài Thu
Lượt xem: 1.204
Từ khóa: kiểm tra, công vụ
Tổng số điểm của bài viết là: 5 trong 1 đánh giá
Click để đánh giá bài viết
Bài tin liên quan
Hội nghị giao ban quý I
Hôm nay : 12
"""

LIBRARY = """dẫn để xem chi tiết.
|
|
Đang tải văn bản...
#
**Số hiệu:**
|
77/TB-VP
|
|
**Loại văn bản:**
|
Thông báo
|
**Người ký:**
|
Lê Văn Tám
|
|
**VĂN PHÒNG UBND TỈNH**
-------
|
**CỘNG HÒA XÃ HỘI
CHỦ NGHĨA VIỆT NAM**
Độc lập - Tự do - Hạnh phúc
|
Số: 77/TB-VP
|
*Hà Tĩnh, ngày 8 tháng 5 năm 2024*
|
**THÔNG BÁO**
Kết luận của Chánh Văn phòng tại buổi kiểm tra
## I. Kết quả
| STT | Nội dung |
* Đã hoàn thành số hóa hồ sơ.
Các phòng khẩn trương khắc phục **tồn tại**.
Nơi nhận:
- Như trên;
|
**CHÁNH VĂN PHÒNG**
Lê Văn Tám
|
Thông báo 77/TB-VP năm 2024 về kết luận kiểm tra
Văn bản này chưa cập nhật nội dung Tiếng Anh
## Văn bản liên quan
Ban hành:
08/05/2024
THÔNG BÁO
Chúng tôi bảo vệ quyền riêng tư của người dùng.
"""


def _notes(document: Document) -> dict[str, tuple[str, str | None]]:
    return {document.text[b.start : b.end]: (b.kind, b.note) for b in document.blocks}


@pytest.mark.parametrize(
    "text", [NEWS, LIBRARY, "một\n\n\n  hai  \n", "không xuống dòng", " \n\t\n"]
)
def test_nothing_is_dropped(text: str) -> None:
    document = read(text.encode(), "a.txt")
    assert document.text == text
    assert (
        "\n".join(document.text[b.start : b.end] for b in document.blocks).split() == text.split()
    )
    page = document.pages[0]
    assert (page.start, page.end, page.source) == (0, len(text), "plain")


def test_furniture_of_a_news_page() -> None:
    notes = _notes(read(NEWS.encode(), "a.txt"))
    for line, note in (
        ("A- A A+ | Tăng tương phản Giảm tương phản", "page-line"),
        ("Tác giả: Hoài Thu", "author"),
        ("Lượt xem: 1.204", "page-line"),
        ("Từ khóa: kiểm tra, công vụ", "page-line"),
        ("Click để đánh giá bài viết", "page-tail"),
        ("Hội nghị giao ban quý I", "page-tail"),
        ("Hôm nay : 12", "page-tail"),
    ):
        assert notes[line] == ("boilerplate", note)
    paragraphs = [line for line, (kind, _) in notes.items() if kind == "paragraph"]
    assert [line.split()[0] for line in paragraphs] == ["Sáng", "Qua", "Tuy", "Đoàn"]


def test_captions_and_repeated_headline_of_a_news_page() -> None:
    document = read(NEWS.encode(), "a.txt")
    found = [
        (b.kind, b.note, document.text[b.start : b.start + 14])
        for b in document.blocks
        if b.note in ("wording", "repeated-headline", "after-picture")
    ]
    assert found == [
        ("caption", "wording", "( Đoàn kiểm tr"),
        ("boilerplate", "repeated-headline", "Huyện Sông Lam"),
        ("caption", "after-picture", "Người dân làm "),
    ]
    assert document.metadata.author == "Hoài Thu"
    assert document.metadata.is_news_page


def test_page_of_a_law_library_around_a_document() -> None:
    document = read(LIBRARY.encode(), "a.md")
    blocks = document.blocks
    head = [b for b in blocks if b.note == "page-head"]
    tail = [b for b in blocks if b.note == "page-tail"]
    assert document.text[head[-1].start : head[-1].end] == "Lê Văn Tám"
    assert document.text[tail[0].start :].startswith("Thông báo 77/TB-VP năm 2024")
    assert tail[-1].end == len(LIBRARY) - 1
    assert not document.metadata.is_news_page
    kept = [document.text[b.start : b.end] for b in blocks if b.kind != "boilerplate"]
    assert kept[0] == "**VĂN PHÒNG UBND TỈNH**"
    assert kept[-1] == "Lê Văn Tám"
    assert "**THÔNG BÁO**" in kept


def test_markdown_marks_show_in_the_blocks() -> None:
    document = read(LIBRARY.encode(), "a.md")
    facts = {document.text[b.start : b.end]: b for b in document.blocks}
    assert facts["**VĂN PHÒNG UBND TỈNH**"].bold is True
    assert facts["**CỘNG HÒA XÃ HỘI"].bold is True
    assert facts["CHỦ NGHĨA VIỆT NAM**"].bold is True
    assert facts["Độc lập - Tự do - Hạnh phúc"].bold is False
    assert facts["*Hà Tĩnh, ngày 8 tháng 5 năm 2024*"].italic is True
    assert (facts["## I. Kết quả"].kind, facts["## I. Kết quả"].bold) == ("heading", True)
    assert facts["| STT | Nội dung |"].kind == "table"
    assert facts["* Đã hoàn thành số hóa hồ sơ."].italic is False
    assert facts["Các phòng khẩn trương khắc phục **tồn tại**."].bold is False
    assert (facts["-------"].kind, facts["-------"].note) == ("boilerplate", "markup")


def test_markdown_marks_inside_words_are_left_out() -> None:
    printed = "**BỘ TÀI CHÍNH**\nC**ỤC THUẾ**\nLê H****òa kê 10**3 m**2, *ng**ày* 5**\n"
    document = read(printed.encode(), "a.md")
    assert document.text == "**BỘ TÀI CHÍNH**\nCỤC THUẾ**\nLê Hòa kê 10**3 m**2, *ngày* 5**\n"
    assert document.reading["emphasis-inside-words"] == "3"
    assert [block.bold for block in document.blocks] == [True, False, False]
    assert "emphasis-inside-words" not in read("**Hà** Nội".encode(), "a.md").reading


def test_text_in_no_known_encoding_is_doubted() -> None:
    garbage = ("ÿÐçþ ðæÞß ÇøÅ " * 40).encode("latin-1")
    assert [issue.code for issue in read(garbage, "a.txt").issues] == ["encoding-unknown"]
    assert not read("Sở Y tế báo cáo kết quả kiểm tra.".encode("cp1258", "ignore"), "a.txt").issues


OFFICIAL = """Số: 229 /TB-SNV
An Giang, ngày 24 tháng 7 năm 2023
THÔNG BÁO
Giới thiệu
Liên hệ
NỘI DUNG
Văn bản liên quan
Các phòng thực hiện nghiêm việc báo cáo.
( ban hành kèm theo Quyết định số 12/QĐ-SNV)
Nơi nhận:
- Lưu: VT.
GIÁM ĐỐC"""


def test_an_official_document_has_no_furniture() -> None:
    kinds = {block.kind for block in read(OFFICIAL.encode(), "a.txt").blocks}
    assert kinds == {"paragraph"}


@pytest.mark.parametrize(
    "line",
    [
        "Hôm nay, Tỉnh ủy họp phiên thường kỳ.",
        "Liên hệ",
        "Có chữ ký số của lãnh đạo đạt 80%",
        "Xem xét, xử lý trách nhiệm tập thể, cá nhân có liên quan.",
        "ĐẢNG ỦY",
        "Gửi",
    ],
)
def test_ordinary_lines_are_not_furniture(line: str) -> None:
    text = f"Thông báo kết luận\nCác đơn vị thực hiện.\n{line}\nBáo cáo kết quả."
    kinds = {block.kind for block in read(text.encode(), "a.txt").blocks}
    assert kinds == {"paragraph"}


def test_a_box_amid_an_article_does_not_end_it() -> None:
    long = "Đoàn kiểm tra đã làm việc với các đơn vị và ghi nhận nhiều kết quả tích cực. " * 3
    text = f"Kiểm tra công vụ\n{long}\n{long}\nXem thêm:\nGiá xăng hôm nay\n{long}\n{long}\n"
    kinds = [block.kind for block in read(text.encode(), "a.txt").blocks]
    assert kinds.count("boilerplate") <= 1
    tail = f"Kiểm tra công vụ\n{long}\n{long}\n{long}\n{long}\nXem thêm:\nGiá xăng hôm nay\n"
    last = read(tail.encode(), "a.txt").blocks[-1]
    assert (last.kind, last.note) == ("boilerplate", "page-tail")


def test_headline_above_a_share_bar_stays() -> None:
    text = "Tiêu đề bài báo về kiểm tra\nChia sẻ: Facebook | Zalo\n" + "Nội dung dài. " * 20
    notes = _notes(read(text.encode(), "a.txt"))
    assert notes["Tiêu đề bài báo về kiểm tra"] == ("paragraph", None)
    assert notes["Chia sẻ: Facebook | Zalo"][0] == "boilerplate"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_any_text_has_its_blocks_in_order(text: str) -> None:
    document = read(b"Thong bao: " + text.encode(), "a.txt")
    for before, block in zip(document.blocks, document.blocks[1:], strict=False):
        assert before.end <= block.start
    for block in document.blocks:
        assert 0 <= block.start < block.end <= len(document.text)


def test_limits() -> None:
    with pytest.raises(LimitError, match="max_blocks"):
        read(b"a\n" * 30, "a.txt", limits=Limits(max_blocks=20))
    with pytest.raises(LimitError, match="max_characters"):
        read(b"a" * 30, "a.txt", limits=Limits(max_characters=20))


def test_damaged_bytes_are_an_issue() -> None:
    data = ("Kết luận kiểm tra công tác văn thư. " * 20).encode()
    assert [i.code for i in read(data + b"\xff", "a.txt").issues] == ["encoding-damaged"]


def test_a_short_text_is_read_in_milliseconds() -> None:
    data = (NEWS * 6)[:8000].encode()[:8000].decode("utf-8", "ignore").encode()
    read(data, "a.txt")
    times = []
    for _ in range(20):
        start = time.process_time()
        read(data, "a.txt")
        times.append(time.process_time() - start)
    # 1 to 2 ms on a quiet core
    assert min(times) / pace() < 0.010
