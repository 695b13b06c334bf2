"""Compound files (.doc, .msg): storages and streams, read from memory with every loop cut."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from pipeline.errors import CorruptFileError, UnsupportedTypeError

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free, FAT, DIFAT): [MS-CFB] 2.1."""
_NONE = 0xFFFFFFFF
_ENTRY = 128
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(slots=True)
class Storage:
    """A folder of the file: streams and storages by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class _Sectors:
    """Chains of sectors of one size, over one run of bytes."""

    def __init__(self, data: bytes, offset: int, size: int, table: list[int]) -> None:
        self._data = data
        self._offset = offset
        self._size = size
        self._table = table

    def chain(self, start: int, length: int | None = None) -> bytes:
        """The bytes of a chain, cut to `length`; one that loops or leaves the file ends there."""
        parts, sector, seen = [], start, 0
        wanted = None if length is None else -(-length // self._size)
        while sector < _END and seen < len(self._table) and (wanted is None or seen < wanted):
            begin = self._offset + sector * self._size
            part = self._data[begin : begin + self._size]
            if not part or sector >= len(self._table):
                break
            parts.append(part)
            sector = self._table[sector]
            seen += 1
        return b"".join(parts)[:length]


def refuse(data: bytes, *, name: str, media_type: str, limits: object) -> NoReturn:
    """Say what is wrong with a compound file that no reader takes: cut, or of another type."""
    if not read_compound(data).streams:
        raise CorruptFileError("a compound file without streams")
    raise UnsupportedTypeError(f"no reader for {media_type}", media_type=media_type)


def read_compound(data: bytes) -> Storage:
    """The root storage of a compound file. Raises CorruptFileError."""
    if not data.startswith(_MAGIC) or len(data) < 512:
        raise CorruptFileError("not a compound file")
    try:
        return _read(data)
    except (struct.error, IndexError, RecursionError, OverflowError) as error:
        raise CorruptFileError(f"a damaged compound file: {error}") from error


def _read(data: bytes) -> Storage:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if not (7 <= shift <= 16 and 4 <= mini_shift <= shift):
        raise CorruptFileError("a compound file with impossible sectors")
    size = 1 << shift
    directory_start, _, cutoff, mini_start = struct.unpack_from("<IIII", data, 48)
    sectors = _Sectors(data, size, size, _fat(data, size))
    entries = list(_entries(sectors.chain(directory_start)))
    if not entries or entries[0].kind != _ROOT:
        raise CorruptFileError("a compound file without a root")
    mini_table = _numbers(sectors.chain(mini_start))
    minis = _Sectors(
        sectors.chain(entries[0].start, entries[0].size), 0, 1 << mini_shift, mini_table
    )

    room = [len(data)]

    def content(entry: _Entry) -> bytes:
        room[0] -= entry.size
        if room[0] < 0:  # streams that share sectors would unpack to far more than the file
            raise CorruptFileError("a compound file with streams longer than itself")
        return (minis if entry.size < cutoff else sectors).chain(entry.start, entry.size)

    unread = set(range(1, len(entries)))

    def storage(child: int) -> Storage:
        found = Storage()
        waiting = [child]
        while waiting:
            index = waiting.pop()
            if index not in unread:
                continue
            unread.discard(index)
            entry = entries[index]
            waiting += [entry.left, entry.right]
            if entry.kind == _STREAM:
                found.streams[entry.name] = content(entry)
            elif entry.kind == _STORAGE:
                found.storages[entry.name] = storage(entry.child)
        return found

    return storage(entries[0].child)


def _numbers(block: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))


def _fat(data: bytes, size: int) -> list[int]:
    """The table of sectors: its own sectors are listed in the header and in a chain after it."""
    listed = _numbers(data[76:512])
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        if following >= _END:
            break
        block = _numbers(data[size + following * size : 2 * size + following * size])
        if not block:
            break
        listed += block[:-1]
        following = block[-1]
    table: list[int] = []
    for sector in listed[: len(data) // size + 1]:
        if sector < _END:
            table += _numbers(data[size + sector * size : 2 * size + sector * size])
    return table


def _entries(directory: bytes) -> Iterator[_Entry]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        left, right, child = struct.unpack_from("<III", directory, at + 68)
        start, stream_size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        yield _Entry(name, kind, left, right, child, start, stream_size)
