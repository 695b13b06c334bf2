"""Plain text and Markdown dumps: encodings put right, every character kept, furniture marked."""

from __future__ import annotations

import hashlib

from pipeline.document import Document, Page, ReadIssue
from pipeline.readers.encodings import decode
from pipeline.readers.limits import Limits, within


def read_plain(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document:
    """One page, one block a line; the text is what the bytes say, in NFC, with "\\n" line ends."""
    decoded = decode(data)
    within("max_characters", len(decoded.text), limits.max_characters)
    issues: tuple[ReadIssue, ...] = ()
    if decoded.damaged:
        issues = (ReadIssue(code="encoding-damaged", message="bytes that no encoding explains"),)
    return Document(
        name=name,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        text=decoded.text,
        pages=(Page(number=1, start=0, end=len(decoded.text), source="plain"),),
        issues=issues,
        reading={"encoding": "+".join(decoded.encodings)},
    )
