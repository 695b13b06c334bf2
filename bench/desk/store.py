"""What a store of bench/search/make_store.py lacks for the desk: records, a long PDF, runs."""

from __future__ import annotations

import copy
import hashlib
import random
import re
from contextlib import closing
from itertools import islice
from pathlib import Path

from bench.reading.render import notices, render
from bench.search.make_store import records
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.ledger_paths import Found
from pipeline.bulk.readings import read_document
from pipeline.bulk.scan import Seen
from pipeline.bulk.task import Outcome
from pipeline.process import understand
from pipeline.store import index
from pipeline.store.files import keep_source_bytes, record_ids, write_record

SHORT = 100
PAGES = 300
RUNS = 60
_NUMBER = re.compile(r"\d+")


def prepare(out: Path) -> tuple[list[str], str, str]:
    """Short documents, a PDF of 300 pages and a run of the store; what is missing is made."""
    known = set(record_ids(out))
    short = list(islice(records(SHORT * 11), SHORT))
    for record in short:
        if record.id not in known:
            write_record(out, record, durable=False)
    return [record.id for record in short], _long(out, known), _runs(out)


def long_pdf(pages: int = PAGES) -> bytes:
    """The notices of bench/reading over and over with other numbers: `pages` printed pages."""
    dice = random.Random(1)
    notice = copy.deepcopy(notices()[0])
    paragraphs = [line for one in notices() for line in one["body"] if isinstance(line, str)]
    # the notices fill some three and a half pages
    lines = paragraphs * round(pages / 3.5)
    notice["body"] = [_NUMBER.sub(lambda m: _other(m[0], dice), line) for line in lines]
    return render(notice).pdf


def _other(number: str, dice: random.Random) -> str:
    return str(dice.randint(1, 28)) if len(number) < 3 else number


def _long(out: Path, known: set[str]) -> str:
    kept = out / "long.pdf"
    content = kept.read_bytes() if kept.exists() else long_pdf()
    kept.write_bytes(content)
    name = hashlib.sha256(content).hexdigest()
    if name not in known:
        keep_source_bytes(out, content, name, name="dai.pdf")
        record = understand(read_document(out, name, content, "dai.pdf", again=False))
        write_record(out, record, durable=False)
        index.update(out, [name])
    return name


def _runs(out: Path) -> str:
    """A ledger in which every document of the store was loaded, and some runs; the last one."""
    with closing(Ledger(out)) as ledger:
        held = ledger.query("SELECT id FROM runs ORDER BY id DESC LIMIT 1")
        if held:
            return str(held[0][0])
        for number in range(RUNS):
            run = f"2026{1 + number // 28:02}{1 + number % 28:02}T000000Z-1"
            ledger.start_run(run, "load")
            names = [hashlib.sha256(f"{k}".encode()).hexdigest() for k in range(number, 9091, RUNS)]
            found = [Found(Seen(f"/d/{name}.txt", 1, 1), name, f"{name}.txt") for name in names]
            added = ledger.add(found)
            ledger.mark(run, [_outcome(one.document) for one in added])
            ledger.finish_run(run, "done", {"done": len(added), "pages": len(added)})
    return run


def _outcome(document: int) -> Outcome:
    if document % 500:
        return Outcome(document, "done", output="-")
    return Outcome(document, "quarantine", reason="corrupt", detail="made for timing")
