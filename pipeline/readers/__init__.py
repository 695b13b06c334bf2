"""Bytes to `Document`, whatever the format: one table of readers by what the bytes are."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

from pipeline.document import Document
from pipeline.errors import EmptyFileError, EncryptedFileError, InputError, UnsupportedTypeError
from pipeline.readers import sniff as types
from pipeline.readers.limits import Limits, within

Reader = Callable[..., Document]
"""`reader(data: bytes, *, name: str, media_type: str, limits: Limits) -> Document`"""

READERS: dict[str, str] = {
    types.PLAIN: "pipeline.readers.plain:read_plain",
    types.HTML: "pipeline.readers.html:read_html",
    types.MHTML: "pipeline.readers.html:read_mhtml",
    types.DOCX: "pipeline.readers.docx:read_docx",
    types.DOC: "pipeline.readers.office:read_office",
    types.RTF: "pipeline.readers.office:read_office",
    types.ODT: "pipeline.readers.office:read_office",
    types.FLAT_WORD: "pipeline.readers.office:read_office",
    types.COMPOUND: "pipeline.readers.cfb:refuse",
    types.PDF: "pipeline.readers.pdf:read_pdf",
    types.ZIP: "pipeline.readers.containers:read_page_archive",
    **dict.fromkeys(types.IMAGES, "pipeline.readers.image:read_image"),
}
"""Media type to "module:function"; imported when first needed, so that text stays quick to read."""


@cache
def reader_for(media_type: str) -> Reader:
    """The reader of a media type, or UnsupportedTypeError naming the type."""
    target = READERS.get(media_type)
    if target is None:
        raise UnsupportedTypeError(f"no reader for {media_type}", media_type=media_type)
    module, _, function = target.partition(":")
    return cast(Reader, getattr(importlib.import_module(module), function))


def read(data: bytes, name: str, *, limits: Limits | None = None) -> Document:
    """The document in `data`, read in this process; `name` is only its label.

    Raises an InputError that says why a file cannot be read. For files from elsewhere use
    `read_guarded`, or call this from a supervised worker.
    """
    try:
        return _read(data, name, limits or Limits())
    except InputError as error:
        error.facts.setdefault("name", name)
        raise


def _read(data: bytes, name: str, limits: Limits) -> Document:
    if not data:
        raise EmptyFileError("no bytes")
    within("max_bytes", len(data), limits.max_bytes)
    media_type = types.sniff(data)  # mail and other archives: see `pipeline.readers.containers`
    if media_type == types.ENCRYPTED:
        raise EncryptedFileError("the Office file is encrypted")
    return reader_for(media_type)(data, name=name, media_type=media_type, limits=limits)


def read_guarded(
    source: bytes | Path, name: str | None = None, *, limits: Limits | None = None
) -> Document:
    """The document in bytes or in a file, read in a supervised child (`pipeline.readers.guard`)."""
    from pipeline.readers import guard

    return guard.read_guarded(source, name, limits=limits)
