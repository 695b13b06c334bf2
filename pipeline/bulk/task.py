"""What a worker does with one document: bytes, record, files; and what it answers."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline.bulk.places import is_url, publish, shared_source, url_bytes
from pipeline.errors import CongvanError, InputError, StoreError
from pipeline.resources import lexicon
from pipeline.store import differences, files
from pipeline.text.paths import real_path

_READERS = ("containers", "docx", "html", "image", "ocr", "office", "pdf", "pictures", "plain")
_NO_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""Errors of a disk that all other documents would meet too, be it that of temporary files."""
OutcomeStatus = Literal["done", "unpacked", "quarantine", "retry", "halt"]


class Job(NamedTuple):
    """A document to be done: where its bytes were seen, and how often it was tried.

    `along` are the office files that are read with it, each a job of its own later.
    """

    document: int
    sha256: str
    name: str
    size: int
    paths: Sequence[str]
    attempts: int = 0
    along: Sequence[tuple[Any, ...]] = ()


class Outcome(NamedTuple):
    """What became of a document (a tuple, as `Job` is: millions travel between processes).

    "unpacked" is a container whose `members` (sha256, name, size) are documents of their own, and
    `lost` (name, reason, detail) could not be taken out;
    "retry" asks for another attempt; "halt" is trouble of the store (full disk), not of a document.
    `output` is the SHA-256 of the record file, `kept` whether the store holds the source bytes;
    `key` and `bands` find the same notice elsewhere.
    """

    document: int
    status: OutcomeStatus
    attempts: int = 1
    reason: str = ""
    detail: str = ""
    exit: str = ""
    version: str = ""
    output: str = ""
    seconds: float = 0.0
    pages: int = 0
    media_type: str = ""
    kept: bool = False
    key: str = ""
    members: Sequence[tuple[str, str, int]] = ()
    lost: Sequence[tuple[str, str, str]] = ()
    bands: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """What is the same for all documents of a run; sent once to each worker."""

    out: str
    keep_sources: str = "copy"
    durable: bool = True
    read_again: bool = False
    share: str = ""
    """A URL where records and sources are put as well, for machines that do not see `out`."""


def make_record(job: Job, options: TaskOptions) -> Outcome:
    """Read one document, understand it, write its record and keep its source."""
    from pipeline.bulk.ahead import read_ahead
    from pipeline.bulk.likeness import bands, notice_key
    from pipeline.bulk.readings import read_document
    from pipeline.process import understand
    from pipeline.readers.containers import is_container

    out = Path(options.out)
    started = time.perf_counter()
    source, content = find_bytes(job, out, options.share)
    if is_container(content):
        return unpack(job, content, out)
    if job.along and not options.read_again:
        read_ahead(job, options)
    document = read_document(out, job.sha256, content, job.name, again=options.read_again)
    record = understand(document)
    is_kept = keep_source(out, source, content, job, options.keep_sources)
    before = differences.held_record(out, job.sha256)
    output = files.write_record(out, record, durable=options.durable)
    differences.note_differences(out, before, record)
    return Outcome(
        document=job.document,
        status="done",
        version=f"{record.provenance.congvan}+{record.provenance.config}",
        output=output,
        seconds=round(time.perf_counter() - started, 4),
        pages=len(record.pages),
        media_type=record.source.media_type,
        kept=is_kept,
        key=notice_key(record),
        bands=bands(record.text),
    )


def unpack(job: Job, content: bytes, out: Path) -> Outcome:
    """Keep the documents inside a container (archive, message) as sources of their own."""
    from pipeline.readers.containers import open_container

    started = time.perf_counter()
    members, lost = [], []
    for member in open_container(content, job.name):
        if member.error is not None:
            lost.append((member.name, member.error.reason, _detail(member.error)))
            continue
        sha256 = hashlib.sha256(member.data).hexdigest()
        files.keep_source_bytes(out, member.data, sha256, name=member.name)
        members.append((sha256, member.name, len(member.data)))
    return Outcome(
        document=job.document,
        status="unpacked",
        seconds=round(time.perf_counter() - started, 4),
        members=tuple(members),
        lost=tuple(lost),
    )


def keep_source(out: Path, source: Path | None, content: bytes, job: Job, how: str) -> bool:
    """Keep the bytes of a document in the store, from their file or as they were fetched."""
    if source is not None:
        return files.keep_source(out, source, job.sha256, name=job.name, how=how) is not None
    if how != "none":
        files.keep_source_bytes(out, content, job.sha256, name=job.name)
    return how != "none"


def find_bytes(job: Job, out: Path, share: str = "") -> tuple[Path | None, bytes]:
    """The bytes of the document and their file, from any place they were seen at or kept in.

    Raises:
        InputError: no place holds these bytes any more (moved, or changed since they were hashed).
    """
    problem = InputError("the file is gone", path=job.name)
    problem.reason = "missing"
    for source, read in _places(job, out, share):
        try:
            content = read()
        except OSError as error:
            problem.facts["detail"] = error.strerror or str(error)
            continue
        if hashlib.sha256(content).hexdigest() == job.sha256:
            return source, content
        problem.reason = "changed"
    raise problem


def _places(job: Job, out: Path, share: str) -> Iterator[tuple[Path | None, Callable[[], bytes]]]:
    """Where the bytes may be; the store is asked last: it may hold very many files."""
    for place in job.paths:
        if is_url(place):
            yield None, partial(url_bytes, place)
        else:
            path = Path(real_path(place))
            yield path, path.read_bytes
    kept = files.source_path(out, job.sha256)
    if kept is not None:
        yield kept, kept.read_bytes
    if share:
        yield None, partial(shared_source, share, job.sha256)


def warm() -> None:
    """Do a whole document and import all readers, before workers are forked from this process.

    A fresh worker then costs tens of milliseconds, not the third of a second that patterns,
    lexicons and models need at their first use.
    """
    # a defect of a stage must show on documents, not stop all workers from starting
    with contextlib.suppress(Exception), tempfile.TemporaryDirectory(prefix="congvan-") as folder:
        for reader in _READERS:
            importlib.import_module(f"pipeline.readers.{reader}")
        content = lexicon("warm")["notice"].encode()
        path = Path(folder, "warm.txt")
        path.write_bytes(content)
        job = Job(0, hashlib.sha256(content).hexdigest(), path.name, len(content), [str(path)])
        make_record(job, TaskOptions(folder, keep_sources="none", durable=False))


def attempt(target: Any, options: TaskOptions, job: Job) -> Outcome:
    """Run `target` on a job; whatever goes wrong becomes an outcome."""
    started = time.perf_counter()
    attempts = job.attempts + 1
    try:
        outcome: Outcome = target(job, options)
        if options.share:
            publish(Path(options.out), held_by(outcome, job), options.share)
        return outcome
    except StoreError as error:
        status: OutcomeStatus = "halt"
        reason, detail = error.reason, str(error)
    except CongvanError as error:
        status, reason, detail = "quarantine", error.reason, _detail(error)
    except MemoryError as error:
        status, reason, detail = "retry", "memory", str(error)
    except Exception as error:
        is_full = isinstance(error, OSError) and error.errno in _NO_DISK
        status, reason = ("halt", "store") if is_full else ("retry", "error")
        detail = _trace(error)
    seconds = round(time.perf_counter() - started, 4)
    return Outcome(job.document, status, attempts, reason, detail, seconds=seconds)


def held_by(outcome: Outcome, job: Job) -> list[str]:
    """The SHA-256 of all documents that a job put into the store."""
    return [job.sha256, *(sha256 for sha256, _, _ in outcome.members)]


def _detail(error: CongvanError) -> str:
    message = str(error)
    return message if message != error.reason else str(error.facts.get("detail", ""))


def _trace(error: Exception) -> str:
    """Type, message and the innermost place of an unexpected error; no paths of this machine."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
    return f"{type(error).__name__}: {error}"[:500] + place
