"""What workers do in the benchmarks: documents of a known cost, and whole small records."""

import hashlib
import os
import re
import signal
import time
from pathlib import Path

from pipeline.bulk.likeness import bands
from pipeline.bulk.task import Job, Outcome, TaskOptions, find_bytes
from pipeline.errors import CorruptFileError
from pipeline.record import Header, Provenance, Record, RecordPage, Source
from pipeline.store import files

GOOD_SECONDS = 0.005
_COST = re.compile(r"c(\d+)us")


def small_record(job: Job, options: TaskOptions) -> Outcome:
    """Reads a text, misbehaves when it says so, else writes a record of the text alone."""
    out = Path(options.out)
    started = time.perf_counter()
    _, content = find_bytes(job, out)
    _misbehave(content)
    text = content.decode()
    record = Record(
        id=job.sha256,
        source=Source(
            name=job.name, media_type="text/plain", bytes=len(content), sha256=job.sha256
        ),
        status="success",
        family="unknown",
        text=text,
        pages=(RecordPage(number=1, start=0, end=len(text), source="plain"),),
        blocks=(),
        header=Header(),
        provenance=Provenance(congvan="bench", config=hashlib.sha256(b"").hexdigest()[:16]),
    )
    output = files.write_record(out, record, durable=options.durable)
    return Outcome(
        job.document,
        "done",
        output=output,
        seconds=time.perf_counter() - started,
        pages=1,
        media_type="text/plain",
        bands=bands(text) if options.read_again else (),
    )


def timed_record(job: Job, options: TaskOptions) -> Outcome:
    """A small record of a document that uses the CPU time of its name in all ("c5000us-17.txt":
    5 ms), else `GOOD_SECONDS`.
    """
    started = time.thread_time()
    outcome = small_record(job, options)
    found = _COST.match(job.name)
    seconds = int(found.group(1)) / 1e6 if found else GOOD_SECONDS
    while time.thread_time() - started < seconds:
        pass
    return outcome


def counted_record(job: Job, options: TaskOptions) -> Outcome:
    """Notes each attempt in a file, so that what was done twice can be counted."""
    line = f"{job.sha256}\n".encode()
    handle = os.open(Path(options.out) / "attempts.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, line)
    os.close(handle)
    return timed_record(job, options)


def _misbehave(content: bytes) -> None:
    if content.startswith(b"!crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    elif content.startswith(b"!hang"):
        time.sleep(3600)
    elif content.startswith(b"!busy"):
        while True:
            pass
    elif content.startswith(b"!memory"):
        hoard = []
        while True:
            hoard.append(bytearray(32 << 20))
            time.sleep(0.01)
    elif content.startswith(b"!error"):
        raise RuntimeError("a defect")
    elif content.startswith(b"!corrupt"):
        raise CorruptFileError("broken")
