"""Where the names of bodies, collectives and places end, in lists, titles and tables."""

import pytest
from test_extract_mentions import found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gửi Ngân hàng Phát triển Việt Nam.", ["Ngân hàng Phát triển Việt Nam"]),
        ("vay Ngân hàng Chính sách xã hội tỉnh.", ["Ngân hàng Chính sách xã hội tỉnh"]),
        ("hỏi Cục Kiểm soát thủ tục hành chính.", ["Cục Kiểm soát thủ tục hành chính"]),
        ("Sở Kế hoạch & Đầu tư trả lời.", ["Sở Kế hoạch & Đầu tư"]),
        (
            "Ban Chỉ huy Phòng, chống thiên tai họp.",
            ["Ban Chỉ huy Phòng, chống thiên tai"],
        ),
        (
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh giám sát.",
            ["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"],
        ),
        ("diện Thành ủy quản lý theo quy định", ["Thành ủy"]),
        ("Tổ đại biểu Hội đồng nhân dân tỉnh họp.", ["Tổ đại biểu Hội đồng nhân dân tỉnh"]),
        ("của các bộ, cơ quan liên quan, Bộ Y tế sớm", ["Bộ Y tế"]),
        ("NGHỊ QUYẾT CỦA HỘI ĐỒNG NHÂN DÂN TỈNH NĂM 2018", ["HỘI ĐỒNG NHÂN DÂN TỈNH"]),
        ("xếp lại tài liệu\tVụ Pháp chế\tCác đơn vị thuộc Bộ\tTheo kế hoạch", ["Vụ Pháp chế"]),
        ("Khai trương Bưu điện Hòa An\nBắt đầu từ hôm nay", ["Bưu điện Hòa An"]),
        ("chiếm 20% cổ phần của Cục Việc làm.", ["Cục Việc làm"]),
    ],
)
def test_names_of_bodies(text: str, expected: list[str]) -> None:
    assert found(text, "agency") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("của các bộ, cơ quan liên quan, Bộ Y tế sớm", ["các bộ, cơ quan liên quan"]),
        (
            "giao các sở, ban, ngành, UBND các huyện, thị xã",
            ["các sở, ban, ngành", "UBND các huyện, thị xã"],
        ),
        ("giúp các tổ chức, doanh nghiệp và người dân", []),
        ("Chủ tịch UBND xã, phường, đặc khu ký", ["Chủ tịch UBND xã, phường, đặc khu"]),
        ("Giao UBND tỉnh, hội cựu chiến binh", []),
    ],
)
def test_collectives_end_before_a_name(text: str, expected: list[str]) -> None:
    assert found(text, "group") == expected


@pytest.mark.parametrize(
    ("text", "places", "persons"),
    [
        (
            "gồm các huyện: Thanh Liêm, Châu Phong (tỉnh An Giang) và Lấp Đá.",
            ["Thanh Liêm", "Châu Phong", "tỉnh An Giang", "Lấp Đá"],
            [],
        ),
        ("dừng ở đường Trần Hưng Long rồi về", ["đường Trần Hưng Long"], []),
        ("Liên đoàn luật sư Việt Nam góp ý", [], []),
        ("viết bằng chữ số La Mã", [], []),
        ("kế toán là luật sư\nHỗ trợ người dân", [], []),
        ("gửi Phó CTrg Đào Thanh Bích để báo cáo", [], ["Đào Thanh Bích"]),
    ],
)
def test_lists_of_places_and_what_is_no_person(
    text: str, places: list[str], persons: list[str]
) -> None:
    assert (found(text, "place"), found(text, "person")) == (places, persons)
