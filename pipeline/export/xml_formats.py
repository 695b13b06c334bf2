"""XML exchange formats: the edXML message header and the description of documents for archives."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lxml import etree

from pipeline.errors import CongvanError
from pipeline.export.fields import Losses, codes, day_of, priority, text_of, type_name
from pipeline.record import Record
from pipeline.resources import models_dir

_EDXML_HELD = (
    "kind",
    "number",
    "symbol",
    "issued_on",
    "place",
    "issuer",
    "parent_agency",
    "title",
    "signer",
    "signer_title",
    "authority",
    "urgency",
    "addressees",
    "recipients",
)
_EAD_HELD = ("kind", "number", "symbol", "issued_on", "issuer", "title", "signer", "secrecy")


class SchemaInvalidError(CongvanError):
    """XML that was made does not follow its schema. A defect of congvan; nothing is written."""

    reason = "xml-schema"


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(models_dir() / "lexicons" / "exchange" / f"{name}.xsd")))


def validate(root: etree._Element, schema: str) -> None:
    """Check XML against models/lexicons/exchange/SCHEMA.xsd.

    Raises:
        SchemaInvalidError: it does not follow it; says where.
    """
    checker = _schema(schema)
    if not checker.validate(root):
        raise SchemaInvalidError(str(checker.error_log), detail=str(checker.error_log))


def write_edxml(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """edXML headers (QCVN 102:2016/BTTTT), one MessageHeader a document."""
    root = etree.Element("edXMLHeaders")
    for record in records:
        root.append(message_header(record, losses))
    return _write(root, "edxml-header", path)


def message_header(record: Record, losses: Losses) -> etree._Element:
    """One MessageHeader. The document names no organ ids, so these stay empty."""
    header = record.header
    top = etree.Element("MessageHeader")
    day = day_of(record, losses, "PromulgationDate", header.issued_on, "{y}/{m}/{d}")
    number = text_of(record, losses, "CodeNumber", header.number, needed=True)
    notation = text_of(record, losses, "CodeNotation", header.symbol, needed=True)
    issuer = text_of(record, losses, "From.OrganName", header.issuer, needed=True)
    _organ(top, "From", issuer, text_of(record, losses, "InCharge", header.parent_agency))
    names = [text_of(record, losses, "To.OrganName", a) for a in header.addressees]
    for name in names or [text_of(record, losses, "To.OrganName", None, needed=True)]:
        _organ(top, "To", name)
    _group(top, "Code", CodeNumber=number, CodeNotation=notation)
    place = text_of(record, losses, "Place", header.place)
    _group(top, "PromulgationInfo", Place=place, PromulgationDate=day)
    kind = header.kind.value if header.kind else ""
    _group(top, "DocumentType", Type=kind, TypeName=type_name(record))
    _leaf(top, "Subject", text_of(record, losses, "Subject", header.title, needed=True))
    _group(
        top,
        "SignerInfo",
        Competence=text_of(record, losses, "Competence", header.authority),
        Position=text_of(record, losses, "Position", header.signer_title),
        FullName=text_of(record, losses, "FullName", header.signer),
    )
    if header.recipients:
        places = etree.SubElement(top, "ToPlaces")
        for recipient in header.recipients:
            _leaf(places, "Place", text_of(record, losses, "ToPlaces", recipient))
    urgency, pages = str(priority(record, losses)), str(len(record.pages))
    _group(top, "OtherInfo", Priority=urgency, PageAmount=pages)
    _leaf(top, "DocumentId", f",{day},{number}/{notation}")
    losses.note(record, "OrganId", "no-value")
    losses.note_rest(record, _EDXML_HELD)
    return top


def write_ead(records: Iterable[Record], path: Path, losses: Losses) -> int:
    """EAD_doc descriptions (Thông tư 05/2025/TT-BNV), one `ead` a document."""
    root = etree.Element("eads")
    for record in records:
        root.append(ead_document(record, losses))
    return _write(root, "ead-doc", path)


def ead_document(record: Record, losses: Losses) -> etree._Element:
    """The 21 fields of a document in a SIP, in order.

    The archive gives ids, codes and periods of keeping; they stay empty. The form has no field for
    the signer, who goes into `description`.
    """
    header, lists = record.header, codes()
    kind = header.kind.value if header.kind else ""
    entry = lists["type_names"].get(kind)
    if entry is None:
        losses.note(record, "typeName", "no-code", kind)
    signer = f"Người ký: {header.signer.value}" if header.signer else ""
    values = {
        "docId": "",
        "docCode": "",
        "maintenance": "",
        "typeName": entry["tt05"] if entry else lists["tt05_other"],
        "codeNumber": text_of(record, losses, "codeNumber", header.number, 11),
        "codeNotation": text_of(record, losses, "codeNotation", header.symbol, 30),
        "issuedDate": day_of(record, losses, "issuedDate", header.issued_on, "{d}/{m}/{y}"),
        "organName": text_of(record, losses, "organName", header.issuer, 200, needed=True),
        "subject": text_of(record, losses, "subject", header.title, 500, needed=True),
        "language": lists["tt05_language"],
        "numberOfPage": str(len(record.pages)),
        "inforSign": "",
        "keyword": "",
        "mode": lists["tt05_mode"]["secret" if header.secrecy else "open"],
        "confidenceLevel": _confidence_level(record),
        "autograph": "",
        "format": "",
        "riskRecovery": "",
        "riskRecoveryStatus": "",
        "process": "",
        "description": text_of(record, losses, "description", signer, 500),
    }
    losses.note_empty(record, values)
    losses.note_rest(record, _EAD_HELD)
    ead = etree.Element("ead")
    for name, value in values.items():
        _leaf(ead, name, value)
    return ead


def _confidence_level(record: Record) -> str:
    """Where the file comes from (not how sure OCR is): born digital, digitised, or both."""
    scanned = [page.source in ("ocr", "ocr-layer") for page in record.pages]
    levels = codes()["tt05_confidence"]
    name = "born_digital" if not any(scanned) else "digitised" if all(scanned) else "mixed"
    return str(levels[name])


def _leaf(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, name).text = value


def _group(parent: etree._Element, name: str, /, **values: str) -> None:
    group = etree.SubElement(parent, name)
    for inner, value in values.items():
        _leaf(group, inner, value)


def _organ(parent: etree._Element, role: str, name: str, above: str = "") -> None:
    organ = etree.SubElement(parent, role)
    _leaf(organ, "OrganId", "")
    if above:
        _leaf(organ, "OrganizationInCharge", above)
    _leaf(organ, "OrganName", name)


def _write(root: etree._Element, schema: str, path: Path) -> int:
    if not len(root):
        return 0
    validate(root, schema)
    content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    path.write_bytes(content)
    return len(root)
