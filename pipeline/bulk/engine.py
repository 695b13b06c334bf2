"""The load: the steps of a run on supervised workers, and its end report. No Prefect here."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path

from pipeline.bulk.chunks import (
    Chunk,
)
from pipeline.bulk.indexing import Indexer, searchable_count
from pipeline.bulk.ledger import Ledger
from pipeline.bulk.links import links_of_run
from pipeline.bulk.report import Report, problems_of, utc, write_report
from pipeline.bulk.run import LoadOptions, Run
from pipeline.bulk.versions import carried_in
from pipeline.bulk.workers import Pool
from pipeline.errors import CongvanError

log = logging.getLogger(__name__)

REPORTED_LINKS = 1000
"""A report names at most so many pairs; `congvan duplicates` names all."""

MapChunks = Callable[[Run, Sequence[Chunk]], None]
"""Calls `run_chunk` for chunks, several at once; the seam where a flow is put around the load."""


Watch = Callable[[Run], AbstractContextManager[object]]
"""Watches a run while it lasts: the progress bar, the switch for Ctrl-C."""


def load(
    paths: Sequence[Path | str],
    options: LoadOptions,
    *,
    map_chunks: MapChunks | None = None,
    watch: Watch | None = None,
) -> Report:
    """Turn all files below `paths` into records; what cannot become one is named in the report.

    Raises:
        StoreError: the ledger cannot be opened or written, or another load has it open.
    """
    return run("load", options, lambda r: r.collect(paths), map_chunks=map_chunks, watch=watch)


def run(
    command: str,
    options: LoadOptions,
    gather: Callable[[Run], None],
    *,
    map_chunks: MapChunks | None = None,
    watch: Watch | None = None,
) -> Report:
    """One run: `gather` puts documents into its scope, the rest is the same for all commands."""
    with (
        closing(Ledger(options.out)) as ledger,
        closing(Pool(options.workers, options.jobs)) as pool,
        _few_to_collect(),
    ):
        current = Run(options, ledger, pool, command)
        ledger.start_run(current.id, command)
        if ledger.follows_crash:
            remove_parts(options.out)
        with (
            (watch or _unwatched)(current),
            _indexer(options, ledger) as indexer,
            closing(current.lane),
        ):
            try:
                gather(current)
                current.count_scope()
                current.phase, current.work_started = "work", time.time()
                for chunks in current.waves():
                    _map(current, map_chunks, chunks)
                current.phase = "index"
                if indexer is not None:
                    indexer.finish()
            except CongvanError as error:
                current.halt(error)
        if pool.has_cut_off:
            remove_parts(options.out)
        report = make_report(current)
        if options.quiet and not has_news(current):
            ledger.forget_run(current.id)
            return report
        ledger.finish_run(current.id, current.status, asdict(current.counts))
        write_report(options.out, report)
    return report


@contextmanager
def _few_to_collect() -> Iterator[None]:
    """Let garbage collection look only at objects of the run, not at all that was loaded before."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def has_news(current: Run) -> bool:
    """Whether a run did anything, failed, or met files that no run before it had to refuse."""
    counts = current.counts
    did = counts.done or counts.quarantined or counts.unpacked
    return bool(did or current.problem) or current.ledger.has_new_refusals(current.id)


@contextmanager
def _indexer(options: LoadOptions, ledger: Ledger) -> Iterator[Indexer | None]:
    if not options.searchable:
        yield None
        return
    with closing(Indexer(options.out, ledger)) as indexer:
        yield indexer


def _map(current: Run, map_chunks: MapChunks | None, chunks: Sequence[Chunk]) -> None:
    if map_chunks is not None:
        try:
            return map_chunks(current, chunks)
        except CongvanError:
            raise
        except Exception:
            # the orchestrator is in trouble, not the load: go on with what is still to be done
            log.warning("the orchestrator failed; going on without it", exc_info=True)
    map_threads(current, chunks)


def map_threads(current: Run, chunks: Sequence[Chunk]) -> None:
    """Run chunks in as many threads as there are workers (each thread supervises one worker)."""
    with ThreadPoolExecutor(current.options.jobs, thread_name_prefix="chunk") as threads:
        for future in [threads.submit(current.run_chunk, chunk) for chunk in chunks]:
            future.result()


def remove_parts(out: Path) -> None:
    """Remove what processes that were killed had begun to write; nobody else is writing now."""
    for folder in ("records", "sources", "readings", "differences"):
        for part in (out / folder).rglob(".*.part"):
            part.unlink(missing_ok=True)


def make_report(current: Run) -> Report:
    """The report of a run that is over."""
    seconds = time.time() - current.started
    work = max(1e-9, time.time() - (current.work_started or current.started))
    counts = current.counts
    return Report(
        run=current.id,
        command=current.command,
        status=current.status,
        started_at=utc(current.started),
        seconds=round(seconds, 2),
        counts={**asdict(counts), "left": counts.left},
        documents_per_second=round((counts.done + counts.quarantined) / work, 2),
        pages_per_second=round(counts.pages / work, 2),
        stored=current.ledger.stored(),
        searchable=searchable_count(current.options.out) if current.options.searchable else None,
        problems=problems_of(current.ledger, current.id, current.refused),
        links=tuple(links_of_run(current.ledger, current.id, REPORTED_LINKS)),
        ignored=tuple(item.path for item in current.ignored),
        carried=carried_in(current.ledger, current.options.out, current.id, current.started),
        problem=str(current.problem or ""),
    )


def _unwatched(_: Run) -> AbstractContextManager[object]:
    return nullcontext()
