"""Records for an evaluation: read now, read by models that do not know the document, or stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CongvanError, NotVerbatimError
from pipeline.evaluate import cross_validated, evaluate, processed, read_gold
from pipeline.evaluate.gold import GoldDocument

PLACES = ("Kho A", "Trạm Bắc", "Phòng Một cửa", "Đội Hai", "Xưởng Đông", "Ban Vệ sinh")
LINES = (
    ("ACH", "- {place} đã tiếp nhận {n} hồ sơ, trả đúng hạn {n} hồ sơ, đạt 100%."),
    ("SHO", "- Sổ theo dõi của {place} còn để trống nhiều cột, chưa được kiểm tra."),
    ("CAUSE", "Nguyên nhân là do {place} thiếu người làm việc."),
    ("HEAD", "III. Nhiệm vụ"),
    ("TASK", "1. {place} rà soát lại sổ theo dõi, hoàn thành trước ngày {n}/9/2025."),
    ("TASK", "2. {place} công khai kết quả tại nơi tiếp nhận hồ sơ."),
    ("REQ", "Kiến nghị cấp trên bổ sung kinh phí cho {place}."),
    ("CTX", "Trên đây là kết luận kiểm tra tại {place}."),
)


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> list[GoldDocument]:
    folder = tmp_path_factory.mktemp("gold")
    for number, place in enumerate(PLACES):
        lines = [(label, line.format(place=place, n=number + 11)) for label, line in LINES]
        text = "\n".join(line for _, line in lines)
        units: list[dict[str, int]] = []
        for i, (_, line) in enumerate(lines):
            start = text.index(line)
            units.append({"i": i, "start": start, "end": start + len(line)})
        labels: dict[str, Any] = {
            "units": units,
            "labels": [label for label, _ in lines],
            "tasks": [],
            "header": {"doc_type": "TB"},
        }
        (folder / f"tb-{number}.txt").write_text(text, "utf-8")
        (folder / f"tb-{number}.json").write_text(json.dumps(labels), "utf-8")
    return read_gold(folder)


def test_texts_are_read_under_their_own_names(gold: list[GoldDocument]) -> None:
    records = list(processed(gold))
    assert [r["source"]["name"] for r in records] == [f"tb-{n}.txt" for n in range(len(PLACES))]
    assert all(r["text"] == d.text for r, d in zip(records, gold, strict=True))


def test_models_of_a_fold_have_not_seen_its_documents(
    gold: list[GoldDocument], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pipeline.labels import training

    train = training.train

    def watched(examples: Any, name: str, settings: Any = None) -> Any:
        # every fold is trained in a process of its own, so what it saw is told by a file
        (tmp_path / f"{name}.seen").write_text("\n".join(e.name for e in examples), "utf-8")
        return train(examples, name, settings)

    monkeypatch.setattr(training, "train", watched)
    monkeypatch.setattr("pipeline.train.written_examples", list)
    records = list(cross_validated(gold))
    seen = [set(path.read_text("utf-8").split("\n")) for path in tmp_path.glob("*.seen")]
    assert len(records) == len(gold)
    everyone = {document.name for document in gold}
    for name in everyone:  # some model was trained without each document
        assert any(name not in known for known in seen)
    origins = {s["origin"] for record in records for s in record["statements"]}
    assert origins
    assert not any(origin.endswith("no-model") for origin in origins)


def test_a_document_that_fails_is_named_and_counts_as_missed(
    gold: list[GoldDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import process as module

    whole = module.process

    def failing(content: bytes, name: str) -> Any:
        if name == "tb-2.txt":
            raise NotVerbatimError(record_id="0" * 64, path="header.signer")
        return whole(content, name)

    monkeypatch.setattr(module, "process", failing)
    told: list[tuple[str, CongvanError]] = []
    result = evaluate(gold, processed(gold, failed=lambda *problem: told.append(problem)))
    assert [name for name, _ in told] == ["tb-2.txt"]
    assert result.groups["all"].missing == ["tb-2"]
