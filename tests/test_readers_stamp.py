"""Names under stamps: rings taken off, the foot read again, a name taken whole or not at all."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.reading.degrade import bilevel, pages
from bench.reading.render import fonts, notices, render
from bench.reading.seals import notice_by, place_of, sealed, signer_of
from pipeline.readers.ocr import OcrLine, OcrWord, recognise
from pipeline.readers.preprocess import Prepared
from pipeline.readers.signature_look import name_of, with_signer
from pipeline.readers.stamp import Stamp, stamp_on, without_rings

DPI = 200


def line(text: str, x: int = 0) -> OcrLine:
    """Words of 10 pixels a letter; "word|0.4" is read with that confidence."""
    made = []
    for token in text.split():
        word, _, sure = token.partition("|")
        made.append(OcrWord(word, (x, 0, x + 10 * len(word), 20), float(sure or 0.96)))
        x += 10 * len(word) + 8
    return OcrLine(tuple(made), 18.0, 24.0)


def text_of(found: OcrLine) -> str:
    return " ".join(word.text for word in found.words)


def paper(*rings: tuple[int, int, int, int]) -> np.ndarray:
    """White paper with rings (column, row, radius, thickness)."""
    pixels = np.full((600, 600), 255, np.uint8)
    for x, y, radius, thick in rings:
        cv2.circle(pixels, (x, y), radius, 0, thick)
    return pixels


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    try:
        fonts()
    except LookupError as reason:
        pytest.skip(str(reason))


def test_the_outer_ring_of_a_stamp_is_found():
    found = stamp_on(paper((300, 280, 142, 6), (300, 280, 105, 2)), DPI)
    assert found is not None
    assert np.allclose(found, (300, 280, 142), atol=6)


@pytest.mark.parametrize("radius", [30, 250], ids=["a letter O", "a drawing"])
def test_circles_of_another_size_are_no_stamps(radius):
    assert stamp_on(paper((300, 300, radius, 4)), DPI) is None


def test_rings_are_taken_off_and_a_stroke_through_them_stays():
    pixels = paper((300, 300, 142, 6), (300, 300, 105, 2))
    cv2.line(pixels, (300, 380), (300, 480), 0, 6)
    cleaned = without_rings(pixels, DPI, Stamp(300, 300, 142))
    assert (cleaned[:380] < 128).sum() < 0.02 * (pixels[:380] < 128).sum()
    assert (cleaned[385:475, 299:302] < 128).all()


def test_a_page_without_a_stamp_keeps_every_letter():
    pixels = cv2.cvtColor(pages(render(notices()[2]).pdf, DPI)[0], cv2.COLOR_RGB2GRAY)
    cleaned = without_rings(pixels, DPI, Stamp(1100, 1200, 142))
    lost = (pixels < 128) & (cleaned >= 128)
    assert lost.sum() < 0.002 * (pixels < 128).sum()


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("TS. Lưu Thị Mẫn", "Lưu Thị Mẫn"),
        ("Nguyễn Hữu Toản", "Nguyễn Hữu Toản"),
        ("Độ|0.2 Hoàng Thị Mẫn", ""),
        ("_|0.5 Hoàng Thị Mẫn", ""),
        ("Thị Mẫn", ""),
        ("Lưu Thị Mẫn|0.7", ""),
        ("Các phòng chuyên môn", ""),
    ],
)
def test_a_name_is_taken_whole_or_not_at_all(read, name):
    assert " ".join(word.text for word in name_of(line(read))) == name


def test_a_name_with_recipients_far_at_its_left_stands_alone():
    row = line("- Lưu: VT.")._replace(words=(*line("VT.").words, *line("Hồ Sỹ Quyết", 400).words))
    assert [word.text for word in name_of(row)] == ["Hồ", "Sỹ", "Quyết"]


@pytest.mark.ocr
@pytest.mark.slow
def test_a_signer_that_layout_analysis_dropped_is_found_in_the_foot():
    pixels = pages(render(notices()[2]).pdf, DPI)[-1][:, :, 1]
    page = Prepared(pixels, DPI)
    lines = recognise(pixels, DPI)
    assert with_signer(page, lines, None) == lines
    middle = pixels.shape[1] / 2
    signers = [one for one in lines if one.words[0].box[0] > middle and name_of(one)]
    rest = tuple(one for one in lines if one not in signers)
    found = with_signer(page, rest, None)
    assert [text_of(one) for one in found if one not in rest] == [text_of(one) for one in signers]


@pytest.mark.ocr
@pytest.mark.slow
def test_a_page_without_recipients_is_not_read_again():
    lines = (line("Thông báo kết luận"),)
    assert with_signer(Prepared(paper(), DPI), lines, None) == lines


@pytest.mark.ocr
@pytest.mark.slow
def test_a_name_under_a_black_stamp_is_read_and_what_was_read_first_is_kept():
    name, random = "Trịnh Hữu Toản", np.random.default_rng(13)
    pdf = render(notice_by(name)).pdf
    made = sealed(pages(pdf, DPI)[0], DPI, random, place_of(pdf, name, DPI))
    pixels = bilevel(made, DPI, random, 120)[:, :, 0]
    page, lines = Prepared(pixels, DPI), recognise(pixels, DPI)
    assert name not in [text_of(one) for one in lines]
    found = {text_of(one): one for one in with_signer(page, lines, None)}
    assert name in found


@pytest.mark.ocr
@pytest.mark.slow
def test_the_signer_of_a_stamped_copy_is_right_or_null():
    random = np.random.default_rng(3)
    for name in ("Đỗ Quốc Khuê", "Trần Thanh Hiếu"):
        assert signer_of(name, DPI, random) in (name, "")
