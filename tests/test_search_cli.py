"""The commands over the store: what they print, how they exit."""

from __future__ import annotations

import csv
import io
import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pipeline.cli import derive, search
from pipeline.cli.common import Commands
from pipeline.export.csv_text import csv_cell, csv_text
from tests.stores import plain, write


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write(folder, [*(plain(number) for number in range(1, 6)), plain(99, secrecy="MẬT")])
    return folder


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from pipeline.messages import default_language

    monkeypatch.setenv("CONGVAN_LANG", "vi")
    default_language.cache_clear()
    yield
    default_language.cache_clear()


def run(out: Path, *arguments: str) -> Result:
    app = typer.Typer(cls=Commands, pretty_exceptions_enable=False)
    search.register(app)
    return CliRunner().invoke(app, [*arguments, "--out", str(out)])


def test_search_table_and_json(out: Path) -> None:
    table = run(out, "search", "hồ sơ quá hạn", "--facets", "kind,label")
    assert table.exit_code == 0
    assert "1/TB-SXD" in table.stdout
    assert "5 trong" in table.stderr
    assert "kind: TB (5)" in table.stderr
    found = json.loads(run(out, "search", "hồ sơ quá hạn", "-f", "json").stdout)
    assert [hit["label"] for hit in found] == ["shortcoming"] * 5
    lines = run(out, "search", "ho so qua han", "-f", "jsonl", "-n", "2").stdout.splitlines()
    assert len([json.loads(line) for line in lines]) == 2


def test_next_page(out: Path) -> None:
    first = run(out, "search", "quá hạn", "-n", "3", "-f", "jsonl")
    cursor = first.stderr.split("--cursor ")[1].split()[0]
    second = run(out, "search", "quá hạn", "-n", "3", "-f", "jsonl", "--cursor", cursor)
    assert not set(first.stdout.splitlines()) & set(second.stdout.splitlines())


def test_tasks(out: Path) -> None:
    rows = run(
        out, "tasks", "--assignee", "Văn phòng Sở", "--overdue", "--as-of", "1/7/2025", "-f", "csv"
    )
    assert rows.stdout_bytes.startswith("\ufeff".encode())
    found = list(csv.DictReader(io.StringIO(rows.stdout.lstrip("\ufeff"))))
    assert [row["state"] for row in found] == ["overdue"] * 5
    assert "không cho biết việc đã xong hay chưa" in rows.stderr
    assert run(out, "tasks", "--overdue", "--as-of", "2025-06-30", "--fail-empty").exit_code == 4
    counts = run(out, "tasks", "--group-by", "assignee", "-f", "json")
    assert json.loads(counts.stdout)[0]["value"] == "Văn phòng Sở"
    assert "Văn phòng Sở" in run(out, "tasks").stdout


def test_filters_alone_need_no_words(out: Path) -> None:
    found = run(out, "search", "--label", "task", "--overdue", "--as-of", "1/7/2025", "-f", "json")
    assert {hit["label"] for hit in json.loads(found.stdout)} == {"task"}


def test_groups_of_tasks_keep_to_the_limit_and_say_so(out: Path) -> None:
    every = json.loads(run(out, "tasks", "--group-by", "document", "-f", "json").stdout)
    some = run(out, "tasks", "--group-by", "document", "-n", "2", "-f", "json")
    assert len(every) > 2
    assert json.loads(some.stdout) == every[:2]
    assert "2 nhóm đầu" in some.stderr
    for group in ("state", "document"):
        none = run(out, "tasks", "không có từ này", "--group-by", group, "--fail-empty")
        assert none.exit_code == 4


def test_a_task_of_the_news_is_named_by_its_headline(out: Path) -> None:
    from pipeline.cli.tasks import _cells
    from pipeline.store.tasks import TaskItem

    row = json.loads(run(out, "tasks", "-n", "1", "-f", "json").stdout)[0]
    news = row | {"code": None, "title": "Họp bàn về hồ sơ trễ hạn", "source_name": "source.txt"}
    assert str(_cells(TaskItem.model_validate(news))[-1]).startswith("Họp bàn về hồ sơ trễ hạn")


def test_show(out: Path) -> None:
    record = json.loads(run(out, "show", "tb 3", "-f", "json").stdout)
    assert record["header"]["code"] == "3/TB-SXD"
    assert json.loads(run(out, "show", record["id"][:10], "-f", "jsonl").stdout) == record
    assert "Lê Thị Hạnh" in run(out, "show", record["id"]).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("search", 'a"'), 2, "ngoặc kép"),
        (("search", "a", "--sort", "x"), 2, "sort"),
        (("search", "a", "--label", "x"), 2, "label: không có giá trị x; có: kết quả, hạn chế"),
        (("search", " "), 2, "cần ít nhất một từ"),
        (("search",), 2, "cần ít nhất một từ"),
        (("search", "foo:bar", "--fail-empty"), 4, "không có bộ lọc foo; có: kind, label"),
        (("search", "label:x"), 2, "label: không có giá trị x; có: kết quả, hạn chế"),
        (("search", "a", "--from", "hôm nay"), 2, "from: hôm nay không phải là ngày (ví dụ"),
        (("search", "overdue:homnay"), 2, "overdue: homnay không phải là ngày (ví dụ"),
        (("search", "a", "--from", "31/13/2025"), 2, "from: 2025-13-31 không phải là ngày"),
        (("tasks", "--to", "30/02/2025"), 2, "to: 2025-02-30 không phải là ngày"),
        (("search", "từ:30/02/2025"), 2, "không phải là ngày"),
        (("reindex", "--engine", "x"), 2, "'x' không thuộc 'fts', 'tantivy'"),
        (("changes", "--limit", "-5"), 2, "--limit"),
        (("tasks", "--due-before", "mai"), 2, "--due-before: mai không phải là ngày"),
        (("search", "không có từ này", "--fail-empty"), 4, "Không tìm thấy"),
        (("tasks", "--as-of", "homqua"), 2, "--as-of: homqua không phải là ngày (ví dụ"),
        (("tasks", "--group-by", "x"), 2, "group-by: không có giá trị x; có: assignee"),
        (("show", "abcdef"), 4, "Không có văn bản nào có mã hoặc số abcdef."),
        (("export", "ics", "x.ics", "--document", "9999"), 4, "mã hoặc số 9999"),
        (("export", "nd30-csv", "/proc/x.csv"), 1, "Không ghi được vào /proc/x.csv"),
        (("report", "labels", "--html", "/proc/x.html"), 1, "Không ghi được vào /proc/x.html"),
        (("report", "labels", "--csv", "/proc/x"), 1, "Không ghi được vào /proc/x"),
        (("show", "tb"), 2, "văn bản khớp với tb; hãy ghi mã của một văn bản: "),
        (("show", "99/TB-SXD"), 4, "Không có văn bản"),
        (("export", "x"), 2, "format: không có giá trị x; có: parquet"),
        (("changes", "--since", "x-1"), 2, "con trỏ"),
        (("feed", "oracle://x"), 2, "oracle://x không phải địa chỉ cơ sở dữ liệu"),
    ],
)
def test_mistakes_end_in_one_sentence(
    out: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run(out, *arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", ["10:30", "Kính gửi: Sở", "http://a.vn", "số 5:"])
def test_a_colon_in_the_text_is_no_filter(out: Path, words: str) -> None:
    result = run(out, "search", words)
    assert result.exit_code == 0
    assert "bộ lọc" not in result.stderr


@pytest.mark.parametrize("words", ["", "label:shortcoming"])
def test_a_filter_is_enough_without_words(out: Path, words: str) -> None:
    result = run(out, "search", words, "--kind", "TB")
    assert (result.exit_code, "trong" in result.stderr) == (0, True)


def test_accents_are_told_of_only_when_typed(out: Path) -> None:
    assert "5 trong 5 kết quả\n" in run(out, "search", "ho so qua han").stderr
    assert "0 kết quả đúng dấu" in run(out, "search", "hỏ sơ quá hạn").stderr


@pytest.mark.parametrize("name", ["hạn chế", "hanche", "HẠN CHẾ", "tồn tại", "shortcoming"])
def test_labels_by_their_vietnamese_names(out: Path, name: str) -> None:
    for words in (("hồ sơ", "--label", name), (f'hồ sơ label:"{name}"',)):
        found = json.loads(run(out, "search", *words, "-f", "json").stdout)
        assert {hit["label"] for hit in found} == {"shortcoming"}


def test_missing_store(tmp_path: Path) -> None:
    result = run(tmp_path / "none", "search", "a")
    assert (result.exit_code, "congvan reindex" in result.stderr) == (1, True)
    assert not (tmp_path / "none").exists()


def test_secret_documents_need_a_flag_that_is_logged(out: Path) -> None:
    assert "99/TB" not in run(out, "search", "thư xin lỗi", "-f", "jsonl").stdout
    shown = run(out, "search", "thư xin lỗi", "-f", "jsonl", "--include-secret")
    assert "99/TB" in shown.stdout
    log = [json.loads(line) for line in (out / "secret-access.jsonl").read_text().splitlines()]
    assert (log[-1]["action"], log[-1]["detail"]) == ("search", "thư xin lỗi")


def test_reindex_changes_export_feed_report(out: Path, tmp_path: Path) -> None:
    assert "giống hệt" in run(out, "reindex").stderr
    lines = [json.loads(line) for line in run(out, "changes", "--records").stdout.splitlines()]
    assert [line["operation"] for line in lines] == ["upsert"] * 5 + ["delete"]
    assert lines[0]["record"]["id"] == lines[0]["document_id"]
    after = run(out, "changes", "--since", lines[-1]["cursor"])
    assert after.stdout == ""
    assert (
        run(out, "export", "nd30-csv", str(tmp_path / "a.csv"), "--document", "tb 2").exit_code == 0
    )
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()) == 2
    url = f"sqlite:///{tmp_path}/t.db"
    assert "CREATE TABLE" in run(out, "feed", url, "--dry-run").stdout
    assert "5 văn bản cập nhật" in run(out, "feed", url).stderr
    pytest.importorskip("duckdb")
    assert run(out, "report", "--html", str(tmp_path / "r.html")).exit_code == 0
    assert "Văn phòng Sở" in run(out, "report", "overdue", "--as-of", "1/7/2025").stdout
    assert run(out, "report", "labels", "--csv", str(tmp_path)).exit_code == 0
    assert (tmp_path / "labels.csv").read_text(encoding="utf-8").startswith("\ufeff")


def test_a_target_that_does_not_fit_is_told_the_statement(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE congvan_tasks (document_id TEXT, ordinal INT, page TEXT)")
    result = run(out, "feed", f"sqlite:///{path}")
    assert result.exit_code == 1
    assert "ALTER TABLE congvan_tasks ALTER COLUMN page" in result.stderr


def test_csv_for_excel_has_no_formulas() -> None:
    assert csv_cell("=1+1", excel=True) == " =1+1"
    assert csv_cell("- Rà soát", excel=True) == " - Rà soát"
    assert csv_cell("- Rà soát", excel=False) == "- Rà soát"
    assert csv_cell(["a", None, "b"], excel=True) == "a; ; b"
    assert csv_text([{"a": 'x"y', "b": None}], ["a", "b"]) == '\ufeffa,b\r\n"x""y",\r\n'


def test_every_command_has_help() -> None:
    app = typer.Typer()
    search.register(app)
    assert {
        "search",
        "show",
        "tasks",
        "reindex",
        "export",
        "changes",
        "report",
        "feed",
        "serve",
    } == {command.name for command in app.registered_commands}
    assert all(command.callback and command.callback.__doc__ for command in app.registered_commands)
    assert derive.register is not None


def _cpu_seconds(code: str) -> tuple[float, str]:
    """What Python takes for a program in a process of its own, and what that says as an error."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, done.stderr


@pytest.mark.slow
def test_search_starts_fast(out: Path) -> None:
    """Beside what it cannot do without, by turns: 4 times that, 0.8 s, on a quiet machine."""
    code = (
        "import sys; from pipeline.cli import app, search; search.register(app);"
        f"sys.argv = ['congvan', 'search', 'hồ sơ', '--out', {str(out)!r}, '-f', 'jsonl'];"
        "import atexit; heavy = ('prefect', 'pandas', 'spacy', 'underthesea', 'fastapi');"
        "atexit.register(lambda: sys.stderr.write(' '.join(m for m in heavy if m in sys.modules)));"
        "app()"
    )
    searches, bare = [], []
    for _ in range(3):
        taken, said = _cpu_seconds(code)
        assert not any(name in said for name in ("prefect", "pandas", "spacy", "fastapi"))
        searches.append(taken)
        bare.append(_cpu_seconds("import pydantic, sqlite3, typer, yaml")[0])
    assert min(searches) < 8 * min(bare)
