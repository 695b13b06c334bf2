"""Speakers are found where their patterns alone would find them, whatever is looked for first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document
from pipeline.labels.speakers import _grammar, find_speakers
from pipeline.record import Header
from pipeline.structure.draft import Draft, Unit

PARTS = """
    Ông|ông|ÔNG|Phó Chủ tịch|TS.|GS|đại diện|nhanh|Trần Văn Bảy|huyện|Sở|Bộ Y tế|Đoàn công tác|Hội
    |UBND xã|, Giám đốc Sở,|(áo xanh)|- quê -|cho biết|cũng nói rằng|đã đề nghị|nêu|than|thanh|Theo
    |theo báo cáo của|Phát biểu tại buổi họp,|với|x.Ông|Bà|Vị này|,|“|İ|\u2003
""".replace("\n    ", "").split("|")


def _draft(sentences: list[str]) -> Draft:
    text = " ".join(sentences)
    units, start = [], 0
    for number, sentence in enumerate(sentences):
        units.append(Unit(start, start + len(sentence), "statement", "body", number))
        start += len(sentence) + 1
    document = Document(name="a", media_type="text/plain", sha256="0", size=1, text=text)
    return Draft(document, text, "news", Header(), units=tuple(units))


def _searched(draft: Draft) -> dict[int, tuple[int, int]]:
    """The spans of those who are named, found without any screen."""
    grammar = _grammar()
    patterns = (grammar.according, *(pattern for _, _, pattern in grammar.rules))
    found: dict[int, tuple[int, int]] = {}
    for unit in draft.units:
        matches = (pattern.search(draft.flat, unit.start, unit.end) for pattern in patterns)
        for start, end in (match.span("who") for match in matches if match):
            if not grammar.object_of.search(draft.flat, max(unit.start, start - 24), start):
                found[unit.start] = start, end
                break
    return found


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.lists(st.sampled_from(PARTS), min_size=1, max_size=9).map(lambda w: " ".join(w) + "."),
        max_size=4,
    )
)
def test_who_speaks_is_found_without_a_screen_too(sentences: list[str]) -> None:
    draft = _draft(sentences)
    found = find_speakers(draft)
    named = {at: (who.start, who.end) for at, who in found.items() if not who.inherited}
    assert named == _searched(draft)
