"""Review on the command line, as gold, and to Label Studio and back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import assemble
from pipeline.cli.common import Commands
from pipeline.evaluate import evaluate, read_gold
from pipeline.labels.training import load_examples
from pipeline.process import process
from pipeline.record import to_json
from pipeline.review import edits
from pipeline.review.edits import Said
from pipeline.review.entries import Correction
from pipeline.review.label_studio import corrections_of, read_export
from pipeline.review.log import append, read_log
from pipeline.review.reviewed import Key
from pipeline.store import index
from pipeline.store.reviews import corrected, reviewed_record
from pipeline.train import draft_from
from tests.stores import plain, write

SAMPLE = Path(__file__).parent.parent / "samples" / "kl-thanh-tra-truong" / "source.txt"


def run(store: Path, *words: str, code: int = 0) -> str:
    import typer

    app = assemble(typer.Typer(cls=Commands))
    result = CliRunner().invoke(app, ["review", *words, "--out", str(store), "--lang", "vi"])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def store(tmp_path: Path) -> Path:
    record = process(SAMPLE.read_bytes(), "ket-luan-truong.txt")
    write(tmp_path, [record, plain(1)])
    return tmp_path


def document(store: Path, name: str = "ket-luan-truong.txt") -> str:
    from pipeline.store.files import read_record, record_ids

    return next(i for i in record_ids(store) if read_record(store, i).source.name == name)


def say(store: Path, *corrections: Correction) -> None:
    append(store, document(store), corrections, by="hạnh")
    index.update(store, [document(store)])


def correct_first_task(store: Path) -> None:
    record = corrected(store, document(store))
    key = Key("task", record.tasks[0].id, "assignees")
    say(store, edits.correct(record, key, [Said("Thanh tra tỉnh")]))


def done(store: Path) -> None:
    record = corrected(store, document(store))
    say(store, edits.accept(record, Key("document", "")))


def test_list_show_queue_orphans_and_undo(store: Path) -> None:
    correct_first_task(store)
    assert "hạnh" in run(store, "list")
    assert "Thanh tra tỉnh" in run(store, "show", document(store)[:12])
    assert document(store)[:12] in run(store, "queue")
    assert run(store, "orphans", "--format", "json").strip() == "[]"
    entry = reviewed_record(store, document(store)).standing[0].id
    assert entry in run(store, "undo", document(store)[:12], entry[:6])
    assert reviewed_record(store, document(store)).standing == ()
    assert "Không có sửa đổi nào để hoàn tác." in run(store, "undo", document(store)[:12], code=4)
    assert "Không có sửa đổi zz." in run(store, "undo", document(store)[:12], "zz", code=4)
    rows = json.loads(run(store, "list", "--format", "json"))
    assert [row["entries"] for row in rows] == [0]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("export",), 2, "cần --gold hoặc --label-studio"),
        (("carry", "999999", "999998"), 4, "Không có văn bản nào có mã hoặc số 999999."),
        (("show", "999999"), 4, "Không có văn bản nào có mã hoặc số 999999."),
    ],
)
def test_calls_that_find_nothing_say_so(
    store: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    assert told in run(store, *words, code=code)


def test_only_documents_looked_through_become_gold(store: Path, tmp_path: Path) -> None:
    correct_first_task(store)
    gold = tmp_path / "gold"
    run(store, "export", "--gold", str(gold))
    assert list(gold.iterdir()) == []
    done(store)
    run(store, "export", "--gold", str(gold))
    assert sorted(p.name for p in gold.iterdir()) == ["ket-luan-truong.json", "ket-luan-truong.txt"]


def test_evaluate_reads_the_gold_and_sees_what_was_corrected(store: Path, tmp_path: Path) -> None:
    correct_first_task(store)
    record = corrected(store, document(store))
    key = Key("statement", record.statements[1].id, "label")
    say(store, edits.correct(record, key, [Said("cause")]))
    done(store)
    run(store, "export", "--gold", str(tmp_path / "gold"))
    gold = read_gold(tmp_path / "gold")
    (labelled,) = gold
    assert labelled.text == record.text
    right = json.loads(to_json(corrected(store, document(store))))
    counts = evaluate(gold, [right]).groups["all"].counts
    for name in ("labels/task", "labels/cause", "task", "assignee", "deadline", "references"):
        assert counts[name].f1 == 1.0, name
    assert all(counts[f"fields/{name}"].f1 in (1.0, None) for name in ("number", "title", "issuer"))
    machine = json.loads(to_json(process(SAMPLE.read_bytes(), "ket-luan-truong.txt")))
    counts = evaluate(gold, [machine]).groups["all"].counts
    assert counts["assignee"].f1 < 1
    assert counts["labels/cause"].missed == 1, "the one that a person added"


def test_train_reads_the_gold(store: Path, tmp_path: Path) -> None:
    done(store)
    run(store, "export", "--gold", str(tmp_path / "gold"))
    (example,) = load_examples(tmp_path / "gold", draft_from)
    statements = corrected(store, document(store)).statements
    tasks = sum(statement.label == "task" for statement in statements)
    assert sum("task" in labels for labels in example.accepted) == tasks
    assert {"heading"} in example.accepted


def exported(store: Path) -> list[dict]:
    path = store / "tasks.json"
    run(store, "export", "--label-studio", str(path))
    return json.loads(path.read_text("utf-8"))


def brought_back(store: Path, tasks: object, code: int = 0) -> str:
    path = store / "back.json"
    path.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return run(store, "import", str(path), code=code)


def test_label_studio_round_trip_changes_nothing(store: Path) -> None:
    correct_first_task(store)
    tasks = exported(store)
    before = to_json(corrected(store, document(store)))
    assert "0 sửa đổi mới" in brought_back(store, tasks)
    assert to_json(corrected(store, document(store))) == before
    assert exported(store) == tasks


def test_what_was_done_in_label_studio_comes_back(store: Path) -> None:
    correct_first_task(store)
    tasks = exported(store)
    text = tasks[0]["data"]["text"]
    regions = tasks[0]["annotations"][0]["result"]
    gone = regions.pop()
    regions[0]["value"]["labels"] = ["cause"]
    words = "Nhà trường tự chủ"
    at = text.index(words)
    regions[:] = [r for r in regions if not r["value"]["start"] <= at < r["value"]["end"]]
    value = {"start": at, "end": at + len(words), "text": words, "labels": ["proposal"]}
    regions.append({"id": "Xy_12", "from_name": "label", "to_name": "text", "type": "labels"}
                   | {"value": value})  # fmt: skip
    tasks[0]["annotations"][0]["completed_by"] = {"email": "binh@so.example"}
    brought_back(store, tasks)
    statements = corrected(store, document(store)).statements
    assert statements[0].label == "cause"
    assert words in [s.quote for s in statements if s.label == "proposal"]
    assert gone["value"]["text"] not in [s.quote for s in statements]
    last = read_log(store, document(store)).entries[-1]
    assert (last.by, last.tool) == ("binh@so.example", "label-studio")


@pytest.mark.parametrize("shift", ["utf-16", "no-text", "nonsense"])
def test_offsets_of_an_export_are_checked_against_the_words(store: Path, shift: str) -> None:
    record = corrected(store, document(store))
    text = "🙂 " + record.text
    statement = record.statements[0]
    start, end = statement.start + 2, statement.end + 2
    value = {"start": start, "end": end, "text": statement.quote, "labels": ["cause"]}
    if shift == "utf-16":
        value |= {"start": start + 1, "end": end + 1}
    elif shift == "no-text":
        del value["text"]
    else:
        value |= {"start": 3, "end": 9}
    annotation = {"result": [{"id": "a", "type": "labels", "value": value}], "completed_by": 7}
    task = {"data": {"text": text, "document_id": record.id}, "annotations": [annotation]}
    (read,) = read_export(json.dumps([task]).encode())
    made = corrections_of(record, read).corrections
    assert made[0].new[0].value == "cause"
    assert made[0].target.anchor.quote == statement.quote
    assert read.by == "label-studio-7"


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"data": 1}', "[[]]"])
def test_a_file_that_is_no_export_is_refused(store: Path, content: str) -> None:
    path = store / "bad.json"
    path.write_text(content, encoding="utf-8")
    run(store, "import", str(path), code=2)


def test_an_unknown_document_is_told(store: Path) -> None:
    task = {"data": {"text": "x", "document_id": "f" * 64, "name": "la.txt"}}
    annotation = {"result": [], "completed_by": 1}
    assert "la.txt" in brought_back(store, [task | {"annotations": [annotation]}], code=3)


def test_corrections_are_carried_to_a_new_version(store: Path) -> None:
    correct_first_task(store)
    done(store)
    text = corrected(store, document(store)).text.replace("15/8/2025", "15/9/2025")
    (new,) = write(store, [process(text.encode(), "ban-moi.txt")])
    run(store, "carry", document(store)[:12], new[:12])
    reviewed = reviewed_record(store, new)
    assert [p.value for p in reviewed.record.tasks[0].assignees] == ["Thanh tra tỉnh"]
    assert reviewed.record.tasks[0].deadline.value == "2025-09-15", "of the new version"
    assert not reviewed.done
    assert "0 sửa đổi chuyển" in run(store, "carry", document(store)[:12], new[:12])


def test_a_changed_value_of_a_new_version_is_not_overwritten(store: Path) -> None:
    record = corrected(store, document(store))
    task = Key("task", record.tasks[0].id, "deadline")
    say(store, edits.correct(record, task, [Said("trước ngày 15/8/2025")]))
    text = corrected(store, document(store)).text.replace("15/8/2025", "15/9/2025")
    (new,) = write(store, [process(text.encode(), "ban-moi.txt")])
    run(store, "carry", document(store)[:12], new[:12])
    reviewed = reviewed_record(store, new)
    assert reviewed.record.tasks[0].deadline.value == "2025-09-15"
    assert [orphan.reason for orphan in reviewed.orphans] == ["gone"]
    (row,) = json.loads(run(store, "orphans", "--format", "json"))
    assert (row["new"], row["by"] != "") == ("2025-08-15", True)


def test_a_store_is_only_its_files(store: Path, tmp_path: Path) -> None:
    """The log goes where the records go: a copy of the folder has the corrections."""
    correct_first_task(store)
    copy = Path(shutil.copytree(store, tmp_path / "copy"))
    assert corrected(copy, document(store)).tasks[0].assignees[0].value == "Thanh tra tỉnh"
