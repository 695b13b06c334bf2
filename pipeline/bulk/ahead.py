"""Office files read together before their turn: one start of LibreOffice for many of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.bulk.readings import keep_reading, kept_reading
from pipeline.bulk.task import Job, TaskOptions, find_bytes
from pipeline.document import Document
from pipeline.errors import InputError

SUFFIXES = (".doc", ".dot", ".rtf", ".odt")
AHEAD_FILES = 20
AHEAD_BYTES = 20_000_000


def together(jobs: Sequence[Job]) -> list[Job]:
    """The same jobs; the first of each group of office files takes the others `along`.

    What was tried before stays alone: it may be what its group failed on.
    """
    groups: list[list[int]] = []
    size = 0
    for place, job in enumerate(jobs):
        if job.attempts or not job.name.lower().endswith(SUFFIXES):
            continue
        size += job.size
        if not groups or len(groups[-1]) >= AHEAD_FILES or size > AHEAD_BYTES:
            groups.append([])
            size = job.size
        groups[-1].append(place)
    grouped = list(jobs)
    for first, *others in groups:
        grouped[first] = jobs[first]._replace(along=[jobs[place] for place in others])
    return grouped


def read_ahead(job: Job, options: TaskOptions) -> None:
    """Read the office files of a group and keep their readings; `read_document` finds them there.

    What cannot be read is left to its own turn, which says why.
    """
    from pipeline.readers.limits import Limits
    from pipeline.readers.office import KINDS, read_office_batch
    from pipeline.readers.sniff import sniff

    out = Path(options.out)
    found: list[tuple[str, tuple[bytes, str, str]]] = []
    for each in (job, *(Job._make(row) for row in job.along)):
        if kept_reading(out, each.sha256) is not None:
            continue
        try:
            _, content = find_bytes(each, out, options.share)
        except InputError:
            continue
        kind = sniff(content)
        if kind in KINDS:
            found.append((each.sha256, (content, each.name, kind)))
    if len(found) < 2:
        return
    results = read_office_batch([file for _, file in found], Limits())
    for (sha256, _), result in zip(found, results, strict=True):
        if isinstance(result, Document):
            keep_reading(out, sha256, result)
