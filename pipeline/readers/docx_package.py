"""The parts of a Word file: measured, refused when dangerous, repaired when merely sloppy."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.package import Package
from lxml import etree

from pipeline.errors import CorruptFileError, InputError
from pipeline.readers.limits import Limits, within
from pipeline.readers.safe_zip import member_bytes, opened
from pipeline.readers.sniff import IMAGES, sniff

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
_STRICT_NAMES = (b"officeDocument/relationships", b"wordprocessingml/main", b"drawingml/main")
"""ISO/IEC 29500 Strict calls `purl…/X/Y` what the Transitional form calls `schemas…/X/2006/Y`."""
_RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*?/?>")
_TARGET = re.compile(rb"\bTarget\s*=\s*\"([^\"]*)\"")
_EXTERNAL = re.compile(rb"\bTargetMode\s*=\s*\"External\"")
_ID = re.compile(rb"\bId\s*=\s*\"([^\"]*)\"")
_EMBED = re.compile(rb"\b(?:r:embed|r:id)\s*=\s*\"([^\"]*)\"")
_MAIN, _MAIN_RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


@dataclass(frozen=True, slots=True)
class WordParts:
    """Roots of the XML parts that hold text or say how it is shown."""

    document: Any
    styles: Any | None
    numbering: Any | None
    headers: tuple[Any, ...]
    footers: tuple[Any, ...]
    footnotes: Any | None
    endnotes: Any | None
    has_comments: bool


def word_parts(data: bytes, limits: Limits) -> WordParts:
    """The parts of the DOCX in `data`.

    Raises CorruptFileError (also for a DOCTYPE in a part), EncryptedFileError, LimitError.
    """
    package = _checked(data, limits)
    try:
        main = Package.open(io.BytesIO(package)).main_document_part
        return _collect(main)
    except InputError:
        raise
    except (
        KeyError,
        ValueError,
        AttributeError,
        PackageNotFoundError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
    ) as error:
        raise CorruptFileError(f"not a readable Word file: {error}") from error


def pictures(data: bytes, limits: Limits) -> list[bytes]:
    """The raster pictures of the body, in the order in which they stand in it.

    Raises CorruptFileError, EncryptedFileError, LimitError.
    """
    with opened(data, limits) as archive:
        names = set(archive.namelist())
        if not {_MAIN, _MAIN_RELATIONS} <= names:
            return []
        targets = dict(_targets(member_bytes(archive, _MAIN_RELATIONS)))
        used = _EMBED.findall(member_bytes(archive, _MAIN))
        wanted = dict.fromkeys(targets[key] for key in used if key in targets)
        found = [member_bytes(archive, name) for name in wanted if name in names]
    return [picture for picture in found if sniff(picture) in IMAGES]


def _targets(relations: bytes) -> Iterator[tuple[bytes, str]]:
    for relation in _RELATIONSHIP.findall(relations):
        key, target = _ID.search(relation), _TARGET.search(relation)
        if key and target and not _EXTERNAL.search(relation):
            yield key.group(1), _absolute(target.group(1).decode("utf-8", "replace"), "word")


def _collect(main: Part) -> WordParts:
    by_type: dict[str, list[Part]] = {}
    for relation in main.rels.values():
        if not relation.is_external:
            by_type.setdefault(relation.reltype.rsplit("/", 1)[-1], []).append(relation.target_part)

    def root(kind: str) -> Any | None:
        parts = by_type.get(kind)
        return _root(parts[0]) if parts else None

    return WordParts(
        document=_root(main),
        styles=root("styles"),
        numbering=root("numbering"),
        headers=tuple(map(_root, by_type.get("header", ()))),
        footers=tuple(map(_root, by_type.get("footer", ()))),
        footnotes=root("footnotes"),
        endnotes=root("endnotes"),
        has_comments="comments" in by_type,
    )


def _root(part: Part) -> Any:
    """The parsed part; python-docx parses the parts it knows, and leaves templates as bytes."""
    element = getattr(part, "element", None)
    return parse_xml(part.blob) if element is None else element


def _checked(data: bytes, limits: Limits) -> bytes:
    """`data` measured, as a package of its XML parts alone: no picture is ever unpacked.

    Relationships to parts that are left out, or were never there ("NULL"), go as well.
    """
    parts: dict[str, bytes] = {}
    with opened(data, limits) as archive:
        for info in archive.infolist():
            if info.filename.endswith((".xml", ".rels")):
                within("max_part_bytes", info.file_size, limits.max_part_bytes)
                parts[info.filename] = member_bytes(archive, info)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for name, part in parts.items():
            _refuse_doctype(part, name)
            copy.writestr(name, _mended(name, part, parts.keys()))
    return target.getvalue()


def _refuse_doctype(part: bytes, name: str) -> None:
    """Office never writes a DOCTYPE; one is there to blow up or to reach outside."""
    head = part[:2]
    text = part.decode("utf-16", "ignore").encode() if head in (b"\xff\xfe", b"\xfe\xff") else part
    if _DOCTYPE.search(text.replace(b"\0", b"")):
        raise CorruptFileError(f"a DOCTYPE in {name}", part=name)


def _mended(name: str, part: bytes, names: Container[str]) -> bytes:
    if b"purl.oclc.org" in part:
        for path in _STRICT_NAMES:
            transitional = _TRANSITIONAL + path.replace(b"/", b"/2006/")
            part = part.replace(_STRICT + path, transitional)
    if name.endswith(".rels"):
        base = name.replace("_rels/", "").rsplit("/", 1)[0] if "/" in name else ""
        base = "" if name == "_rels/.rels" else base
        part = _RELATIONSHIP.sub(lambda match: _kept(match.group(), base, names), part)
    return part


def _kept(relation: bytes, base: str, names: Container[str]) -> bytes:
    """A relationship, or nothing when it points at a part that is not in the package."""
    target = _TARGET.search(relation)
    if target is None or _EXTERNAL.search(relation):
        return relation
    path = _absolute(target.group(1).decode("utf-8", "replace"), base)
    return relation if path in names else b""


def _absolute(path: str, base: str) -> str:
    """The part that a relationship of a part in folder `base` points at."""
    steps: list[str] = []
    for step in (path if path.startswith("/") else f"{base}/{path}").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
