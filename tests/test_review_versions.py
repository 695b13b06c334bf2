"""A new version of a corrected document: its corrections come along with the load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.bulk import engine
from pipeline.bulk.report import Report, as_json, as_markdown, summary
from pipeline.review import edits
from pipeline.review.edits import Said
from pipeline.review.log import append, read_log
from pipeline.review.reviewed import Key
from pipeline.settings import load_options
from pipeline.store import index
from pipeline.store.files import read_record, record_ids
from pipeline.store.reviews import reviewed_record

pytestmark = pytest.mark.slow

HEAD = (
    "UBND TỈNH ĐÔNG HẢI\nSỞ XÂY DỰNG\nSố: {number}/TB-SXD\n"
    "Đông Hải, ngày 03 tháng 4 năm 2025\n{secrecy}\nTHÔNG BÁO\nKết luận giao ban tháng 3\n\n"
)
BODY = (
    "Giao Văn phòng Sở rà soát hồ sơ đất đai trước ngày 30/6/2025.\n"
    "Giao Thanh tra Sở kiểm tra các công trình tại thị trấn trước ngày 15/7/2025.\n"
    "Còn 12 hồ sơ quá hạn chưa có thư xin lỗi người dân.\n{more}\n"
)
LATER = "(Bản đính chính) Còn việc khác.\n"


def text(number: int = 8, more: str = "", secrecy: str = "", drop: str = "") -> str:
    body = HEAD.format(number=number, secrecy=secrecy) + BODY.format(more=more)
    return body.replace(drop, "Bỏ.\n") if drop else body


def load(out: Path, name: str, content: str) -> Report:
    inbox = out / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / name).write_text(content, encoding="utf-8")
    return engine.load([inbox], load_options(out, jobs=1))


def id_of(out: Path, name: str) -> str:
    return next(i for i in record_ids(out) if read_record(out, i).source.name == name)


def corrected_first(out: Path, secrecy: str = "") -> str:
    """The first version, with an assignee and a task that people corrected."""
    load(out, "cu.txt", text(secrecy=secrecy))
    old = id_of(out, "cu.txt")
    record = read_record(out, old)
    first, second = record.tasks[:2]
    key = Key("task", first.id, "assignees")
    append(out, old, [edits.correct(record, key, [Said("Phòng Đất đai")])], by="lan")
    append(out, old, [edits.reject(record, Key("task", second.id))], by="minh")
    append(out, old, [edits.accept(record, Key("document", ""))], by="minh")
    index.update(out, [old])
    return old


def test_corrections_come_along_and_what_has_no_place_is_listed(tmp_path: Path) -> None:
    old = corrected_first(tmp_path)
    gone = "Giao Thanh tra Sở kiểm tra các công trình tại thị trấn trước ngày 15/7/2025.\n"
    report = load(tmp_path, "moi.txt", text(more=LATER, drop=gone))
    new = id_of(tmp_path, "moi.txt")
    reviewed = reviewed_record(tmp_path, new)
    assert [party.value for party in reviewed.record.tasks[0].assignees] == ["Phòng Đất đai"]
    assert [(e.by, e.tool, e.carried_from) for e in reviewed.standing] == [
        ("lan", "load", old),
        ("minh", "load", old),
    ]
    assert not reviewed.done, "that the old version was looked through says nothing of this one"
    assert len(reviewed.orphans) == 1
    (told,) = report.carried
    assert (told.old[-6:], told.new[-7:], told.count) == ("cu.txt", "moi.txt", 2)
    assert "Thanh tra Sở" in told.lost[0]
    assert "Thanh tra Sở" in as_markdown(report)
    assert any("2 sửa đổi" in line for line in summary(report, "vi"))
    assert json.loads(json.dumps(as_json(report)))["carried"][0]["count"] == 2
    assert not index.stale(tmp_path), "and the search knows it"

    # taken back there, it does not come again; nor does anything twice
    append(tmp_path, new, [edits.undo(reviewed.standing[0].id)], by="lan")
    again = engine.load([tmp_path / "inbox"], load_options(tmp_path, jobs=1, force=True))
    assert again.carried == ()
    assert len(read_log(tmp_path, new).entries) == 3
    assert len(read_log(tmp_path, old).entries) == 3, "never back to the older version"


def test_a_file_that_was_changed_is_a_new_version(tmp_path: Path) -> None:
    """Its number cannot be read, so only the path says which document it is a version of."""
    number = "Số: 8/TB-SXD\n"
    load(tmp_path, "a.txt", text(drop=number))
    old = id_of(tmp_path, "a.txt")
    record = read_record(tmp_path, old)
    made = edits.correct(record, Key("task", record.tasks[0].id, "assignees"), [Said("Công an xã")])
    append(tmp_path, old, [made], by="lan")
    load(tmp_path, "b.txt", text(drop=number, more="Một bản sao ở nơi khác.\n"))
    load(tmp_path, "a.txt", text(drop=number, more=LATER))
    known = {
        read_record(tmp_path, i).text.strip().splitlines()[-1]: i for i in record_ids(tmp_path)
    }
    changed, copy = known[LATER.strip()], known["Một bản sao ở nơi khác."]
    assert [e.by for e in read_log(tmp_path, changed).entries] == ["lan"]
    assert not read_log(tmp_path, copy).entries, "alike is not enough"


@pytest.mark.parametrize(
    ("secrecy", "later"),
    [("MẬT", {"more": LATER}), ("", {"number": 9})],
    ids=["a version without the mark", "another notice"],
)
def test_what_must_not_go_along(tmp_path: Path, secrecy: str, later: dict) -> None:
    corrected_first(tmp_path, secrecy)
    report = load(tmp_path, "moi.txt", text(**later))
    assert not read_log(tmp_path, id_of(tmp_path, "moi.txt")).entries
    assert report.carried == ()
