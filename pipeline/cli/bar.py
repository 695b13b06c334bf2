"""The progress bar of a load, and Ctrl-C: the first ends it in order, the second at once."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.bulk.run import Run
from pipeline.messages import say

SLOW_SECONDS = 3.0
"""A document that takes longer is named below the bar."""
REFRESH = 1.0
"""Pictures of the bar a second: each costs as much CPU as a cheap document."""
QUIET_SECONDS = 30.0
"""Without a terminal, a line of progress this often."""


@contextmanager
def watch(run: Run, console: Console | None = None) -> Iterator[None]:
    """Show a run while it lasts, and let Ctrl-C or SIGTERM stop it."""
    console = console or Console(stderr=True)
    with (
        stoppable(run, console),
        _bar(run, console) if console.is_terminal else _lines(run, console),
    ):
        yield


@contextmanager
def stoppable(run: Run, console: Console) -> Iterator[None]:
    """The first signal finishes what is in hand; the second raises KeyboardInterrupt."""

    def stop(_: int, __: FrameType | None) -> None:
        if run.stop.is_set():
            raise KeyboardInterrupt
        run.stop.set()
        console.print(say("load.stopping"))

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def _bar(run: Run, console: Console) -> Iterator[None]:
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
        console=console,
    )
    progress.add_task("", total=None, speed="")
    with Live(
        get_renderable=lambda: _view(run, progress), console=console, refresh_per_second=REFRESH
    ):
        yield


def _view(run: Run, progress: Progress) -> Table:
    task = progress.tasks[0]
    finished = run.counts.done + run.counts.quarantined
    progress.update(
        task.id,
        description=say(f"load.bar-{run.phase}"),
        total=run.counts.total or None,
        completed=finished if run.phase != "scan" else run.counts.files,
        speed=speed(run),
    )
    grid = Table.grid()
    grid.add_row(progress.get_renderable())
    grid.add_row(say("load.bar-counts", **asdict(run.counts), left=run.counts.left))
    grid.add_row(slow(run))
    return grid


def slow(run: Run) -> str:
    """The document that takes longest now, when it takes long."""
    found = [item for item in run.pool.in_hand() if item[1] > SLOW_SECONDS][:1]
    return "".join(say("load.bar-slow", name=n, duration=duration(s)) for n, s in found)


def speed(run: Run) -> str:
    """Documents and pages a second, and the time left at this speed."""
    finished = run.counts.done + run.counts.quarantined
    seconds = time.time() - run.work_started
    if run.phase == "scan" or not finished or seconds <= 0:
        return ""
    left = run.counts.left * seconds / finished
    return say(
        "load.bar-speed",
        documents=f"{finished / seconds:.1f}",
        pages=f"{run.counts.pages / seconds:.1f}",
        left=duration(left),
    )


def duration(seconds: float) -> str:
    """Seconds as people say them: "40 s", "3 min", "2 h 5 min"."""
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    if seconds <= 60:
        return f"{seconds:.0f} s"
    return say("load.minutes" if not hours else "load.hours", hours=hours, minutes=minutes)


@contextmanager
def _lines(run: Run, console: Console) -> Iterator[None]:
    """Without a terminal: one plain line now and then, for a log file."""
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(QUIET_SECONDS):
            counts = say("load.bar-counts", **asdict(run.counts), left=run.counts.left)
            told = (counts, speed(run), slow(run))
            line = " · ".join(part for part in told if part)
            console.print(f"{say(f'load.bar-{run.phase}')}: {line}", soft_wrap=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
