"""What a file is, from its bytes alone: names and extensions lie too often in an archive."""

from __future__ import annotations

import io
import re
import zipfile

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
COMPOUND = "application/x-ole-storage"
"""A compound file of which it is not known what it holds."""
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
FLAT_WORD = "application/x-wordml"
HTML = "text/html"
MHTML = "multipart/related"
PLAIN = "text/plain"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
ZIP = "application/zip"
TIFF = "image/tiff"
ENCRYPTED = "application/x-encrypted-office"
BINARY = "application/octet-stream"
IMAGES = (TIFF, "image/png", "image/jpeg", "image/bmp", "image/webp", "image/gif", "image/jp2")

_HEAD = 4096
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r") + b"\x7f"
_TEXT_PAGES = (0x00, 0x01, 0x03, 0x1E, 0x20, 0x21, 0x22, 0x25, 0x26, 0xF0)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF8", "image/gif"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
    (b"{\\rtf", RTF),
    # formats that congvan names in its refusal, so that a person knows what to convert
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"%!PS", "application/postscript"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
)
_ZIP_PARTS: tuple[tuple[str, str], ...] = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
)
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CFB_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),
    ("__properties_version1.0", MSG),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.I | re.S,
)
_TAG_FIRST = re.compile(
    rb"\s*<(?:title|meta|table|div|p|font|h[1-6]|article|section|span)[\s>]", re.I
)
_CLOSING_TAG = re.compile(rb"</(?:p|div|td|tr|table|span|li|h[1-6]|a|article)\s*>", re.I)
_HTML_ANYWHERE = re.compile(rb"<(?:html|body)[\s>]", re.I)
_WORDML = re.compile(
    rb"<\?mso-application\s+progid=\"Word\.Document\"|<w:wordDocument[\s>]|<pkg:package[\s>]"
)
_MAIL_FIELD = re.compile(
    rb"^(?:Received|Return-Path|From|To|Cc|Subject|Date|Message-ID|MIME-Version|Content-Type"
    rb"|Delivered-To|X-[A-Za-z-]+|DKIM-Signature|Reply-To|Snapshot-Content-Location):[ \t]?",
    re.I | re.M,
)
_MAIL_MARK = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Return-Path):", re.I | re.M)
_MHTML = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)


def sniff(data: bytes) -> str:
    """The media type of `data`; text/plain for anything that can be text, else octet-stream."""
    head = data[:_HEAD]
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and len(data) > 26:
        return "image/bmp"
    if head.startswith(_CFB):
        return _compound_type(data)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    if b"%PDF-" in head[:1024]:  # ISO 32000 Annex H: the mark may follow leading junk
        return PDF
    return _text_type(data, head)


def _zip_type(data: bytes) -> str:
    """The package that a ZIP is, by its parts; a ZIP that cannot be opened is still a ZIP."""
    if data[30:38] == b"mimetype" and data[38 : 38 + len(ODT)] == ODT.encode():
        return ODT
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # a truncated DOCX still shows its first parts: name it, so that the refusal is plain
        return DOCX if b"word/" in data[:_HEAD] and b"[Content_Types].xml" in data else ZIP
    for part, media_type in _ZIP_PARTS:
        if part in names:
            return media_type
    if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names):
        return DOCX
    return ZIP


def _compound_type(data: bytes) -> str:
    """The Office type of a compound file, from its directory names (UTF-16) wherever they lie."""
    for name, media_type in _CFB_STREAMS:
        if name.encode("utf-16-le") in data:
            return media_type
    return COMPOUND


def _text_type(data: bytes, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        plain = _without_bom(head)
    elif utf16_order(head):
        plain = head.replace(b"\0", b"")
    elif _is_binary(head):
        return BINARY
    else:
        plain = head
    if _WORDML.search(plain):
        return FLAT_WORD
    if _is_mail(plain):
        return MHTML if _MHTML.search(plain) else EML
    return HTML if _is_html(plain) else PLAIN


def _is_html(head: bytes) -> bool:
    """A page by its first tag, or a fragment of one: text with a few tags in it is still text."""
    if _HTML.match(head):
        return True
    closing = len(_CLOSING_TAG.findall(head))
    return closing >= 3 and bool(_TAG_FIRST.match(head) or _HTML_ANYWHERE.search(head))


def _without_bom(head: bytes) -> bytes:
    return head[3:] if head.startswith(b"\xef\xbb\xbf") else head[2:].replace(b"\0", b"")


def utf16_order(data: bytes) -> str | None:
    """The codec of UTF-16 without a mark, or None.

    One byte of each pair is the page of the letter: 00 for Latin, 01 and 1E for Vietnamese ones.
    """
    head = data[:_HEAD]
    if len(head) < 8 or b"\0" not in head:
        return None
    for pages, codec in ((head[1::2], "utf-16-le"), (head[0::2], "utf-16-be")):
        known = sum(pages.count(page) for page in _TEXT_PAGES)
        if pages.count(0) > 0.35 * len(pages) and known > 0.97 * len(pages):
            other = head[0::2] if codec.endswith("le") else head[1::2]
            if other.count(0) <= 0.05 * len(other):
                return codec
    return None


def _is_binary(head: bytes) -> bool:
    """Many control bytes: VISCII puts six rare capitals there, no other encoding of text any."""
    if b"\0" in head:
        return True
    return len(head) - len(head.translate(None, _CONTROL)) > 0.05 * len(head)


def _is_mail(head: bytes) -> bool:
    """At least three header fields and one that only mail has, before the first blank line."""
    head = head.lstrip()
    if not _MAIL_FIELD.match(head.split(b"\n", 1)[0]):
        return False
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_MAIL_MARK.search(block)) and len(_MAIL_FIELD.findall(block)) >= 3
