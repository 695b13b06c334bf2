import hashlib
import subprocess
import sys
from contextlib import closing

import pytest

from pipeline.bulk.ledger import _FRESH, _LEFT, Ledger
from pipeline.bulk.ledger_file import BusyError
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.links import same_bytes
from pipeline.bulk.scan import Seen
from pipeline.bulk.select import version_key
from pipeline.bulk.task import Outcome
from pipeline.errors import StoreError


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def ledger(tmp_path):
    with closing(Ledger(tmp_path)) as opened:
        yield opened


def _add(ledger: Ledger, path: str, text: str, mtime: int = 1):
    return ledger.add([Found(Seen(path, len(text), mtime), _sha(text), path[1:])])[0]


def test_same_bytes_at_two_paths_are_one_document_with_both_paths(ledger):
    first, second = _add(ledger, "/a", "x"), _add(ledger, "/b", "x")
    assert (first.is_new, second.is_new) == (True, False)
    assert first.document == second.document
    assert ledger.paths(first.document) == ["/a", "/b"]
    assert same_bytes(ledger) == [(_sha("x"), "/a", "/b")]


def test_changed_bytes_at_a_path_are_a_new_version_and_the_old_is_kept(ledger):
    _add(ledger, "/a", "x")
    changed = _add(ledger, "/a", "y", mtime=2)
    assert changed.is_new
    assert changed.is_new_version
    _add(ledger, "/a", "x", mtime=3)  # and back again
    assert ledger.versions("/a") == [(1, _sha("x")), (2, _sha("y")), (3, _sha("x"))]


def test_an_unchanged_path_is_known_without_reading_it(ledger):
    added = _add(ledger, "/a", "x", mtime=5)
    assert ledger.known([Seen("/a", 1, 5)]) == {"/a": added.document}
    for seen in (Seen("/a", 1, 6), Seen("/a", 2, 5), Seen("/b", 1, 5)):
        assert ledger.known([seen]) == {}


def test_leases_are_taken_once(ledger):
    documents = [_add(ledger, f"/{i}", str(i)).document for i in range(5)]
    ledger.include(documents[:4])
    jobs = ledger.lease(3)
    assert [job.document for job in jobs] == documents[:3]
    assert [job.document for job in ledger.lease(10)] == documents[3:4]
    assert ledger.lease(10) == []
    assert len(list(ledger.left())) == 5


def test_what_was_settled_is_no_longer_to_be_done(ledger):
    ledger.include([_add(ledger, "/a", "x").document, _add(ledger, "/b", "y").document])
    jobs = ledger.lease(2)
    ledger.mark("r", [Outcome(jobs[0].document, "done", output="o", seconds=0.5)])
    assert ledger.still_new(jobs) == jobs[1:]
    assert ledger.count("done") == 1
    assert ledger.unindexed(10) == [jobs[0].sha256]
    ledger.mark_indexed([jobs[0].sha256])
    assert ledger.unindexed(10) == []


def test_what_is_left_is_listed_from_an_index_alone(ledger):
    """A million open documents are listed, and leased, without touching or sorting all of them."""
    plan = [row[-1] for row in ledger.query(f"EXPLAIN QUERY PLAN {_FRESH}", 10)]
    assert not any("TEMP B-TREE" in step for step in plan), plan
    plan = [row[-1] for row in ledger.query(f"EXPLAIN QUERY PLAN {_LEFT}", 0, 10)]
    assert any("COVERING INDEX work_open" in step for step in plan), plan
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in plan), plan


def test_a_killed_run_leaves_its_documents_to_the_next(tmp_path):
    with closing(Ledger(tmp_path)) as ledger:
        ledger.include([_add(ledger, "/a", "x").document])
        ledger.start_run("first", "load")
        assert len(ledger.lease(1)) == 1
    with closing(Ledger(tmp_path)) as ledger:
        assert ledger.query("SELECT status FROM runs") == [("crashed",)]
        ledger.include([1])
        assert len(ledger.lease(1)) == 1


def test_only_one_writer_but_readers_at_any_time(tmp_path):
    with closing(Ledger(tmp_path)) as ledger:
        _add(ledger, "/a", "x")
        with pytest.raises(BusyError):
            Ledger(tmp_path)
        with closing(Ledger(tmp_path, write=False)) as reader:
            assert len(list(reader.left())) == 1
    Ledger(tmp_path).close()


def test_the_lock_ends_with_a_killed_process(tmp_path):
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.bulk.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]))\nos.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert killed.returncode == -9
    Ledger(tmp_path).close()


def test_a_transaction_is_all_or_nothing(ledger):
    def enter_and_fail() -> None:
        with ledger.transaction():
            _add(ledger, "/a", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enter_and_fail()
    assert list(ledger.left()) == []


def test_a_place_that_cannot_be_written_is_a_store_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        Ledger(tmp_path / "file" / "out")


def test_dropped_documents_are_found_anew(ledger):
    document = _add(ledger, "/a", "x").document
    ledger.drop([document])
    assert ledger.known([Seen("/a", 1, 1)]) == {}
    assert _add(ledger, "/a", "x").is_new


@pytest.mark.parametrize(
    ("older", "newer"),
    [("", "0.1.0"), ("0.9.0+abc", "0.10.0"), ("0.1.0", "0.1.1+x"), ("0.1", "0.1.1")],
)
def test_versions_compare_as_numbers(older, newer):
    assert version_key(older) < version_key(newer)


def test_a_batch_may_hold_the_same_bytes_and_known_paths(ledger):
    _add(ledger, "/a", "x")
    batch = [("/a", "y"), ("/b", "y"), ("/c", "x"), ("/d", "z")]
    added = ledger.add([Found(Seen(p, 1, 2), _sha(t), p) for p, t in batch])
    assert [(a.is_new, a.is_new_path, a.is_new_version) for a in added] == [
        (True, False, True),
        (False, True, False),
        (False, True, False),
        (True, True, False),
    ]
    assert len(list(ledger.left())) == 3
