"""DOCX: what a person sees on paper is in the text, with its layout in the blocks."""

import io
import zipfile

import docx as python_docx
import pytest
from office_files import docx, font, listed, numbering, p, r, table
from PIL import Image

from pipeline.document import Document
from pipeline.errors import CorruptFileError, LimitError
from pipeline.readers import read
from pipeline.readers.docx_numbering import format_number
from pipeline.readers.limits import Limits


def _read(body: str, **parts: str) -> Document:
    return read(docx(body, **parts), "thu.docx")


def _kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


INS = "<w:ins w:id='1' w:author='A'>{}</w:ins>"
DEL = "<w:del w:id='2' w:author='A'><w:r><w:delText>{}</w:delText></w:r></w:del>"
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(
            p("Hoàn thành ", DEL.format("trước ngày 30/6"), INS.format(r("trước ngày 15/7"))),
            "Hoàn thành trước ngày 15/7",
            id="tracked insertion kept, deletion not",
        ),
        pytest.param(
            p("Họp ", "<w:smartTag w:element='date'>" + r("ngày 02/9/2024") + "</w:smartTag>"),
            "Họp ngày 02/9/2024",
            id="smart tag, as Word sets dates",
        ),
        pytest.param(
            "<w:sdt><w:sdtContent>" + p("Kính gửi: Các phòng") + "</w:sdtContent></w:sdt>",
            "Kính gửi: Các phòng",
            id="content control around a paragraph",
        ),
        pytest.param(
            p("Số: ", "<w:sdt><w:sdtContent>" + r("15/TB-SYT") + "</w:sdtContent></w:sdt>"),
            "Số: 15/TB-SYT",
            id="content control inside a line",
        ),
        pytest.param(
            p("xem ", "<w:hyperlink r:id='rId9'>" + r("Quyết định 12/QĐ-UBND") + "</w:hyperlink>"),
            "xem Quyết định 12/QĐ-UBND",
            id="link",
        ),
        pytest.param(
            p("Phần chính", BOX.format(p("HỎA TỐC"))),
            "Phần chính\nHỎA TỐC",
            id="text box once, not its fallback too",
        ),
        pytest.param(
            p("Thấy rõ", r(" nháp nội bộ", "<w:vanish/>")), "Thấy rõ", id="hidden text left out"
        ),
        pytest.param(
            p("Thấy", r(" cả đây", "<w:vanish w:val='0'/>")),
            "Thấy cả đây",
            id="hidden switched off",
        ),
        pytest.param(
            p(
                "Trang ",
                "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"
                "<w:r><w:instrText> PAGE </w:instrText></w:r>"
                "<w:r><w:fldChar w:fldCharType='separate'/></w:r>" + r("3"),
            ),
            "Trang 3",
            id="field result kept, code not",
        ),
        pytest.param(
            p("thông báo", properties="<w:rPr><w:del/></w:rPr>") + p(" kết luận"),
            "thông báo kết luận",
            id="deleted paragraph mark joins",
        ),
        pytest.param(
            p("Số 229", "<w:r><w:noBreakHyphen/></w:r>", "TB"),
            "Số 229-TB",
            id="no-break hyphen",
        ),
        pytest.param(
            p("một", "<w:r><w:tab/></w:r>", "hai", "<w:r><w:br/></w:r>", "ba"),
            "một\thai\nba",
            id="tab and line break",
        ),
        pytest.param(
            p("cộng hòa", properties="").replace("<w:t", "<w:rPr><w:caps/></w:rPr><w:t"),
            "CỘNG HÒA",
            id="shown in capitals",
        ),
        pytest.param(p("thê\u0301 gi\u01a1\u0301i"), "thế giới", id="decomposed letters"),
        pytest.param(
            p("<w:r><w:sym w:font='Symbol' w:char='F0B7'/></w:r>", " mục"), "• mục", id="symbol"
        ),
        pytest.param(
            p("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", " = c"), "a+b = c", id="formula"
        ),
    ],
)
def test_text_is_what_paper_shows(body: str, text: str) -> None:
    assert _read(body).text == text


@pytest.mark.parametrize(
    ("levels", "items", "lines"),
    [
        pytest.param(
            (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)")),
            [("Kết quả", 0), ("Ưu điểm", 1), ("điểm a", 2), ("điểm b", 2), ("Hạn chế", 1)],
            ["I. Kết quả", "1. Ưu điểm", "a) điểm a", "b) điểm b", "2. Hạn chế"],
            id="levels of a notice",
        ),
        pytest.param(
            (("decimal", "%1."), ("decimal", "%1.%2.")),
            [("a", 0), ("b", 1), ("c", 1), ("d", 0), ("e", 1)],
            ["1. a", "1.1. b", "1.2. c", "2. d", "2.1. e"],
            id="deeper level restarts",
        ),
        pytest.param(
            (("bullet", "-"), ("bullet", "\uf0b7"), ("bullet", "+")),
            [("một", 0), ("hai", 1), ("ba", 2)],
            ["- một", "• hai", "+ ba"],
            id="bullets",
        ),
        pytest.param(
            (("upperRoman", "Chương %1"), ("decimal", "%1.%2")),
            [("x", 0), ("y", 1)],
            ["Chương I x", "I.1 y"],
            id="roman above decimal",
        ),
    ],
)
def test_automatic_numbers(
    levels: tuple[tuple[str, str], ...], items: list[tuple[str, int]], lines: list[str]
) -> None:
    body = "".join(listed(text, level) for text, level in items)
    document = _read(body, numbering=numbering(*levels))
    assert document.text.split("\n") == lines
    assert [block.label for block in document.blocks] == [
        line[: len(line) - len(text) - 1] for line, (text, _) in zip(lines, items, strict=True)
    ]
    assert {block.kind for block in document.blocks} == {"item"}


def test_legal_numbering_turns_roman_parents_into_digits() -> None:
    levels = (("upperRoman", "%1."), ("decimal", "%1.%2."))
    lists = numbering(*levels, extra="<w:isLgl/>")
    document = _read(listed("x") + listed("y", 1), numbering=lists)
    assert document.text == "1. x\n1.1. y"


def test_start_override_counts_anew_and_plain_instance_goes_on() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = listed("a") + listed("b") + listed("c", list_id=2) + listed("d", list_id=2)
    restarted = _read(body, numbering=numbering(("decimal", "%1."), overrides=override))
    going_on = _read(body, numbering=numbering(("decimal", "%1.")))
    assert restarted.text.split("\n") == ["1. a", "2. b", "5. c", "6. d"]
    assert going_on.text.split("\n") == ["1. a", "2. b", "3. c", "4. d"]


def test_numbering_through_a_paragraph_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Muc">'
        '<w:basedOn w:val="Base"/>'
        "<w:rPr><w:b/></w:rPr></w:style>"
    )
    body = p("Kết quả", properties='<w:pStyle w:val="Muc"/>') + p(
        "không số", properties='<w:pStyle w:val="Muc"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    document = _read(body, styles=styles, numbering=numbering(("upperRoman", "%1.")))
    assert document.text == "I. Kết quả\nkhông số"
    assert document.blocks[0].bold is True


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (4, "upperRoman", "IV"),
        (1999, "lowerRoman", "mcmxcix"),
        (27, "lowerLetter", "aa"),
        (3, "upperLetter", "C"),
        (7, "decimalZero", "07"),
        (12, "chineseCounting", "12"),
        (0, "upperRoman", "0"),
    ],
)
def test_number_formats(number: int, form: str, shown: str) -> None:
    assert format_number(number, form) == shown


def test_layout_facts_come_through_styles_and_overrides() -> None:
    styles = (
        "<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val='28'/></w:rPr></w:rPrDefault>"
        "</w:docDefaults>"
        "<w:style w:type='paragraph' w:styleId='T'><w:pPr><w:jc w:val='center'/></w:pPr>"
        "<w:rPr><w:b/></w:rPr></w:style>"
    )
    body = p("THÔNG BÁO", properties="<w:pStyle w:val='T'/>") + p(
        r("chữ nghiêng", "<w:i/><w:sz w:val='24'/>"), properties="<w:jc w:val='both'/>"
    )
    title, text = _read(body, styles=styles).blocks
    assert (title.bold, title.align, title.size) == (True, "center", 14.0)
    assert (text.bold, text.italic, text.align, text.size) == (False, True, "justify", 12.0)


def test_header_and_signature_tables_read_as_columns() -> None:
    head = table(
        (p("UBND TỈNH B") + p("SỞ CÔNG THƯƠNG"), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Số: 31/TB-SCT", "B, ngày 5 tháng 3 năm 2024"),
    )
    foot = table((p("Nơi nhận:") + p("- Như trên;"), p("GIÁM ĐỐC") + p("Trần Văn Bình")))
    document = _read(head + p("Nội dung") + foot)
    assert [(b.kind, b.note) for b in document.blocks] == [
        ("header", "header-left"),
        ("header", "header-right"),
        ("paragraph", None),
        ("footer", "footer-left"),
        ("footer", "footer-right"),
    ]
    texts = [text for _, text in _kinds(document)]
    assert texts[0] == "UBND TỈNH B\nSỞ CÔNG THƯƠNG\nSố: 31/TB-SCT"
    assert texts[1].endswith("B, ngày 5 tháng 3 năm 2024")
    assert texts[4] == "GIÁM ĐỐC\nTrần Văn Bình"


def test_data_table_is_one_row_a_block_and_nested_tables_are_kept_once() -> None:
    inner = table(("Quý I", "Quý II"))
    body = table(("STT", "Nội dung", "Thời hạn"), ("1", "Rà soát", "30/6"))
    document = _read(body + table(("ngoài", inner), ("dưới", "cuối")))
    assert _kinds(document)[:2] == [
        ("table", "STT\tNội dung\tThời hạn"),
        ("table", "1\tRà soát\t30/6"),
    ]
    for word in ("ngoài", "Quý I", "Quý II", "dưới", "cuối"):
        assert document.text.split().count(word.split()[-1]) >= 1
    assert document.text.count("Quý II") == 1


def test_merged_cells_are_not_repeated() -> None:
    merged = "<w:tcPr><w:vMerge{}/></w:tcPr>"
    row = "<w:tr><w:tc>{}{}</w:tc><w:tc>{}</w:tc></w:tr>"
    rows = row.format(merged.format(" w:val='restart'"), p("Nhóm"), p("một"))
    rows += row.format(merged.format(""), p(""), p("hai"))
    assert _read(f"<w:tbl>{rows}</w:tbl>").text.count("Nhóm") == 1


def test_footnotes_headers_and_footers_are_kept_and_marked() -> None:
    notes = "<w:footnote w:type='separator'><w:p/></w:footnote>"
    notes += f"<w:footnote w:id='2'>{p('Theo số liệu 2023.')}</w:footnote>"
    document = _read(
        p("Chính văn"), footnotes=notes, header1=p("Mật"), footer1=p("Lưu hành nội bộ") + p("2")
    )
    notes_by_text = {document.text[b.start : b.end]: b.note for b in document.blocks}
    assert notes_by_text == {
        "Mật": "page-header",
        "Chính văn": None,
        "Theo số liệu 2023.": "footnote",
        "Lưu hành nội bộ": "page-footer",
    }


def test_tracked_changes_hidden_text_and_comments_are_said() -> None:
    body = p("a", DEL.format("b"), r("c", "<w:vanish/>"))
    document = _read(body, comments="<w:comment w:id='0'/>")
    assert {issue.code for issue in document.issues} == {
        "tracked-changes",
        "hidden-text",
        "comments",
    }


def test_legacy_fonts_are_put_right_run_by_run() -> None:
    body = p(
        r("Céng hoµ x· héi", font(".VnTime")),
        r(" và Unicode ", font("Times New Roman")),
        r("THÔNG", font("Times New Roman")),
    )
    body += p(r("QuyÕt ®Þnh", font(".VnTimeH"))) + p(
        r("Co", font("VNI-Times")), r("äng hoøa", font("VNI-Times"))
    )
    document = _read(body)
    assert document.text.split("\n") == [
        "Cộng hoà xã hội và Unicode THÔNG",
        "QUYẾT ĐỊNH",
        "Cộng hòa",
    ]
    assert document.reading == {"encoding": "tcvn3+vni"}


def test_the_letter_that_word_takes_for_a_soft_hyphen() -> None:
    run = (
        f"<w:r><w:rPr>{font('.VnTime')}</w:rPr><w:t>Bé tr</w:t><w:softHyphen/><w:t>ëng</w:t></w:r>"
    )
    assert _read(p(run)).text == "Bộ trưởng"
    plain = "<w:r><w:t>Bộ</w:t><w:softHyphen/><w:t> trưởng</w:t></w:r>"
    assert _read(p(plain)).text == "Bộ trưởng"


def test_unicode_text_left_in_a_legacy_font_is_not_converted() -> None:
    assert _read(p(r("Ủy ban nhân dân", font(".VnTime")))).text == "Ủy ban nhân dân"


def test_file_written_by_python_docx() -> None:
    made = python_docx.Document()
    made.add_heading("Kết luận kiểm tra", level=1)
    made.add_paragraph("Giao Văn phòng theo dõi.", style="List Bullet")
    target = io.BytesIO()
    made.save(target)
    document = read(target.getvalue(), "x.docx")
    assert _kinds(document) == [
        ("heading", "Kết luận kiểm tra"),
        ("item", "• Giao Văn phòng theo dõi."),
    ]


def _with_part(name: str, content: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(docx(p("Chữ"))))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            copy.writestr(info.filename, content if info.filename == name else source.read(info))
    return target.getvalue()


def test_relationship_to_a_part_that_is_not_there() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/image" Target="NULL"/></Relationships>'
    )
    assert read(_with_part("word/_rels/document.xml.rels", relations), "x.docx").text == "Chữ"


def test_strict_office_open_xml() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{strict}"><w:body>{p("Chữ nghiêm")}</w:body></w:document>'
    assert read(_with_part("word/document.xml", body), "x.docx").text == "Chữ nghiêm"


def _with_pictures(body: str) -> bytes:
    picture = io.BytesIO()
    Image.new("L", (60, 80), 255).save(picture, "PNG")
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/image" Target="media/image1.png"/></Relationships>'
    )
    source = zipfile.ZipFile(io.BytesIO(docx(body)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            changed = relations if info.filename.endswith("document.xml.rels") else None
            copy.writestr(info.filename, changed or source.read(info))
        copy.writestr("word/media/image1.png", picture.getvalue())
    return target.getvalue()


PICTURE = p('<w:r><w:drawing><blip r:embed="rId5"/></w:drawing></w:r>')


def test_scanned_pages_pasted_into_word_go_to_ocr() -> None:
    document = read(_with_pictures(PICTURE * 2), "quet.docx", limits=Limits(ocr=False))
    assert [page.source for page in document.pages] == ["ocr"]
    assert [issue.code for issue in document.issues] == ["ocr-off"]


def test_pictures_beside_little_text_are_said_and_beside_much_are_not() -> None:
    little = read(_with_pictures(p("Phụ lục") + PICTURE), "a.docx")
    assert little.text == "Phụ lục"
    assert [issue.code for issue in little.issues] == ["pictures-not-read"]
    much = read(_with_pictures(p("Thông báo kết luận kiểm tra. " * 9) + PICTURE), "a.docx")
    assert much.issues == ()


def test_damaged_part_is_an_error_of_the_file() -> None:
    with pytest.raises(CorruptFileError):
        read(_with_part("word/document.xml", "<w:document"), "x.docx")


def test_limits_on_blocks_and_characters() -> None:
    many = docx("".join(p(f"dòng {i}") for i in range(30)))
    with pytest.raises(LimitError, match="max_blocks"):
        read(many, "x.docx", limits=Limits(max_blocks=20))
    with pytest.raises(LimitError, match="max_characters"):
        read(many, "x.docx", limits=Limits(max_characters=50))


TURN = "<w:r><w:lastRenderedPageBreak/></w:r>"


def _numbered_pages(document: Document) -> list[tuple[int, str]]:
    return [(page.number, document.text[page.start : page.end]) for page in document.pages]


def test_pages_are_those_on_which_word_had_the_text():
    body = p("Trang một.") + p(TURN, "Trang hai, ", TURN, "sang trang ba.") + p("Vẫn trang ba.")
    document = _read(body)
    assert _numbered_pages(document) == [
        (1, "Trang một."),
        (2, "Trang hai, sang trang ba."),
        (3, "Vẫn trang ba."),
    ]
    assert [block.page for block in document.blocks] == [1, 2, 3]


def test_a_row_that_runs_over_a_page_counts_once():
    row = (p("a", TURN, "b"), p("c", TURN, "d"))
    document = _read(table(("Việc", "Hạn"), row, ("cuối", "hết")) + p("Sau bảng."))
    assert [(b.page, b.kind) for b in document.blocks][-2:] == [(2, "table"), (2, "paragraph")]
    assert len(document.pages) == 2


def test_a_page_without_text_keeps_its_number():
    document = _read(p("Bìa.") + p(TURN) + p(TURN, "Nội dung."))
    assert _numbered_pages(document) == [(1, "Bìa."), (2, ""), (3, "Nội dung.")]


def test_where_the_file_tells_no_pages_there_is_one():
    document = _read(p("Một.") + p('<w:r><w:br w:type="page"/></w:r>') + p("Hai."))
    assert [page.number for page in document.pages] == [1]
