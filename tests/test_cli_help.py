"""Help and usage errors of the command line in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner, Result

from pipeline import __version__
from pipeline.cli import assemble
from pipeline.cli.common import Commands
from pipeline.cli.help import vietnamese
from pipeline.messages import default_language

APP = assemble(typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None))
SAME = re.compile(r"[a-z0-9-]+(, [a-z0-9-]+)*")
"""Names that are the same in every language: "parquet, ead, ics"."""
ENGLISH = re.compile(
    r"(?<!-)\b(the|of|and|is|not|with|value|option|argument|such|for)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CONGVAN_LANG", "vi")
    default_language.cache_clear()
    yield
    default_language.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(APP, arguments)


def texts(command: Any, path: str = "congvan") -> Iterator[tuple[str, str]]:
    for paragraph in (command.help or "").split("\n\n"):
        yield path, paragraph
    for parameter in command.params:
        yield f"{path} {parameter.opts[0]}", parameter.help or ""
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from texts(inner, f"{path} {name}")


def test_every_command_and_option_says_what_it_is_in_both_languages() -> None:
    said = list(texts(typer.main.get_command(APP)))
    assert len(said) > 200
    assert [place for place, text in said if not text.strip()] == []
    missing = {text for _, text in said if not vietnamese(text) and not SAME.fullmatch(text)}
    assert missing == set(), "models/lexicons/messages/cli.yaml"


def test_the_version_is_that_of_the_records() -> None:
    said = run("--version")
    assert (said.exit_code, said.output) == (0, f"congvan {__version__}\n")


WRONG = [
    (["tasks", "--foo"], "Không có tùy chọn --foo", "No such option: --foo"),
    (["taks"], "Không có lệnh 'taks'. Có phải 'tasks'?", "No such command 'taks'. Did you mean"),
    (["show"], "Thiếu tham số 'document'.", "Missing argument 'document'."),
    (["show", "a", "b"], "Thừa tham số (b)", "Got unexpected extra argument"),
    (["tasks", "--limit", "0"], "'--limit' / '-n': phải từ 1 trở lên", "greater than or equal"),
    (["tasks", "--limit", "x"], "'--limit' / '-n': phải là số nguyên", "valid integer"),
    (["tasks", "--limit"], "Tùy chọn '--limit' cần một giá trị.", "requires an argument"),
    (["tasks", "--overdue=3"], "'--overdue' không nhận giá trị", "does not take a value"),
    (["tasks", "-f", "xml"], "'xml' không thuộc 'table'", "'xml' is not one of"),
    (["user", "add"], "Thiếu tham số 'name'", "Missing argument 'name'"),
    (["--foo"], "Không có tùy chọn --foo", "No such option: --foo"),
]


@pytest.mark.parametrize(("call", "vi", "en"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_a_wrong_call_is_explained_in_both_languages(call: list[str], vi: str, en: str) -> None:
    said = run(*call)
    assert said.exit_code == 2
    assert vi in said.stderr
    assert "Lỗi: " in said.stderr
    assert not ENGLISH.search(said.stderr), said.stderr
    assert said.stdout == ""
    first, *rest = call
    said = run("--lang", "en", first, *rest)
    assert said.exit_code == 2
    assert en in said.stderr


def test_a_wrong_call_is_answered_in_the_language_it_asks_for() -> None:
    assert "No such option: --foo" in run("tasks", "--foo", "--lang", "en").stderr


@pytest.mark.parametrize("call", [["--help"], ["tasks", "--help"], ["user", "--help"], []])
def test_help_is_in_one_language(call: list[str]) -> None:
    said = run(*call)
    page = said.stdout or said.stderr
    assert page.startswith("Cách dùng: ")
    assert "Tùy chọn:" in page
    assert "Options" not in page
    assert not ENGLISH.search(page), page
    said = run("--lang", "en", *(call or ["--help"]))
    assert said.stdout.startswith("Usage: ")
    assert not re.search(r"[ạảấậềệịộợủứự]", said.stdout.replace("Văn phòng Sở", ""))


def test_defaults_and_types_are_said_in_the_language() -> None:
    page = " ".join(run("tasks", "--help").stdout.split())
    assert "[biến môi trường: CONGVAN_OUT; mặc định: outputs]" in page
    assert "--assignee <chữ>" in page
    assert "-n, --limit <số> Nhiều nhất bấy nhiêu dòng. [mặc định: 50; 1<=x<=100000]" in page


def test_a_text_that_nobody_translated_is_shown_as_it_is() -> None:
    assert vietnamese("Something new that Typer says.") is None
    assert vietnamese("Error: Something new.") == "Lỗi: Something new."


def test_only_the_command_that_is_asked_for_is_made() -> None:
    def made(asked: str) -> set[str]:
        app = assemble(typer.Typer(cls=Commands, rich_markup_mode=None), asked)
        command = typer.main.get_command(app)
        assert isinstance(command, TyperGroup)
        return set(command.commands)

    every = made("")
    assert made("process") == {"process"}
    assert made("--lang") == made("review") == made("no-such-command") == every > {"process"}
