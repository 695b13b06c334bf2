"""Web pages: all text kept, the main text told from what is around it."""

import pytest

from pipeline.document import Document
from pipeline.errors import CorruptFileError, LimitError
from pipeline.readers import read
from pipeline.readers.html_meta import date_in
from pipeline.readers.limits import Limits

BODY = [
    "Ngày 12/6, Sở Tài chính công bố kết luận kiểm tra việc quản lý tài sản công tại các đơn vị.",
    "Theo kết luận, các đơn vị đã lập đủ sổ theo dõi, kiểm kê tài sản đúng thời hạn quy định.",
    "Tuy nhiên, còn 03 đơn vị chưa bàn giao tài sản dôi dư, hồ sơ thanh lý chưa đủ như quy định.",
    "Sở Tài chính yêu cầu các đơn vị hoàn thành việc bàn giao trước ngày 30/7 và báo cáo kết quả.",
]
TITLE = "Công bố kết luận kiểm tra quản lý tài sản công"
RELATED = '<a href="/1">Tin khác 05/01/2019: Giá đất năm 2019 của tỉnh</a>'

PORTAL = f"""<html><head><title>{TITLE} - Sở Tài chính</title></head><body><form id="aspnetForm">
<div class="top-menu"><a href="/">Trang chủ</a><a href="/gt">Giới thiệu</a></div>
<div id="news-detail"><h1>{TITLE}</h1><span class="date">Thứ năm, 13/06/2024 08:05</span>
<div class="related-news"><ul><li>{RELATED}</li></ul></div>
<div class="bodytext"><p><strong>{BODY[0]}</strong></p><p>{BODY[1]}</p>
<div class="image"><img src="x.jpg"><p class="image-caption">Quang cảnh buổi công bố</p></div>
<p>{BODY[2]}</p><p>{BODY[3]}</p><p style="text-align:right"><b>Hải Yến</b></p></div>
<p>Lượt xem: 120</p><div class="fb-share">Chia sẻ</div></div>
<div class="sidebar"><h3>Tin mới</h3><p>{BODY[0]} (tóm tắt của bài khác)</p></div>
<div id="footer">Bản quyền thuộc về Sở Tài chính</div></form></body></html>"""

OLD_TABLES = f"""<html><body><table><tr><td><a href=1>Tin tức</a><br><a href=2>Văn bản</a></td>
<td><font size=4><b>{TITLE}</b></font><br><i>Cập nhật: 13/06/2024</i><br><br>{BODY[0]}<br><br>
{BODY[1]}<br><br>{BODY[2]}<br><br>{BODY[3]}</td><td>Thống kê truy cập<br>Hôm nay: 12</td></tr>
</table></body></html>"""

JSON_LD = f"""<html><head><meta property="og:title" content="{TITLE}">
<script type="application/ld+json">{{"@graph":[{{"@type":"WebSite","name":"x"}},
{{"@type":["NewsArticle"],"headline":"{TITLE}","datePublished":"2024-06-13T08:05:00+07:00",
"author":[{{"@type":"Person","name":"Hải Yến"}}]}}]}}</script></head><body><article>
<h1>{TITLE}</h1>{"".join(f"<p>{line}</p>" for line in BODY)}
<figure><img><figcaption>Đoàn kiểm tra làm việc</figcaption></figure></article>
<aside>{RELATED}</aside></body></html>"""


def _page(text: str) -> Document:
    return read(text.encode(), "trang.html")


def _main(document: Document) -> list[str]:
    return [
        document.text[b.start : b.end]
        for b in document.blocks
        if b.kind not in ("boilerplate", "caption")
    ]


@pytest.mark.parametrize("page", [PORTAL, OLD_TABLES, JSON_LD], ids=["portal", "tables", "json-ld"])
def test_main_text_is_whole_and_the_rest_is_kept_as_boilerplate(page: str) -> None:
    document = _page(page)
    main = "\n".join(_main(document))
    for line in BODY:
        assert line in main
    assert TITLE in main
    around = [document.text[b.start : b.end] for b in document.blocks if b.kind == "boilerplate"]
    assert around, "the page around the text is kept"
    for word in ("Trang chủ", "Tin tức", "Tin khác", "Thống kê", "Bản quyền", "tóm tắt"):
        assert word not in main
        if word in page:
            assert any(word in text for text in around)


def test_headline_caption_and_reasons() -> None:
    document = _page(PORTAL)
    by_note = {b.note: (b.kind, document.text[b.start : b.end]) for b in document.blocks}
    assert by_note["headline"] == ("heading", TITLE)
    assert by_note["figure"] == ("caption", "Quang cảnh buổi công bố")
    assert by_note["related"][0] == "boilerplate"
    assert by_note["page-line"][1] == "Lượt xem: 120"
    assert {"navigation", "sidebar"} <= set(by_note)
    author = next(b for b in document.blocks if document.text[b.start : b.end] == "Hải Yến")
    assert (author.kind, author.bold, author.align) == ("paragraph", True, "right")


def test_date_is_the_one_near_the_headline_never_of_a_link() -> None:
    assert _page(PORTAL).metadata.published == "2024-06-13T08:05"
    assert _page(OLD_TABLES).metadata.published is None
    linked = f"<body><h1>{TITLE}</h1><p>{RELATED}</p><p>{BODY[0]}</p></body>"
    assert _page(f"<html>{linked}</html>").metadata.published is None


def test_metadata_of_json_ld() -> None:
    metadata = _page(JSON_LD).metadata
    assert metadata.title == TITLE
    assert metadata.author == "Hải Yến"
    assert metadata.published == "2024-06-13T08:05:00+07:00"
    assert metadata.is_news_page


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("21:50 25/10/2019", "2019-10-25T21:50"),
        ("Thứ Ba, ngày 07 tháng 5 năm 2024", "2024-05-07"),
        ("Đăng ngày 3-4-2018, 7h05", "2018-04-03T07:05"),
        ("31/02/2020", None),
        ("Số 15/2020", None),
        ("không có ngày", None),
    ],
)
def test_printed_dates(line: str, date: str | None) -> None:
    assert date_in(line) == date


def test_broken_json_ld_and_hidden_text_do_no_harm() -> None:
    page = f"""<html><head><script type="application/ld+json">{{"@type": "NewsArticle", </script>
    </head><body><p style="display: none">ẩn</p><noscript>tắt</noscript><template>mẫu</template>
    <p>{BODY[0]}</p><script>var a = "{BODY[1]}"</script></body></html>"""
    document = _page(page)
    assert document.text == BODY[0]
    assert document.metadata.author is None


def test_official_document_as_a_page() -> None:
    page = """<html><body><table><tr><td>SỞ Y TẾ</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>
    Độc lập - Tự do - Hạnh phúc</td></tr><tr><td>Số: 8/TB-SYT</td><td>Huế, ngày 2 tháng 3 năm 2024
    </td></tr></table><p align="center"><b>THÔNG BÁO</b></p><ol type="I"><li><b>Kết quả</b></li>
    <li>Hạn chế</li></ol><ul><li>mục</li></ul><table><tr><th>STT</th><th>Việc</th></tr>
    <tr><td>1</td><td>Rà soát</td></tr></table><table><tr><td>Nơi nhận:<br>- Lưu: VT.</td>
    <td><b>GIÁM ĐỐC<br>Lê Minh Tâm</b></td></tr></table></body></html>"""
    document = _page(page)
    assert [(b.kind, document.text[b.start : b.end]) for b in document.blocks] == [
        ("header", "SỞ Y TẾ\nSố: 8/TB-SYT"),
        (
            "header",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            "Huế, ngày 2 tháng 3 năm 2024",
        ),
        ("paragraph", "THÔNG BÁO"),
        ("item", "I. Kết quả"),
        ("item", "II. Hạn chế"),
        ("item", "• mục"),
        ("table", "STT\tViệc"),
        ("table", "1\tRà soát"),
        ("footer", "Nơi nhận:\n- Lưu: VT."),
        ("footer", "GIÁM ĐỐC\nLê Minh Tâm"),
    ]
    assert document.blocks[2].align == "center"
    assert document.blocks[2].bold is True


_FONT = '<html><p><font face=".VnTime">KÕt luËn kiÓm tra c«ng t\u00b8c</font></p></html>'


@pytest.mark.parametrize(
    "data",
    [
        "<html><meta charset=utf-8><body><p>Kết luận kiểm tra công tác</p></body></html>".encode(),
        "<html><body><p>Kết luận kiểm tra công tác</p></body></html>".encode("utf-16"),
        b"<html><p>K&#7871;t lu&#7853;n ki&#7875;m tra c&ocirc;ng t&aacute;c</p></html>",
        _FONT.encode(),
    ],
    ids=["utf-8", "utf-16", "entities", "tcvn3 font"],
)
def test_encodings_of_pages(data: bytes) -> None:
    assert read(data, "a.html").text == "Kết luận kiểm tra công tác"


def test_page_saved_as_one_file() -> None:
    saved = (
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<html><body><p>K=E1=BA=BFt lu=E1=BA=ADn</p></body></html>\r\n--B--\r\n"
    )
    assert read(saved.encode(), "trang.mht").text == "Kết luận"
    with pytest.raises(CorruptFileError):
        read(saved.replace("text/html; charset", "image/png; x").encode(), "trang.mht")


def test_deep_nesting_is_said_and_limits_hold() -> None:
    deep = f"<html><body><p>{BODY[0]}</p>{'<div>' * 3000}sâu{'</div>' * 3000}</body></html>"
    document = _page(deep)
    assert BODY[0] in document.text
    assert "sâu" in document.text or "truncated" in {issue.code for issue in document.issues}
    with pytest.raises(LimitError, match="max_part_bytes"):
        read(PORTAL.encode(), "a.html", limits=Limits(max_part_bytes=100))
    with pytest.raises(LimitError, match="max_blocks"):
        read(PORTAL.encode(), "a.html", limits=Limits(max_blocks=5))
