"""What is written for people is true: commands, links, targets; nothing of one machine."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.core import TyperCommand

from pipeline.cli import assemble
from pipeline.resources import lexicon

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/**/*.md"))
    if not path.relative_to(ROOT).parts[0].startswith((".venv", "outputs", "."))
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|tmp|home/\w+|Users/\w+)/\w")
HOSTS = re.compile(r"pypi\.(?:org|python)|pythonhosted|deb\.debian\.org|/simple/")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".tsv",
    ".json",
    ".sh",
    ".txt",
    ".lock",
    ".html",
    "",
}


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = script("write_commands")
COMMANDS: dict[str, TyperCommand] = dict(
    WRITER.commands(typer.main.get_command(assemble(typer.Typer())))
)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_says_what_it_does_with_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, "no help"
    assert command.epilog, f"no example for {name!r} in models/lexicons/examples.yaml"
    assert f"congvan {name}" in command.epilog


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_use_options_that_exist(name: str) -> None:
    known = {option for p in COMMANDS[name].params for option in (*p.opts, *p.secondary_opts)}
    for line in lexicon("examples").get(name, []):
        for call in line.split("|"):
            words = shlex.split(call)
            if words[0] == "congvan":
                unknown = {
                    w.partition("=")[0] for w in words if w.startswith("-") and w != "-"
                } - known
                assert not unknown, line


def test_no_example_is_of_a_command_that_does_not_exist() -> None:
    assert set(lexicon("examples")) <= set(COMMANDS)


def test_page_of_commands_is_current() -> None:
    assert WRITER.TARGET.read_text("utf-8") == WRITER.page(), "make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_make_targets_in_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z%-]+):", makefile, re.MULTILINE))
    for page in PAGES:
        for named in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            known = named in targets or any(
                t[:-1] == named[: len(t) - 1] for t in targets if "%" in t
            )
            assert known, f"{page.name}: make {named}"


def test_commands_in_documents_exist() -> None:
    roots = {name.split()[0] for name in COMMANDS}
    for page in PAGES:
        for named in re.findall(r"(?:^|`)congvan ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            assert named in roots, f"{page.name}: congvan {named}"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / line for line in listed.stdout.decode().splitlines())
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def test_nothing_names_a_folder_of_one_machine_or_a_package_host() -> None:
    for path in tracked():
        if path == Path(__file__) or "source." in path.name:
            continue
        text = path.read_text("utf-8", errors="replace")
        assert not MACHINE.search(text), f"{path}: {MACHINE.findall(text)[:3]}"
        assert not HOSTS.search(text), f"{path}: {HOSTS.findall(text)[:3]}"


def test_the_patterns_above_find_what_they_look_for() -> None:
    assert MACHINE.search("see /root/x and")
    assert not MACHINE.search("$HOME/tmp/x, https://a.vn/work/x")
    assert HOSTS.search("https://pypi" + ".org/simple")
