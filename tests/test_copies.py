"""Copies of one document count once: in tables, in reports and at the desk, by one folding."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.bulk.copies import linked
from pipeline.cli import assemble
from pipeline.cli.common import Commands
from pipeline.messages import default_language
from pipeline.store.copies import SAME_WORDS, Copies, copies, same_words
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskQuery, count_tasks
from tests.desks import client
from tests.records import notice
from tests.stores import plain, write

NEWS = Path(__file__).resolve().parent.parent / "samples" / "tin-lam-viec-voi-xa" / "source.txt"
DAY = dt.date(2025, 12, 31)


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CONGVAN_LANG", "vi")
    default_language.cache_clear()
    yield
    default_language.cache_clear()


def run(*words: object) -> tuple[str, str]:
    result = CliRunner().invoke(assemble(typer.Typer(cls=Commands)), [*map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One article in four files: as it is, in another encoding, with a note, and cut short."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "in").mkdir()
    text = NEWS.read_text("utf-8")
    for name, content in {
        "a.txt": text.encode(),
        "b.txt": text.encode("utf-16"),
        "c.txt": f"{text}\nBản lưu.\n".encode(),
        "d.txt": text.encode()[:-200],
    }.items():
        (folder / "in" / name).write_bytes(content)
    run("load", folder / "in", "--out", folder / "out", "--no-prefect", "--jobs", 1)
    return folder / "out"


def test_the_ledger_tells_which_documents_are_the_same(out: Path, tmp_path: Path) -> None:
    pairs = linked(out)
    names = {name for pair in pairs for name in pair}
    assert len(names) == 4
    assert len(pairs) == 6
    a, b = sorted(names)[:2]
    assert linked(out, {a, b}) == ((a, b),)
    assert linked(out, {a}) == ()
    assert linked(tmp_path) == ()


def test_tasks_by_group_count_once(out: Path) -> None:
    table, said = run(
        "tasks", "--group-by", "assignee", "--as-of", "31/12/2025", "-f", "json", "--out", out
    )
    counts = {row["value"]: row for row in json.loads(table)}
    assert counts["Bà Hoài"]["overdue"] == 2
    assert "3 bản sao của cùng một văn bản" in said
    rows = json.loads(run("tasks", "--group-by", "document", "-f", "json", "--out", out)[0])
    assert len(rows) == 4
    assert sorted(row["tasks"] for row in rows)[1:] == [5, 5, 5]


def test_lists_hold_every_copy_and_say_so(out: Path) -> None:
    table, said = run("tasks", "--assignee", "Bà Hoài", "-f", "json", "--out", out)
    assert len({row["document_id"] for row in json.loads(table)}) == 4
    assert "có 3 bản sao của văn bản khác trong danh sách" in said


def test_reports_and_the_desk_count_alike(out: Path) -> None:
    pytest.importorskip("duckdb")
    from pipeline.export.report import report, totals

    pairs = linked(out)
    answers = {a.name: a for a in report(out, as_of=DAY, language="vi", linked=pairs)}
    assert ("Bà Hoài", 2) in {row[:2] for row in answers["overdue"].rows}
    assert answers["shortcomings"].rows == ()
    assert answers["repeated"].rows == ()
    assert "3 bản sao" in answers["overdue"].note
    assert "bản sao" not in answers["sources"].note
    counted, raw = totals(out, False, DAY, pairs), totals(out, False, DAY)
    assert counted["documents"] == raw["documents"] == 4
    assert (counted["tasks"], raw["tasks"] > 18) == (6, True)
    assert counted["overdue"] == sum(row[1] for row in answers["overdue"].rows)
    with client(out) as visitor:
        pages = {
            name: html.unescape(visitor.get(address).text)
            for name, address in (
                ("overview", "/overview?as_of=2025-12-31"),
                ("groups", "/tasks?group=assignee&as_of=2025-12-31"),
                ("list", "/tasks"),
            )
        }
        rows = visitor.get("/tasks.json?group=assignee&as_of=2025-12-31").json()["items"]
    assert set(re.findall(r'</a></th><td class="n">(\d+)</td></tr>', pages["overview"])) == {"1"}
    for name in ("overview", "groups"):
        assert "3 bản sao của cùng một văn bản" in pages[name]
    assert "3 bản sao của văn bản khác trong danh sách" in pages["list"]
    assert {row["value"]: row["overdue"] for row in rows}["Bà Hoài"] == 2


def test_an_empty_report_says_so(out: Path) -> None:
    pytest.importorskip("duckdb")
    table, said = run("report", "repeated", "labels", "--out", out)
    assert "Tồn tại lặp lại" not in table
    assert "Tồn tại lặp lại tại cùng một cơ quan: Không có tồn tại nào lặp lại" in said
    assert "Các câu theo loại" in table


def found(out: Path, pairs: list[tuple[str, str]], *, include_secret: bool = False) -> Copies:
    with closing(open_reader(out)) as connection:
        return copies(connection, pairs, include_secret=include_secret)


def test_only_what_a_better_copy_says_too_is_left_out(tmp_path: Path) -> None:
    long, short = (notice(number="1", day="2025-03-01", title=t) for t in ("Dài " * 90, "Ngắn"))
    for draft in (long, short):
        draft.say("shortcoming", "Còn 12 hồ sơ quá hạn.")
    short.say("shortcoming", "CÒN 15 HỒ SƠ QUÁ HẠN.")
    short.say("shortcoming", "Chưa công khai kết quả.")
    ids = write(tmp_path, [long, short])
    held = found(tmp_path, [(ids[0], ids[1])])
    assert held.count == 1
    assert [(row.document_id, row.ordinal) for row in held.statements] == [(ids[1], 0)]


def test_notices_of_different_days_are_no_copies(tmp_path: Path) -> None:
    ids = write(tmp_path, [plain(1), plain(2)])
    assert found(tmp_path, [(ids[0], ids[1])]) == Copies()


def test_a_secret_copy_takes_nothing_from_an_open_one(tmp_path: Path) -> None:
    ids = write(tmp_path, [plain(1), plain(6, secrecy="MẬT")])
    with closing(open_reader(tmp_path)) as connection:
        days = connection.execute("SELECT count(DISTINCT dated_on) FROM documents").fetchone()[0]
    pairs = [(ids[0], ids[1])]
    assert found(tmp_path, pairs) == Copies()
    assert found(tmp_path, pairs, include_secret=True).count == (1 if days == 1 else 0)


def test_what_is_left_out_counts_in_no_group(tmp_path: Path) -> None:
    ids = write(tmp_path, [plain(1), plain(46)])
    held = found(tmp_path, [(ids[0], ids[1])])
    assert len(held.tasks) == 1
    query = TaskQuery(as_of=DAY)
    with closing(open_reader(tmp_path)) as connection:
        for group in ("assignee", "state", "agency", "month"):
            (once,) = count_tasks(connection, query, group, without=held.tasks)
            (all_of_them,) = count_tasks(connection, query, group)
            assert (once.tasks, all_of_them.tasks) == (1, 2)


@pytest.fixture(scope="module")
def folding() -> Iterator[Callable[[str], str]]:
    """The folding of reports, as DuckDB does it."""
    duckdb = pytest.importorskip("duckdb")
    with closing(duckdb.connect()) as connection:
        connection.execute(f"CREATE MACRO same_words(t) AS {SAME_WORDS}")
        yield lambda text: connection.execute("SELECT same_words(?)", [text]).fetchone()[0]


LETTERS = st.text(
    "aàáạăằâầbcdđĐðÐeêềghiìklmnoôồơờpqrstuùưừvxyỳ ABỘ.,;:0123456789/()-\u0300\u0301\u200b\ufffd"
)


@given(
    st.one_of(
        LETTERS,
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    )
)
@example("Còn 5 hồ sơ quá hạn (tháng 3/2025).")
@example("ĐẤT ĐAI")
def test_the_folding_of_reports_is_that_of_the_desk(
    folding: Callable[[str], str], text: str
) -> None:
    assert folding(text) == same_words(text)


def test_sentences_count_as_one_whatever_their_numbers_days_and_capitals() -> None:
    spelled = {
        same_words(text)
        for text in (
            "Còn 5 hồ sơ quá hạn (tính đến 31/3/2025).",
            "CÒN 17 HỒ SƠ QUÁ HẠN – tính đến 30/6/2025",
            "Con ho so qua han, tinh den",
        )
    }
    assert spelled == {"conhosoquahantinhden"}
