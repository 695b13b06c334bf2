"""The Prefect flows around the bulk engine; nothing else in the package imports Prefect.

The ledger is the truth about what is done. Prefect shows runs, schedules them and keeps reports;
when it cannot be reached, a load goes on without it.
"""

# no `from __future__ import annotations` here: Prefect builds models of the parameters, and in the
# process of a served run the names behind the strings cannot be found
import hashlib
import logging
import os
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

SHIPPED_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
}
"""Set where the user has not: no telemetry, patience with slow machines, a quiet console."""
for _name, _value in SHIPPED_SETTINGS.items():
    os.environ.setdefault(_name, _value)
if not Path.home().is_dir():
    # without a home folder Prefect's server waits 90 s and fails without saying why
    os.environ.setdefault("PREFECT_HOME", str(Path.cwd() / ".congvan" / "prefect"))

from prefect import flow, serve, task  # noqa: E402
from prefect.artifacts import (  # noqa: E402
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.orchestration import get_client  # noqa: E402
from prefect.client.schemas.filters import (  # noqa: E402
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import State, StateType  # noqa: E402
from prefect.context import FlowRunContext, tags  # noqa: E402
from prefect.deployments.runner import RunnerDeployment  # noqa: E402
from prefect.flows import Flow  # noqa: E402
from prefect.futures import PrefectFuture  # noqa: E402
from prefect.logging.handlers import PrefectConsoleHandler  # noqa: E402
from prefect.settings import PREFECT_API_URL  # noqa: E402
from prefect.states import Completed, Crashed, Failed  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402
from prefect.types.entrypoint import EntrypointType  # noqa: E402
from rich.console import Console  # noqa: E402

from pipeline.bulk import engine  # noqa: E402
from pipeline.bulk.chunks import Chunk  # noqa: E402
from pipeline.bulk.places import fetch  # noqa: E402
from pipeline.bulk.remote import run_jobs  # noqa: E402
from pipeline.bulk.report import Report, as_markdown, sentence, summary  # noqa: E402
from pipeline.bulk.run import LoadOptions, Run  # noqa: E402
from pipeline.bulk.select import Selection, gather  # noqa: E402
from pipeline.bulk.task import Job, Outcome, held_by  # noqa: E402
from pipeline.bulk.workers import WorkerOptions  # noqa: E402
from pipeline.errors import CongvanError, ExitCode, ToolMissingError  # noqa: E402
from pipeline.settings import KeepSources, load_options  # noqa: E402
from pipeline.store.files import run_path  # noqa: E402
from pipeline.text.paths import path_text, real_path  # noqa: E402

log = logging.getLogger("congvan.flows")

PROGRESS_SECONDS = 10.0
TABLE_ROWS = 500
IN_FLIGHT = 3
"""Chunks handed to Prefect at a time, for each worker: a stop is quick and memory stays flat."""


@dataclass
class Session:
    """What a command line hands to the flow it runs in its own process, and gets back."""

    watch: engine.Watch | None = None
    report: Report | None = None
    error: CongvanError | None = None


_session: ContextVar[Session | None] = ContextVar("session", default=None)
_waves: dict[str, tuple[Run, Sequence[Chunk]]] = {}
"""Chunks that tasks of this process may do, by wave: tasks get positions, never documents."""


@task(
    name="documents",
    task_run_name="documents-{position}",
    retries=1,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def do_chunk(wave: str, position: int) -> int:
    """One chunk of documents, supervised by this thread; the ids stay in the ledger."""
    run, chunks = _waves[wave]
    run.run_chunk(chunks[position])
    return len(chunks[position].jobs)


@flow(name="congvan-load", persist_result=False, validate_parameters=True)
def load_flow(
    paths: list[str],
    out: str = "outputs",
    jobs: int | None = None,
    limit: int | None = None,
    since: datetime | None = None,
    force: bool = False,
    keep_sources: KeepSources | None = None,
    settle: float = 0.0,
    quiet: bool = False,
    share: str = "",
) -> State[Any]:
    """Load files and folders; the parameters are those of `congvan load`, paths as text."""
    options = load_options(
        Path(real_path(out)),
        jobs=jobs,
        limit=limit,
        since=since,
        force=force,
        keep_sources=keep_sources,
        settle=settle,
        quiet=quiet,
        share=share,
    )
    places = [real_path(path) for path in paths]
    return _under_flow(options, lambda run: run.collect(places), "load")


@flow(name="congvan-reprocess", persist_result=False)
def reprocess_flow(
    out: str = "outputs",
    selection: Selection | None = None,
    jobs: int | None = None,
    limit: int | None = None,
    read_again: bool = False,
) -> State[Any]:
    """Do documents of the store again; the parameters are those of `congvan reprocess`."""
    options = load_options(Path(real_path(out)), jobs=jobs, limit=limit, read_again=read_again)
    return _under_flow(options, gather(selection or Selection()), "reprocess")


def run_flow(
    name: str,
    parameters: Mapping[str, object],
    out: Path,
    watch: engine.Watch,
    console: Console,
    dask: str | None = None,
) -> Report | None:
    """Run a flow here and now under the progress bar; None when Prefect failed before the work.

    `dask` is the address of the scheduler of a Dask cluster that does the documents.

    Raises:
        CongvanError: the run itself failed (store, workers), not Prefect.
    """
    session = Session(watch)
    token = _session.set(session)
    share_console(console)
    chosen: Flow[..., Any] = load_flow if name == "load" else reprocess_flow
    if dask is not None:
        chosen = chosen.with_options(task_runner=dask_runner(dask))
    try:
        with tags("congvan", store_tag(out)):
            chosen(**parameters, return_state=True)
    except Exception as error:
        # the final state could not be set, or the server is gone: the ledger has it all
        log.debug("prefect: %s", error)
    finally:
        _session.reset(token)
    if session.error is not None:
        raise session.error
    return session.report


def dask_runner(address: str) -> TaskRunner[Any]:
    """The task runner of an existing Dask cluster.

    Raises:
        ToolMissingError: the extra `congvan[dask]` is not installed.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise ToolMissingError("congvan[dask]", path="congvan[dask]") from error
    runner: TaskRunner[Any] = DaskTaskRunner(address=address)
    return runner


def _under_flow(
    options: LoadOptions, gather_into: Callable[[Run], None], command: str
) -> State[Any]:
    session = _session.get() or Session()
    if session.watch is None:
        share_console(Console(stderr=True))
    crash_stale_runs(options.out)
    runner = FlowRunContext.get()
    is_cluster = runner is not None and not isinstance(runner.task_runner, ThreadPoolTaskRunner)
    mapper = (_ClusterMap if is_cluster else _PrefectMap)(options.jobs)
    try:
        report = engine.run(command, options, gather_into, map_chunks=mapper, watch=session.watch)
    except CongvanError as error:
        session.error = error
        return Failed(message=str(error))
    session.report = report
    if run_path(options.out, report.run).exists():
        _publish(report)
        if session.watch is None:
            print(summary(report)[0], file=sys.stderr)  # for who watches the served flows
    if report.exit_code is ExitCode.FAILURE:
        return Failed(message=report.problem or "stored and searchable counts differ")
    return Completed(message=f"{report.counts['done']} documents loaded")


@task(name="remote-documents", retries=1, cache_policy=NO_CACHE, persist_result=False)
def do_remote_chunk(jobs: tuple[Job, ...], options: WorkerOptions, attempts: int) -> list[Outcome]:
    """One chunk on a machine of the cluster; only this flow's process writes the ledger."""
    return run_jobs(jobs, options, attempts)


class _ClusterMap:
    """Runs chunks on the cluster of the task runner; a lost chunk is left for a later run."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def __call__(self, current: Run, chunks: Sequence[Chunk]) -> None:
        pending: deque[tuple[Chunk, PrefectFuture[Any]]] = deque()
        for chunk in chunks:
            if current.stop.is_set():
                break
            while len(pending) >= IN_FLIGHT * self._jobs:
                self._settle(current, *pending.popleft())
            options = current.options
            future = do_remote_chunk.submit(chunk.jobs, options.workers, options.attempts)
            pending.append((chunk, future))
        while pending:
            self._settle(current, *pending.popleft())

    def _settle(self, current: Run, chunk: Chunk, future: PrefectFuture[Any]) -> None:
        outcomes = future.result(raise_on_failure=False)
        if isinstance(outcomes, list):
            self._fetch(current, chunk, outcomes)
            current.settle(outcomes)
        elif isinstance(outcomes, CongvanError):
            current.halt(outcomes)
        else:
            log.warning("chunk %d was lost with its machine: %s", chunk.number, outcomes)

    def _fetch(self, current: Run, chunk: Chunk, outcomes: list[Outcome]) -> None:
        """Take into the store what the machine put at the shared URL."""
        task_options = current.options.workers.task
        if task_options.share:
            jobs = {job.document: job for job in chunk.jobs}
            for outcome in outcomes:
                held = held_by(outcome, jobs[outcome.document])
                fetch(Path(task_options.out), held, task_options.share)


class _PrefectMap:
    """Runs chunks as Prefect tasks, a few for each worker at a time, and publishes the progress."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._artifact: object = None
        self._published = 0.0

    def __call__(self, current: Run, chunks: Sequence[Chunk]) -> None:
        wave = f"{current.id}-{chunks[0].number}"
        _waves[wave] = (current, chunks)
        pending: deque[PrefectFuture[int]] = deque()
        try:
            for position in range(len(chunks)):
                if current.stop.is_set():
                    break
                while len(pending) >= IN_FLIGHT * self._jobs:
                    self._finish(pending.popleft(), current)
                pending.append(do_chunk.submit(wave, position))
            while pending:
                self._finish(pending.popleft(), current)
        finally:
            del _waves[wave]

    def _finish(self, future: PrefectFuture[int], current: Run) -> None:
        future.wait()
        if time.monotonic() - self._published > PROGRESS_SECONDS:
            self._published = time.monotonic()
            self._progress(current)
        if future.state.is_failed() or future.state.is_crashed():
            future.result(raise_on_failure=True)

    def _progress(self, current: Run) -> None:
        counts = current.counts
        percent = 100.0 * (counts.total - counts.left) / max(1, counts.total)
        if self._artifact is None:
            self._artifact = create_progress_artifact(
                percent, key="congvan-progress", description=f"{counts.total} documents"
            )
        else:
            update_progress_artifact(self._artifact, percent)  # type: ignore[arg-type]


def _publish(report: Report) -> None:
    """The end report and its tables as artifacts of the flow run."""
    create_markdown_artifact(as_markdown(report), key="congvan-report")
    speeds = {
        "documents/s": report.documents_per_second,
        "pages/s": report.pages_per_second,
        "seconds": report.seconds,
    }
    create_table_artifact(
        [{"what": name, "value": value} for name, value in {**report.counts, **speeds}.items()],
        key="congvan-counts",
        description="Documents and throughput",
    )
    rows = [
        {"path": p.path, "reason": p.reason, "attempts": p.attempts, "exit": p.exit}
        | {"message": sentence(p)}
        for p in report.problems[:TABLE_ROWS]
    ]
    if rows:
        create_table_artifact(rows, key="congvan-quarantine", description="Not records, and why")


def store_tag(out: Path) -> str:
    """A tag for the flow runs of one store; it tells stores apart without naming their folder."""
    return "store-" + hashlib.sha256(os.fsencode(out.absolute())).hexdigest()[:12]


def crash_stale_runs(out: Path) -> int:
    """Mark runs on this store that a kill left "Running" as crashed; returns how many."""
    own = FlowRunContext.get()
    own_id = own.flow_run.id if own is not None and own.flow_run is not None else None
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    wanted = FlowRunFilter(state=states, tags=FlowRunFilterTags(all_=["congvan", store_tag(out)]))
    with get_client(sync_client=True) as client:
        stale = [r for r in client.read_flow_runs(flow_run_filter=wanted) if r.id != own_id]
        for run in stale:
            state: State[Any] = Crashed(
                message="The process of this run was ended; the ledger resumes it."
            )
            client.set_flow_run_state(run.id, state, force=True)
    return len(stale)


def share_console(console: Console) -> None:
    """Print Prefect's log lines on the console of the bar: two consoles tear each other."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    for logger in loggers:
        for handler in logger.handlers:
            if isinstance(handler, PrefectConsoleHandler):
                handler.console = console


def _serve_quietly() -> None:
    # Prefect forgets to await one of its coroutines when it is asked to end
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")


def has_server() -> bool:
    """Whether a Prefect server is configured: the temporary one of a run cannot schedule."""
    return bool(PREFECT_API_URL.value())


def serve_watch(
    paths: Sequence[Path], out: Path, every: float, settle: float, jobs: int | None
) -> None:
    """Serve a schedule that loads new files of folders; ends with Ctrl-C."""
    parameters = {
        **{"paths": [path_text(str(path)) for path in paths], "out": path_text(str(out))},
        **{"jobs": jobs, "settle": settle, "quiet": True},
    }
    _serve_quietly()
    load_flow.serve(
        name="watch",
        interval=timedelta(seconds=every),
        parameters=parameters,
        tags=["congvan", store_tag(out)],
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
        limit=1,
    )


def serve_all(out: Path) -> None:
    """Offer `load` and `reprocess` as deployments of a Prefect server; ends with Ctrl-C."""
    shared: dict[str, Any] = {
        "tags": ["congvan", store_tag(out)],
        "entrypoint_type": EntrypointType.MODULE_PATH,
        "concurrency_limit": 1,
    }
    place = {"out": path_text(str(out))}
    _serve_quietly()
    serve(
        cast(RunnerDeployment, load_flow.to_deployment("load", parameters=place, **shared)),
        cast(
            RunnerDeployment, reprocess_flow.to_deployment("reprocess", parameters=place, **shared)
        ),
    )
