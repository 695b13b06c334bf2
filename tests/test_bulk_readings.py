"""Readings that were dear are kept: new rules never need OCR again, new readers always do."""

import gzip
from pathlib import Path

import pytest

from pipeline.bulk import readings
from pipeline.bulk.engine import load, run
from pipeline.bulk.run import LoadOptions
from pipeline.bulk.select import Selection, gather
from pipeline.bulk.task import TaskOptions
from pipeline.bulk.workers import WorkerOptions
from pipeline.document import Document, Page
from pipeline.store import files

SCAN = Path(__file__).parent.parent / "samples" / "tb-hop-scan" / "source.pdf"


def test_readings_of_other_readers_are_not_used(tmp_path, monkeypatch):
    calls = []

    def scan_reader(data: bytes, name: str) -> Document:
        calls.append(name)
        page = Page(number=1, start=0, end=4, source="ocr")
        return Document(
            name=name, media_type="image/png", sha256="a" * 64, size=4, text="UBND", pages=(page,)
        )

    monkeypatch.setattr("pipeline.readers.read", scan_reader)
    for version, expected in (("1", 1), ("1", 1), ("2", 2), ("2", 2), ("1", 2)):
        monkeypatch.setattr(readings, "READING_VERSION", version)
        readings.read_document(tmp_path, "a" * 64, b"scan", "a.png", again=False)
        assert len(calls) == expected


def _options(out: Path, *, read_again: bool = False) -> LoadOptions:
    task = TaskOptions(str(out), durable=False, read_again=read_again)
    return LoadOptions(out, WorkerOptions(task), jobs=1)


@pytest.mark.slow
@pytest.mark.ocr
def test_a_scan_is_done_again_without_ocr(tmp_path):
    out = tmp_path / "out"
    assert load([SCAN], _options(out)).counts["done"] == 1
    (sha256,) = files.record_ids(out)
    path, kept = readings.reading_path(out, sha256), readings.kept_reading(out, sha256)
    assert kept is not None
    assert "THÔNG BÁO" in kept.text
    # told apart from what the picture says: who reads the picture again finds the old words
    marked = kept.model_copy(update={"text": kept.text.replace("THÔNG BÁO", "THÔNG BÀO")})
    path.write_bytes(gzip.compress(marked.model_dump_json().encode()))
    for read_again, text in ((False, marked.text), (True, kept.text), (False, kept.text)):
        options = _options(out, read_again=read_again)
        assert run("reprocess", options, gather(Selection())).counts["done"] == 1
        assert files.read_record(out, sha256).text == text
