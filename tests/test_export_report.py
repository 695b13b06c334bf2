"""Parquet files and reports."""

from __future__ import annotations

import datetime as dt
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest

from pipeline.readers import READERS
from pipeline.readers.sniff import COMPOUND
from pipeline.record import DeadlineKind, Label
from pipeline.resources import lexicon
from pipeline.store.problems import MissingExtraError
from tests.records import notice
from tests.stores import plain, write

duckdb = pytest.importorskip("duckdb", reason="the extra congvan[analytics] is not installed")

from pipeline.export.charts import chart  # noqa: E402
from pipeline.export.html import html_page  # noqa: E402
from pipeline.export.parquet import write_parquet  # noqa: E402
from pipeline.export.report import Answer, questions, report, totals  # noqa: E402
from pipeline.store.tables import TABLES, columns  # noqa: E402

AS_OF = dt.date(2025, 7, 10)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    hostile = [notice(number=n, issuer="SỞ <script>alert(1)</script>") for n in ("90", "91")]
    for draft in hostile:
        draft.say("shortcoming", "Còn </table><script>x</script> & chưa đạt.")
    drafts = [plain(number) for number in range(1, 13)]
    write(folder, [*drafts, *hostile, plain(99, secrecy="MẬT")])
    return folder


@pytest.fixture(scope="module")
def answers(out: Path) -> dict[str, Answer]:
    return {answer.name: answer for answer in report(out, as_of=AS_OF, language="vi")}


def test_parquet_has_the_columns_and_rows_of_the_tables(out: Path, tmp_path: Path) -> None:
    rows = write_parquet(out, tmp_path)
    assert rows["documents"] == 14
    for name, row in TABLES.items():
        path = tmp_path / f"{name}.parquet"
        found = duckdb.sql(f"SELECT * FROM '{path}'")
        assert found.columns == [column.name for column in columns(row)]
        assert len(found.fetchall()) == rows[name]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    write_parquet(out, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_numbers_of_reports(answers: dict[str, Answer]) -> None:
    assert set(answers) == set(questions())
    by_year = {row[0]: row[1:] for row in answers["tasks-by-year"].rows}
    assert sum(tasks for tasks, _ in by_year.values()) == 12
    assert answers["overdue"].rows == (("Văn phòng Sở", 12, 10),)
    assert answers["deadlines"].rows[0][1] == 100.0
    repeated = answers["repeated"].rows
    assert [row[2] for row in repeated if "thư xin lỗi" in row[1]] == [12]
    assert dict(answers["labels"].rows)["Tồn tại, hạn chế"] == 14


def test_not_overdue_on_the_last_day(out: Path) -> None:
    answer = report(out, ("overdue",), as_of=dt.date(2025, 6, 30))[0]
    assert answer.rows == ()


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href") and not (value or "").startswith("#"):
                self.outside.append(value or "")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_html_page_is_whole_safe_and_alone(out: Path, language: Any) -> None:
    answers = report(out, as_of=AS_OF, language=language)
    page = html_page(answers, totals(out, include_secret=False), AS_OF, language)
    checker = _Checker()
    checker.feed(page)
    assert "script" not in checker.tags
    assert checker.outside == []
    assert checker.tags.count("svg") >= 5
    assert checker.tags.count("section") == len(questions())
    assert "&lt;script&gt;" in page


def test_people_see_words_days_and_units(out: Path) -> None:
    page = html_page(
        report(out, as_of=AS_OF, language="vi"), totals(out, False, AS_OF), AS_OF, "vi"
    )
    assert ">12</b><span>nhiệm vụ đã qua thời hạn" in page
    assert "100 %" in page
    assert re.search(r"<td[^>]*>15/\d\d/202\d</td>", page)
    assert "không có thời hạn" not in page  # every task of these has one
    assert "ngày cụ thể" in page
    for code in ("shortcoming<", ">relative", "text/plain", ">?<"):
        assert code not in page


def test_every_code_has_a_name() -> None:
    values = lexicon("reports")["values"]
    assert set(values["label"]) == set(get_args(Label))
    assert set(values["deadline_kind"]) == {*get_args(DeadlineKind), "none"}
    assert set(values["source"]) == set(READERS) - {COMPOUND}  # which gives no record


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    write(tmp_path, [])
    answers = report(tmp_path, as_of=AS_OF, language="vi")
    page = html_page(answers, totals(tmp_path, False, AS_OF), AS_OF, "vi")
    assert page.count("Chưa có dữ liệu.") + page.count("Không có tồn tại") == len(questions())


def test_long_names_end_before_the_bar(out: Path) -> None:
    answer = report(out, ("tasks-by-assignee",), as_of=AS_OF)[0]
    long = "ỦY BAN NHÂN DÂN THÀNH PHỐ TRỰC THUỘC TRUNG ƯƠNG"
    drawn = chart(replace(answer, rows=((long, 3, 1, 1),)), "vi")
    shown = re.search(r'text-anchor="end">([^<]+)<title>', drawn)
    assert shown
    assert shown[1].endswith("…")
    assert long.startswith(shown[1][:-1])
    assert f"<title>{long}</title>" in drawn


def test_missing_duckdb_is_said(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError) as raised:
        write_parquet(out, tmp_path)
    assert raised.value.facts["name"] == "duckdb"
    assert "analytics" in str(raised.value)
