"""Mentions: bodies, collectives, offices, places, persons; one entity for its spellings."""

from typing import Any

import pytest
from headers import NEWS, PARTY, STATE, document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.mentions import find_mentions
from pipeline.header import parse_header
from pipeline.record import Found, Header, Mention
from pipeline.structure.draft import Draft
from pipeline.structure.lines import flatten, lines_of


def mentions(text: str, day: str | None = None, **abbreviations: str) -> tuple[Mention, ...]:
    doc = document(text)
    issued = Found[str](value=day, start=0, end=1, quote=text[:1], origin="test") if day else None
    header = Header(issued_on=issued)
    return find_mentions(Draft(doc, flatten(text), "state", header, abbreviations=abbreviations))


def found(text: str, kind: str, **kwargs: Any) -> list[str]:
    return [m.quote for m in mentions(text, **kwargs) if m.type == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính thực hiện.",
            ["Sở Nội vụ", "Sở Tài chính"],
        ),
        (
            "Sở Tài nguyên và Môi trường tỉnh Hà Nam báo cáo.",
            ["Sở Tài nguyên và Môi trường tỉnh Hà Nam"],
        ),
        ("Uỷ ban nhân dân huyện Ba Bể đã họp.", ["Uỷ ban nhân dân huyện Ba Bể"]),
        ("Thanh tra Sở Y tế lập biên bản.", ["Thanh tra Sở Y tế"]),
        (
            "Ban Quản lý dự án đầu tư xây dựng huyện chậm.",
            ["Ban Quản lý dự án đầu tư xây dựng huyện"],
        ),
        ("Phòng Quản lý quy hoạch kiến trúc đề xuất.", ["Phòng Quản lý quy hoạch kiến trúc"]),
        ("Đoàn kiểm tra của Ban Bí thư làm việc.", ["Đoàn kiểm tra của Ban Bí thư"]),
        ("Sở đã thu hồi; Trung tâm chưa nộp.", ["Sở", "Trung tâm"]),
        ("tại bộ phận Một cửa của xã", ["bộ phận Một cửa"]),
        ("Bộ Công Thương và Bộ Y tế trả lời.", ["Bộ Công Thương", "Bộ Y tế"]),
        ("Vụ Pháp chế - Bộ Tư pháp góp ý.", ["Vụ Pháp chế - Bộ Tư pháp"]),
        ("SỞ Y TẾ\nTHANH TRA", ["SỞ Y TẾ", "THANH TRA"]),
        (
            "UBND TỈNH HÒA AN          CỘNG HÒA XÃ HỘI\nSỞ NỘI VỤ       Độc lập - Tự do",
            ["UBND TỈNH HÒA AN", "SỞ NỘI VỤ"],
        ),
        ("giao tỉnh Hà Nam tổng kết", ["tỉnh Hà Nam"]),
        ("ĐỀ ÁN TRIỂN KHAI NHIỆM VỤ TRONG NĂM", []),
        ("Hội nghị đã nghe báo cáo của tổ chức tư vấn.", []),
    ],
)
def test_agencies(text: str, expected: list[str]) -> None:
    assert found(text, "agency") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yêu cầu các phòng, đơn vị thuộc Sở nộp báo cáo", ["các phòng, đơn vị thuộc Sở"]),
        ("UBND các huyện, thị xã, thành phố thực hiện", ["UBND các huyện, thị xã, thành phố"]),
        ("đề nghị các sở, ban, ngành liên quan góp ý", ["các sở, ban, ngành liên quan"]),
        ("09 phòng, đơn vị được chấm điểm", ["09 phòng, đơn vị"]),
        ("lãnh đạo tỉnh Hà Nam dự họp", ["lãnh đạo tỉnh Hà Nam"]),
        ("một số cơ quan, đơn vị còn chậm", ["một số cơ quan, đơn vị"]),
        ("Chủ tịch UBND các xã, phường chịu trách nhiệm", ["Chủ tịch UBND các xã, phường"]),
        ("việc sắp xếp các đơn vị hành chính", []),
    ],
)
def test_groups(text: str, expected: list[str]) -> None:
    assert found(text, "group") == expected


@pytest.mark.parametrize(
    ("text", "offices", "persons"),
    [
        ("Phó Giám đốc Sở Nội vụ Trần Thị Mơ nêu rõ", ["Phó Giám đốc Sở Nội vụ"], ["Trần Thị Mơ"]),
        ("Thủ tướng Chính phủ yêu cầu", ["Thủ tướng Chính phủ"], []),
        (
            "Ông Lò Văn Păn, Chủ tịch UBND huyện Mai Sơn",
            ["Chủ tịch UBND huyện Mai Sơn"],
            ["Lò Văn Păn"],
        ),
        ("Phó Giám đốc Sở Đào Thị Hạ kết luận", ["Phó Giám đốc Sở"], ["Đào Thị Hạ"]),
        ("Chi cục trưởng Đoàn Thị Ngà báo cáo", ["Chi cục trưởng"], ["Đoàn Thị Ngà"]),
        ("Trưởng phòng Đo đạc bản đồ tự kiểm điểm", ["Trưởng phòng Đo đạc bản đồ"], []),
        ("bà Ngà cho biết; đồng chí Y Thanh nói", [], ["Ngà", "Y Thanh"]),
        (
            "Phó Chủ tịch Thường trực HĐND TP Vũ Thị Ngân",
            ["Phó Chủ tịch Thường trực HĐND TP"],
            ["Vũ Thị Ngân"],
        ),
        ("dịch ra Tiếng Anh Công văn này", [], []),
        ("QUẢN LÝ THEO PHẠM VI", [], []),
    ],
)
def test_positions_and_persons(text: str, offices: list[str], persons: list[str]) -> None:
    assert found(text, "position") == offices
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tại xã Nà Tấu, huyện Quảng Hòa", ["xã Nà Tấu", "huyện Quảng Hòa"]),
        ("bờ sông Mã, đường Lê Lai, phường 12", ["sông Mã", "đường Lê Lai", "phường 12"]),
        ("họp ở Cao Bằng và TP. Vinh", ["Cao Bằng", "TP. Vinh"]),
        ("Xã Nà Tấu có chợ. Ở Nà Tấu, giá tăng.", ["Xã Nà Tấu", "Nà Tấu"]),
        ("trên địa bàn huyện 14 điểm trường", []),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert found(text, "place") == expected


def test_an_office_or_a_longer_name_swallows_what_is_inside() -> None:
    text = "Chánh Văn phòng UBND tỉnh Hà Nam giao Trung tâm Phục vụ hành chính công tỉnh."
    kinds = [(m.type, m.quote) for m in mentions(text)]
    assert kinds == [
        ("position", "Chánh Văn phòng UBND tỉnh Hà Nam"),
        ("agency", "Trung tâm Phục vụ hành chính công tỉnh"),
    ]


def test_one_entity_for_its_spellings() -> None:
    text = "Sở Giao thông - Vận tải; Sở Giao thông vận tải; Sở GTVT."
    values = {(m.value, m.entity) for m in mentions(text, day="2019-05-02")}
    assert values == {("Sở Giao thông vận tải", "agency:so-giao-thong-van-tai")}


def test_the_document_s_own_abbreviations_come_first() -> None:
    one, two = mentions("Sở KHCN họp. Ban QTL họp.", KHCN="Khoa học và Công nghệ")[:2]
    assert one.value == "Sở Khoa học và Công nghệ"
    assert two.quote == "Ban QTL"
    (short,) = mentions("Giao TTPV thực hiện.", TTPV="Trung tâm Phục vụ hành chính công")
    assert short.value == "Trung tâm Phục vụ hành chính công"


@pytest.mark.parametrize(
    ("day", "entity"),
    [
        ("2019-05-02", "province:ha-giang:2024"),
        ("2025-06-30", "province:ha-giang:2024"),
        ("2026-01-01", "province:ha-giang:2024"),
    ],
)
def test_a_province_that_ended_keeps_its_own_entity(day: str, entity: str) -> None:
    (mention,) = mentions("Họp tại Hà Giang.", day=day)
    assert mention.entity == entity


def test_a_province_that_kept_its_name_is_another_one_after_the_merger() -> None:
    before = mentions("Họp tại Tuyên Quang.", day="2025-06-30")[0].entity
    after = mentions("Họp tại Tuyên Quang.", day="2025-07-01")[0].entity
    assert (before, after) == ("province:tuyen-quang:2024", "province:tuyen-quang")


@pytest.mark.parametrize("text", [STATE, PARTY, NEWS, STATE.upper()])
def test_real_documents_keep_the_promises(text: str) -> None:
    doc = document(text)
    result = parse_header(doc, lines_of(doc))
    last = 0
    for mention in find_mentions(Draft(doc, flatten(text), result.family, result.header)):
        assert last <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.quote
        last = mention.end
    assert last


def test_signer_is_a_person_wherever_named() -> None:
    doc = document(STATE)
    header = parse_header(doc, lines_of(doc)).header
    out = find_mentions(Draft(doc, flatten(STATE), "state", header))
    assert [m.quote for m in out if m.type == "person"] == ["Hoàng Thị Bích Đào"]


WORDS = [
    *(STATE + NEWS).split(),
    "Sở",
    "của",
    "các",
    ",",
    "-",
    "và",
    "tỉnh",
    "Ban",
    "số",
    "12",
    "(",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from([" ", "\n", ", "]))
def test_any_words_keep_the_promises(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    last = 0
    for mention in mentions(text):
        assert last <= mention.start < mention.end
        assert text[mention.start : mention.end] == mention.quote
        last = mention.end


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_keeps_the_promises(text: str) -> None:
    for mention in mentions(text):
        assert text[mention.start : mention.end] == mention.quote


@pytest.mark.parametrize("text", ["Sở " * 4000, "các " * 4000, "Nguyễn " * 4000, "Sở - " * 2000])
def test_hostile_repetition_ends_quickly(text: str) -> None:
    assert len(mentions(text)) <= 4000


@pytest.mark.parametrize(
    "text", ["các sở, Cục các sở, ", "UBND tỉnh, phường, ", "các Tỉnh ủy xã, Tỉnh ủy xã, "]
)
def test_long_lists_of_lists_do_not_nest(text: str) -> None:
    assert mentions(text * 400)
