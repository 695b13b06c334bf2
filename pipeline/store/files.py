"""Record files: one deterministic JSON file a document, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.record import Record, from_json, to_json, verify

HASH_BLOCK = 1 << 16
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def record_path(out: Path, sha256: str) -> Path:
    """Where the record of these source bytes is: OUT/records/<ab>/<sha256>.json."""
    return out / "records" / sha256[:2] / f"{sha256}.json"


def run_path(out: Path, run_id: str, suffix: str = ".json") -> Path:
    """Where the end report of a run is: OUT/runs/<run id>.json (or .md)."""
    return out / "runs" / f"{run_id}{suffix}"


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> bool:
    """Write `content` so that `path` is never seen half written; False when it already holds it.

    `durable` flushes the file to the disk before it gets its name.

    Raises:
        StoreError: the folder cannot be written (permission, full disk, read-only).
    """
    try:
        if _holds(path, content):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _store_error(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _store_error(path, error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return True


def write_record(out: Path, record: Record, *, durable: bool = True) -> str:
    """Write the record after checking that every quote is verbatim; the SHA-256 of the file.

    Raises:
        NotVerbatimError: a quote differs from its span; nothing is written.
        StoreError: the folder cannot be written.
    """
    verify(record)
    content = to_json(record)
    write_atomic(record_path(out, record.id), content, durable=durable)
    return hashlib.sha256(content).hexdigest()


def read_record(out: Path, sha256: str) -> Record:
    """The stored record of these source bytes.

    Raises:
        StoreError: there is no such record, or its file is damaged.
    """
    path = record_path(out, sha256)
    try:
        return from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"record {sha256[:12]} cannot be read: {error}", path=str(path)) from error


def record_ids(out: Path) -> Iterator[str]:
    """The ids of all stored records, in order."""
    for folder in sorted((out / "records").glob("[0-9a-f][0-9a-f]")):
        yield from sorted(p.stem for p in folder.glob("*.json") if _SHA256.fullmatch(p.stem))


def source_path(out: Path, sha256: str) -> Path | None:
    """The kept bytes of a source, whatever their extension; None when they were not kept."""
    return next(iter(sorted((out / "sources" / sha256[:2]).glob(f"{sha256}*"))), None)


def keep_source(out: Path, source: Path, sha256: str, *, name: str, how: str) -> Path | None:
    """Keep the bytes of `source` as OUT/sources/<ab>/<sha256>.<ext>; `how` is copy, link or none.

    A link costs no space but changes with its source; where linking is impossible it is a copy.
    """
    if how == "none":
        return None
    target = _source_target(out, sha256, name)
    if target.exists():
        return target
    part = target.with_name(f".{sha256}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        if how != "link" or not _linked(source, part):
            shutil.copyfile(source, part)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _store_error(target, error) from error
    return target


def keep_source_bytes(out: Path, content: bytes, sha256: str, *, name: str) -> Path:
    """Keep bytes that have no file of their own (a member of an archive, an attachment)."""
    target = _source_target(out, sha256, name)
    write_atomic(target, content, durable=False)
    return target


def file_sha256(path: Path | str) -> str:
    """SHA-256 of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    # bare calls: a load hashes many thousands of small files
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while block := os.read(handle, HASH_BLOCK):
            digest.update(block)
    finally:
        os.close(handle)
    return digest.hexdigest()


def _source_target(out: Path, sha256: str, name: str) -> Path:
    suffix = Path(name).suffix.lower()
    suffix = suffix if _SUFFIX.fullmatch(suffix) else ".bin"
    return out / "sources" / sha256[:2] / f"{sha256}{suffix}"


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError):
        return False


def _store_error(path: Path, error: OSError) -> StoreError:
    why = error.strerror or type(error).__name__
    return StoreError(f"cannot write {path.name}: {why}", path=str(path.parent), detail=why)
