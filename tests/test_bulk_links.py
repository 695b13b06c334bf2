from contextlib import closing

from bulk_targets import record_of
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bulk.fixity import Finding, check
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found as LedgerEntry
from pipeline.bulk.likeness import bands, likeness, notice_key
from pipeline.bulk.links import link, links
from pipeline.bulk.readings import kept_reading, read_document, reading_path
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import Outcome
from pipeline.document import Document, Page
from pipeline.record import Found, Header, Record
from pipeline.store import files

TEXT = (
    "UBND TỈNH AN HẢI\nVĂN PHÒNG\nThông báo kết luận cuộc họp giao ban công tác tuần về cải cách "
    "hành chính, chuyển đổi số và giải ngân vốn đầu tư công. Giao Phòng Tổng hợp theo dõi, đôn "
    "đốc các đơn vị hoàn thành báo cáo, gửi Văn phòng trước ngày 15 tháng 3 để tổng hợp."
)


def _found(value: str) -> Found[str]:
    return Found(value=value, start=0, end=4, quote="UBND", origin="test")


def _header(number: str | None) -> Header:
    return Header(
        number=_found(number) if number else None,
        symbol=_found("TB-VP"),
        issuer=_found("Văn phòng"),
        issued_on=_found("2026-03-01"),
    )


def _store(ledger: Ledger, out, records: dict[str, tuple[str, str | None]]) -> dict[str, str]:
    ids = {}
    for i, (name, (text, number)) in enumerate(records.items()):
        sha256 = f"{i:064x}"
        record = record_of(name, sha256, text).model_copy(update={"header": _header(number)})
        output = files.write_record(out, record, durable=False)
        kept = files.keep_source_bytes(out, name.encode(), sha256, name="x.txt")
        document = ledger.add([LedgerEntry(Seen(f"/{name}", len(text), 1), sha256, name)])[
            0
        ].document
        outcome = Outcome(document, "done", output=output, media_type="text/plain")
        ledger.mark("r", [_with(outcome, record, kept is not None)])
        ids[sha256] = name
    return ids


def _with(outcome: Outcome, record: Record, kept: bool) -> Outcome:
    return outcome._replace(key=notice_key(record), bands=bands(record.text), kept=kept)


def _noisy(text: str) -> str:
    """The text as a scan gives it: a wrong letter now and then, other line ends."""
    return (
        text.replace("hành chính", "hành chinh")
        .replace("đôn đốc", "đôn đổc")
        .replace(" gửi", " qửi")
    )


def test_copies_of_one_notice_are_linked_and_others_are_not(tmp_path):
    with closing(Ledger(tmp_path)) as ledger:
        ids = _store(
            ledger,
            tmp_path,
            {
                "signed": (TEXT, "12"),
                "scan": (_noisy(TEXT), None),
                "draft": (TEXT + "\nDự thảo.", None),
                "retyped": ("UBND: bản đánh máy lại, lời khác hẳn. " * 9, "12"),
                "next week": (TEXT, "13"),
                "other": ("UBND tỉnh mời họp về phòng cháy, chữa cháy rừng mùa khô. " * 9, "14"),
            },
        )
        link(ledger, tmp_path, list(ids))
        kinds = {(ids[a], ids[b]): kind for a, b, kind, _ in links(ledger)}
    assert kinds[("signed", "retyped")] == "same-notice"
    assert kinds[("signed", "scan")] == kinds[("signed", "draft")] == "near-text"
    assert ("signed", "next week") not in kinds  # the same words, but another number
    assert not [pair for pair in kinds if "other" in pair]
    assert len(list(files.record_ids(tmp_path))) == 6  # linked, never deleted


def test_links_are_found_anew_when_a_document_is_done_again(tmp_path):
    with closing(Ledger(tmp_path)) as ledger:
        ids = list(_store(ledger, tmp_path, {"a": (TEXT, "12"), "b": (TEXT, None)}))
        assert link(ledger, tmp_path, ids) == 1
        document = ledger.query("SELECT id FROM documents WHERE sha256 = ?", ids[1])[0][0]
        ledger.mark("r", [Outcome(document, "done")])
        link(ledger, tmp_path, ids[1:])
        assert links(ledger) == []


@given(st.text(alphabet="aăâbcdđeêghiklmn ", max_size=300))
def test_likeness_of_any_text_with_itself_is_whole(text):
    assert likeness(text, text) in (0.0, 1.0)
    assert bands(text) == bands(text)


def test_fixity_finds_what_changed_is_missing_or_is_not_verbatim(tmp_path):
    names = ("sound", "record changed", "record gone", "not verbatim", "source gone", "source bad")
    with closing(Ledger(tmp_path)) as ledger:
        ids = _store(ledger, tmp_path, {name: (TEXT + name, None) for name in names})
        by_name = {name: sha256 for sha256, name in ids.items()}
        # the kept bytes of these made-up ids: only faults of single files are looked at below
        path = files.record_path(tmp_path, by_name["record changed"])
        path.write_bytes(path.read_bytes() + b" ")
        files.record_path(tmp_path, by_name["record gone"]).unlink()
        path = files.record_path(tmp_path, by_name["not verbatim"])
        path.write_text(
            path.read_text(encoding="utf-8").replace('"quote": "UBND"', '"quote": "UBNX"')
        )
        kept = files.source_path(tmp_path, by_name["source gone"])
        assert kept is not None
        kept.unlink()
        files.write_atomic(files.record_path(tmp_path, "f" * 64), b"{}")
        found = [f for f in check(ledger, tmp_path) if isinstance(f, Finding)]
    faults = {(ids.get(f.sha256, "stranger"), f.what, f.fault) for f in found}
    assert ("record changed", "record", "changed") in faults
    assert ("record gone", "record", "missing") in faults
    assert ("not verbatim", "record", "not-verbatim") in faults
    assert ("source gone", "source", "missing") in faults
    assert ("source bad", "source", "changed") in faults
    assert ("stranger", "record", "unknown") in faults
    assert ("sound", "record", "changed") not in faults


def test_dear_readings_are_kept_and_used_again(tmp_path, monkeypatch):
    sha256 = "a" * 64
    calls = []

    def scan_reader(data: bytes, name: str) -> Document:
        calls.append(name)
        page = Page(number=1, start=0, end=4, source="ocr")
        return Document(
            name=name, media_type="image/png", sha256=sha256, size=4, text="UBND", pages=(page,)
        )

    monkeypatch.setattr("pipeline.readers.read", scan_reader)
    first = read_document(tmp_path, sha256, b"scan", "a.png", again=False)
    assert read_document(tmp_path, sha256, b"scan", "a.png", again=False) == first
    assert len(calls) == 1
    read_document(tmp_path, sha256, b"scan", "a.png", again=True)
    assert len(calls) == 2
    reading_path(tmp_path, sha256).write_bytes(b"damaged")
    assert kept_reading(tmp_path, sha256) is None
    assert read_document(tmp_path, sha256, b"scan", "a.png", again=False) == first
