"""Names half under the ring of a stamp: the one that fits the ink, or none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.readers import typeface
from pipeline.readers.hidden_name import hidden_name, known_end, known_names
from pipeline.readers.ocr import OcrLine, OcrWord
from pipeline.readers.stamp import Stamp, rings_on
from pipeline.readers.typeface import Face, advance, font_paths, place_of, shape_of

DPI, SIZE, LEFT, LINE = 200, 37.0, 220, 330


@pytest.fixture(autouse=True)
def _fonts():
    if not font_paths():
        pytest.skip("no font like that of official documents")


def printed(name: str) -> tuple[np.ndarray, OcrLine]:
    """A name on paper with little holes in its ink, and its words as OCR reads them."""
    face, pixels, pen, words = (
        Face(font_paths()[0], SIZE),
        np.full((480, 700), 255, np.uint8),
        LEFT,
        [],
    )
    for text in name.split():
        shape = shape_of(text, face)
        height, width = shape.ink.shape
        x, y = round(pen) + shape.left, LINE + shape.top
        pixels[y : y + height, x : x + width][shape.ink > 0] = 0
        words.append(OcrWord(text, (x, y, x + width, y + height), 0.96))
        pen += advance(text, face)
    holes = np.random.default_rng(1).random(pixels.shape) < 0.03
    return np.where(holes, 255, pixels).astype(np.uint8), OcrLine(tuple(words), LINE, SIZE)


def stamped(pixels: np.ndarray, x: int, y: int) -> tuple[np.ndarray, np.ndarray, Stamp]:
    """The page under a stamp with its centre at `x`, `y`; where its rings are; the stamp."""
    stamp = Stamp(x, y, 140)
    made = pixels.copy()
    for radius, thick in ((140, 7), (131, 2), (98, 2)):
        cv2.circle(made, (x, y), radius, 0, thick)
    return made, rings_on(made, DPI, stamp), stamp


def found(name: str, x: int, y: int, known: int) -> str:
    """What is found of a name of which the last words are read, under a stamp."""
    pixels, line = printed(name)
    made, rings, stamp = stamped(pixels, x, y)
    reading = (line._replace(words=line.words[-known:]),)
    name_line = hidden_name(made, rings, stamp, [reading, reading])
    return " ".join(word.text for word in name_line.words) if name_line else ""


@pytest.mark.parametrize(
    ("name", "known"),
    [("Trần Hữu Toản", 2), pytest.param("Phạm Minh Hiếu", 1, marks=pytest.mark.slow)],
)
def test_a_name_under_a_ring_is_found_by_the_ink_beside_it(name, known):
    pixels, line = printed(name)
    x, y = LEFT - 20, 200
    _, rings, _ = stamped(pixels, x, y)
    x0, y0, x1, y1 = line.words[0].box
    assert rings[y0:y1, x0:x1].any()
    assert found(name, x, y, known) == name


def test_a_known_surname_at_the_start_may_have_another_before_it():
    assert found("Đỗ Hoàng Anh Tuấn", LEFT - 90, 200, 3) == "Đỗ Hoàng Anh Tuấn"


def test_a_word_of_which_only_a_half_was_boxed_is_not_what_is_known():
    pixels, line = printed("Trịnh Hữu Toản")
    made, rings, stamp = stamped(pixels, LEFT - 20, 200)
    x0, y0, x1, y1 = line.words[1].box
    half = line.words[1]._replace(box=((x0 + x1) // 2, y0, x1, y1))
    whole = hidden_name(made, rings, stamp, [(line._replace(words=(half, line.words[2])),)])
    assert whole is not None
    assert [word.text for word in whole.words] == ["Trịnh", "Hữu", "Toản"]
    assert all(word.confidence >= 0.965 for word in whole.words)  # correction leaves these alone


def test_a_whole_name_beside_a_ring_stays_as_it_is():
    assert found("Lưu Thị Mẫn", LEFT - 190, LINE - 12, 3) == "Lưu Thị Mẫn"


def test_of_two_words_the_first_is_not_taken_for_a_surname():
    assert found("Phan Việt", LEFT - 60, 200, 1) == ""


def test_a_surname_that_nobody_has_is_not_made_a_known_one():
    assert "phượng" not in {name.lower() for name in known_names()[0]}
    assert found("Phượng Hữu Toản", LEFT - 20, 200, 2) == ""


def test_where_a_ring_hides_what_parts_two_names_none_is_taken():
    pixels, line = printed("Ly Hữu Toản")
    made, rings, stamp = stamped(pixels, LEFT - 20, 200)
    x0, y0, x1, _ = line.words[0].box
    rings[: y0 + 12, x0 - 5 : x1 + 10] = 1  # where a mark would be
    reading = (line._replace(words=line.words[1:]),)
    assert hidden_name(made, rings, stamp, [reading]) is None


def test_without_a_font_nothing_is_found(monkeypatch):
    monkeypatch.setattr(typeface, "font_paths", lambda: ())
    assert found("Trần Hữu Toản", LEFT - 20, 200, 2) == ""


def test_the_words_that_no_ring_touches_are_known():
    pixels, line = printed("Trần Hữu Toản")
    _, rings, _ = stamped(pixels, LEFT - 20, 200)
    torn = line._replace(
        words=(line.words[0]._replace(text="T@n", confidence=0.2), *line.words[1:])
    )
    doubtful = line._replace(words=(*line.words[:2], line.words[2]._replace(confidence=0.5)))
    end = known_end([(line,), (torn,), (doubtful,)], rings)
    assert end is not None
    assert [word.text for word in end.words] == ["Hữu", "Toản"]
    assert known_end([(line,)], np.zeros_like(rings)) is None


def test_words_are_laid_on_their_ink():
    pixels, line = printed("Hữu Toản")
    place = place_of((pixels < 128).astype(np.uint8), line.words)
    assert place is not None
    assert abs(place.left - LEFT) <= 1
    assert abs(place.baseline - LINE) <= 1
    assert abs(place.face.size - SIZE) < 0.02 * SIZE
    assert place.likeness > 0.9


@pytest.mark.parametrize("box", [(300, 300, 301, 301), (0, 0, 3, 480), (690, 470, 760, 520)])
def test_boxes_in_which_no_word_can_be_give_no_face_or_an_unlike_one(box):
    pixels, _ = printed("Hữu Toản")
    place = place_of((pixels < 128).astype(np.uint8), [OcrWord("Toản", box, 0.9)])
    assert place is None or place.likeness < 0.75
