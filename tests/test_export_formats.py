"""Exchange formats: right fields, valid XML, and nothing dropped silently."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.export.calendar import escaped, folded
from pipeline.export.dictionary import data_dictionary, ddl
from pipeline.export.fields import Losses
from pipeline.export.formats import EXPORTERS, export
from pipeline.export.xml_formats import SchemaInvalidError, validate
from pipeline.record import Record
from tests.records import notice
from tests.stores import plain, write

ROOT = Path(__file__).resolve().parents[1]


def full() -> Record:
    draft = notice(number="229", symbol="TB-SXD", day="2023-07-24")
    draft.header["urgency"] = draft.found("HỎA TỐC")
    draft.header["authority"] = draft.found("KT. GIÁM ĐỐC", value="KT.")
    draft.header["signer_title"] = draft.found("PHÓ GIÁM ĐỐC")
    draft.header["addressees"] = (draft.found("Các phòng, đơn vị trực thuộc"),)
    draft.header["recipients"] = (draft.found("Như trên"), draft.found("Lưu: VT"))
    draft.task(
        "Giao Văn phòng Sở rà soát; báo cáo trước ngày 30/9/2023.",
        assignees=["Văn phòng Sở"],
        deadline=("date", "2023-09-30", "trước ngày 30/9/2023"),
    )
    draft.task(
        "Các phòng báo cáo trước ngày 25 hằng tháng.",
        deadline=("recurring", "FREQ=MONTHLY;BYMONTHDAY=25;BYHOUR=16", "trước ngày 25 hằng tháng"),
    )
    draft.task("Hoàn thành sau khi lũ rút.", deadline=("event", "sau khi lũ rút", "sau khi lũ rút"))
    return draft.record()


def bare() -> Record:
    draft = notice(number="1", title="Rất dài " * 100)
    for name in ("number", "symbol", "issuer", "issued_on", "signer", "kind", "place"):
        draft.header[name] = None
    draft.header["issued_on"] = draft.found("tháng 5 năm 2023", value="2023-05")
    return draft.record()


def run(tmp_path: Path, name: str, *records: Record) -> tuple[Path, set[tuple[str, str]]]:
    out = tmp_path / "out"
    write(out, records)
    result = export(out, name, tmp_path / "files" / EXPORTERS[name].file_name)
    return result.path, set(result.losses)


def table(path: Path) -> csv.DictReader[str]:
    return csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))


@pytest.mark.parametrize("name", EXPORTERS)
def test_same_store_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    write(out, [full(), bare(), plain(3)])
    one = export(out, name, tmp_path / "one")
    two = export(out, name, tmp_path / "two")
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.count == two.count > 0


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_empty_store_is_no_error(tmp_path: Path, name: str) -> None:
    write(tmp_path, [])
    assert export(tmp_path, name, tmp_path / "file").count == 0


def test_nd30_fields(tmp_path: Path) -> None:
    path, losses = run(tmp_path, "nd30-csv", full())
    row = next(table(path))
    assert (row["TypeName"], row["CodeNumber"], row["CodeNotation"]) == (
        "Thông báo",
        "229",
        "TB-SXD",
    )
    assert (row["IssuedDate"], row["OrganName"]) == ("24/07/2023", "SỞ XÂY DỰNG")
    assert (row["SignerInfo.Position"], row["SignerInfo.FullName"]) == (
        "PHÓ GIÁM ĐỐC",
        "Lê Thị Hạnh",
    )
    assert (row["To.OrganName"], row["Priority"], row["PageAmount"]) == (
        "Như trên; Lưu: VT",
        "3",
        "1",
    )
    assert row["FileCode.OrganId"] == ""
    assert {("FileCode.OrganId", "no-value"), ("DueDate", "no-value")} <= losses
    assert {
        (name, "no-field")
        for name in ("tasks", "addressees", "authority", "parent_agency", "place")
    } <= losses


def test_nd30_lists_what_it_cannot_hold(tmp_path: Path) -> None:
    path, losses = run(tmp_path, "nd30-json", bare())
    document = json.loads(path.read_text(encoding="utf-8"))[0]
    assert len(document["Subject"]) == 500
    assert document["IssuedDate"] == ""
    assert document["SignerInfo"] == {"Position": "", "FullName": ""}
    assert {
        ("Subject", "too-long"),
        ("IssuedDate", "not-a-full-date"),
        ("CodeNumber", "no-value"),
    } <= losses
    listed = list(table(path.parent / "nd30.json.losses.csv"))
    assert any(row["kind"] == "too-long" and row["value"].startswith("Rất dài") for row in listed)


def test_edxml_header(tmp_path: Path) -> None:
    path, losses = run(tmp_path, "edxml", full(), bare())
    root = etree.parse(str(path)).getroot()
    validate(root, "edxml-header")
    header = next(h for h in root if h.findtext("Code/CodeNumber"))
    assert header.findtext("From/OrganName") == "SỞ XÂY DỰNG"
    assert header.findtext("From/OrganizationInCharge") == "UBND TỈNH ĐÔNG HẢI"
    assert header.findtext("To/OrganName") == "Các phòng, đơn vị trực thuộc"
    assert header.findtext("PromulgationInfo/PromulgationDate") == "2023/07/24"
    assert header.findtext("SignerInfo/Competence") == "KT."
    assert header.findtext("OtherInfo/Priority") == "3"
    assert [p.text for p in header.findall("ToPlaces/Place")] == ["Như trên", "Lưu: VT"]
    assert header.findtext("DocumentId") == ",2023/07/24,229/TB-SXD"
    assert {("PromulgationDate", "not-a-full-date"), ("OrganId", "no-value")} <= losses


def test_ead_has_all_fields_in_order(tmp_path: Path) -> None:
    path, losses = run(tmp_path, "ead", full(), bare())
    root = etree.parse(str(path)).getroot()
    validate(root, "ead-doc")
    ead = next(e for e in root if e.findtext("codeNumber"))
    assert len(ead) == 21
    assert ead.findtext("typeName") == "07"
    assert ead.findtext("issuedDate") == "24/07/2023"
    assert (ead.findtext("mode"), ead.findtext("confidenceLevel")) == ("01", "01")
    assert ead.findtext("description") == "Người ký: Lê Thị Hạnh"
    assert {("typeName", "no-code"), ("docCode", "no-value"), ("keyword", "no-value")} <= losses


def test_invalid_xml_is_never_written() -> None:
    with pytest.raises(SchemaInvalidError):
        validate(etree.fromstring("<eads><ead><docId/></ead></eads>"), "ead-doc")


def test_calendar(tmp_path: Path) -> None:
    path, losses = run(tmp_path, "ics", full())
    text = path.read_bytes().decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20230930" in lines
    assert "RRULE:FREQ=MONTHLY;BYMONTHDAY=25" in lines
    assert (
        "SUMMARY:Văn phòng Sở: Giao Văn phòng Sở rà soát\\; báo cáo trước ngày 30/9/2023." in lines
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert {("deadline", "not-a-full-date"), ("deadline", "no-hour")} <= losses


def test_a_calendar_program_reads_the_same(tmp_path: Path) -> None:
    icalendar = pytest.importorskip("icalendar", reason="icalendar is not installed")
    path, _ = run(tmp_path, "ics", full())
    dated, monthly = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert dated.decoded("dtstart") == dt.date(2023, 9, 30)
    assert dated.decoded("dtend") == dt.date(2023, 10, 1)
    quote = "Giao Văn phòng Sở rà soát; báo cáo trước ngày 30/9/2023."
    assert str(dated["summary"]) == f"Văn phòng Sở: {quote}"
    assert str(dated["description"]) == f"{quote}\ntrước ngày 30/9/2023\n229/TB-SXD"
    assert monthly.decoded("dtstart") == dt.date(2023, 7, 25)
    assert dict(monthly["rrule"]) == {"FREQ": ["MONTHLY"], "BYMONTHDAY": [25]}
    assert dated["uid"] != monthly["uid"]


def test_recurring_deadlines_repeat_as_said(tmp_path: Path) -> None:
    rrule = pytest.importorskip("dateutil.rrule", reason="python-dateutil is not installed")
    path, _ = run(tmp_path, "ics", full())
    rule = re.search(r"RRULE:(\S+)", path.read_text(encoding="utf-8"))
    assert rule is not None
    days = rrule.rrulestr(rule[1], dtstart=dt.datetime(2023, 7, 25))
    assert [day.day for day, _ in zip(days, range(3), strict=False)] == [25, 25, 25]


@given(st.text(max_size=300))
def test_calendar_lines_survive_folding(text: str) -> None:
    line = "SUMMARY:" + escaped(text)
    cut = folded(line)
    assert cut.replace("\r\n ", "")[:-2] == line
    assert "\n" not in cut.replace("\r\n", "")


def test_label_studio_offsets(tmp_path: Path) -> None:
    path, _ = run(tmp_path, "label-studio", full())
    task = json.loads(path.read_text(encoding="utf-8"))[0]
    for result in task["predictions"][0]["result"]:
        value = result["value"]
        assert task["data"]["text"][value["start"] : value["end"]] == value["text"]


def test_opensearch_lines(tmp_path: Path) -> None:
    path, _ = run(tmp_path, "opensearch", full())
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    actions, statements = lines[::2], lines[1::2]
    assert [a["index"]["_id"] for a in actions] == [s["statement_id"] for s in statements]
    assert "ra soat" in statements[0]["text_folded"]
    assert path.read_text(encoding="utf-8").endswith("\n")


def test_control_characters_do_not_break_xml(tmp_path: Path) -> None:
    draft = notice()
    draft.header["title"] = draft.found("Về việc \x0crà soát\x01 hồ sơ")
    path, losses = run(tmp_path, "edxml", draft.record())
    assert etree.parse(str(path)).findtext(".//Subject") == "Về việc rà soát hồ sơ"
    assert ("Subject", "character") in losses


def test_secret_documents_are_not_exported(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, [plain(1, secrecy="MẬT"), plain(2)])
    assert export(out, "nd30-csv", tmp_path / "a").count == 1
    assert export(out, "nd30-csv", tmp_path / "b", include_secret=True).count == 2


def test_published_ddl_and_dictionary_are_current() -> None:
    for dialect in ("postgresql", "mysql", "sqlite"):
        published = ROOT / "docs" / "schema" / f"feed-{dialect}.sql"
        assert published.read_text(encoding="utf-8") == ddl(dialect)  # type: ignore[arg-type]
    published = ROOT / "docs" / "data-dictionary.md"
    assert published.read_text(encoding="utf-8") == data_dictionary()


def test_no_run_time_gets_into_exports(tmp_path: Path) -> None:
    for name in EXPORTERS:
        path, _ = run(tmp_path / name, name, full())
        today = dt.date.today().strftime("%Y-?%m-?%d").encode()
        assert not re.search(today, path.read_bytes())


def test_what_is_not_held_is_listed_with_its_value() -> None:
    record = full()
    everything, nothing = Losses(), Losses()
    everything.note_rest(record, ())
    held = {loss.field: loss.value for loss in everything.found}
    filled = {name for name in type(record.header).model_fields if getattr(record.header, name)}
    assert filled - {"code", "nulls"} <= held.keys()
    assert held["parent_agency"] == "UBND TỈNH ĐÔNG HẢI"
    assert (held["recipients"], held["tasks"]) == ("Như trên; Lưu: VT", "3")
    nothing.note_rest(record, held.keys())
    assert nothing.found == []


@pytest.mark.parametrize("name", EXPORTERS)
def test_no_value_of_a_header_is_lost_silently(tmp_path: Path, name: str) -> None:
    record = full()
    path, losses = run(tmp_path, name, record)
    written = path.read_bytes().decode("utf-8", errors="ignore").replace("\r\n ", "")
    listed = {field for field, _ in losses}
    transformed = {"kind", "issued_on", "urgency"}  # a code, a date, a number in the format
    for field in type(record.header).model_fields:
        value = getattr(record.header, field)
        if value and field not in {"code", "nulls", *transformed, *listed}:
            for found in value if isinstance(value, tuple) else (value,):
                assert found.value in written, field


def test_an_unknown_urgency_is_listed(tmp_path: Path) -> None:
    draft = notice()
    draft.header["urgency"] = draft.found("RẤT RẤT GẤP")
    for name in ("nd30-json", "edxml"):
        _, losses = run(tmp_path / name, name, draft.record())
        assert ("Priority", "no-code") in losses


def test_losses_count_by_field() -> None:
    losses = Losses()
    losses.note(full(), "x", "no-value")
    assert [(loss.field, loss.kind) for loss in losses.found] == [("x", "no-value")]


def test_spacy_docs_keep_the_text_and_the_spans(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    record = full()
    path, _ = run(tmp_path, "spacy", record)
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab)
    assert doc.text == record.text
    assert [span.label_ for span in doc.spans["statements"]] == [s.label for s in record.statements]
    for span, task in zip(doc.spans["tasks"], record.tasks, strict=True):
        assert task.quote in span.text
    assert any(" " in token.text for token in doc)  # "báo cáo" is one word
