"""What is drawn or measured of pages once and kept under OUT/pages: pictures, boxes of words."""

from __future__ import annotations

import gzip
import io
import json
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.bulk.readings import reading_path
from pipeline.desk.document_boxes import Words
from pipeline.errors import CongvanError
from pipeline.readers import read_guarded
from pipeline.readers.limits import Limits
from pipeline.readers.pictures import page_picture
from pipeline.record import Record
from pipeline.review.anchoring import text_hash
from pipeline.store.files import source_path, write_atomic

DRAWN = ("application/pdf", "image/")
"""Types of sources that have pages to look at."""
_ONE_AT_A_TIME = threading.Semaphore(2)
"""Children that draw at the same time: an office PC has two cores to spare, not ten."""
_READ_AGAIN = Limits(seconds=20)
_MOST_PAGES = 60
"""Pages up to which a PDF with text is read again for its words; readings of longer ones are kept
(`pipeline.bulk.readings`), as those of all scans are."""


def has_pictures(out: Path, document_id: str, media_type: str) -> bool:
    """Whether pages of this document can be looked at: its source is kept and is drawn."""
    return media_type.startswith(DRAWN) and source_path(out, document_id) is not None


def cached_picture(out: Path, document_id: str, number: int) -> Path | None:
    """The file with the picture of a page, drawn now when it is not there yet; None without source.

    Raises:
        InputError: the page cannot be drawn.
        StoreError: the picture cannot be kept.
    """
    path = _folder(out, document_id) / f"{number}.webp"
    if path.is_file():
        return path
    source = source_path(out, document_id)
    if source is None:
        return None
    with _ONE_AT_A_TIME:
        if not path.is_file():
            write_atomic(path, page_picture(source, number), durable=False)
    return path


def cached_words(out: Path, record: Record) -> Words:
    """The words of a record with their boxes; none where the pages cannot tell."""
    path = _folder(out, record.id) / f"words-{text_hash(record.text)[:16]}.npy"
    with suppress(OSError, ValueError):
        return np.asarray(np.load(path, allow_pickle=False), dtype=np.float64).reshape(-1, 6)
    words = _words(out, record)
    content = io.BytesIO()
    np.save(content, words.astype(np.float32), allow_pickle=False)
    with suppress(CongvanError):
        write_atomic(path, content.getvalue(), durable=False)
    return words


def _folder(out: Path, document_id: str) -> Path:
    return out / "pages" / document_id[:2] / document_id


def _words(out: Path, record: Record) -> Words:
    """From the kept reading, else by reading a short PDF with text again, walled in."""
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError):
        kept = json.loads(gzip.decompress(reading_path(out, record.id).read_bytes()))
        if kept["text"] == record.text:
            return _array((w["start"], w["end"], w["box"]) for w in kept["words"])
    source = source_path(out, record.id)
    cheap = len(record.pages) <= _MOST_PAGES and all(p.source == "text" for p in record.pages)
    if source is not None and cheap:
        with suppress(CongvanError), _ONE_AT_A_TIME:
            document = read_guarded(source, record.source.name, limits=_READ_AGAIN)
            if document.text == record.text:
                return _array((word.start, word.end, word.box) for word in document.words)
    return _array(())


def _array(words: Iterable[tuple[int, int, Any]]) -> Words:
    rows = [(start, end, *box) for start, end, box in words if box is not None]
    return np.array(rows, dtype=np.float64).reshape(-1, 6)
