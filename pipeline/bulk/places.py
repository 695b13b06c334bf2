"""Sources and outputs at URLs that fsspec knows: s3://, zip://…::…, file://, memory:// and others.

fsspec is imported when a URL is met; local paths never pass through here.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.bulk.readings import reading_path
from pipeline.errors import StoreError, ToolMissingError, UnreadableFileError
from pipeline.store import files
from pipeline.text.paths import real_path

BLOCK = 1 << 20
_CHANGED = ("mtime", "LastModified", "last_modified", "updated", "created")
"""What file systems call the time of the last change."""


def is_url(place: str | Path) -> bool:
    """Whether a place is a URL, not a path of this machine."""
    return "://" in str(place)


def url_files(url: str) -> Iterator[tuple[str, int, int]]:
    """(URL, size, time of change in ns) of the files below a URL, in name order.

    Where a file system tells no time, the number stands for all that it tells of the file.

    Raises:
        ToolMissingError: the library of this kind of URL is not installed.
        UnreadableFileError: it cannot be listed.
    """
    system, root = _system(url)
    try:
        found = system.find(root, detail=True) if system.isdir(root) else {root: system.info(root)}
    except FileNotFoundError:
        raise
    except Exception as error:  # each library has errors of its own
        raise UnreadableFileError(path=url, detail=str(error)) from error
    for name in sorted(found):
        yield _full(url, system, name), int(found[name].get("size") or 0), _stamp(found[name])


def place_sha256(place: str) -> str:
    """SHA-256 of the bytes at a path or URL as the ledger has it, read in blocks.

    Raises:
        OSError: they cannot be read.
    """
    if not is_url(place):
        return files.file_sha256(real_path(place))
    digest = hashlib.sha256()
    with _opened(real_path(place)) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def url_bytes(place: str) -> bytes:
    """The bytes at a URL as the ledger has it.

    Raises:
        OSError: they cannot be read.
    """
    with _opened(real_path(place)) as file:
        content: bytes = file.read()
    return content


def publish(out: Path, sha256_ids: list[str], share: str) -> None:
    """Copy all that the store holds of these documents to the URL `share`, in the same layout.

    Raises:
        StoreError: it cannot be written there.
    """
    system, root = _system(share)
    for path in (path for sha256 in sha256_ids for path in _held(out, sha256)):
        target = f"{root}/{path.relative_to(out).as_posix()}"
        try:
            system.makedirs(target.rpartition("/")[0], exist_ok=True)
            part = f"{target}.part"
            system.pipe_file(part, path.read_bytes())
            system.mv(part, target)
        except Exception as error:
            raise StoreError(f"cannot write {target}: {error}", path=share) from error


def fetch(out: Path, sha256_ids: list[str], share: str) -> None:
    """Copy what another machine published of these documents into the store.

    Raises:
        StoreError: it is not there, or the store cannot be written.
    """
    system, root = _system(share)
    for sha256 in sha256_ids:
        for pattern in (f"records/{sha256[:2]}/{sha256}.json", f"sources/{sha256[:2]}/{sha256}.*"):
            _copy(system, root, pattern, out)
        _copy(system, root, reading_path(Path(), sha256).as_posix(), out)


def shared_source(share: str, sha256: str) -> bytes:
    """The bytes of a source that another machine kept at `share`.

    Raises:
        OSError: they are not there.
    """
    system, root = _system(share)
    for found in system.glob(f"{root}/sources/{sha256[:2]}/{sha256}.*"):
        if not found.endswith(".part"):
            return bytes(system.cat_file(found))
    raise FileNotFoundError(sha256)


def _copy(system: Any, root: str, pattern: str, out: Path) -> None:
    folder = pattern.rpartition("/")[0]
    try:
        for found in system.glob(f"{root}/{pattern}"):
            name = found.rpartition("/")[2]
            if not name.endswith(".part"):
                content = bytes(system.cat_file(found))
                files.write_atomic(out / folder / name, content, durable=False)
    except StoreError:
        raise
    except Exception as error:
        raise StoreError(f"cannot read {root}/{pattern}: {error}", path=root) from error


def _held(out: Path, sha256: str) -> list[Path]:
    paths = [files.record_path(out, sha256), reading_path(out, sha256)]
    kept = files.source_path(out, sha256)
    return [path for path in (*paths, *([kept] if kept else [])) if path.exists()]


def _system(url: str) -> tuple[Any, str]:
    """The file system of a URL and the path in it."""
    import fsspec

    try:
        system, root = fsspec.url_to_fs(url)
    except ImportError as error:
        raise ToolMissingError(str(error), path=url, tool=url.partition(":")[0]) from error
    except (ValueError, OSError) as error:
        raise UnreadableFileError(path=url, detail=str(error)) from error
    return system, str(root)


@contextlib.contextmanager
def _opened(url: str) -> Iterator[Any]:
    system, root = _system(url)
    try:
        with system.open(root, "rb") as file:
            yield file
    except OSError:
        raise
    except Exception as error:  # each library has errors of its own
        raise OSError(str(error)) from error


def _full(url: str, system: Any, name: str) -> str:
    """The URL of a file below another; what it is taken out of ("zip://a.txt::...") stays."""
    first, mark, rest = url.partition("::")
    return (
        f"{first.partition('://')[0]}://{name}{mark}{rest}"
        if mark
        else system.unstrip_protocol(name)
    )


def _stamp(info: dict[str, Any]) -> int:
    for name in _CHANGED:
        value = info.get(name)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, int | float):
            return int(value * 1e9)
    told = repr(sorted((key, str(value)) for key, value in info.items()))
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:7], "big")
