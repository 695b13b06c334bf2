"""ZIP files, messages and folders of page images: the documents inside, one by one.

Names from inside are labels ("thu.eml!/ke-hoach.pdf"); none is ever used as a path.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message

from pipeline.document import Document
from pipeline.errors import (
    CorruptFileError,
    EmptyFileError,
    InputError,
    LimitError,
    UnsupportedTypeError,
)
from pipeline.readers import sniff as types
from pipeline.readers.cfb import Storage, read_compound
from pipeline.readers.limits import Limits, within
from pipeline.readers.safe_zip import member_bytes, opened
from pipeline.text.fold import nfc
from pipeline.text.paths import path_text

CONTAINERS = frozenset({types.ZIP, types.EML, types.MSG})
_JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|~\$|Thumbs\.db$|desktop\.ini$)", re.I)
_NUMBERED = re.compile(r"^(?P<stem>.*?)(?P<number>\d{1,5})(?P<rest>\D*)$")
_PROPERTY = "__substg1.0_"
"""Streams of a .msg: this, the number of the property and its type ([MS-OXMSG] 2.4)."""
_ATTACHMENT = "__attach_version1.0_#"


@dataclass(frozen=True, slots=True)
class Member:
    """One document found in a file; `error` says why it could not be taken out."""

    name: str
    data: bytes
    error: InputError | None = None


def is_container(data: bytes) -> bool:
    """Whether `data` holds documents of its own; a ZIP of page images is one document."""
    media_type = types.sniff(data)
    return media_type in CONTAINERS and not (
        media_type == types.ZIP and _is_page_archive(data, Limits())
    )


def open_container(data: bytes, name: str, limits: Limits | None = None) -> Iterator[Member]:
    """The documents in `data`, those of nested containers too, each named "outer!/inner".

    Anything that is no container is its own only member. What cannot be opened comes as a member
    with an error; the others still come. Names are unique within one container.
    """
    limits = limits or Limits()
    yield from _open(data, name, limits, limits.max_depth, [limits.max_unzipped_bytes])


def _open(data: bytes, name: str, limits: Limits, depth: int, room: list[int]) -> Iterator[Member]:
    media_type = types.sniff(data)
    opener = {types.ZIP: _zip_members, types.EML: _mail_members, types.MSG: _outlook_members}.get(
        media_type
    )
    if opener is None or (media_type == types.ZIP and _is_page_archive(data, limits)):
        yield Member(name, data)
        return
    if depth == 0:
        error = LimitError("nested too deep", what="max_depth", limit=limits.max_depth)
        yield Member(name, b"", error)
        return
    used: set[str] = set()
    try:
        for count, member in enumerate(opener(data, limits), start=1):
            within("max_members", count, limits.max_members)
            room[0] -= len(member.data)
            if room[0] < 0:
                limit = limits.max_unzipped_bytes
                raise LimitError("unpacks to too much", what="max_unzipped_bytes", limit=limit)
            label = f"{name}!/{_unique(_label(member.name), used)}"
            if member.data:
                yield from _open(member.data, label, limits, depth - 1, room)
            else:
                yield Member(label, b"", member.error or EmptyFileError(name=label))
    except InputError as error:
        yield Member(name, b"", error)


def _label(name: str) -> str:
    """A name from inside as a label: text that can be stored, no absolute or upward path."""
    steps = nfc(name).replace("\\", "/").split("/")
    label = "/".join(step for step in steps if step not in ("", ".", ".."))[:200]
    return path_text(label) or "unnamed"


def _unique(label: str, used: set[str]) -> str:
    number, candidate = 1, label
    while candidate in used:
        number += 1
        candidate = f"{label} ({number})"
    used.add(candidate)
    return candidate


def _zip_members(data: bytes, limits: Limits) -> Iterator[Member]:
    """Files of an archive; the page images of one folder are packed together as one document."""
    with opened(data, limits) as archive:
        files = _files(archive)
        groups = _page_groups([_zip_name(info) for info in files])
        grouped = {name: folder for folder, names in groups.items() for name in names}
        done: set[str] = set()
        for info in files:
            name = _zip_name(info)
            folder = grouped.get(name)
            if folder is None:
                yield _zip_member(archive, info, name)
            elif folder not in done:
                done.add(folder)
                yield _packed(archive, files, groups[folder], folder)


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [i for i in archive.infolist() if not i.is_dir() and not _JUNK.search(i.filename)]


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as written: without the UTF-8 flag, Windows of Vietnam wrote its own code page."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1258", "surrogateescape")


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    try:
        return Member(name, member_bytes(archive, info))
    except InputError as error:
        return Member(name, b"", error)


def _packed(
    archive: zipfile.ZipFile, files: Sequence[zipfile.ZipInfo], names: Sequence[str], folder: str
) -> Member:
    by_name = {_zip_name(info): info for info in files}
    try:
        pages = {name: member_bytes(archive, by_name[name]) for name in names}
    except InputError as error:
        return Member(folder, b"", error)
    return Member(folder, pack_pages(pages))


def _page_groups(names: Sequence[str]) -> dict[str, list[str]]:
    """Folders (by label) whose files are the numbered page images of one document."""
    folders: dict[str, list[str]] = {}
    for name in names:
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    groups = {folder: page_order(inside) for folder, inside in folders.items()}
    return {folder or "pages": pages for folder, pages in groups.items() if pages}


def page_order(names: Sequence[str]) -> list[str] | None:
    """File names in page order when they number the pages of one document, else None.

    Two or more images that differ only in a number, without a gap: "trang-1.jpg", "trang-2.jpg".
    """
    numbered: dict[int, str] = {}
    shapes = set()
    for name in names:
        file = name.rpartition("/")[2]
        stem, dot, extension = file.rpartition(".")
        found = _NUMBERED.match(stem)
        if not dot or not found or extension.lower() not in _IMAGE_SUFFIXES:
            return None
        shapes.add((found["stem"].lower(), found["rest"].lower(), extension.lower()))
        numbered[int(found["number"])] = name
    first = min(numbered, default=0)
    whole = sorted(numbered) == list(range(first, first + len(names)))
    if len(names) < 2 or len(shapes) != 1 or not whole or first > 1:
        return None
    return [numbered[number] for number in sorted(numbered)]


_IMAGE_SUFFIXES = frozenset({"jpg", "jpeg", "png", "tif", "tiff", "bmp", "webp", "jp2"})


def pack_pages(pages: Mapping[str, bytes]) -> bytes:
    """Page images as the bytes of one document: a plain ZIP, the same for the same pages."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, (name, page) in enumerate(pages.items(), start=1):
            suffix = name.rpartition(".")[2].lower()
            info = zipfile.ZipInfo(f"page-{number:05d}.{suffix}", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, page)
    return target.getvalue()


def _is_page_archive(data: bytes, limits: Limits) -> bool:
    """Whether a ZIP holds page images of one document and nothing else, by names and bytes."""
    try:
        with opened(data, limits) as archive:
            files = _files(archive)
            order = page_order([_zip_name(info) for info in files])
            if order is None or len({name.rpartition("/")[0] for name in order}) != 1:
                return False
            return all(_starts_as_image(archive, info) for info in files)
    except InputError:
        return False


def _starts_as_image(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(info) as file:
            return types.sniff(file.read(64)) in types.IMAGES
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError):
        return False


def read_page_archive(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """A ZIP of page images as one document, by OCR. Any other ZIP must be opened, not read."""
    from pipeline.readers.image import read_images

    if not _is_page_archive(data, limits):
        raise UnsupportedTypeError("an archive is opened, not read", media_type=media_type)
    with opened(data, limits) as archive:
        by_name = {_zip_name(info): info for info in _files(archive)}
        pages = [member_bytes(archive, by_name[page]) for page in page_order(list(by_name)) or ()]
    return read_images(pages, data, name=name, media_type=media_type, limits=limits)


def _mail_members(data: bytes, limits: Limits) -> Iterator[Member]:
    """The body of a message, then its attachments; pictures of the layout are left out."""
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
        yield from _mail_parts(message)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise CorruptFileError(f"a damaged message: {error}") from error


def _mail_parts(message: Message) -> Iterator[Member]:
    if not isinstance(message, EmailMessage):
        return
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None and (text := _payload(body)):
        suffix = "html" if body.get_content_subtype() == "html" else "txt"
        yield Member(f"body.{suffix}", text)
    for number, part in enumerate(message.iter_attachments(), start=1):
        if part.get_content_disposition() != "attachment" and part.get("Content-ID"):
            continue
        name = part.get_filename() or f"attachment-{number}"
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            inner_bytes = inner.as_bytes() if isinstance(inner, Message) else b""
            yield Member(name if name.endswith(".eml") else f"{name}.eml", inner_bytes)
        else:
            yield Member(name, _payload(part))


def _payload(part: Message) -> bytes:
    """The bytes of a part; text is brought to UTF-8, its own charset known only here."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    if charset and part.get_content_maintype() == "text" and charset.lower() != "utf-8":
        try:
            return data.decode(charset).encode("utf-8")
        except (LookupError, UnicodeDecodeError):
            return data  # the reader finds out by itself
    return data


def _outlook_members(data: bytes, limits: Limits) -> Iterator[Member]:
    yield from _outlook_parts(read_compound(data), limits.max_depth)


def _outlook_parts(message: Storage, depth: int) -> Iterator[Member]:
    """Body and attachments of a .msg storage; messages attached to it are opened in place."""
    body = _text_property(message, "1000")
    if body.strip():
        yield Member("body.txt", body.encode("utf-8"))
    elif html := message.streams.get(f"{_PROPERTY}10130102"):
        yield Member("body.html", html)
    for key in sorted(message.storages):
        if not key.startswith(_ATTACHMENT):
            continue
        attachment = message.storages[key]
        name = _text_property(attachment, "3707") or _text_property(attachment, "3704")
        name = name or _text_property(attachment, "3001") or f"attachment-{key[-2:]}"
        embedded = attachment.storages.get(f"{_PROPERTY}3701000D")
        if embedded is None:
            yield Member(name, attachment.streams.get(f"{_PROPERTY}37010102", b""))
        elif depth <= 1:
            limit = LimitError("nested too deep", what="max_depth")
            yield Member(name, b"", limit)
        else:
            for part in _outlook_parts(embedded, depth - 1):
                yield Member(f"{name}!/{part.name}", part.data, part.error)


def _text_property(storage: Storage, number: str) -> str:
    wide = storage.streams.get(f"{_PROPERTY}{number}001F")
    if wide is not None:
        return nfc(wide.decode("utf-16-le", "replace")).rstrip("\0")
    narrow = storage.streams.get(f"{_PROPERTY}{number}001E", b"")
    return nfc(narrow.decode("cp1258", "replace")).rstrip("\0")
