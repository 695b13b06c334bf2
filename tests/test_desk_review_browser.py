"""Review in a real browser: a scan, its boxes, corrections by keys alone, and what survives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate import evaluate, read_gold
from pipeline.record import to_json
from pipeline.review.gold import write_gold
from pipeline.store import index
from pipeline.store.files import read_record, record_ids, write_record
from pipeline.store.reviews import reviewed_record
from tests.browsers import chromium, needs_chromium, picture, violations, visit
from tests.desks import served
from tests.stores import plain, write
from tests.test_desk_parts import long_record

SAMPLES = Path(__file__).parent.parent / "samples"
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.ocr, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a scan and a text, loaded as people load them."""
    from pipeline.bulk import engine
    from pipeline.settings import load_options

    out = tmp_path_factory.mktemp("store")
    inbox = out / "inbox"
    inbox.mkdir()
    for name in ("tb-hop-scan/source.pdf", "kl-thanh-tra-truong/source.txt"):
        source = SAMPLES / name
        shutil.copy(source, inbox / f"{source.parent.name}{source.suffix}")
    engine.load([inbox], load_options(out, jobs=1))
    return out


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    """A store of its own for each test, so that corrections of one are not seen by another."""
    return Path(shutil.copytree(loaded, tmp_path / "store"))


def named(store: Path, name: str) -> str:
    return next(i for i in record_ids(store) if read_record(store, i).source.name == name)


def test_a_task_of_a_scan_shows_its_box_and_is_corrected_by_keys(browser: Any, store: Path) -> None:
    scan = named(store, "tb-hop-scan.pdf")
    before = reviewed_record(store, scan).record.tasks[1]
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{scan}")
        page.wait_for_function("() => document.querySelector('.sheet img').naturalWidth > 500")
        drawn = page.request.get(f"{address}/documents/{scan}/pages/1")
        assert drawn.headers["content-type"] == "image/webp"
        assert violations(page) == []

        # a click on a task lights up its words on the picture of the page
        task = f"#v-task-{before.id}"
        page.click(f"{task} a.words")
        box = page.locator(f"svg rect.on[data-of='v-task-{before.id}']").first.bounding_box()
        assert box["width"] > 100
        assert 0 < box["y"] < 800, "and they are in sight"
        picture(page, "desk-document-scan")

        # a click on the picture shows the value
        box = page.locator(f"svg rect[data-of='v-task-{before.id}-assignees']").first.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert page.locator(f"{task}-assignees.on").count() == 1

        # keys alone: correct the assignee
        page.keyboard.press("e")
        page.wait_for_selector("#editor input[name=words]")
        assert page.evaluate("document.activeElement.name") == "words"
        page.keyboard.press("Control+A")
        page.keyboard.type("Ban Quản lý chợ")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{task}-assignees .state.corrected")
        assert "Ban Quản lý chợ" in page.inner_text(f"{task}-assignees")
        assert page.locator(f"{task}-assignees.on").count() == 1, "the place is not lost"
        assert violations(page) == []
        picture(page, "desk-document-corrected")
    (party,) = reviewed_record(store, scan).record.tasks[1].assignees
    assert (party.value, party.quote) == ("Ban Quản lý chợ", "Ban Quản lý chợ")
    assert read_record(store, scan).tasks[1] == before, "the record itself is as it was"


def test_a_correction_survives_processing_again_and_becomes_gold(
    browser: Any, store: Path, tmp_path: Path
) -> None:
    from pipeline.bulk import engine
    from pipeline.settings import load_options

    scan = named(store, "tb-hop-scan.pdf")
    task = reviewed_record(store, scan).record.tasks[1]
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{scan}#v-task-{task.id}-assignees")
        page.wait_for_selector(f"#v-task-{task.id}-assignees.on")
        page.keyboard.press("e")
        page.wait_for_selector("#editor input[name=words]")
        page.fill("#editor input[name=words] >> nth=0", "Ban Quản lý chợ")
        page.keyboard.press("Enter")
        page.wait_for_selector(".state.corrected")
        engine.load([store / "inbox"], load_options(store, jobs=1, force=True, read_again=True))
        page.reload()
        assert "Ban Quản lý chợ" in page.inner_text(f"#v-task-{task.id}-assignees")
        page.keyboard.press("d")
        page.wait_for_selector(".tag.achievement >> text=Đã xem hết")
    gold = tmp_path / "gold"
    assert write_gold(gold, [reviewed_record(store, scan)]) == 1
    labels = json.loads((gold / "tb-hop-scan.json").read_text("utf-8"))
    assert ["Ban Quản lý chợ"] in [task["assignees"] for task in labels["tasks"]]
    machine = json.loads(to_json(read_record(store, scan)))
    counts = evaluate(read_gold(gold), [machine]).groups["all"].counts["assignee"]
    assert (counts.f1 or 0) < 1, "the machine's mistake is seen"


def drag_over(page: Any, words: Any, width: float | None = None) -> None:
    """Select the first line of some words with the mouse, or `width` pixels of it."""
    box = words.bounding_box()
    y = box["y"] + min(8, box["height"] / 2)
    page.mouse.move(box["x"] + 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + (width or box["width"] - 2), y)
    page.mouse.up()
    page.wait_for_selector("#selection.ready")


def test_label_selection_undo_and_next_by_keys(browser: Any, store: Path) -> None:
    text = named(store, "kl-thanh-tra-truong.txt")
    record = reviewed_record(store, text).record
    first = record.statements[1]
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{text}#v-statement-{first.id}")
        page.wait_for_selector(f"#v-statement-{first.id}.on")
        page.keyboard.press("4")
        page.wait_for_selector(f"#v-statement-{first.id} .tag.cause")
        page.keyboard.press("u")
        page.wait_for_selector(f"#v-statement-{first.id} .tag.{first.label}")
        page.keyboard.press("a")
        page.wait_for_selector(f"#v-statement-{first.id} .state.accepted")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.locator(".value.on").count() == 1

        # select words with the mouse, make them a statement with a key
        words = page.locator(f".text [data-of='v-statement-{first.id}']").first
        drag_over(page, words, 260)
        picture(page, "desk-document-text")
        page.keyboard.press("2")
        page.wait_for_function("() => document.querySelectorAll('.state.added').length === 1")
        assert violations(page) == []
        page.keyboard.press("q")
        page.wait_for_url("**/documents/*")
    reviewed = reviewed_record(store, text)
    added = [m.entry.new[0].value for m in reviewed.marks.values() if m.state == "added"]
    assert added == ["shortcoming"]


def test_all_words_of_a_value_are_lit(browser: Any, store: Path) -> None:
    """Also those that are words of a smaller value: the day in a task."""
    text = named(store, "kl-thanh-tra-truong.txt")
    record = reviewed_record(store, text).record
    task = next(task for task in record.tasks if task.deadline)
    lit = "pieces => pieces.map(piece => piece.textContent).join('')"
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{text}#v-task-{task.id}")
        page.wait_for_selector(f"#v-task-{task.id}.on")
        assert page.locator(".text .on").evaluate_all(lit) == task.quote
        page.locator(f"#v-task-{task.id}-deadline a.words").click()
        assert page.locator(".text .on").evaluate_all(lit) == task.deadline.raw


def test_reading_needs_no_script(browser: Any, store: Path) -> None:
    scan = named(store, "tb-hop-scan.pdf")
    task = reviewed_record(store, scan).record.tasks[0]
    with served(store) as address, visit(browser, scripts=False) as page:
        page.goto(f"{address}/documents/{scan}")
        page.click(f"#v-task-{task.id} a.words")
        shown = page.locator(f"[id='ev-task-{task.id}']").bounding_box()
        assert 0 < shown["y"] < 800
        page.click(".views >> text=Văn bản")
        page.click(f"#v-task-{task.id}-assignees [data-key=e]")
        page.fill("#editor input[name=words] >> nth=0", "Công an xã")
        page.click("#editor button.primary")
        assert page.locator(".state.corrected").count() == 1
    assert reviewed_record(store, scan).record.tasks[0].assignees[0].value == "Công an xã"


def test_a_correction_is_seen_on_a_record_that_reads_otherwise(browser: Any, store: Path) -> None:
    """A worse reading of the same scan: the correction holds, what is lost is listed."""
    scan = named(store, "tb-hop-scan.pdf")
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{scan}?view=text&edit=header:signer:")
        page.fill("#editor input[name=words] >> nth=0", "Lâm Hoàng Phúc")
        page.keyboard.press("Enter")
        page.wait_for_selector(".state.corrected")
        record = read_record(store, scan)
        nothing = ("pages", "blocks", "sections", "statements", "tasks", "figures")
        nothing += ("references", "mentions", "issues")
        empty: dict[str, Any] = dict.fromkeys(nothing, ())
        header = type(record.header)()
        gone = record.model_copy(update={**empty, "text": "Trang trắng.", "header": header})
        write_record(store, gone, durable=False)
        index.update(store, [scan])
        page.goto(f"{address}/documents/{scan}")
        assert "Lâm Hoàng Phúc" in page.inner_text("#orphans")
        assert violations(page) == []
        page.goto(f"{address}/review/orphans")
        assert "Lâm Hoàng Phúc" in page.inner_text("main")
        assert violations(page) == []
        page.goto(f"{address}/review")
        assert violations(page) == []
        picture(page, "desk-review")


def test_a_whole_review_by_keys_alone(browser: Any, store: Path) -> None:
    """From the queue to the next document: right, corrected, taken away, added, undone, done."""
    text = named(store, "kl-thanh-tra-truong.txt")
    before = reviewed_record(store, text).record
    first, second = before.tasks[:2]
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/review")
        link = f"main a[href^='/documents/{text}']"
        for _ in range(40):
            if page.evaluate(f"document.activeElement.matches({link!r})"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/documents/{text}*")

        page.keyboard.press("n")
        while page.locator(f"#v-task-{first.id}.on").count() == 0:
            page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_selector(f"#v-task-{first.id} .state.accepted")

        page.keyboard.press("j")
        assert page.locator(f"#v-task-{first.id}-assignees.on").count() == 1
        page.keyboard.press("e")
        page.wait_for_selector("#editor input[name=words]")
        page.keyboard.press("Control+A")
        page.keyboard.type("Ban Giám hiệu")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#v-task-{first.id}-assignees .state.corrected")

        while page.locator(f"#v-task-{second.id}.on").count() == 0:
            page.keyboard.press("j")
        page.keyboard.press("x")
        page.wait_for_selector(f"#v-task-{second.id}", state="detached")
        page.keyboard.press("u")
        page.wait_for_selector(f"#v-task-{second.id}")

        # words of the text, without a mouse
        statement = before.statements[1]
        page.goto(f"{address}/documents/{text}#v-statement-{statement.id}")
        page.keyboard.press("m")
        for _ in range(6):
            page.keyboard.press("Shift+ArrowRight")
        page.wait_for_selector("#selection.ready")
        chosen = page.evaluate("String(getSelection())").strip()
        page.keyboard.press("2")
        page.wait_for_selector(".state.added")
        page.keyboard.press("d")
        page.wait_for_selector(".tag.achievement >> text=Đã xem hết")
        page.keyboard.press("q")
        page.wait_for_url(lambda url: text not in url)
    reviewed = reviewed_record(store, text)
    assert reviewed.done
    assert reviewed.record.tasks[0].assignees[0].value == "Ban Giám hiệu"
    assert second.id in {task.id for task in reviewed.record.tasks}
    (added,) = [m.entry for m in reviewed.marks.values() if m.state == "added"]
    assert added.new[0].value == "shortcoming"
    assert added.target.anchor
    assert len(chosen.split()) >= 5
    assert " ".join(added.target.anchor.quote.split()) == " ".join(chosen.split())
    assert {entry.by for entry in reviewed.standing} == {"lan.nguyen"}


def test_a_desk_that_does_not_answer_is_told_and_nothing_typed_is_lost(
    browser: Any, tmp_path: Path
) -> None:
    (document,) = write(tmp_path, [plain(1)])
    context = browser.new_context()
    page = context.new_page()
    with served(tmp_path) as address:
        page.goto(f"{address}/documents/{document}?edit=header:signer:")
        words = page.locator("#editor input[name=words]").first
        words.fill("Lâm Hoàng Phúc")
        assert not page.locator("#failed").is_visible()
        page.route("**/review", lambda route: route.abort())
        words.press("Enter")
        page.locator("#failed").wait_for(state="visible")
        assert words.input_value() == "Lâm Hoàng Phúc"
        page.unroute("**/review")
        words.press("Enter")
        page.wait_for_selector(".state.corrected")
        assert not page.locator("#failed").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?edit=task"], ids=["reading", "correcting"])
def test_the_document_page_is_accessible(
    browser: Any, tmp_path: Path, scheme: str, query: str
) -> None:
    record = plain(1).record()
    write(tmp_path, [record])
    query = query and f"{query}:{record.tasks[0].id}:deadline"
    with served(tmp_path) as address, visit(browser, color_scheme=scheme) as page:
        page.goto(f"{address}/documents/{record.id}{query}")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert violations(page) == []
        for width in (1024, 390):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_of_a_picture_become_a_statement(browser: Any, store: Path) -> None:
    """Words are selected on the scan itself and are those of the text."""
    scan = named(store, "tb-hop-scan.pdf")
    with served(store) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{scan}")
        page.wait_for_function("() => document.querySelector('.sheet img').naturalWidth > 500")
        drag_over(page, page.locator(".lines text", has_text="Tuy nhiên").first)
        picture(page, "desk-document-selection")
        page.keyboard.press("4")
        page.wait_for_selector(".state.added")
        assert violations(page) == []
    (added,) = [m.entry for m in reviewed_record(store, scan).marks.values() if m.state == "added"]
    assert added.target.anchor
    assert added.new[0].value == "cause"
    assert added.target.anchor.quote.startswith(("2. Tuy nhiên", "Tuy nhiên"))


def test_a_long_document_is_read_part_by_part(browser: Any, tmp_path: Path) -> None:
    record = long_record(pages=30)
    write(tmp_path, [record])
    with served(tmp_path) as address, visit(browser) as page:
        page.goto(f"{address}/documents/{record.id}")
        last = page.locator(".value[id]").last.get_attribute("id")
        page.goto(f"{address}/documents/{record.id}#{last}")
        page.keyboard.press("j")
        page.wait_for_url("**part=2#v-*")
        assert page.locator(".value.on").count() == 1
        page.keyboard.press("k")
        page.wait_for_url("**part=1#v-*")
        page.keyboard.press("f")
        page.wait_for_url("**part=2#main")
        page.locator(".turn summary").click()
        assert violations(page) == []
    with served(tmp_path) as address, visit(browser, scripts=False) as page:
        page.goto(f"{address}/documents/{record.id}")
        page.locator(".source .scrolling > a[rel=next]").click()
        page.wait_for_url("**part=2#main")


def test_a_link_to_words_brings_their_card_into_sight(browser: Any, tmp_path: Path) -> None:
    (document,) = write(tmp_path, [plain(1)])
    last = read_record(tmp_path, document).statements[-2]
    with served(tmp_path) as address, visit(browser) as page:
        page.set_viewport_size({"width": 1280, "height": 400})
        page.goto(f"{address}/documents/{document}?at={last.start}-{last.end}#at")
        card = page.locator(f"#v-statement-{last.id}.on")
        card.wait_for()
        page.wait_for_function(
            "card => card.getBoundingClientRect().bottom < innerHeight", arg=card.element_handle()
        )
