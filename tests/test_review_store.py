"""Corrections in everything derived: index, register, exports, changes, feeds; and the queue."""

import datetime as dt
import json
import sqlite3
from contextlib import closing

import pytest

from pipeline.export.formats import export, stored_records
from pipeline.feed.run import feed
from pipeline.review import edits
from pipeline.review.edits import Said
from pipeline.review.log import append
from pipeline.review.reviewed import Key
from pipeline.store import index
from pipeline.store.changes import changes_since
from pipeline.store.files import read_record, record_path, write_record
from pipeline.store.rebuild import rebuild
from pipeline.store.reviews import corrected, queue, reviewed_record
from pipeline.store.schema import open_reader
from pipeline.store.tasks import TaskQuery, list_tasks
from tests.stores import plain, write

TODAY = dt.date(2025, 1, 1)


@pytest.fixture
def store(tmp_path):
    write(tmp_path, [plain(1), plain(2)])
    return tmp_path


def first(store):
    with closing(open_reader(store)) as connection:
        return connection.execute("SELECT document_id FROM documents").fetchone()[0]


def say(store, document, *corrections):
    append(store, document, corrections, by="hạnh")
    return index.update(store, [document])


def correct_assignee(store, document, words="Thanh tra Sở"):
    record = corrected(store, document)
    key = Key("task", record.tasks[0].id, "assignees")
    return say(store, document, edits.correct(record, key, [Said(words)]))


def assignees(store):
    with closing(open_reader(store)) as connection:
        items = list_tasks(connection, TaskQuery(as_of=TODAY)).items
    return {item.document_id: item.assignees for item in items}


def test_register_search_and_exports_see_the_correction(store):
    document = first(store)
    before = record_path(store, document).read_bytes()
    assert correct_assignee(store, document) == 1
    assert "Thanh tra Sở" in str(assignees(store)[document])
    assert "Văn phòng Sở" not in str(assignees(store)[document])
    exported = {r.id: r for r in stored_records(store, None, include_secret=False)}
    assert exported[document].tasks[0].assignees[0].value == "Thanh tra Sở"
    result = export(store, "label-studio", store / "ls.json")
    assert result.count == 2
    assert record_path(store, document).read_bytes() == before, "never written into the record"


def test_changes_and_feeds_follow(store):
    target = f"sqlite:///{store / 'target.sqlite'}"
    feed(store, target)
    document = first(store)
    with closing(open_reader(store)) as connection:
        seq = changes_since(connection, 0, include_secret=False)[-1].seq
    correct_assignee(store, document)
    with closing(open_reader(store)) as connection:
        changes = changes_since(connection, seq, include_secret=False)
    assert [(c.document_id, c.operation) for c in changes] == [(document, "upsert")]
    assert feed(store, target).counts.updated == 1
    with closing(sqlite3.connect(store / "target.sqlite")) as fed:
        names = fed.execute(
            "SELECT value FROM congvan_task_parties WHERE document_id = ? AND role = 'assignee'",
            (document,),
        ).fetchall()
    assert names == [("Thanh tra Sở",)]


def test_a_rebuild_gives_the_same_with_corrections(store):
    correct_assignee(store, first(store))
    assert rebuild(store).equal
    (store / "index" / "store.sqlite").unlink()
    rebuild(store)
    assert "Thanh tra Sở" in str(assignees(store)[first(store)])


def test_a_correction_survives_processing_again(store):
    document = first(store)
    correct_assignee(store, document)
    record = read_record(store, document)
    text = record.text.replace("Còn hồ sơ", "Còn hồ so")
    other = plain(1)
    other.lines = text.split("\n")
    again = record.model_copy(update={"statements": (), "tasks": (), "text": text})
    write_record(store, again, durable=False)
    index.update(store, [document])
    assert "Thanh tra Sở" in str(assignees(store)[document])
    assert reviewed_record(store, document).orphans == ()


def test_undo_gives_the_index_back(store):
    document = first(store)
    before = assignees(store)
    correct_assignee(store, document)
    entry = reviewed_record(store, document).standing[0]
    say(store, document, edits.undo(entry.id))
    assert assignees(store) == before


def test_the_queue_is_ordered_by_worth_and_empties(store):
    weak = plain(3)
    weak.say("context", "Câu này máy chưa chắc.", confidence=0.2)
    (document,) = write(store, [weak])

    def waiting(**facts):
        with closing(open_reader(store)) as connection:
            return queue(connection, TODAY, include_secret=False, **facts)

    found = waiting()
    assert found.items[0].document_id == document
    assert found.items[0].reasons["doubt-low"] >= 1
    assert (found.waiting, found.done) == (3, 0)
    assert document not in [item.document_id for item in waiting(without=document).items]
    say(store, document, edits.accept(corrected(store, document), Key("document", "")))
    found = waiting()
    assert document not in [item.document_id for item in found.items]
    assert (found.waiting, found.done) == (2, 1)


def test_secret_documents_are_not_in_the_queue_of_others(store):
    (document,) = write(store, [plain(4, secrecy="MẬT")])
    with closing(open_reader(store)) as connection:
        shown = queue(connection, TODAY, include_secret=False).items
        all_items = queue(connection, TODAY, include_secret=True).items
    assert document not in [item.document_id for item in shown]
    assert document in [item.document_id for item in all_items]


def test_an_upcoming_deadline_raises_the_worth(store):
    def worth_on(day):
        with closing(open_reader(store)) as connection:
            return queue(connection, day, include_secret=False).items[0].worth

    assert worth_on(dt.date(2025, 6, 30)) > worth_on(dt.date(2025, 7, 1))


def test_a_damaged_log_line_costs_no_document(store):
    document = first(store)
    correct_assignee(store, document)
    path = store / "reviews" / document[:2] / f"{document}.jsonl"
    path.write_bytes(path.read_bytes() + b'{"half": ')
    assert index.update(store, [document]) == 1
    assert "Thanh tra Sở" in str(assignees(store)[document])
    assert json.loads(path.read_bytes().split(b"\n")[0])["by"] == "hạnh"
