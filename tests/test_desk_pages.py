"""Pages of the desk without a browser: right answers, files at the same address, kind errors."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest

from tests.desks import SCRIPT, TestClient, client, fill


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("desk")
    fill(out)
    return out


@pytest.fixture(scope="module")
def browser(store: Path) -> TestClient:
    return client(store)


def page(browser: TestClient, address: str, status: int = 200) -> str:
    reply = browser.get(address)
    assert reply.status_code == status, reply.text
    return html.unescape(reply.text)


def number_of(text: str, pattern: str) -> int:
    found = re.search(pattern, text)
    assert found, pattern
    return int(found[1].replace(".", ""))


@pytest.mark.parametrize("question", ["hồ sơ quá hạn", "ho so qua han"])
def test_search_with_and_without_accents(browser: TestClient, question: str) -> None:
    text = page(browser, f"/search?q={question}")
    assert number_of(text, r"(\d+) kết quả") == 30
    assert "<mark>hồ sơ quá hạn</mark>" in text
    assert "Tồn tại</span>" in text


def test_a_hit_stands_in_its_context(browser: TestClient) -> None:
    text = page(browser, '/search?q="hồ sơ quá hạn" number:5')
    assert "Kết quả đạt được" in text
    assert "Đã giải quyết 105 hồ sơ đúng hạn." in text
    assert re.search(r"/documents/[0-9a-f]{64}\?at=\d+-\d+#at", text)


def test_facets_count_and_narrow(browser: TestClient) -> None:
    text = page(browser, "/search?q=hồ sơ quá hạn")
    facet = re.search(r'href="(/search\?[^"]*agency[^"]*)"[^>]*>\s*<span>SỞ Y TẾ</span>'
                      r'<span class="count">(\d+)', text)  # fmt: skip
    assert facet
    narrowed = page(browser, facet[1])
    assert number_of(narrowed, r"(\d+) kết quả") == int(facet[2]) == 10
    assert "Cơ quan ban hành: <b>SỞ Y TẾ</b>" in narrowed
    off = re.search(r'href="([^"]*)"[^>]*aria-current="true"><span>SỞ Y TẾ', narrowed)
    assert off
    assert "agency" not in off[1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("q=rà soát&has_deadline=true", 30),
        ("q=rà soát&date_from=2023&date_to=2023", 6),
        ("q=rà soát&date_from=1/1/2023&date_to=31/12/2023", 6),
        ("q=rà soát&quality=digital", 30),
        ("q=rà soát&quality=partial", 0),
        ("label=shortcoming&agency=&kind=", 31),
    ],
)
def test_filters_of_the_form(browser: TestClient, filters: str, expected: int) -> None:
    text = page(browser, f"/search?{filters}")
    assert number_of(text, r"(\d+) kết quả") == expected if expected else "Không tìm thấy" in text


def test_pages_of_the_search_do_not_overlap(browser: TestClient) -> None:
    seen: list[str] = []
    address: str | None = "/search?q=hồ sơ&sort=newest"
    while address:
        text = page(browser, address)
        seen += re.findall(r'class="hit" href="([^"]+)"', text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = found[1] if found else None
    assert len(seen) == len(set(seen)) == 60


def test_newest_and_oldest_are_opposite(browser: TestClient) -> None:
    days = {
        sort: json.loads(page(browser, f"/search.json?q=hồ sơ&sort={sort}"))["items"][0]["dated_on"]
        for sort in ("newest", "oldest")
    }
    assert days["newest"] > days["oldest"]


@pytest.mark.parametrize("path", ["/search", "/tasks"])
def test_lists_are_files_at_the_same_address(browser: TestClient, path: str) -> None:
    query = "?agency=Sở Y tế" + ("&q=hồ sơ quá hạn" if path == "/search" else "")
    total = json.loads(page(browser, f"{path}.json{query}"))["total"]
    lines = [json.loads(line) for line in page(browser, f"{path}.jsonl{query}").splitlines()]
    reply = browser.get(f"{path}.csv{query}")
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert reply.content.startswith(b"\xef\xbb\xbf")
    assert total == len(lines) == len(rows) == 10


def test_register_for_excel_has_vietnamese_heads(browser: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(page(browser, "/tasks.csv?as_of=2025-07-10")[1:])))
    assert len(rows) == 31
    assert rows[0]["Chủ trì"] == "Văn phòng Sở"
    assert rows[0]["Ngày đến hạn"] == "30/06/2025"
    assert rows[0]["Còn / quá"] == "-10"
    assert rows[0]["Tình trạng"] == "quá hạn"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("as_of=30/6/2025", "hôm nay"),
        ("as_of=2025-06-25", "còn 5 ngày"),
        ("as_of=2025-07-01", "quá 1 ngày"),
        ("assignee=Trung tâm Tin học", "định kỳ"),
    ],
)
def test_register_counts_days_from_the_day_asked_about(
    browser: TestClient, query: str, shown: str
) -> None:
    assert shown in page(browser, f"/tasks?{query}")


@pytest.mark.parametrize("address", ["/tasks?as_of=2025-07-10", "/search?q=hồ sơ quá hạn"])
def test_every_link_to_a_document_leads_to_the_words(browser: TestClient, address: str) -> None:
    links = re.findall(r'href="/documents/([^"]*)"', page(browser, address))
    assert links
    assert all(re.fullmatch(r"[0-9a-f]{64}\?at=\d+-\d+#at", link) for link in links)


def test_register_filters_and_totals(browser: TestClient) -> None:
    text = page(browser, "/tasks?as_of=2025-07-10")
    assert number_of(text, r"<b>(\d+)</b> quá hạn") == 30
    assert number_of(text, r"<b>(\d+)</b> định kỳ") == 1
    for query, total in (
        ("state=overdue", 30),
        ("state=recurring", 1),
        ("assignee=Trung tâm Tin học", 1),
        ("assignee=trung tam tin hoc", 1),
        ("due_before=1/1/2025", 0),
        ("agency=Sở Nội vụ&state=overdue", 10),
        ("q=rà soát&coordinator=Thanh tra Sở", 30),
    ):
        reply = json.loads(page(browser, f"/tasks.json?as_of=2025-07-10&{query}"))
        assert reply["total"] == total, query
    assert "Không có nhiệm vụ nào khớp" in page(browser, "/tasks?due_before=1/1/2025")


@pytest.mark.parametrize(
    ("group", "name", "number"),
    [
        ("assignee", "Văn phòng Sở", 30),
        ("month", "06/2025", 30),
        ("document", "77/TB-SXD · 02/03/2024", 1),
        ("agency", "SỞ Y TẾ", 10),
    ],
)
def test_register_by_group_leads_to_its_tasks(
    browser: TestClient, group: str, name: str, number: int
) -> None:
    text = page(browser, f"/tasks?group={group}&as_of=2025-07-10")
    link = rf'<a href="([^"]+)" data-entry>{re.escape(name)}</a>'
    row = re.search(rf'{link}</th>\s*<td class="n">(\d+)', text)
    assert row
    assert int(row[2]) == number
    tasks = json.loads(page(browser, row[1].replace("/tasks?", "/tasks.json?")))
    assert tasks["total"] == number
    content = page(browser, f"/tasks.csv?group={group}")[1:]
    assert any(name in line for line in content.splitlines())


def test_calendar_has_the_tasks_of_the_filter(browser: TestClient) -> None:
    text = page(browser, "/tasks.ics?assignee=Trung tâm Tin học")
    assert text.count("BEGIN:VEVENT") == 1
    assert "RRULE:FREQ=MONTHLY" in text
    assert page(browser, "/tasks.ics").count("BEGIN:VEVENT") == 31


def test_print_view_is_one_sheet(browser: TestClient) -> None:
    text = page(browser, "/tasks?view=print&limit=1000&as_of=2025-07-10")
    assert text.count('class="action"') == 31
    assert "Tính đến ngày 10/07/2025" in text


@pytest.mark.parametrize(
    ("address", "status", "shown"),
    [
        ('/search?q="hồ sơ', 400, "thiếu dấu ngoặc kép đóng"),
        ("/search?q=hồ sơ&date_from=hôm qua", 400, "hôm qua không phải là ngày"),
        ("/search?q=a&cursor=xxxx", 400, "con trỏ trang bị hỏng"),
        ("/search?nothing=1", 400, "bộ lọc nothing không hợp lệ"),
        ("/tasks?as_of=32/13/2025", 400, "không phải là ngày (ví dụ 31/12/2025"),
        ("/tasks?group=person", 400, "không có giá trị person"),
        ("/tasks.csv?limit=0", 400, "Chưa hiểu câu hỏi"),
        ("/nowhere", 404, "Không có trang này"),
        ("/runs", 503, "congvan load"),
        ("/runs/20260101T000000Z-1", 503, "congvan load"),
        ("/search?q=khôngcógìcả", 200, "gõ ít từ hơn"),
    ],
)
def test_errors_say_what_to_do(browser: TestClient, address: str, status: int, shown: str) -> None:
    assert shown in page(browser, address, status)


def test_a_store_without_documents_says_how_to_load(tmp_path: Path) -> None:
    with client(tmp_path) as empty:
        for address in ("/search", "/search?q=a", "/tasks", "/overview"):
            assert "congvan load" in page(empty, address, 503)


def test_what_is_in_a_document_is_only_shown(browser: TestClient) -> None:
    for address in ("/search?q=hiển thị", "/tasks?assignee=Trung tâm Tin học", "/overview"):
        text = browser.get(address).text
        assert SCRIPT not in text
        assert "<script>" not in text
    assert "&lt;script&gt;" in browser.get("/search?q=hiển thị").text
    assert SCRIPT not in browser.get(f"/search?q={SCRIPT}").text


def test_english_on_request_and_kept(store: Path) -> None:
    with client(store) as visitor:
        assert '<html lang="vi">' in page(visitor, "/search")
        reply = visitor.get("/language/en?next=/tasks")
        assert reply.headers["location"] == "/tasks"
        text = page(visitor, "/tasks?as_of=2025-07-10")
        assert '<html lang="en">' in text
        assert "10 days over" in text
        assert "a quotation mark" in page(visitor, '/search?q="a', 400)


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/e"]
)
def test_no_link_leads_away(browser: TestClient, address: str) -> None:
    reply = browser.get("/language/vi", params={"next": address})
    assert reply.headers["location"] == "/"


def test_overview_draws_charts(browser: TestClient) -> None:
    text = page(browser, "/overview?as_of=2025-07-10")
    assert text.count('<svg role="img"') == 3
    assert 'style="' not in text
    assert "Văn phòng Sở" in text
    assert re.search(
        r"Còn hồ sơ quá hạn chưa có thư xin lỗi người dân\.</a></th><td class=\"n\">30", text
    )


def test_overview_names_what_its_bars_do_not_show(tmp_path: Path) -> None:
    from tests.stores import plain, write

    undated = plain(2)
    del undated.header["issued_on"]
    write(tmp_path, [plain(1), undated])
    with client(tmp_path) as visitor:
        text = page(visitor, "/overview")
        assert "Không rõ năm: 1." in text
        (first, *_) = re.findall(r'<div class="legend">(.*?)</div>', text)
        assert ">Loại khác</span>" in first
        assert ">Tất cả</span>" not in first


def test_overview_sees_new_documents(tmp_path: Path) -> None:
    from tests.stores import plain, write

    write(tmp_path, [plain(1)])
    with client(tmp_path) as visitor:
        assert "<b>1</b> văn bản" in page(visitor, "/overview")
        write(tmp_path, [plain(2)])
        assert "<b>2</b> văn bản" in page(visitor, "/overview")


def test_api_page_names_every_address(browser: TestClient) -> None:
    text = page(browser, "/api/v1/docs")
    for path in browser.get("/api/v1/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in text
