"""ZIP files from strangers: opened in memory, measured before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import CorruptFileError, EncryptedFileError, LimitError
from pipeline.readers.limits import Limits, within

_SMALL = 1_000_000
"""Members up to this size may be packed at any ratio: an empty bitmap shrinks a thousandfold."""


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive in `data`, after its directory passed the limits on number, size and ratio.

    Raises CorruptFileError, EncryptedFileError, LimitError.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CorruptFileError(f"not a readable ZIP: {error}") from error
    with archive:
        _measure(archive.infolist(), len(data), limits)
        yield archive


def _measure(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    within("max_members", len(members), limits.max_members)
    within("max_unzipped_bytes", sum(m.file_size for m in members), limits.max_unzipped_bytes)
    if sum(m.compress_size for m in members) > size:
        raise LimitError("members of the ZIP overlap", what="max_ratio")
    for member in members:
        if member.file_size > _SMALL:
            ratio = member.file_size / max(1, member.compress_size)
            within("max_ratio", ratio, limits.max_ratio)


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> bytes:
    """One member, unpacked in memory; its declared size was measured by `opened` and is not passed.

    Raises CorruptFileError, EncryptedFileError.
    """
    info = archive.getinfo(member) if isinstance(member, str) else member
    if info.flag_bits & 0x1:
        raise EncryptedFileError("the ZIP needs a password")
    try:
        return archive.read(info)
    except RuntimeError as error:
        raise EncryptedFileError(str(error)) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
    ) as e:
        raise CorruptFileError(f"a member of the ZIP is damaged: {e}") from e
