"""Corrections on top of records: what they change, what they never change, what they survive."""

import json
from itertools import pairwise

import pytest

from pipeline.record import to_json, verify
from pipeline.review import edits
from pipeline.review.apply import apply
from pipeline.review.edits import EditError, Said
from pipeline.review.entries import entry_of
from pipeline.review.reviewed import Key
from tests.records import notice


def draft():
    made = notice()
    made.heading("I.", "Kết quả đạt được", "achievement")
    made.say("achievement", "Đã giải quyết 215 hồ sơ đúng hạn.", confidence=0.55)
    made.say("context", "Còn 12 hồ sơ quá hạn chưa có thư xin lỗi.", confidence=0.5)
    made.heading("II.", "Nhiệm vụ", "task")
    made.task(
        "Giao Phòng Một cửa chủ trì, phối hợp với Thanh tra Sở phúc tra,"
        " xong trước ngày 30/6/2025.",
        assignees=["Phòng Một cửa"],
        coordinators=["Thanh tra Sở"],
        deadline=("date", "2025-06-30", "trước ngày 30/6/2025"),
    )
    made.say("context", "Văn phòng Sở tổng hợp kết quả, báo cáo Giám đốc Sở trong quý IV năm 2025.")
    return made


@pytest.fixture
def record():
    return draft().record()


def entries(record, *corrections, **facts):
    made = []
    for correction in corrections:
        previous = made[-1].id if made else None
        made.append(
            entry_of(
                correction, document=record.id, by="hạnh", at="2026-01-01", tool="desk",
                previous=previous,
            )
        )  # fmt: skip
    return made


def corrected(record, *corrections):
    before = to_json(record)
    reviewed = apply(record, entries(record, *corrections))
    assert to_json(record) == before, "the record itself never changes"
    verify(reviewed.record)
    assert reviewed.orphans == ()
    return reviewed


def task_key(record, field=None):
    return Key("task", record.tasks[0].id, field)


@pytest.mark.parametrize(
    ("words", "value", "printed"),
    [
        ("Thanh tra Sở", "Thanh tra Sở", True),
        ("thanh tra sở", "thanh tra sở", True),
        ("Văn phòng Sở", "Văn phòng Sở", True),
        ("Phòng Tổ chức – Hành chính", "Phòng Tổ chức – Hành chính", False),
    ],
)
def test_an_assignee_is_corrected_with_the_words_that_show_it(record, words, value, printed):
    made = edits.correct(record, task_key(record, "assignees"), [Said(words)])
    (task,) = corrected(record, made).record.tasks
    (party,) = task.assignees
    assert party.value == value
    assert record.text[party.start : party.end] == party.quote
    assert (party.quote.casefold() == words.casefold()) is printed
    assert party.origin == ("review" if printed else "inferred:review")
    assert task.coordinators == record.tasks[0].coordinators


def test_a_selection_is_taken_as_the_words_that_show_the_value(record):
    at = record.text.rindex("Văn phòng Sở")
    said = Said("Văn phòng Sở Xây dựng", at, at + len("Văn phòng Sở"))
    made = edits.correct(record, task_key(record, "assignees"), [said])
    (party,) = corrected(record, made).record.tasks[0].assignees
    assert (party.start, party.quote, party.value) == (at, "Văn phòng Sở", "Văn phòng Sở Xây dựng")


def test_several_assignees_and_none(record):
    key = task_key(record, "assignees")
    both = edits.correct(record, key, [Said("Phòng Một cửa"), Said("Thanh tra Sở")])
    values = [p.value for p in corrected(record, both).record.tasks[0].assignees]
    assert values == ["Phòng Một cửa", "Thanh tra Sở"]
    none = edits.correct(record, key, [Said(" ")])
    assert corrected(record, none).record.tasks[0].assignees == ()


@pytest.mark.parametrize(
    ("words", "kind", "value", "quote"),
    [
        ("15/7/2025", "date", "2025-07-15", "trước ngày 30/6/2025"),
        ("2025-07-15", "date", "2025-07-15", "trước ngày 30/6/2025"),
        ("30/6/2025", "date", "2025-06-30", "30/6/2025"),
        ("trong quý IV năm 2025", "period", "2025-12-31", "trong quý IV năm 2025"),
        ("hằng tháng", "recurring", "FREQ=MONTHLY", "trước ngày 30/6/2025"),
        ("khi có kết quả phúc tra", "event", "khi có kết quả phúc tra", "trước ngày 30/6/2025"),
    ],
)
def test_a_deadline_is_typed_as_people_write_it(record, words, kind, value, quote):
    made = edits.correct(record, task_key(record, "deadline"), [Said(words)])
    deadline = corrected(record, made).record.tasks[0].deadline
    assert (deadline.kind, deadline.value, deadline.raw) == (kind, value, quote)


@pytest.mark.parametrize(
    "words", ["khi nào rảnh", "31/9/2025", "trước ngày 31/9/2025", "2025-09-31"]
)
def test_what_is_no_deadline_is_refused(record, words):
    with pytest.raises(EditError, match=r"không phải là thời hạn|is no deadline"):
        edits.correct(record, task_key(record, "deadline"), [Said(words)])


@pytest.mark.parametrize(
    ("words", "kind", "value"),
    [
        ("tháng 9/2025", "period", "2025-09-30"),
        ("10 ngày", "relative", "P10D after issue"),
        ("quý IV/2025", "period", "2025-12-31"),
        ("Giám đốc Sở", "event", "Giám đốc Sở"),
    ],
)
def test_a_deadline_needs_no_preposition_or_stands_in_the_text(record, words, kind, value):
    made = edits.correct(record, task_key(record, "deadline"), [Said(words)])
    assert [(new.kind, new.value) for new in made.new] == [(kind, value)]
    assert made.new[0].printed is (kind == "event")


def test_a_deadline_is_taken_away(record):
    made = edits.correct(record, task_key(record, "deadline"), [])
    assert corrected(record, made).record.tasks[0].deadline is None


def test_a_label_is_corrected_and_tasks_follow(record):
    key = Key("statement", record.statements[1].id, "label")
    new = corrected(record, edits.correct(record, key, [Said("shortcoming")])).record
    assert [s.label for s in new.statements][:2] == ["achievement", "shortcoming"]
    assert (new.statements[1].confidence, new.statements[1].origin) == (1.0, "review")
    task_statement = Key("statement", record.tasks[0].statements[0], "label")
    new = corrected(record, edits.correct(record, task_statement, [Said("context")])).record
    assert new.tasks == ()


@pytest.mark.parametrize(
    ("field", "words", "value", "quote"),
    [
        ("place", "Đông Hải", "Đông Hải", "Đông Hải"),
        ("issuer", "UBND tỉnh Đông Hải", "UBND tỉnh Đông Hải", "UBND TỈNH ĐÔNG HẢI"),
        ("issued_on", "15/7/2025", "2025-07-15", "ngày 05 tháng 03 năm 2024"),
        ("issued_on", "2025-06-30", "2025-06-30", "ngày 30/6/2025"),
        ("signer_title", "Giám đốc Sở", "Giám đốc Sở", "Giám đốc Sở"),
    ],
)
def test_a_header_value_is_corrected(record, field, words, value, quote):
    new = corrected(record, edits.correct(record, Key("header", field), [Said(words)])).record
    found = getattr(new.header, field)
    assert (found.value, found.quote) == (value, quote)


def test_number_and_code_go_together(record):
    new = corrected(record, edits.correct(record, Key("header", "number"), [Said("215")])).record
    assert new.header.code == "215/TB-SXD"


def test_a_header_value_that_no_word_shows_is_refused(record):
    with pytest.raises(EditError):
        edits.correct(record, Key("header", "signer_title"), [Said("Phó Chủ tịch")])


def test_rejected_values_are_null_with_a_reason(record):
    new = corrected(record, edits.reject(record, Key("header", "signer"))).record
    assert new.header.signer is None
    assert new.header.nulls["signer"] == "absent"
    new = corrected(record, edits.reject(record, task_key(record))).record
    assert new.tasks == ()
    assert len(new.statements) == len(record.statements)


def test_accepting_makes_sure(record):
    key = Key("statement", record.statements[0].id)
    reviewed = corrected(record, edits.accept(record, key))
    assert reviewed.record.statements[0].confidence == 1.0
    assert reviewed.record.statements[0].label == "achievement"
    assert reviewed.marks[key].state == "accepted"


def test_a_selection_becomes_a_statement_and_the_rest_stays(record):
    text = "Thanh tra Sở phúc tra"
    start = record.text.index(text)
    made = edits.add_statement(record, start - 1, start + len(text), "cause")
    new = corrected(record, made).record
    added = next(s for s in new.statements if s.label == "cause")
    assert added.quote == text
    assert added.section == "s2"
    around = [s.quote for s in new.statements if s.label == "task"]
    assert around == [
        "Giao Phòng Một cửa chủ trì, phối hợp với",
        ", xong trước ngày 30/6/2025.",
    ]
    spans = [(s.start, s.end) for s in new.statements]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_selection_becomes_a_task_that_can_be_corrected(record):
    last = record.statements[-1]
    added = edits.add_task(record, last.start, last.end)
    first = corrected(record, added).record
    task = first.tasks[-1]
    assert (task.quote, first.statements[-1].label) == (last.quote, "task")
    assert task.statements == (first.statements[-1].id,)
    doer = edits.correct(first, Key("task", task.id, "assignees"), [Said("Văn phòng Sở")])
    until = edits.correct(first, Key("task", task.id, "deadline"), [Said("trong quý IV năm 2025")])
    new = corrected(record, added, doer, until).record.tasks[-1]
    assert [p.quote for p in new.assignees] == ["Văn phòng Sở"]
    assert (new.deadline.kind, new.deadline.value) == ("period", "2025-12-31")


def test_undo_gives_back_what_was(record):
    made = entries(record, edits.reject(record, task_key(record)))
    made += entries(record, edits.undo(made[0].id))
    reviewed = apply(record, made)
    assert to_json(reviewed.record) == to_json(record)
    assert reviewed.standing == ()


def test_the_last_word_counts(record):
    key = task_key(record, "assignees")
    first = edits.correct(record, key, [Said("Văn phòng Sở")])
    second = edits.correct(corrected(record, first).record, key, [Said("Thanh tra Sở")])
    (party,) = corrected(record, first, second).record.tasks[0].assignees
    assert party.value == "Thanh tra Sở"


def test_corrections_survive_a_reading_that_finds_less(record):
    """The new reading has other words, another label, and no task at all."""
    other = notice(number="17")
    other.line("Trang bìa của bản quét")
    other.line("I. Kết quá đạt được")
    other.say("shortcoming", "Đã giải quyết 2I5 hồ sơ đúng hạn.")
    other.line("Còn 12 hồ sơ quá hạn chua có thư xin lỗi.")
    other.line("Il. Nhiệm vụ")
    other.say("context", "Giao Phòng Môt cửa chủ trì, phối hợp với Thanh fra Sở phúc tra,")
    other.line("xong trước ngày 30/6/2025.")
    other.say("context", "Văn phòng Sở tổng hợp kết quả, báo cáo Giám đôc Sở trong quý IV.")
    again = other.record().model_copy(update={"id": record.id})
    label = edits.correct(record, Key("statement", record.statements[0].id), [Said("achievement")])
    doer = edits.correct(record, task_key(record, "assignees"), [Said("Thanh tra Sở")])
    reviewed = apply(again, entries(record, label, doer))
    verify(reviewed.record)
    assert reviewed.orphans == ()
    assert reviewed.record.statements[0].label == "achievement"
    (task,) = reviewed.record.tasks
    assert [(p.value, p.quote) for p in task.assignees] == [("Thanh tra Sở", "Thanh fra Sở")]
    assert [p.value for p in task.coordinators] == ["Thanh tra Sở"], "as it was seen then"
    assert task.deadline.value == "2025-06-30"


def test_what_is_gone_goes_to_the_orphans(record):
    doer = edits.correct(record, task_key(record, "assignees"), [Said("Thanh tra Sở")])
    other = notice(title="Kết luận về công tác thu phí").record()
    reviewed = apply(other, entries(record, doer))
    assert [(o.entry.target.field, o.reason) for o in reviewed.orphans] == [("assignees", "gone")]
    assert to_json(reviewed.record) == to_json(other)


def test_a_surprise_of_a_later_reading_is_told(record):
    doer = edits.correct(record, task_key(record, "assignees"), [Said("Thanh tra Sở")])
    task = record.tasks[0]
    other = task.model_copy(update={"assignees": task.coordinators[:0]})
    again = record.model_copy(update={"tasks": (other,)})
    mark = apply(again, entries(record, doer)).marks[task_key(record, "assignees")]
    assert mark.machine == ()
    assert apply(record, entries(record, doer)).marks[task_key(record, "assignees")].machine is None


def test_accepting_holds_against_a_later_reading(record):
    accepted = edits.accept(record, task_key(record))
    other = record.tasks[0].model_copy(update={"assignees": (), "deadline": None})
    again = record.model_copy(update={"tasks": (other,)})
    (task,) = apply(again, entries(record, accepted)).record.tasks
    assert [p.value for p in task.assignees] == ["Phòng Một cửa"]
    assert task.deadline.value == "2025-06-30"


def test_a_document_is_done_until_its_text_changes(record):
    done = entries(record, edits.accept(record, Key("document", "")))
    assert apply(record, done).done
    other = draft()
    other.line("Trang 2")
    again = other.record().model_copy(update={"id": record.id})
    assert not apply(again, done).done


@pytest.mark.parametrize("key", [Key("task", "x"), Key("statement", ""), Key("figure", "0-1")])
def test_what_is_not_there_cannot_be_judged(record, key):
    with pytest.raises(EditError):
        edits.accept(record, key)


@pytest.mark.parametrize("span", [(0, 0), (-1, 4), (5, 2), (0, 10**9)])
def test_a_selection_outside_of_the_text_is_refused(record, span):
    with pytest.raises(EditError):
        edits.add_task(record, *span)


def test_entries_are_json(record):
    made = entries(record, edits.accept(record, task_key(record)))[0]
    assert type(made).model_validate(json.loads(made.model_dump_json())) == made
