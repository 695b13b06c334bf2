import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.bulk.reasons import explain
from pipeline.bulk.scan import NO_DOCUMENT, Refused, Seen, no_document, read_bytes, scan
from pipeline.errors import EmptyFileError, MissingFileError, UnreadableFileError


def _tree(root: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt", "b/.part", "b/Thumbs.db"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nội dung", encoding="utf-8")


def test_walks_folders_in_name_order_without_hidden_and_system_files(tmp_path):
    _tree(tmp_path)
    assert [Path(found.path).relative_to(tmp_path).as_posix() for found in scan([tmp_path])] == [
        "a.txt",
        "b/1.txt",
        "b/2.txt",
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("README.md", "about"),
        ("LICENSE", "about"),
        ("expected.json", "data"),
        ("bảng kê.csv", "data"),
        ("nạp.py", "program"),
        ("Thumbs.db", "system"),
        ("~$thông báo.docx", "system"),
        ("thông báo.md", ""),
        ("readme thông báo.docx", ""),
        ("json", ""),
        ("kết luận.txt", ""),
    ],
)
def test_names_tell_what_is_no_document(name, why):
    assert no_document(name) == why


def test_files_of_folders_that_are_no_documents_are_named_and_those_asked_for_are_read(tmp_path):
    for name in ("a.txt", "README.md", "expected.json"):
        (tmp_path / name).write_text("nội dung", encoding="utf-8")
    found = {Path(f.path).name: getattr(f, "reason", "read") for f in scan([tmp_path])}
    assert found == {"a.txt": "read", "README.md": NO_DOCUMENT, "expected.json": NO_DOCUMENT}
    assert isinstance(next(iter(scan([tmp_path / "README.md"]))), Seen)


def test_a_path_given_twice_is_one_file(tmp_path):
    _tree(tmp_path)
    assert len(list(scan([tmp_path, tmp_path / "a.txt", tmp_path / "b"]))) == 3


def test_the_store_is_not_loaded_into_itself(tmp_path):
    _tree(tmp_path)
    assert len(list(scan([tmp_path], skip=tmp_path / "b"))) == 1


def test_a_loop_of_links_ends_and_a_link_to_a_file_is_followed(tmp_path):
    _tree(tmp_path)
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    assert len(list(scan([tmp_path]))) == 4


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda p: None, "missing", id="missing"),
        pytest.param(lambda p: p.touch(), "empty", id="empty"),
        pytest.param(lambda p: p.symlink_to("nowhere"), "missing", id="dangling link"),
        pytest.param(os.mkfifo, "unsupported", id="pipe"),
    ],
)
def test_what_gives_no_bytes_is_named_with_its_reason(tmp_path, make, reason):
    path = tmp_path / "x.pdf"
    make(path)
    assert [(f.path, f.reason) for f in scan([path]) if isinstance(f, Refused)] == [
        (str(path), reason)
    ]


def test_unreadable_folders_and_files_are_named_and_the_rest_goes_on(tmp_path):
    _tree(tmp_path)
    (tmp_path / "b").chmod(0)
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    tmp_path.chmod(0o755)
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.bulk.scan import scan\n"
        "os.getuid() or os.setuid(65534)\n"
        "print([getattr(f, 'reason', 'ok') for f in scan([Path(sys.argv[1])])])"
    )
    # as another user: root may read everything
    outer = tmp_path
    while outer != Path("/tmp") and outer != outer.parent:
        outer.chmod(outer.stat().st_mode | 0o755)
        outer = outer.parent
    try:
        seen = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    finally:
        (tmp_path / "b").chmod(0o755)
    assert seen == "['ok', 'permission', 'permission']"


def test_since_and_settle_choose_by_time_of_change(tmp_path):
    for name, age in (("old.txt", 10_000), ("new.txt", 100), ("growing.txt", 0)):
        path = tmp_path / name
        path.write_text("x")
        at = path.stat().st_mtime - age
        os.utime(path, (at, at))
    since = datetime.fromtimestamp((tmp_path / "growing.txt").stat().st_mtime - 5000, UTC)
    names = [Path(f.path).name for f in scan([tmp_path], since=since, settle=30)]
    assert names == ["new.txt"]


def test_sizes_and_times_are_those_of_the_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert list(scan([path])) == [Seen(str(path), 5, path.stat().st_mtime_ns)]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda p: None, MissingFileError),
        (lambda p: p.touch(), EmptyFileError),
        (lambda p: p.mkdir(), UnreadableFileError),
    ],
)
def test_read_bytes_says_why_not(tmp_path, make, error):
    make(tmp_path / "x")
    with pytest.raises(error) as raised:
        read_bytes(tmp_path / "x")
    assert raised.value.facts["path"].endswith("x")


def test_what_no_file_is_is_told_in_the_language_asked_for(tmp_path):
    os.mkfifo(tmp_path / "ống.txt")
    (refused,) = scan([tmp_path])
    assert isinstance(refused, Refused)
    assert "ống dẫn" in explain(refused.reason, refused.path, refused.detail, "vi")
    assert "not a regular file" in explain(refused.reason, refused.path, refused.detail, "en")


def test_no_permission_is_said_once():
    told = explain("permission", "cấm", "Permission denied", "vi")
    assert told == explain("permission", "cấm", "", "vi")
    assert "Stale" in explain("permission", "cấm", "Stale file handle", "en")
