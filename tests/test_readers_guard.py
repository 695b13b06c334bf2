"""The guarded reader: same result as in this process, and walls that hold."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from office_files import docx, p

from pipeline.errors import (
    CorruptFileError,
    EmptyFileError,
    LimitError,
    MissingFileError,
    ReaderCrashError,
    ReaderTimeoutError,
    UnsupportedTypeError,
)
from pipeline.readers import guard, read, read_guarded
from pipeline.readers.limits import Limits
from tests.pace import Stopwatch


def test_same_document_as_in_this_process(tmp_path: Path) -> None:
    data = docx(p("Kết luận kiểm tra"))
    path = tmp_path / "kl.docx"
    path.write_bytes(data)
    assert read_guarded(path) == read(data, "kl.docx")
    assert read_guarded(data, "kl.docx") == read(data, "kl.docx")


def test_errors_cross_with_their_facts(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        read_guarded(tmp_path / "khong-co.pdf")
    with pytest.raises(EmptyFileError):
        read_guarded(b"", "a.txt")
    with pytest.raises(UnsupportedTypeError) as unsupported:
        read_guarded(b"Rar!\x1a\x07\x00", "a.rar")
    assert unsupported.value.facts == {"media_type": "application/vnd.rar", "name": "a.rar"}
    with pytest.raises(LimitError) as limit:
        read_guarded(b"x" * 50, "a.txt", limits=Limits(max_characters=10))
    assert limit.value.facts["what"] == "max_characters"


def test_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "lon.txt"
    with path.open("wb") as file:
        file.truncate(10_000_000)
    with pytest.raises(LimitError, match="max_bytes"):
        read_guarded(path, limits=Limits(max_bytes=1_000_000))


CHILDREN = {
    "hang": "import time; time.sleep(60)",
    "busy": "\nwhile True: pass",
    "die": "import os; os.kill(os.getpid(), 9)",
    "memory": "x = bytearray(3_000_000_000); print(len(x))",
    "child": "import subprocess; subprocess.run(['sleep', '61.25'])",
    "socket": (
        "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), timeout=2)\n"
        "except OSError as error:\n    print('refused', error.errno)"
    ),
}


def _as_reader(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """A reader that does what `code` says, behind the walls of the real child."""
    walls = (
        "import sys; from pipeline.readers.isolation import drop_network, limit_resources; "
        "limit_resources(1_000_000_000, 2); drop_network(); "
    )
    monkeypatch.setattr(guard, "_CHILD", f"{walls}exec({code!r})")


@pytest.mark.parametrize(
    ("child", "error"),
    [
        ("hang", ReaderTimeoutError),
        ("die", ReaderCrashError),
        ("memory", ReaderCrashError),
    ],
)
def test_a_reader_that_misbehaves(
    monkeypatch: pytest.MonkeyPatch, child: str, error: type[Exception]
) -> None:
    _as_reader(monkeypatch, CHILDREN[child])
    watch = Stopwatch(clock=True)
    with pytest.raises(error):
        read_guarded(b"x", "a.txt", limits=Limits(seconds=3))
    assert watch.seconds() < 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="process groups of Linux")
def test_children_of_a_reader_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _as_reader(monkeypatch, CHILDREN["child"])
    with pytest.raises(ReaderTimeoutError):
        read_guarded(b"x", "a.txt", limits=Limits(seconds=2))
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "sleep 61.25" not in running.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="CPU limit of Linux")
def test_cpu_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    _as_reader(monkeypatch, CHILDREN["busy"])
    with pytest.raises(ReaderTimeoutError, match="CPU"):
        read_guarded(b"x", "a.txt", limits=Limits(seconds=60))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces of Linux")
def test_a_reader_has_no_network() -> None:
    code = (
        "from pipeline.readers.isolation import drop_network; drop_network()\n" + CHILDREN["socket"]
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.split() in (["refused", str(errno.ENETUNREACH)], ["refused", "None"])


def test_an_unexpected_exception_is_a_crash_that_names_it() -> None:
    with pytest.raises(ReaderCrashError, match="ValidationError"):
        guard._document(b'error\n{"type": "ValueError", "message": "ValidationError", "facts": {}}')


def test_damaged_file_says_so_from_the_child() -> None:
    with pytest.raises(CorruptFileError):
        read_guarded(docx(p("x"))[:-60], "x.docx")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "kin.txt"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(Exception, match="may not be read"):
        read_guarded(path)
