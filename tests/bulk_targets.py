"""What workers do in the tests of bulk loading: real records, and documents that misbehave."""

import os
import signal
import time
from pathlib import Path

from pipeline.bulk.likeness import bands
from pipeline.bulk.task import Job, Outcome, TaskOptions, find_bytes, keep_source, unpack
from pipeline.errors import EncryptedFileError, StoreError
from pipeline.readers.containers import is_container
from pipeline.record import Header, Provenance, Record, RecordPage, Source
from pipeline.store import files


def record_of(name: str, sha256: str, text: str) -> Record:
    return Record(
        id=sha256,
        source=Source(name=name, media_type="text/plain", bytes=len(text.encode()), sha256=sha256),
        status="success",
        family="unknown",
        text=text,
        pages=(RecordPage(number=1, start=0, end=len(text), source="plain"),),
        blocks=(),
        header=Header(),
        provenance=Provenance(congvan="0.1.0", config="test"),
    )


def _misbehave(text: str) -> None:
    if "!crash" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "!exit" in text:
        os._exit(7)
    if "!hang" in text:
        time.sleep(600)
    if "!memory" in text:
        hoard = []
        while True:
            hoard.append(bytearray(16 << 20))
            time.sleep(0.02)
    if "!error" in text:
        raise RuntimeError("a defect")
    if "!encrypted" in text:
        raise EncryptedFileError("password")
    if "!full" in text:
        raise StoreError("cannot write: No space left on device")
    if "!slow" in text:
        time.sleep(0.3)


def make_record(job: Job, options: TaskOptions) -> Outcome:
    out = Path(options.out)
    started = time.perf_counter()
    source, content = find_bytes(job, out, options.share)
    text = content.decode()
    _misbehave(text)
    is_kept = keep_source(out, source, content, job, options.keep_sources)
    output = files.write_record(out, record_of(job.name, job.sha256, text), durable=False)
    return Outcome(
        job.document,
        "done",
        version="0.1.0+test",
        output=output,
        seconds=time.perf_counter() - started,
        pages=1,
        media_type="text/plain",
        kept=is_kept,
        bands=bands(text),
    )


def fail_once(job: Job, options: TaskOptions) -> Outcome:
    """Dies on the first attempt of every document, is well on the second."""
    if job.attempts == 0 and "!once" in Path(job.paths[0]).read_text():
        os._exit(9)
    return make_record(job, options)


def always_fail(job: Job, options: TaskOptions) -> Outcome:
    """A new version of the program with a defect."""
    raise RuntimeError("a defect")


def last_words(job: Job, options: TaskOptions) -> Outcome:
    """Notes each attempt in a file, so that a test sees what was done twice."""
    with (Path(options.out) / "attempts.txt").open("a") as log:
        log.write(f"{job.sha256}\n")
    return make_record(job, options)


def open_or_record(job: Job, options: TaskOptions) -> Outcome:
    _, content = find_bytes(job, Path(options.out), options.share)
    if is_container(content):
        return unpack(job, content, Path(options.out))
    return make_record(job, options)
