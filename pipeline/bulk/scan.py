"""Which files there are: folders walked in a fixed order, unreadable paths named."""

from __future__ import annotations

import os
import stat
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
        for found in _walk(os.path.abspath(path), store):  # noqa: PTH100
            is_wanted = _is_recent(found, since) and _is_settled(found, settle)
            if found.path not in seen and is_wanted:
                seen.add(found.path)
                yield found


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        MissingFileError, UnreadableFileError, EmptyFileError: as their names say.
    """
    found = next(iter(_walk(str(path), None)), None)
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


def _walk(path: str, skip: str | None) -> Iterator[Seen | Refused]:
    """A path that was given by the user is never left out silently."""
    try:
        status = os.stat(path)  # noqa: PTH116 (strings: a path may be one of millions)
    except FileNotFoundError:
        yield Refused(path, "missing")
    except OSError as error:
        yield Refused(path, "permission", error.strerror or "")
    else:
        if not stat.S_ISDIR(status.st_mode):
            yield _file(path, status)
        elif path != skip:
            yield from _walk_folder(path, skip)


def _walk_folder(folder: str, skip: str | None) -> Iterator[Seen | Refused]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(folder, "permission", error.strerror or "")
        return
    for entry in entries:
        is_hidden = entry.name.startswith(".") or entry.name in IGNORED_NAMES
        if not is_hidden and not (entry.is_symlink() and entry.is_dir()):
            yield from _walk(entry.path, skip)


def _file(path: str, status: os.stat_result) -> Seen | Refused:
    if not stat.S_ISREG(status.st_mode):
        return Refused(path, "unsupported", "not a regular file")
    if status.st_size == 0:
        return Refused(path, "empty")
    if not os.access(path, os.R_OK):
        return Refused(path, "permission")
    return Seen(path, status.st_size, status.st_mtime_ns)


def _is_recent(found: Seen | Refused, since: datetime | None) -> bool:
    return since is None or isinstance(found, Refused) or found.mtime_ns >= since.timestamp() * 1e9


def _is_settled(found: Seen | Refused, settle: float) -> bool:
    return not settle or isinstance(found, Refused) or found.mtime_ns < (time.time() - settle) * 1e9
