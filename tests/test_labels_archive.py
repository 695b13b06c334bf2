"""Labels of documents outside the repository: they go with their text or not at all."""

import hashlib
import json
import lzma

import pytest

from pipeline.labels.archive import documents_of, read_archive
from pipeline.resources import models_dir
from pipeline.train import archive_examples

TEXT = "Trạm bơm đã vận hành đủ ba tổ máy.\nKênh cấp hai còn bồi lắng nặng.\n"
GOLD = {
    "units": [{"start": 0, "end": 34}, {"start": 35, "end": 66}],
    "labels": ["ACH", "SHO"],
    "alt": {"1": ["CTX"]},
}


def archive_line(document, digest, gold):
    spans = (
        f"{unit['start']}-{unit['end']} {'/'.join((label, *gold['alt'].get(str(index), ())))}"
        for index, (unit, label) in enumerate(zip(gold["units"], gold["labels"], strict=True))
    )
    return f"{document}\t{digest}\t{' '.join(spans)}"


def _file(path, *lines):
    path.write_text("# source: test\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_line_reads_back_as_it_was_written(tmp_path):
    line = archive_line("news/a.txt", "0" * 12, GOLD)
    assert line.split("\t")[2] == "0-34 ACH 35-66 SHO/CTX"
    (found,) = read_archive(_file(tmp_path / "labels.tsv", line))
    assert (found.document, found.digest, found.gold) == ("news/a.txt", "0" * 12, GOLD)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a.txt\t0\t0-5 GOOD", "no such label: GOOD"),
        ("a.txt\t0\t0-5", "shorter"),
        ("a.txt\t0\tx-5 ACH", "invalid literal"),
        ("a.txt 0", "unpack"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, why):
    with pytest.raises(ValueError, match=rf"labels\.tsv:2: .*{why}"):
        read_archive(_file(tmp_path / "labels.tsv", line))


def test_documents_are_files_or_items_of_a_file(tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(TEXT, encoding="utf-8")
    with lzma.open(tmp_path / "all.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": 7, "text": TEXT}) + "\n")
    labels = read_archive(
        _file(
            tmp_path / "labels.tsv",
            *(archive_line(name, "0" * 12, GOLD) for name in ("news/a.txt", "all.jsonl.xz#7")),
            archive_line("all.jsonl.xz#8", "0" * 12, GOLD),
            archive_line("lost.txt", "0" * 12, GOLD),
        )
    )
    found = [(one.file_name, data.decode()) for one, data in documents_of(tmp_path, labels)]
    assert found == [("a.txt", TEXT), ("7.txt", TEXT)]


def test_a_document_that_reads_otherwise_is_not_learned_from(tmp_path, monkeypatch, caplog):
    (tmp_path / "training").mkdir()
    digest = hashlib.sha256(TEXT.replace("\n", " ").encode()).hexdigest()[:12]
    _file(
        tmp_path / "training" / "archive_labels.tsv",
        archive_line("same.txt", digest, GOLD),
        archive_line("other.txt", digest, GOLD),
    )
    (tmp_path / "same.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.txt").write_text("Bản khác. " + TEXT, encoding="utf-8")
    monkeypatch.setattr("pipeline.train.models_dir", lambda: tmp_path)
    (example,) = archive_examples(tmp_path)
    assert example.name == "same.txt"
    assert "1 documents do not read as they did" in caplog.text
    assert "other.txt" in caplog.text
    assert frozenset.union(*example.accepted) >= {"achievement", "shortcoming"}


def test_the_labels_that_ship_are_well_formed():
    labels = read_archive(models_dir() / "training" / "archive_labels.tsv")
    assert len({one.document for one in labels}) == len(labels) > 300
    for one in labels:
        starts = [unit["start"] for unit in one.gold["units"]]
        assert starts == sorted(starts)
