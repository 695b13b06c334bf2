"""Pictures of pages, drawn once and kept under OUT/pages."""

from __future__ import annotations

import threading
from pathlib import Path

from pipeline.readers.pictures import page_picture
from pipeline.store.files import source_path, write_atomic

DRAWN = ("application/pdf", "image/")
"""Types of sources that have pages to look at."""
_ONE_AT_A_TIME = threading.Semaphore(2)
"""Children that draw at the same time: an office PC has two cores to spare, not ten."""


def has_pictures(out: Path, document_id: str, media_type: str) -> bool:
    """Whether pages of this document can be looked at: its source is kept and is drawn."""
    return media_type.startswith(DRAWN) and source_path(out, document_id) is not None


def cached_picture(out: Path, document_id: str, number: int) -> Path | None:
    """The file with the picture of a page, drawn now when it is not there yet; None without source.

    Raises:
        InputError: the page cannot be drawn.
        StoreError: the picture cannot be kept.
    """
    path = out / "pages" / document_id[:2] / document_id / f"{number}.webp"
    if path.is_file():
        return path
    source = source_path(out, document_id)
    if source is None:
        return None
    with _ONE_AT_A_TIME:
        if not path.is_file():
            write_atomic(path, page_picture(source, number), durable=False)
    return path
