"""Reading scans: repairs by need, engine, quality gate, correction."""

from __future__ import annotations

import io
import struct

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bench.reading.degrade import as_tiff, degraded, pages, scan, skew, speckle, stamp
from bench.reading.render import fonts, notices, render
from bench.reading.score import character_and_word_edits, cut_out, without_page_numbers
from pipeline.errors import CorruptFileError, LimitError, ToolMissingError
from pipeline.readers.correct import corrected
from pipeline.readers.grid import tables_of
from pipeline.readers.image import read_image, read_images
from pipeline.readers.ink import Ink, dark_of
from pipeline.readers.limits import Limits
from pipeline.readers.notes import Numbering
from pipeline.readers.ocr import (
    OcrLine,
    OcrWord,
    find_tessdata,
    marked_letters,
    missing_letters,
    recognise,
)
from pipeline.readers.pdf import read_pdf
from pipeline.readers.preprocess import prepare, skew_of
from pipeline.readers.printed import PrintedLine, PrintedWord

TIFF = {"name": "a.tif", "media_type": "image/tiff"}
RANDOM = np.random.default_rng(7)


@pytest.fixture(scope="module")
def notice():
    try:
        fonts()
    except LookupError as reason:
        pytest.skip(str(reason))
    return render(notices()[2])


@pytest.fixture(scope="module")
def clean(notice):
    return pages(notice.pdf, 200)[0]


# Repairs are made only when a measurement asks for them.


def test_a_clean_page_is_left_alone(clean):
    assert prepare(scan(clean, 200, RANDOM), 200).steps == ()


def test_red_ink_is_taken_out_and_black_letters_under_it_stay(clean):
    stamped = stamp(clean, 200, np.random.default_rng(3))
    page = prepare(stamped, 200)
    assert page.steps == ("red-stamp",)
    plain = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    assert np.abs(page.pixels.astype(int) - plain).mean() < 0.5
    black = plain < 60
    assert (page.pixels[black] < 128).mean() > 0.98


@pytest.mark.parametrize("degrees", [-2.5, -0.8, 1.6, 4.0])
def test_skew_is_measured_and_taken_back(clean, degrees):
    page = prepare(skew(clean, 200, RANDOM, degrees), 200)
    assert page.steps == ("deskew",)
    assert abs(skew_of(page)) < 0.2


def test_specks_are_wiped_out_and_marks_of_letters_stay(clean):
    page = prepare(speckle(clean, 200, np.random.default_rng(5)), 200)
    plain = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    assert "specks" in page.steps
    assert (page.pixels[plain < 100] < 150).mean() > 0.99
    assert ((page.pixels < 100) & (plain > 200)).sum() < 0.1 * (plain < 100).sum()


def test_dark_corners_are_made_even(clean):
    rows = np.linspace(1.0, 0.5, clean.shape[0])[:, None, None]
    page = prepare((clean * rows).astype(np.uint8), 200)
    assert page.steps == ("even-paper",)
    assert np.percentile(page.pixels[-200:], 50) > 225


def test_resolution_is_raised_or_lowered_and_boxes_find_back(clean):
    small = cv2.resize(clean, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    page = prepare(small, 100)
    assert (page.steps, page.dpi) == (("upscale",), 300)
    corner = page.back @ np.array([page.pixels.shape[1], page.pixels.shape[0], 1])
    assert corner[:2] == pytest.approx(small.shape[1::-1], abs=2)
    large = cv2.resize(clean, None, fx=1.5, fy=1.5)
    assert prepare(large, 300).dpi == 200


def test_a_page_on_its_side_is_turned(clean):
    assert prepare(np.ascontiguousarray(np.rot90(clean)), 200).steps == ("turn-90",)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255), st.booleans())
def test_any_picture_can_be_prepared(height, width, shade, colour):
    shape = (height, width, 3) if colour else (height, width)
    page = prepare(np.full(shape, shade, np.uint8), 200)
    assert page.pixels.dtype == np.uint8
    assert page.pixels.ndim == 2


# Ink


def test_ink_outside_the_words_is_found(clean):
    grey = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    whole = OcrWord("x", (0, 0, width, height // 2), 0.9)
    share, regions = Ink(dark_of(grey), (OcrLine((whole,), 10.0, 36.0),)).unread()
    assert share > 0.3
    assert all(box[1] > height // 2 - 40 for box in regions)
    everything = whole._replace(box=(0, 0, width, height))
    assert Ink(dark_of(grey), (OcrLine((everything,), 10.0, 36.0),)).unread() == (0.0, ())


@pytest.mark.parametrize("case", ["scan-200", "skew-200", "fax-150"])
def test_the_cells_of_a_scanned_table_are_found_by_its_rules(case):
    dpi, made = degraded(render(notices()[3]).pdf, case)
    first, second = (prepare(pixels, dpi) for pixels in made)
    tables = tables_of(Ink(dark_of(first.pixels), ()).rules(first.dpi))
    assert [[len(row) for row in table.rows] for table in tables] == [[4] * 5]
    assert tables_of(Ink(dark_of(second.pixels), ()).rules(second.dpi)) == ()


# Correction


def line(*words, confidence=0.8, y=100.0):
    made, x = [], 80.0
    for word in words:
        text, sure = word if isinstance(word, tuple) else (word, confidence)
        made.append(PrintedWord(text, (x, y, x + 8 * len(text), y + 13), 13.0, confidence=sure))
        x += 8 * len(text) + 4
    return PrintedLine(tuple(made), y)


def put_right(*words, confidence=0.8):
    return corrected((line(*words, confidence=confidence),), Numbering())[0]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Bộ máy tô chức nhà nước", "Bộ máy tổ chức nhà nước"),
        ("cơ quan có thâm quyền", "cơ quan có thẩm quyền"),
        ("xuât khâu, nhập khâu.", "xuất khẩu, nhập khẩu."),
        ("QUYÉT ĐỊNH", "QUYẾT ĐỊNH"),
        ("Điều I. Phạm vi", "Điều 1. Phạm vi"),
        ("tháng II năm 2010", "tháng 11 năm 2010"),
        ("Số: 15/QĐÐ-UBND", "Số: 15/QĐ-UBND"),
        ("Số: 15/NÑQ-HĐND", "Số: 15/NQ-HĐND"),
        ("~ Như trên;", "- Như trên;"),
    ],
)
def test_doubtful_words_are_put_right_and_what_was_read_is_kept(read, printed):
    found = put_right(*read.split())
    assert found.text == printed
    for word, before in zip(found.words, read.split(), strict=True):
        assert word.raw == (before if word.text != before else None)


@pytest.mark.parametrize("read", ["Bộ máy tô chức", "có thâm quyền"])
def test_words_that_ocr_is_sure_of_are_left(read):
    assert put_right(*read.split(), confidence=0.99).text == read


@pytest.mark.parametrize(
    "read", ["Uỷ ban nhân dân", "hoá đơn", "TT&TT 12/9 km", "Y Thuận Mlô", "tổ chức thực hiện"]
)
def test_what_is_right_is_left_however_doubtful(read):
    assert put_right(*read.split(), confidence=0.3).text == read


def test_roman_numerals_follow_each_other():
    read = ["I. KẾT QUẢ ĐẠT ĐƯỢC", "I. TỒN TẠI, HẠN CHẾ", "HI. NHIỆM VỤ CHUNG", "IV. THỰC HIỆN"]
    numbering = Numbering()
    found = [corrected((line(*row.split()),), numbering)[0].words[0] for row in read]
    assert [word.text for word in found] == ["I.", "II.", "III.", "IV."]
    assert [word.raw for word in found] == [None, "I.", "HI.", None]


def test_numerals_begin_again_in_a_new_part():
    numbering = Numbering()
    rows = ["PHẦN THỨ NHẤT", "I. TÌNH HÌNH CHUNG", "PHẦN THỨ HAI", "I. MỤC TIÊU CHUNG"]
    found = [corrected((line(*row.split()),), numbering)[0].words[0].text for row in rows]
    assert found[1] == found[3] == "I."


# Pictures


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n broken", b"II*\x00 broken"])
def test_broken_pictures_are_corrupt(data):
    with pytest.raises(CorruptFileError):
        read_image(data, name="a.png", media_type="image/png", limits=Limits(ocr=False))


def png(width, height):
    out = io.BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return out.getvalue()


def test_pixels_are_limited_before_decoding():
    limits = Limits(ocr=False, max_pixels=100_000)
    with pytest.raises(LimitError):
        read_image(png(400, 300), name="a.png", media_type="image/png", limits=limits)


def test_without_ocr_a_picture_says_what_is_missing():
    document = read_images(
        [png(80, 100), png(80, 100)],
        b"both",
        name="folder",
        media_type="image/png",
        limits=Limits(ocr=False),
    )
    assert [page.number for page in document.pages] == [1, 2]
    assert [issue.code for issue in document.issues] == ["ocr-off"]


def test_missing_language_data_is_named(tmp_path):
    with pytest.raises(ToolMissingError) as failure:
        find_tessdata(str(tmp_path))
    assert failure.value.facts["tool"] == "tesseract-ocr-vie"


def test_the_scorer_cuts_out_what_belongs_to_the_truth():
    assert cut_out("kết luận", "xx kêt luận yy") == "kêt luận"
    assert character_and_word_edits("kết luận", "xx kêt luận yy") == (1, 8, 1, 2)


def traineddata(letters):
    """A file in the form of a Tesseract model, with nothing in it but an alphabet."""
    rows = f"{len(letters)}\n" + "".join(f"{letter} 3 0,255\n" for letter in letters)
    head = 4 + 24 * 8
    offsets = [-1] * 21 + [head] + [head + len(rows.encode())] * 2
    return struct.pack("<i24q", 24, *offsets) + rows.encode()


def test_a_model_without_a_vietnamese_letter_is_refused(tmp_path):
    model = tmp_path / "vie.traineddata"
    assert len(marked_letters()) == len(set(marked_letters())) == 134
    model.write_bytes(traineddata(marked_letters().replace("ẵ", "")))
    assert missing_letters(str(tmp_path)) == "ẵ"
    with pytest.raises(ToolMissingError, match="ẵ"):
        recognise(np.full((50, 50), 255, np.uint8), 200, str(tmp_path))


@pytest.mark.parametrize("data", [b"", b"\x18\x00", b"\xff" * 400])
def test_a_broken_model_has_no_letters(tmp_path, data):
    (tmp_path / "vie.traineddata").write_bytes(data)
    assert len(missing_letters(str(tmp_path))) == 134


# With the engine


def read(made, dpi=200, **limits):
    return read_image(as_tiff(made, dpi), **TIFF, limits=Limits(**limits))


def tesseract():
    try:
        return find_tessdata()
    except ToolMissingError:
        return None


needs_tesseract = pytest.mark.skipif(tesseract() is None, reason="no tesseract-ocr-vie")


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_the_alphabet_of_the_model_has_all_vietnamese_letters():
    assert set(missing_letters(tesseract())) <= set("ỵỴ")


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_a_stamped_scan_is_read_and_every_word_has_a_box(notice):
    dpi, made = degraded(notice.pdf, "combo-200")
    document = read(made[:1], dpi)
    assert {"red-stamp", "deskew"} <= set(document.pages[0].steps)
    truth = "\n".join(notice.body[:4])
    edits, length, _, _ = character_and_word_edits(truth, without_page_numbers(document))
    assert edits < 0.03 * length
    assert document.pages[0].confidence > 0.8
    assert all(word.confidence is not None for word in document.words)
    width, height = document.pages[0].width, document.pages[0].height
    assert all(0 <= w.box[0] < w.box[2] <= width for w in document.words)
    assert all(0 <= w.box[1] < w.box[3] <= height for w in document.words)
    assert document.reading["ocr"].startswith("tesseract ")


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_boxes_of_a_page_upside_down_are_on_the_page_as_given(notice, clean):
    upright, over = read([clean]), read([np.ascontiguousarray(clean[::-1, ::-1])])
    assert over.pages[0].steps == ("turn-180",)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in over.text
    page = over.pages[0]

    def box(document):
        start = document.text.index("SẢN VIỆT NAM")
        return next(word.box for word in document.words if word.start == start)

    right, bottom = box(over)[2:]
    assert (page.width - right, page.height - bottom) == pytest.approx(box(upright)[:2], abs=2)


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_a_lone_page_number_is_found_in_a_second_look(notice):
    document = read(pages(notice.pdf, 200)[1:])
    numbers = [document.text[b.start : b.end] for b in document.blocks if b.kind == "page-number"]
    assert numbers == ["2"]


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_headings_of_a_scan_are_bold(clean):
    document = read([scan(clean, 200, RANDOM)])
    bold = [document.text[b.start : b.end] for b in document.blocks if b.bold]
    assert "THÔNG BÁO" in bold
    assert "1. Ưu điểm" in bold
    assert not any(text.startswith("Thực hiện Chương trình") for text in bold)


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_an_unreadable_page_is_flagged_for_a_person(notice):
    dpi, made = degraded(notice.pdf, "phone-200")
    assert "ocr-quality" in {issue.code for issue in read(made[:1], dpi).issues}


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_a_scanned_page_in_a_pdf_is_taken_as_scanned(clean):
    out = io.BytesIO()
    Image.fromarray(clean).save(out, "PDF", resolution=200)
    document = read_pdf(out.getvalue(), name="a.pdf", media_type="application/pdf", limits=Limits())
    assert document.pages[0].source == "ocr"
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in document.text


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_rows_of_a_scanned_table_are_blocks_with_cells():
    dpi, made = degraded(render(notices()[3]).pdf, "scan-200")
    document = read(made[:1], dpi)
    rows = [document.text[b.start : b.end] for b in document.blocks if b.kind == "table"]
    assert rows[0] == "TT\tĐịa phương\tSố ca mắc\tSố ổ dịch"
    assert [row.split("\t")[-2:] for row in rows[1:]] == [
        ["217", "24"],
        ["96", "15"],
        ["154", "21"],
        ["467", "60"],
    ]


@pytest.mark.ocr
@pytest.mark.slow
@needs_tesseract
def test_a_blank_page_has_no_text():
    assert recognise(np.full((400, 300), 255, np.uint8), 200) == ()
    document = read([np.full((1200, 850, 3), 250, np.uint8)])
    assert (document.text, [issue.code for issue in document.issues]) == ("", ["ocr-empty"])
