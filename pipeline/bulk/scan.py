"""Which files there are: folders walked in a fixed order, unreadable paths named."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import EmptyFileError, InputError, MissingFileError, UnreadableFileError

IGNORED_NAMES = frozenset({"Thumbs.db", "desktop.ini", ".DS_Store"})
"""Files that operating systems leave in folders; no documents."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that can be opened; `mtime_ns` and `size` tell whether it changed since."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A path that gives no document bytes, and why (a reason of pipeline.errors)."""

    path: str
    reason: str
    detail: str = ""


def scan(
    paths: Iterable[Path],
    *,
    since: datetime | None = None,
    settle: float = 0.0,
    skip: Path | None = None,
) -> Iterator[Seen | Refused]:
    """All files below `paths`, each once, in name order; `since` keeps those changed after it, and
    `settle` those that did not change in the last so many seconds.

    `skip` is a folder that is never entered: the store itself, when it lies among its sources.
    Hidden files and folders, links to folders and the leftovers of operating systems are left out.
    Paths are made absolute, so that a load from another folder finds the same documents.
    """
    seen: set[str] = set()
    store = os.path.abspath(skip) if skip is not None else None  # noqa: PTH100 (keeps links)
    for path in paths:
        for found in _walk(Path(os.path.abspath(path)), store, named=True):  # noqa: PTH100
            is_wanted = _is_recent(found, since) and _is_settled(found, settle)
            if found.path not in seen and is_wanted:
                seen.add(found.path)
                yield found


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        MissingFileError, UnreadableFileError, EmptyFileError: as their names say.
    """
    found = next(iter(_walk(path, None, named=True)), None)
    if isinstance(found, Seen) and not path.is_dir():
        try:
            return path.read_bytes()
        except OSError as error:
            raise UnreadableFileError(path=str(path), detail=str(error)) from error
    reason = found.reason if isinstance(found, Refused) else "permission"
    raise refusal(Refused(str(path), reason))


def refusal(refused: Refused) -> InputError:
    """The error that a refused path stands for."""
    kinds: dict[str, type[InputError]] = {"missing": MissingFileError, "empty": EmptyFileError}
    return kinds.get(refused.reason, UnreadableFileError)(path=refused.path)


def _walk(path: Path, skip: str | None, *, named: bool = False) -> Iterator[Seen | Refused]:
    """`named` paths were given by the user: they are never left out silently."""
    try:
        status = path.stat()
    except FileNotFoundError:
        yield Refused(str(path), "missing")
    except OSError as error:
        yield Refused(str(path), "permission", error.strerror or "")
    else:
        if path.is_dir():
            is_entered = str(path) != skip and (named or not path.is_symlink())
            yield from _walk_folder(path, skip) if is_entered else ()
        elif path.is_file():
            yield _file(path, status)
        else:
            yield Refused(str(path), "unsupported", "not a regular file")


def _walk_folder(folder: Path, skip: str | None) -> Iterator[Seen | Refused]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Refused(str(folder), "permission", error.strerror or "")
        return
    for entry in entries:
        if not entry.name.startswith(".") and entry.name not in IGNORED_NAMES:
            yield from _walk(entry, skip)


def _file(path: Path, status: os.stat_result) -> Seen | Refused:
    if status.st_size == 0:
        return Refused(str(path), "empty")
    if not os.access(path, os.R_OK):
        return Refused(str(path), "permission")
    return Seen(str(path), status.st_size, status.st_mtime_ns)


def _is_recent(found: Seen | Refused, since: datetime | None) -> bool:
    return since is None or isinstance(found, Refused) or found.mtime_ns >= since.timestamp() * 1e9


def _is_settled(found: Seen | Refused, settle: float) -> bool:
    return not settle or isinstance(found, Refused) or found.mtime_ns < (time.time() - settle) * 1e9
