"""Safety limits of reading: on by default, each one can be changed."""

from __future__ import annotations

from pydantic import Field

from pipeline.document import Frozen
from pipeline.errors import LimitError


class Limits(Frozen):
    """What one document may cost. Sizes are bytes, times are seconds; see docs/reading-formats.md.

    The defaults let every honest office document through: they are some ten times what the largest
    ones of an archive need (measured values beside the defaults in the documentation).
    """

    max_bytes: int = Field(default=200_000_000, gt=0)
    """Size of one file as it lies on disk."""
    max_pages: int = Field(default=2_000, gt=0)
    max_pixels: int = Field(default=100_000_000, gt=0)
    """Width times height of one image, or of one page rendered for OCR."""
    max_unzipped_bytes: int = Field(default=200_000_000, gt=0)
    """Sum of what is decompressed from one package or archive, nested ones included."""
    max_part_bytes: int = Field(default=64_000_000, gt=0)
    """One XML part of a DOCX, one HTML page: the tree takes several times as much memory."""
    max_ratio: float = Field(default=100.0, gt=1)
    """Decompressed to compressed size, for members above one megabyte."""
    max_members: int = Field(default=20_000, gt=0)
    """Entries of one archive, attachments of one message."""
    max_depth: int = Field(default=3, ge=0)
    """How deep archives and messages may be nested: 0 opens none, 1 opens the outermost."""
    max_xml_depth: int = Field(default=256, gt=8, le=256)
    """Nesting of elements in a part or page; libxml2 itself refuses more than 256."""
    max_characters: int = Field(default=5_000_000, gt=0)
    """Length of the text of one document: some 2,000 pages."""
    max_blocks: int = Field(default=50_000, gt=0)
    """Lines of a plain text, paragraphs and table rows of other documents."""
    seconds: float = Field(default=300.0, gt=0)
    """Wall clock of one document in a supervised reader."""
    memory_bytes: int = Field(default=2_000_000_000, gt=0)
    """Address space of one supervised reader, libraries included."""
    office_seconds: float = Field(default=90.0, gt=0)
    """Wall clock of one LibreOffice call, before its process group is killed."""
    office_memory_bytes: int = Field(default=4_000_000_000, gt=0)
    """Address space of LibreOffice; it reserves far more than it uses (220 MB resident)."""
    ocr: bool = True
    """Off: pages without a usable text layer stay empty, and the record says so."""
    tessdata: str | None = None
    """Folder of Tesseract language data; None looks in the usual places."""
    soffice: str | None = None
    """Path of LibreOffice's soffice; None looks in the usual places, "" switches it off."""


def within(what: str, found: float, limit: float) -> None:
    """Raise LimitError when `found` passes `limit`; `what` is the name of the field of Limits."""
    if found > limit:
        raise LimitError(
            f"{what}: {found:g} is over {limit:g}", what=what, found=found, limit=limit
        )
