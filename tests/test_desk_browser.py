"""The desk in a real browser: searching, the register, login, attacks, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import chromium, needs_chromium, picture, violations, visit
from tests.desks import PASSWORD, SCRIPT, add_users, fill, served

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("desk")
    fill(out)
    _ledger(out)
    with served(out) as address:
        yield address


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("shared")
    fill(out)
    add_users(out)
    with served(out, host="0.0.0.0") as address:
        yield address


def _ledger(out: Path) -> None:
    """A load with a file that cannot be read, for the page of loads."""
    from pipeline.bulk import engine
    from pipeline.settings import load_options

    inbox = out / "inbox"
    inbox.mkdir()
    (inbox / "ke-hoach.txt").write_text(
        "SỞ XÂY DỰNG\nSố: 8/KH-SXD\nĐông Hải, ngày 3 tháng 4 năm 2025\nKẾ HOẠCH\n"
        "Giao Văn phòng Sở rà soát hồ sơ trước ngày 30/6/2025.\n",
        encoding="utf-8",
    )
    (inbox / "hong.pdf").write_bytes(b"%PDF-1.7 hong")
    engine.load([inbox], load_options(out, jobs=1))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("question", ["hồ sơ quá hạn", "ho so qua han"])
def test_search_then_facet(browser: Any, desk: str, question: str, scripts: bool) -> None:
    with visit(browser, scripts=scripts) as page:
        page.goto(desk)
        page.get_by_role("searchbox").fill(question)
        page.get_by_role("searchbox").press("Enter")
        page.wait_for_url("**/search?q=*")
        assert page.locator("mark").first.inner_text() == "hồ sơ quá hạn"
        assert page.locator("#count").inner_text().startswith("30 kết quả")
        page.locator("aside").get_by_role("link", name="SỞ Y TẾ").click()
        page.wait_for_url("**agency=*")
        assert page.locator("#count").inner_text().startswith("10 kết quả")
        page.get_by_role("link", name="Bỏ bộ lọc này").click()
        page.locator(".chips").wait_for(state="detached")
        assert page.locator("#count").inner_text().startswith("30 kết quả")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_going_on_in_a_long_list(browser: Any, desk: str, scripts: bool) -> None:
    """With scripts the list grows; without, the next page follows. Nothing comes twice."""
    with visit(browser, scripts=scripts) as page:
        page.goto(f"{desk}/search?q=hồ sơ quá hạn")
        first = page.locator(".hits a.hit").evaluate_all("links => links.map(a => a.href)")
        page.get_by_role("link", name="Xem tiếp").click()
        if scripts:
            page.locator(".hits > li").nth(29).wait_for()
            assert page.locator(".hits > li").count() == 30
            assert page.locator("#pager").inner_text().startswith("Đang xem 21–30")
        else:
            page.wait_for_url("**cursor=*")
            rest = page.locator(".hits a.hit").evaluate_all("links => links.map(a => a.href)")
            assert len({*first, *rest}) == 30


def test_keys_find_the_box(browser: Any, desk: str) -> None:
    with visit(browser) as page:
        page.goto(f"{desk}/search?q=hồ sơ")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.type") == "search"


def test_register_overdue_tasks_of_a_body(browser: Any, desk: str) -> None:
    """What a new user wants first: the overdue tasks of one body, and where it is written."""
    with visit(browser) as page:
        page.goto(desk)
        page.get_by_role("link", name="Nhiệm vụ", exact=True).click()
        page.get_by_label("Tính đến ngày").fill("10/07/2025")
        page.get_by_label("Đơn vị, người chủ trì").fill("van phong so")
        page.get_by_role("button", name="Lọc").click()
        page.locator(".states a.overdue").click()
        page.wait_for_url("**state=overdue*")
        assert page.locator("tr:has(td.action)").count() >= 30
        assert page.locator(".tag.overdue").first.inner_text() == "quá 10 ngày"
        evidence = page.locator("td.action a").first.get_attribute("href")
        assert "?at=" in evidence
        picture(page, "desk-tasks")
        page.get_by_role("link", name="Chủ trì", exact=True).click()
        page.wait_for_url("**group=assignee*")
        assert page.locator("tbody th").first.inner_text() == "Văn phòng Sở"


def test_overdue_tasks_of_a_body_by_keys_alone(browser: Any, desk: str) -> None:
    with visit(browser) as page:
        page.goto(f"{desk}/tasks?as_of=10/07/2025")
        page.keyboard.press("/")
        page.keyboard.type("van phong so")
        page.keyboard.press("Enter")
        page.wait_for_url("**assignee=van*")
        page.keyboard.press("Tab")  # past "all"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**state=overdue*")
        links = page.locator("a[data-entry]")
        for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
            page.keyboard.press(key)
            assert links.nth(at).evaluate("link => link === document.activeElement")
        page.keyboard.press("Enter")
        page.wait_for_url("**/documents/*#at")
        page.locator(".value.whole.on").wait_for()


def test_files_come_down(browser: Any, desk: str) -> None:
    with visit(browser) as page:
        page.goto(f"{desk}/tasks")
        for name, ending in (("CSV (Excel)", ".csv"), ("Lịch (.ics)", ".ics")):
            with page.expect_download() as got:
                page.get_by_role("link", name=name).click()
            assert got.value.suggested_filename.endswith(ending)


def test_login_wrong_password_then_right(browser: Any, shared: str) -> None:
    with visit(browser) as page:
        page.goto(f"{shared}/tasks?state=overdue")
        page.get_by_label("Tên").fill("doc")
        page.get_by_label("Mật khẩu").fill("không phải")
        page.get_by_role("button", name="Đăng nhập").click()
        assert "không đúng" in page.get_by_role("alert").inner_text()
        picture(page, "desk-login")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/tasks?state=overdue")
        assert "doc" in page.locator(".user").inner_text()
        page.get_by_role("button", name="Đăng xuất").click()
        page.wait_for_url("**/login")


def test_a_form_of_another_site_does_nothing(browser: Any, shared: str, tmp_path: Path) -> None:
    """A page elsewhere sends a form to the desk while its user is logged in."""
    with visit(browser) as page:
        page.goto(f"{shared}/login")
        page.get_by_label("Tên").fill("soat")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/search")
        evil = tmp_path / "evil.html"
        evil.write_text(
            f'<form method="post" action="{shared}/logout"><button>go</button></form>',
            encoding="utf-8",
        )
        other = page.context.new_page()
        other.goto(evil.as_uri())
        with other.expect_navigation() as answer:
            other.get_by_role("button").click()
        assert answer.value.status in (401, 403)
        page.goto(f"{shared}/tasks")
        assert page.locator(".user").count() == 1


def test_a_script_in_a_document_is_text(browser: Any, desk: str) -> None:
    with visit(browser) as page:
        for address in ("/search?q=hiển thị", "/tasks?assignee=Trung tâm Tin học", "/overview"):
            page.goto(f"{desk}{address}")
            assert page.title() != "taken"
        page.goto(f"{desk}/search?q=hiển thị")
        assert SCRIPT in page.locator(".hits").inner_text()
        page.goto(f"{desk}/search?q={SCRIPT}")
        assert page.title() != "taken"


def test_the_policy_stops_code_that_got_in(browser: Any, desk: str) -> None:
    """Were something not escaped, the browser would still refuse to run it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{desk}/search")
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = "document.title = 'taken'";
        document.body.append(script);
        const picture = '<img src=x onerror="document.title=1">';
        document.body.insertAdjacentHTML('beforeend', picture);
    }""")
    page.wait_for_timeout(200)
    assert page.title() not in ("taken", "1")
    context.close()


def test_quarantine_and_retry(browser: Any, tmp_path: Path) -> None:
    _ledger(tmp_path)
    with served(tmp_path) as desk, visit(browser) as page:
        page.goto(f"{desk}/runs")
        picture(page, "desk-runs")
        page.get_by_role("link", name="tệp hỏng").click()
        assert "hong.pdf" in page.locator(".path").inner_text()
        page.get_by_label("hong.pdf").check()
        page.get_by_role("button", name="Thử lại các tệp đã chọn").click()
        page.wait_for_url("**/runs")
        page.get_by_text("Đã thử lại xong").wait_for(timeout=90_000)
        assert page.locator("tbody tr").filter(has_text="Xử lý lại").count() == 1


ADDRESSES = {
    "start": "/search",
    "search": "/search?q=hồ sơ quá hạn",
    "search-filtered": "/search?q=rà soát&agency=SỞ Y TẾ&has_deadline=true&number=5",
    "search-nothing": "/search?q=khôngcógìcả",
    "search-error": '/search?q="hồ',
    "tasks": "/tasks?as_of=2025-07-10",
    "tasks-grouped": "/tasks?group=agency&as_of=2025-07-10",
    "tasks-print": "/tasks?view=print&as_of=2025-07-10",
    "tasks-nothing": "/tasks?assignee=khôngai",
    "overview": "/overview?as_of=2025-07-10",
    "runs": "/runs",
    "quarantine": "/runs/quarantine",
    "api": "/api/v1/docs",
    "not-found": "/nowhere",
    "language": "/language/en?next=/tasks",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_accessible(browser: Any, desk: str, name: str, scheme: str) -> None:
    with visit(browser, color_scheme=scheme) as page:
        page.goto(f"{desk}{ADDRESSES[name]}")
        if scheme == "light" and name in ("search", "overview"):
            picture(page, f"desk-{name}")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_run_accessible(browser: Any, desk: str, scheme: str) -> None:
    with visit(browser, color_scheme=scheme) as page:
        page.goto(f"{desk}/runs")
        page.locator("tbody th a").last.click()
        page.wait_for_url("**/runs/2*")
        assert page.locator("h1").inner_text().startswith("Lần chạy")
        assert violations(page) == []


def test_login_accessible(browser: Any, shared: str) -> None:
    with visit(browser) as page:
        page.goto(f"{shared}/login")
        assert violations(page) == []


@pytest.mark.parametrize("name", ["search", "tasks", "overview"])
@pytest.mark.parametrize("width", [1024, 390])
def test_fits_small_screens(browser: Any, desk: str, name: str, width: int) -> None:
    """Tables may scroll inside their frame; the page itself never scrolls sideways."""
    with visit(browser) as page:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{desk}{ADDRESSES[name]}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
