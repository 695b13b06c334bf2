"""The log of corrections: appended to, never changed, and whole after a crash."""

import json
import multiprocessing
import os

import pytest

from pipeline.errors import StoreError
from pipeline.review.edits import undo
from pipeline.review.entries import Correction, Target, Value
from pipeline.review.log import append, log_path, read_log, reviewed_ids
from pipeline.review.reviewed import standing

DOCUMENT = "ab" + "0" * 62


def said(word: str) -> Correction:
    target = Target(kind="header", field="place")
    return Correction(action="correct", target=target, new=(Value(value=word),))


def test_entries_come_back_as_they_were_said(tmp_path):
    append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh", tool="cli")
    append(tmp_path, DOCUMENT, [said("Tây Sơn"), said("Nam Lý")], by="bình")
    log = read_log(tmp_path, DOCUMENT)
    assert [(e.by, e.new[0].value) for e in log.entries] == [
        ("hạnh", "Đông Hải"),
        ("bình", "Tây Sơn"),
        ("bình", "Nam Lý"),
    ]
    assert [e.previous for e in log.entries] == [None, log.entries[0].id, log.entries[1].id]
    assert (log.damaged, log.broken) == ((), ())
    assert list(reviewed_ids(tmp_path)) == [DOCUMENT]


def test_lines_already_written_never_change(tmp_path):
    append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh")
    before = log_path(tmp_path, DOCUMENT).read_bytes()
    append(tmp_path, DOCUMENT, [undo(read_log(tmp_path, DOCUMENT).entries[0].id)], by="hạnh")
    assert log_path(tmp_path, DOCUMENT).read_bytes().startswith(before)


@pytest.mark.parametrize("cut", [1, 17, 90])
def test_a_line_cut_short_by_a_crash_is_no_entry_and_harms_no_other(tmp_path, cut):
    append(tmp_path, DOCUMENT, [said("Đông Hải"), said("Tây Sơn")], by="hạnh")
    path = log_path(tmp_path, DOCUMENT)
    path.write_bytes(path.read_bytes()[:-cut])
    torn = read_log(tmp_path, DOCUMENT)
    whole = 2 if cut == 1 else 1  # only the line break is missing
    assert len(torn.entries) == whole
    append(tmp_path, DOCUMENT, [said("Nam Lý")], by="hạnh")
    log = read_log(tmp_path, DOCUMENT)
    assert [e.new[0].value for e in log.entries][-1] == "Nam Lý"
    assert len(log.entries) == whole + 1
    assert len(log.damaged) == 2 - whole
    assert log.broken == ()


def test_a_changed_line_is_seen_and_not_believed(tmp_path):
    append(tmp_path, DOCUMENT, [said("Đông Hải"), said("Tây Sơn")], by="hạnh")
    path = log_path(tmp_path, DOCUMENT)
    path.write_text(path.read_text("utf-8").replace("Đông Hải", "Bắc Hà"), "utf-8")
    log = read_log(tmp_path, DOCUMENT)
    assert log.damaged == (1,)
    assert [e.new[0].value for e in log.entries] == ["Tây Sơn"]
    assert log.broken == (log.entries[0].id,)


@pytest.mark.parametrize("line", ["", "{}", "null", '{"id": 1}', "\x00\x00", "[" * 2000])
def test_hostile_lines(tmp_path, line):
    append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh")
    path = log_path(tmp_path, DOCUMENT)
    path.write_text(line + "\n" + path.read_text("utf-8"), "utf-8")
    assert len(read_log(tmp_path, DOCUMENT).entries) == 1


def _write_many(out, name, count):
    for number in range(count):
        append(out, DOCUMENT, [said(f"{name}-{number}")], by=name)


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    context = multiprocessing.get_context("fork")
    names = ("an", "bình", "chi")
    writers = [context.Process(target=_write_many, args=(tmp_path, n, 15)) for n in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    log = read_log(tmp_path, DOCUMENT)
    assert len(log.entries) == 45
    assert (log.damaged, log.broken) == ((), ())
    for name in names:
        mine = [e.new[0].value for e in log.entries if e.by == name]
        assert mine == [f"{name}-{number}" for number in range(15)]


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "reviews").write_text("a file, not a folder")
    with pytest.raises(StoreError):
        append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh")


def test_an_undo_can_be_undone(tmp_path):
    first = append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh")[0]
    back = append(tmp_path, DOCUMENT, [undo(first.id)], by="hạnh")[0]
    assert standing(read_log(tmp_path, DOCUMENT).entries) == ()
    append(tmp_path, DOCUMENT, [undo(back.id)], by="hạnh")
    assert [e.id for e in standing(read_log(tmp_path, DOCUMENT).entries)] == [first.id]


def test_a_line_is_plain_json_that_people_can_read(tmp_path):
    append(tmp_path, DOCUMENT, [said("Đông Hải")], by="hạnh")
    line = json.loads(log_path(tmp_path, DOCUMENT).read_text("utf-8"))
    assert line["by"] == "hạnh"
    assert line["new"][0]["value"] == "Đông Hải"
