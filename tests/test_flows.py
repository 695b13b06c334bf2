"""The Prefect flows, on a server of their own. Slow to start: run apart with `-m prefect`."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.bulk.ledger import Ledger
from pipeline.store import files, index

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="session")
def server():
    from prefect.testing.utilities import prefect_test_harness

    from pipeline import flows  # noqa: F401  (its settings come before Prefect's own import)

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setenv("CONGVAN_TARGET", "bulk_targets:make_record")
    monkeypatch.setenv("CONGVAN_TIME_LIMIT", "20")
    monkeypatch.setenv("CONGVAN_JOBS", "2")


def _corpus(folder: Path, count: int, text: str = "văn bản") -> Path:
    folder.mkdir()
    for i in range(count):
        (folder / f"{i:03}.txt").write_text(f"{text} {i}", encoding="utf-8")
    return folder


def _artifacts() -> dict[str, object]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return {artifact.key: artifact.data for artifact in client.read_artifacts()}


def test_load_flow_makes_records_and_publishes_its_report(server, tmp_path):
    from pipeline.flows import load_flow

    source = _corpus(tmp_path / "in", 30)
    (source / "x.txt").write_text("!encrypted")
    state = load_flow([str(source)], str(tmp_path / "out"), return_state=True)
    assert state.is_completed(), state
    assert len(list(files.record_ids(tmp_path / "out"))) == 30
    artifacts = _artifacts()
    assert {"congvan-report", "congvan-counts", "congvan-quarantine"} <= set(artifacts)
    assert "x.txt" in str(artifacts["congvan-quarantine"])


def test_served_runs_can_check_their_parameters():
    """The process of a served run cannot find the names behind annotations that are strings."""
    from pipeline.flows import load_flow, reprocess_flow

    for flow in (load_flow, reprocess_flow):
        kinds = flow.fn.__annotations__
        assert kinds
        assert not [name for name, kind in kinds.items() if isinstance(kind, str)]


def test_a_failing_store_fails_the_flow_run(server, tmp_path):
    from pipeline.flows import load_flow

    source = _corpus(tmp_path / "in", 2, "!full")
    state = load_flow([str(source)], str(tmp_path / "out"), return_state=True)
    assert state.is_failed()
    assert "No space left" in str(state.message)


def test_reprocess_flow_does_only_what_was_selected(server, tmp_path):
    from pipeline.bulk.select import Selection
    from pipeline.flows import load_flow, reprocess_flow

    source = _corpus(tmp_path / "in", 3)
    (source / "x.txt").write_text("!encrypted")
    load_flow([str(source)], str(tmp_path / "out"), return_state=True)
    state = reprocess_flow(
        str(tmp_path / "out"), Selection(status="done"), read_again=True, return_state=True
    )
    assert state.message == "3 documents loaded"


def test_runs_that_a_kill_left_running_are_marked_crashed(server, tmp_path):
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    from pipeline.flows import crash_stale_runs, load_flow, store_tag

    with get_client(sync_client=True) as client:
        mine = client.create_flow_run(
            load_flow,
            parameters={"paths": []},
            tags=["congvan", store_tag(tmp_path)],
            state=Running(),
        )
        other = client.create_flow_run(
            load_flow, parameters={"paths": []}, tags=["congvan", "store-other"], state=Running()
        )
        assert crash_stale_runs(tmp_path) == 1
        assert client.read_flow_run(mine.id).state.is_crashed()
        assert client.read_flow_run(other.id).state.is_running()


def test_log_lines_and_the_bar_share_one_console(server):
    import logging

    from prefect.logging.handlers import PrefectConsoleHandler
    from rich.console import Console

    from pipeline.flows import share_console

    console = Console(stderr=True)
    share_console(console)
    handlers = [
        handler
        for name in ("", *logging.root.manager.loggerDict)
        for handler in logging.getLogger(name).handlers
        if isinstance(handler, PrefectConsoleHandler)
    ]
    assert handlers
    assert all(handler.console is console for handler in handlers)


def _servers_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            command = (entry / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if int(status[1]) == parent and b"uvicorn" in command:
            found.append(int(entry.name))
    return found


@pytest.mark.slow
def test_a_killed_server_does_not_stop_the_load(tmp_path):
    source, out = _corpus(tmp_path / "in", 60, "!slow"), tmp_path / "out"
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "PREFECT_HOME": str(tmp_path / "prefect")}
    environment |= {"PREFECT_CLIENT_MAX_RETRIES": "1"}
    environment.pop("PREFECT_API_URL", None)
    command = "from pipeline.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "load", str(source), "--out", str(out), "--lang", "en"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 120
    while time.monotonic() < end and not list((out / "records").rglob("*.json")):
        time.sleep(0.2)
    servers = _servers_of(process.pid)
    for pid in servers:
        os.kill(pid, signal.SIGKILL)
    _, said = process.communicate(timeout=240)
    assert servers, said
    assert process.returncode == 0, said
    assert len(list(files.record_ids(out))) == 60


@pytest.mark.slow
@pytest.mark.parametrize("by_url", [False, True], ids=["mounted", "by URL"])
def test_a_dask_worker_killed_in_the_middle_loses_nothing(server, tmp_path, by_url):
    """Two workers in processes and folders of their own; one writer of the ledger: the flow."""
    distributed = pytest.importorskip("distributed")
    pytest.importorskip("prefect_dask")
    from pipeline.flows import dask_runner, load_flow

    source, out = _corpus(tmp_path / "in", 80, "!slow"), tmp_path / "out"
    share = f"file://{tmp_path}/share" if by_url else ""
    with distributed.LocalCluster(
        n_workers=0, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        address = cluster.scheduler_address
        machines = [_machine(address, tmp_path / name) for name in ("one", "two")]
        killer = threading.Thread(target=_kill_after_records, args=(machines[0], out, 5))
        killer.start()
        try:
            flow = load_flow.with_options(task_runner=dask_runner(address))
            place = f"file://{source}" if by_url else str(source)
            state = flow([place], str(out), jobs=2, share=share, return_state=True)
        finally:
            for machine in machines:
                machine.kill()
                machine.wait()
            killer.join()
    assert state.is_completed(), state
    assert machines[0].returncode == -signal.SIGKILL
    ids = list(files.record_ids(out))
    assert len(ids) == 80
    with closing(Ledger(out, write=False)) as ledger:
        counts = ledger.count("done"), ledger.count("quarantine"), list(ledger.left())
    assert counts == (80, 0, [])
    assert index.count(out) == 80
    assert not by_url or list(files.record_ids(tmp_path / "share")) == ids


def _machine(address: str, folder: Path) -> subprocess.Popen[bytes]:
    """A Dask worker that stands for a machine."""
    folder.mkdir()
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_worker", address),
            *("--no-dashboard", "--nthreads", "1", "--no-nanny"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.DEVNULL,
    )


def _kill_after_records(machine: subprocess.Popen[bytes], out: Path, count: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and len(list(files.record_ids(out))) < count:
        time.sleep(0.1)
    machine.kill()
