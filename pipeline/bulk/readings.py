"""Documents as they were read, kept where reading was dear: new rules never need OCR again."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

from pydantic import ValidationError

from pipeline.document import Document
from pipeline.store.files import write_atomic

READING_VERSION = "2"
"""Raised when the readers read something differently; readings of another version are not used."""
DEAR_SECONDS = 0.5
DEAR_SOURCES = frozenset({"ocr"})


def reading_path(out: Path, sha256: str) -> Path:
    """Where the reading of these bytes is kept."""
    return out / "readings" / READING_VERSION / sha256[:2] / f"{sha256}.json.gz"


def kept_reading(out: Path, sha256: str) -> Document | None:
    """The kept reading of these bytes; None when there is none, or it is damaged."""
    try:
        content = gzip.decompress(reading_path(out, sha256).read_bytes())
        return Document.model_validate_json(content)
    except (OSError, EOFError, ValidationError, ValueError):
        return None


def read_document(out: Path, sha256: str, content: bytes, name: str, *, again: bool) -> Document:
    """The document of `content`: as kept, else (or `again`) read now, and kept if that was dear.

    Raises:
        InputError: the bytes cannot be read.
    """
    from pipeline.readers import read

    kept = None if again else kept_reading(out, sha256)
    if kept is not None:
        return kept
    started = time.perf_counter()
    document = read(content, name)
    if is_dear(document, time.perf_counter() - started):
        keep_reading(out, sha256, document)
    return document


def keep_reading(out: Path, sha256: str, document: Document) -> None:
    """Keep the reading of these bytes."""
    packed = gzip.compress(document.model_dump_json().encode(), compresslevel=3, mtime=0)
    write_atomic(reading_path(out, sha256), packed, durable=False)


def is_dear(document: Document, seconds: float) -> bool:
    """Whether reading this again would cost noticeably more than keeping it."""
    return seconds > DEAR_SECONDS or any(page.source in DEAR_SOURCES for page in document.pages)
