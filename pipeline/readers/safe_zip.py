"""ZIP files from strangers: opened in memory, measured before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import CorruptFileError, EncryptedFileError, LimitError
from pipeline.readers.limits import Limits, within

_SMALL = 1_000_000
"""Members up to this size may be packed at any ratio: an empty bitmap shrinks a thousandfold."""


_SAYS_UTF8 = 0x08
"""In the high byte of the flags of a member: its name is UTF-8."""


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The archive in `data`, after its directory passed the limits on number, size and ratio.

    Raises CorruptFileError, EncryptedFileError, LimitError.
    """
    try:
        archive = _archive(data)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise CorruptFileError(f"not a readable ZIP: {error}") from error
    with archive:
        _measure(archive.infolist(), len(data), limits)
        yield archive


def _archive(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except UnicodeDecodeError:  # a name says that it is UTF-8 and is not: the rest can be had
        return zipfile.ZipFile(io.BytesIO(_without_false_marks(data)))


def _without_false_marks(data: bytes) -> bytes:
    """The same archive; names that are not UTF-8 do not say so any more (APPNOTE 4.4.4, bit 11)."""
    fixed = bytearray(data)
    end = data.rfind(b"PK\x05\x06")
    try:
        size, start = struct.unpack_from("<2L", data, end + 12)
        before = end - size - start  # bytes in front of the archive, of which it knows nothing
        at = before + start
        while data[at : at + 4] == b"PK\x01\x02":
            name, extra, comment = struct.unpack_from("<3H", data, at + 28)
            if data[at + 9] & _SAYS_UTF8 and not _is_utf8(data[at + 46 : at + 46 + name]):
                (local,) = struct.unpack_from("<L", data, at + 42)
                for flags in (at + 9, before + local + 7):
                    fixed[flags] &= ~_SAYS_UTF8
            at += 46 + name + extra + comment
    except (struct.error, IndexError) as error:
        raise zipfile.BadZipFile("its directory is cut off") from error
    return bytes(fixed)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


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
