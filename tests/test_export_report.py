"""Parquet files and reports."""

from __future__ import annotations

import datetime as dt
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.problems import MissingExtraError
from tests.records import notice
from tests.stores import plain, write

duckdb = pytest.importorskip("duckdb", reason="the extra congvan[analytics] is not installed")

from pipeline.export.html import html_page  # noqa: E402
from pipeline.export.parquet import write_parquet  # noqa: E402
from pipeline.export.report import Answer, questions, report, totals  # noqa: E402
from pipeline.store.tables import TABLES, columns  # noqa: E402

AS_OF = dt.date(2025, 7, 10)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    hostile = notice(number="90", issuer="SỞ <script>alert(1)</script>", title="A & B")
    hostile.say("shortcoming", "Còn </table><script>x</script> & chưa đạt.")
    drafts = [plain(number) for number in range(1, 13)]
    write(folder, [*drafts, hostile, plain(99, secrecy="MẬT")])
    return folder


@pytest.fixture(scope="module")
def answers(out: Path) -> dict[str, Answer]:
    return {answer.name: answer for answer in report(out, as_of=AS_OF, language="vi")}


def test_parquet_has_the_columns_and_rows_of_the_tables(out: Path, tmp_path: Path) -> None:
    rows = write_parquet(out, tmp_path)
    assert rows["documents"] == 13
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
    assert dict(answers["labels"].rows)["shortcoming"] == 13


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


def test_missing_duckdb_is_said(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError) as raised:
        write_parquet(out, tmp_path)
    assert raised.value.facts["name"] == "duckdb"
    assert "analytics" in str(raised.value)
