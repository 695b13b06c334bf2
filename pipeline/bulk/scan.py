"""Which files there are: folders walked in a fixed order, unreadable paths named."""

from __future__ import annotations

import math
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.bulk.places import is_url, url_files
from pipeline.errors import EmptyFileError, InputError, MissingFileError, UnreadableFileError
from pipeline.resources import lexicon_rows
from pipeline.text.paths import path_text

NO_DOCUMENT = "not-a-document"
"""Reason of a file of a folder that by its name is data, a program or about the folder itself."""


class Seen(NamedTuple):
    """A file that can be opened; `mtime_ns` and `size` tell whether it changed since.

    Its path is text (`pipeline.text.paths`): whoever opens it takes the `real_path`.
    """

    path: str
    size: int
    mtime_ns: int


class Refused(NamedTuple):
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
    may also be a URL that fsspec knows. From here on they are text, as `path_text` makes it, so
    that no name can stop what writes or shows them.
    """
    store = os.path.abspath(skip) if skip is not None else None  # noqa: PTH100 (keeps links)
    places = [str(path) if is_url(path) else os.path.abspath(path) for path in paths]  # noqa: PTH100
    after = since.timestamp() * 1e9 if since is not None else 0.0
    before = (time.time() - settle) * 1e9 if settle else math.inf
    seen: set[str] = set()
    for place in places:
        for found in _walk_url(place) if is_url(place) else _walk(place, store):
            if isinstance(found, Seen) and not after <= found.mtime_ns < before:
                continue
            if len(places) > 1:  # they may lie in each other
                if found.path in seen:
                    continue
                seen.add(found.path)
            text = path_text(found.path)
            yield found if text is found.path else found._replace(path=text)


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
            detail = error.strerror or type(error).__name__
            raise UnreadableFileError(path=path_text(str(path)), detail=detail) from error
    reason = found.reason if isinstance(found, Refused) else "permission"
    raise refusal(Refused(path_text(str(path)), reason))


def refusal(refused: Refused) -> InputError:
    """The error that a refused path stands for."""
    kinds: dict[str, type[InputError]] = {"missing": MissingFileError, "empty": EmptyFileError}
    return kinds.get(refused.reason, UnreadableFileError)(path=refused.path)


def _walk(path: str, skip: str | None) -> Iterator[Seen | Refused]:
    """A path that was given by the user is never left out silently."""
    try:
        status = os.stat(path)  # noqa: PTH116 (strings: a path may be one of millions)
    except OSError as error:
        yield _unseen(path, error)
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
        if entry.name.startswith(".") or why == "system":
            continue
        if entry.is_file():
            yield Refused(entry.path, NO_DOCUMENT, why) if why else _entry(entry)
        elif not entry.is_symlink() or not entry.is_dir():
            yield from _walk(entry.path, skip)


def _entry(entry: os.DirEntry[str]) -> Seen | Refused:
    try:
        return _file(entry.path, entry.stat())
    except OSError as error:  # it is gone meanwhile
        return _unseen(entry.path, error)


def _unseen(path: str, error: OSError) -> Refused:
    if isinstance(error, FileNotFoundError):
        return Refused(path, "missing")
    return Refused(path, "permission", error.strerror or "")


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
