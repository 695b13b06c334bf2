"""Set-up and CI scripts on machines that lack things: real scripts, fake programs on the PATH."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.readers import ocr

ROOT = Path(__file__).resolve().parent.parent
BASICS = ("sh", "dirname", "mktemp", "rm", "mkdir", "cp", "find", "cat", "tee", "grep", "awk")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout with the scripts, and a PATH that holds nothing but the basics."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    for name in BASICS:
        found = shutil.which(name)
        assert found
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def program(machine: Path, name: str, body: str) -> None:
    path = machine / "bin" / name if "/" not in name else machine / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)


def run(machine: Path, script: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["/bin/sh", str(machine / script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_without_python_the_sentence_says_what_to_install(machine: Path) -> None:
    result = run(machine, "scripts/create_venv.sh")
    assert result.returncode == 1
    assert "apt-get install python3.11" in result.stderr


def test_old_python_is_not_taken(machine: Path) -> None:
    program(machine, "python3", "exit 1")
    assert run(machine, "scripts/create_venv.sh").returncode == 1


def test_without_the_venv_package_and_without_root_it_is_named(machine: Path) -> None:
    program(machine, "python3.11", 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac')
    program(machine, "id", "echo 1000")
    result = run(machine, "scripts/create_venv.sh")
    assert result.returncode == 1
    assert "python3.11-venv" in result.stderr


def test_data_that_is_there_is_not_fetched(machine: Path) -> None:
    program(machine, ".venv/bin/python", "exit 0")
    program(machine, "apt-get", "echo called; exit 1")
    result = run(machine, "scripts/get_tessdata.sh")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_without_apt_the_set_up_goes_on_and_says_so(machine: Path) -> None:
    program(machine, ".venv/bin/python", "exit 1")
    result = run(machine, "scripts/get_tessdata.sh")
    assert result.returncode == 0
    assert "apt-get" in result.stderr
    assert "scans will not be read" in result.stderr


def test_without_root_the_data_goes_into_the_environment(machine: Path) -> None:
    program(machine, ".venv/bin/python", "exit 1")
    program(machine, "id", "echo 1000")
    program(machine, "apt-get", "[ $1 = download ] && : > data.deb")
    program(machine, "dpkg-deb", "mkdir -p $3/usr && echo trained > $3/usr/vie.traineddata")
    result = run(machine, "scripts/get_tessdata.sh")
    assert result.returncode == 0
    assert (machine / ".venv/share/tessdata/vie.traineddata").read_text() == "trained\n"


def test_data_in_the_environment_is_found_without_any_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "share" / "tessdata"
    folder.mkdir(parents=True)
    (folder / "vie.traineddata").write_bytes(b"trained")
    with monkeypatch.context() as changed:
        changed.setattr(sys, "prefix", str(tmp_path))
        places = importlib.util.find_spec(ocr.__name__)
        assert places
        assert places.loader
        fresh = importlib.util.module_from_spec(places)
        places.loader.exec_module(fresh)
        changed.setattr(fresh, "_PLACES", tuple(p for p in fresh._PLACES if str(tmp_path) in p))
        changed.delenv("TESSDATA_PREFIX", raising=False)
        assert fresh.find_tessdata() == str(folder)


def test_a_download_that_fails_is_told_and_harms_nothing(machine: Path) -> None:
    program(machine, ".venv/bin/python", "exit 1")
    program(machine, "id", "echo 0")
    program(machine, "apt-get", "exit 100")
    result = run(machine, "scripts/get_tessdata.sh")
    assert result.returncode == 0
    assert "tesseract-ocr-vie" in result.stderr
    assert not (machine / ".venv/share/tessdata/vie.traineddata").exists()


WELL = 'case "$*" in *test*) echo "12 passed, 1 skipped in 3.1s";; esac'
FAILING = 'case "$*" in *test*) echo "2 failed, 10 passed in 3.1s"; exit 1;; esac'
UNTYPED = """case "$*" in
*types*) echo "Found 3 errors in 1 file"; exit 1;;
*slow) echo "5 passed in 1s";; esac"""
CRASHED = 'case "$*" in *slow*) echo "INTERNALERROR"; exit 3;; *test*) echo "5 passed in 1s";; esac'


@pytest.mark.parametrize(
    ("body", "line", "code"),
    [
        pytest.param(WELL, "24 passed, 0 failed", 0, id="all well"),
        pytest.param(FAILING, "20 passed, 4 failed", 1, id="tests fail"),
        pytest.param(UNTYPED, "5 passed, 1 failed", 1, id="types fail"),
        pytest.param(CRASHED, "5 passed, 1 failed", 1, id="pytest dies"),
        pytest.param("exit 2", "0 passed, 1 failed", 1, id="no set-up"),
    ],
)
def test_ci_ends_with_the_count_of_all_tests(
    machine: Path, body: str, line: str, code: int
) -> None:
    program(machine, "make", body)
    program(machine, "id", "echo 1000")
    result = run(machine, ".ci/run")
    assert result.stdout.rstrip().splitlines()[-1] == line
    assert result.returncode == code


def test_every_target_of_the_makefile_can_be_planned() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = [t for t in re.findall(r"^([a-z-]+):", text, re.MULTILINE) if t != "clean"]
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make here")
    plan = subprocess.run(
        [make, "--dry-run", *targets, "bench-search"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert plan.returncode == 0, plan.stderr
    assert "-m bench.search" in plan.stdout
