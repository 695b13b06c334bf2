import hashlib
import resource
import subprocess
import sys

import pytest
from bulk_targets import record_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import NotVerbatimError, StoreError
from pipeline.record import Found
from pipeline.store import files

TEXT = "Số: 12/TB-VP\nGiao Phòng Tổng hợp báo cáo trước ngày 15/3/2026."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_record_is_written_once_and_read_back(tmp_path):
    record = record_of("a.txt", SHA, TEXT)
    digest = files.write_record(tmp_path, record)
    path = files.record_path(tmp_path, SHA)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert files.read_record(tmp_path, SHA) == record
    before = path.stat().st_ino
    assert files.write_record(tmp_path, record) == digest
    assert path.stat().st_ino == before  # equal bytes are not written again


def test_a_quote_that_is_not_verbatim_is_never_written(tmp_path):
    wrong = Found(value="12", start=4, end=6, quote="13", origin="test")
    record = record_of("a.txt", SHA, TEXT)
    record = record.model_copy(
        update={"header": record.header.model_copy(update={"number": wrong})}
    )
    with pytest.raises(NotVerbatimError, match=r"header\.number"):
        files.write_record(tmp_path, record)
    assert list(files.record_ids(tmp_path)) == []


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_write_atomic_holds_the_last_bytes(tmp_path_factory, first, second):
    path = tmp_path_factory.mktemp("w") / "f"
    assert files.write_atomic(path, first, durable=False)
    assert files.write_atomic(path, second, durable=False) is (first != second)
    assert path.read_bytes() == second
    assert [p.name for p in path.parent.iterdir()] == ["f"]


def test_a_full_disk_leaves_the_old_file_and_no_leftovers(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom pipeline.store.files import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_atomic(Path(sys.argv[1]), b'x' * 5000)\n"
        "except StoreError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert "cannot write f" in done.stdout
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


@pytest.mark.parametrize("how", ["copy", "link"])
def test_sources_are_kept_under_their_hash(tmp_path, how):
    source = tmp_path / "Báo cáo.TXT"
    source.write_text(TEXT, encoding="utf-8")
    kept = files.keep_source(tmp_path / "out", source, SHA, name=source.name, how=how)
    assert kept == tmp_path / "out" / "sources" / SHA[:2] / f"{SHA}.txt"
    assert files.source_path(tmp_path / "out", SHA) == kept
    assert files.file_sha256(kept) == SHA
    assert (kept.stat().st_ino == source.stat().st_ino) is (how == "link")


def test_sources_can_be_left_where_they_are(tmp_path):
    assert files.keep_source(tmp_path, tmp_path / "x", SHA, name="x", how="none") is None
    assert files.source_path(tmp_path, SHA) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "x.sh;rm", "a." + "b" * 40, "noext"])
def test_a_hostile_name_stays_inside_the_store(tmp_path, name):
    kept = files.keep_source_bytes(tmp_path, b"x", SHA, name=name)
    assert kept.parent == tmp_path / "sources" / SHA[:2]


def test_reading_what_is_not_there_or_damaged_is_a_store_error(tmp_path):
    with pytest.raises(StoreError):
        files.read_record(tmp_path, SHA)
    files.write_atomic(files.record_path(tmp_path, SHA), b"{")
    with pytest.raises(StoreError):
        files.read_record(tmp_path, SHA)
