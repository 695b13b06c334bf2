"""Which files there are: folders walked in a fixed order, unreadable paths named."""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from functools import cache
from pathlib import Path

from pipeline.bulk.places import is_url, url_files
from pipeline.errors import EmptyFileError, InputError, MissingFileError, UnreadableFileError
from pipeline.resources import lexicon_rows

NO_DOCUMENT = "not-a-document"
"""Reason of a file of a folder that by its name is data, a program or about the folder itself."""


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
    paths: Iterable[Path | str],
    *,
    since: datetime | None = None,
    settle: float = 0.0,
    skip: Path | None = None,
) -> Iterator[Seen | Refused]:
    """All files below `paths`, each once, in name order; `since` keeps those changed after it, and
    `settle` those that did not change in the last so many seconds.

    `skip` is a folder that is never entered: the store itself, when it lies among its sources.
    Hidden files and folders, links to folders and the leftovers of operating systems are left out;
    files whose names say that they are no documents are refused as `NO_DOCUMENT`.
    Paths are made absolute, so that a load from another folder finds the same documents; a place
    may also be a URL that fsspec knows.
    """
    seen: set[str] = set()
    store = os.path.abspath(skip) if skip is not None else None  # noqa: PTH100 (keeps links)
    for path in paths:
        walk = _walk_url(str(path)) if is_url(path) else _walk(os.path.abspath(path), store)  # noqa: PTH100
        for found in walk:
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


def _walk_url(url: str) -> Iterator[Seen | Refused]:
    try:
        for place, size, changed in url_files(url):
            name = place.partition("::")[0].rpartition("/")[2]
            why = no_document(name) if place != url else ""
            if why and why != "system":
                yield Refused(place, NO_DOCUMENT, why)
            elif not why and not name.startswith("."):
                yield Seen(place, size, changed) if size else Refused(place, "empty")
    except FileNotFoundError:
        yield Refused(url, "missing")
    except InputError as error:
        yield Refused(url, error.reason, str(error.facts.get("detail", error)))


def _walk_folder(folder: str, skip: str | None) -> Iterator[Seen | Refused]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(folder, "permission", error.strerror or "")
        return
    for entry in entries:
        why = no_document(entry.name)
        is_link_to_folder = entry.is_symlink() and entry.is_dir()
        if entry.name.startswith(".") or why == "system" or is_link_to_folder:
            continue
        if why and entry.is_file():
            yield Refused(entry.path, NO_DOCUMENT, why)
        else:
            yield from _walk(entry.path, skip)


def no_document(name: str) -> str:
    """Why a file of this name is no document (system, data, program, about), else ""."""
    found = _no_documents().fullmatch(name.lower())
    return found.lastgroup or "" if found else ""


@cache
def _no_documents() -> re.Pattern[str]:
    kinds: dict[str, list[str]] = {}
    for row in lexicon_rows("not_documents"):
        kinds.setdefault(row["why"], []).append(translate(row["name"]))
    return re.compile("|".join(f"(?P<{why}>{'|'.join(p)})" for why, p in kinds.items()))


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
