"""Headers of news reports: headline, author, dates, furniture of the page."""

import pytest
from headers import NEWS, read, values, wrapped


def test_news_report() -> None:
    result = read(NEWS)
    assert result.family == "news"
    assert values(result) == {
        "kind": "NEWS",
        "title": "Thanh tra huyện chấn chỉnh việc thu tiền ở chợ đầu mối",
        "published_on": "2020-01-12T08:15",
        "event_on": "2019-12-31",
        "author": "Đinh Văn Kỳ",
    }
    assert result.header.event_on is not None
    assert result.header.event_on.origin.startswith("inferred:"), "the year is not printed"


def test_no_date_of_publication_is_invented() -> None:
    text = (
        NEWS.replace("08:15 12/01/2020\n", "")
        + "Hôm nay : 81\nTháng 01 : 6.425\nNăm 2023 : 6.425\n"
    )
    header = read(text).header
    assert header.published_on is None
    assert header.nulls["published_on"] == "absent"
    assert header.event_on is not None
    assert header.event_on.value == "--12-31"


@pytest.mark.parametrize(
    ("tail", "author"),
    [
        ("Đinh Văn Kỳ", "Đinh Văn Kỳ"),
        ("**T.Kỳ**", "T.Kỳ"),
        ("---Lò Seo Páo----", "Lò Seo Páo"),
        ("Tin, ảnh: HỒNG VÂN", "HỒNG VÂN"),
        ("Bài và ảnh: Hà My - Thu An", "Hà My - Thu An"),
        ("Thu Trà (TTXVN)", "Thu Trà (TTXVN)"),
        ("Lê Na (tổng hợp)", "Lê Na"),
        ("KV", "KV"),
    ],
)
def test_author_on_a_line_or_behind_the_last_sentence(tail: str, author: str) -> None:
    last = "Theo kết luận, Ban Quản lý chợ thu đúng mức đối với 214 hộ, còn 9 hộ bị thu trùng."
    assert values(read(NEWS.replace("Đinh Văn Kỳ", tail)))["author"] == author
    run_on = NEWS.replace(f"{last}\nĐinh Văn Kỳ", f"{last} {tail}")
    assert values(read(run_on))["author"] == author


@pytest.mark.parametrize(
    "tail",
    ["Ban Quản lý sẽ trả lại tiền cho 9 hộ.", "Việc này kéo dài nhiều năm./.", "Hạn cuối là 20/3!"],
)
def test_a_last_sentence_is_no_author(tail: str) -> None:
    assert read(NEWS.replace("Đinh Văn Kỳ", tail)).header.author is None


def test_a_time_limit_is_no_event() -> None:
    text = NEWS.replace("Chiều 31-12, Thanh tra", "Trước ngày 15/3, Thanh tra")
    assert read(text).header.event_on is None


@pytest.mark.parametrize(
    ("opening", "event", "words"),
    [
        ("Sáng ngày 6/7/2018, Thanh tra", "2018-07-06", "Sáng ngày 6/7/2018"),
        ("Chiều nay (16-7-2018), Thanh tra", "2018-07-16", "Chiều nay (16-7-2018"),
        ("Ngày 2. 1, Thanh tra", "2020-01-02", "Ngày 2. 1"),
        ("Hôm qua, 45/13, sáng 30 / 12, Thanh tra", "2019-12-30", "sáng 30 / 12"),
        ("Hôm qua nay mai 3/1% số hộ, tối 4/1 Thanh tra", "2020-01-04", "tối 4/1"),
    ],
)
def test_the_event_is_the_first_day_told_with_a_part_of_it(
    opening: str, event: str, words: str
) -> None:
    found = read(NEWS.replace("Chiều 31-12, Thanh tra", opening)).header.event_on
    assert found is not None
    assert (found.value, found.quote) == (event, words)


def test_a_day_told_as_today_is_that_of_publication() -> None:
    text = NEWS.replace("08:15 12/01/2020\n", "")
    told = read(text.replace("Chiều 31-12, Thanh tra", "Sáng nay, ngày 6/7/2018, Thanh tra"))
    assert told.header.published_on is not None
    assert told.header.published_on.value == "2018-07-06"
    assert told.header.published_on.origin == "inferred:news.today"
    other = read(text.replace("Chiều 31-12, Thanh tra", "Từ 6/7/2018 đến nay, Thanh tra"))
    assert other.header.published_on is None


def test_page_title_and_hard_wraps() -> None:
    headline = (
        "Thanh tra huyện chấn chỉnh việc thu tiền ở chợ đầu mối và các điểm trông giữ xe ven sông"
    )
    text = NEWS.replace("Thanh tra huyện chấn chỉnh việc thu tiền ở chợ đầu mối", headline)
    body = (
        "Nhiều hộ kinh doanh cho biết họ đã nộp tiền hai lần trong một tháng mà không có biên lai. "
    )
    text = text.replace("Theo kết luận", body * 6 + "Theo kết luận")
    assert values(read(wrapped(text)))["title"] == headline
    stated = read("Trang chủ\nTin tức - Sự kiện\n" + text, title=headline, is_news_page=True)
    assert values(stated)["title"] == headline


def test_zones_of_a_page() -> None:
    result = read(NEWS)
    zones = {(zone.zone, zone.reason): NEWS[zone.start : zone.end] for zone in result.zones}
    assert zones["boilerplate", "before-article"].startswith("A- A A+")
    assert zones["header", "headline"].endswith("08:15 12/01/2020")
    assert zones["footer", "author"] == "Đinh Văn Kỳ"
    assert zones["boilerplate", "caption"].endswith("Ảnh: N.P")
    assert zones["boilerplate", "site-text"].startswith("Từ khóa:")


def test_plain_notes_are_unknown() -> None:
    assert read("mua sữa\ngọi điện").family == "unknown"
    assert read("").family == "unknown"
