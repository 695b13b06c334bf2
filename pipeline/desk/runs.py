"""Loads: what came in, how fast, what failed and why, what changed; and another try."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from math import inf
from typing import Literal

from fastapi import APIRouter, Request, Response

from pipeline.api.replies import csv_reply, ndjson
from pipeline.bulk.ledger import Entry, Ledger, open_ledger
from pipeline.bulk.report import Problem, problem_of, sentence
from pipeline.desk.forms import CheckedForm
from pipeline.desk.retry import retry_state, start_retry
from pipeline.desk.run_changes import PAGE, Window, changed, corrections
from pipeline.desk.state import current_user, desk_of, reviewer
from pipeline.desk.view import language_of, redirect, render, with_query
from pipeline.document import Frozen
from pipeline.store.files import run_path
from pipeline.store.problems import NoDocumentError, NoIndexError, query_error
from pipeline.store.schema import open_reader

router = APIRouter(include_in_schema=False)

PATH = "/runs"
_PROBLEMS = 500
_RUN_ID = re.compile(r"[0-9TZ.\-]{1,60}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
Ending = Literal["json", "jsonl", "csv"]


class RunItem(Frozen):
    """A load or another run over documents. Times are seconds since 1970, UTC."""

    id: str
    command: str
    status: str
    started_at: float
    seconds: float | None
    counts: dict[str, int]

    @property
    def ended_at(self) -> float:
        """When it ended; nobody knows of one that was cut off."""
        return self.started_at + self.seconds if self.seconds else inf

    @property
    def per_second(self) -> float | None:
        """Documents a second."""
        done = self.counts.get("done", 0) + self.counts.get("quarantined", 0)
        return done / self.seconds if self.seconds and done else None


@router.get(PATH)
def runs_page(request: Request, at: int = 0) -> Response:
    """All runs, the latest first; and what is in quarantine."""
    desk, start = desk_of(request), max(0, min(at, 10**6))
    with closing(open_ledger(desk.out)) as ledger:
        runs = _runs(ledger, start, PAGE + 1)
        reasons = _reasons(ledger)
    return render(
        request,
        "runs.html",
        runs=runs[:PAGE],
        start=start,
        next=f"{PATH}?at={start + PAGE}" if len(runs) > PAGE else None,
        reasons=reasons,
        retry=retry_state(desk),
        may_retry=current_user(request).role == "reviewer",
    )


@router.get(PATH + ".{ending}")
def runs_list(request: Request, ending: Ending) -> Response:
    """The runs as a file."""
    with closing(open_ledger(desk_of(request).out)) as ledger:
        rows = [_flat(run) for run in _runs(ledger, 0, 100_000)]
    if ending == "csv":
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return csv_reply([rows], columns, "lan-nap")
    if ending == "jsonl":
        return ndjson(iter(rows))
    return Response(json.dumps(rows, ensure_ascii=False), media_type="application/json")


def _flat(run: RunItem) -> dict[str, object]:
    row = run.model_dump(exclude={"counts"}) | run.counts
    return row | {"documents_per_second": run.per_second}


@router.get(PATH + "/quarantine")
def quarantine_page(request: Request, reason: str = "", at: int = 0) -> Response:
    """The documents that did not become records, with what happened and what to do."""
    user, desk = reviewer(request), desk_of(request)
    start = max(0, min(at, 10**9))
    values: list[object] = [start, reason] if reason else [start]
    with closing(open_ledger(desk.out)) as ledger:
        entries = ledger.entries(
            "d.id IN (SELECT document FROM work WHERE status = 'quarantine' AND document > ?"
            f"{' AND reason = ?' if reason else ''} ORDER BY document LIMIT {PAGE + 1})",
            *values,
        )
        reasons = _reasons(ledger)
    language = language_of(request)
    shown = entries[:PAGE]
    hidden = _hidden(request, [entry.sha256 for entry in shown])
    more = len(entries) > PAGE
    return render(
        request,
        "quarantine.html",
        entries=[
            (entry, sentence(problem_of(entry, True), language))
            for entry in shown
            if entry.sha256 not in hidden
        ],
        reason=reason,
        reasons=reasons,
        start=start,
        next=_next(shown[-1], reason) if more else None,
        retry=retry_state(desk),
        may_retry=user.role == "reviewer",
    )


def _next(last: Entry, reason: str) -> str:
    return with_query(f"{PATH}/quarantine", {"reason": reason, "at": last.document})


@router.post(PATH + "/retry")
def retry(request: Request, form: CheckedForm) -> Response:
    """Try quarantined documents again: those chosen, or all of a reason."""
    user, desk = reviewer(request), desk_of(request)
    ids = tuple(value for value in form.all("document") if _SHA256.fullmatch(value))
    reason = form.get("reason")
    if not ids and not reason and form.get("all") != "yes":
        raise query_error("filter", name="document", problem="–")
    with closing(open_ledger(desk.out)) as ledger:
        if reason and reason not in dict(_reasons(ledger)):
            raise query_error("filter", name="reason", problem=reason)
    desk.audit(user.name, "retry", documents=list(ids)[:100], reason=reason)
    start_retry(desk, ids, reason)
    return redirect(PATH)


@router.get(PATH + "/{run}")
def run_page(request: Request, run: str, at: int = 0, since: str = "") -> Response:
    """One run: its counts, problems, and what changed since another run (the one before)."""
    desk, start = desk_of(request), max(0, min(at, 10**9))
    with closing(open_ledger(desk.out)) as ledger:
        held = _run(ledger, run)
        earlier = _runs(ledger, 0, PAGE, before=held.started_at)
        other = _run(ledger, since) if since else next(iter(earlier), None)
        window = _window(ledger, other, held)
        found, more = changed(request, ledger, window, start)
    chosen = {"since": since}
    return render(
        request,
        "run.html",
        run=held,
        problems=_problems(request, run),
        earlier=earlier,
        against=other,
        changed=found,
        corrected=() if start else corrections(request, window),
        start=start,
        next=with_query(f"{PATH}/{run}", {**chosen, "at": more}) if more else None,
    )


def _window(ledger: Ledger, earlier: RunItem | None, run: RunItem) -> Window:
    """From the end of a run to the end of another (of one cut off, to the start of the next)."""
    later = ledger.query("SELECT min(started_at) FROM runs WHERE started_at > ?", run.started_at)
    after = min(earlier.ended_at, run.started_at) if earlier else run.started_at
    return Window(after, min(run.ended_at, later[0][0] or inf))


def _run(ledger: Ledger, run: str) -> RunItem:
    found = _runs(ledger, 0, 1, run) if _RUN_ID.fullmatch(run) else []
    if not found:
        raise NoDocumentError(run[:60])
    return found[0]


def _runs(
    ledger: Ledger, start: int, limit: int, run: str | None = None, before: float | None = None
) -> list[RunItem]:
    rows = ledger.query(
        "SELECT id, command, status, started_at, finished_at, counts FROM runs"
        " WHERE id = coalesce(?, id) AND started_at < coalesce(?, started_at + 1)"
        " ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?",
        *(run, before, limit, start),
    )
    return [
        RunItem(
            id=key,
            command=command,
            status=status,
            started_at=started,
            seconds=(finished or (time.time() if status == "running" else started)) - started,
            counts=json.loads(counts or "{}"),
        )
        for key, command, status, started, finished, counts in rows
    ]


def _reasons(ledger: Ledger) -> list[tuple[str, int]]:
    """What is in quarantine, by reason."""
    return [
        (reason, number)
        for reason, number in ledger.query(
            "SELECT coalesce(reason, ''), count(*) FROM work WHERE status = 'quarantine'"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    ]


def _problems(request: Request, run: str) -> list[str]:
    """The problems in the report of a run; for reviewers, as file names may tell too much."""
    if current_user(request).role != "reviewer":
        return []
    try:
        report = json.loads(run_path(desk_of(request).out, run).read_bytes())
    except (OSError, ValueError):
        return []
    language = language_of(request)
    names = [item.name for item in fields(Problem)]
    problems = [
        Problem(**{name: held[name] for name in names if name in held})
        for held in report.get("problems", [])[:_PROBLEMS]
    ]
    hidden = _hidden(request, [problem.sha256 for problem in problems])
    return [sentence(problem, language) for problem in problems if problem.sha256 not in hidden]


def _hidden(request: Request, ids: Sequence[str]) -> frozenset[str]:
    """Which of these documents this person may not know of: they failed now, but an earlier reading
    had a secrecy mark."""
    if request.state.include_secret:
        return frozenset()
    try:
        connection = open_reader(desk_of(request).out)
    except NoIndexError:  # nothing was ever read
        return frozenset()
    with closing(connection):
        rows = connection.execute(
            "SELECT document_id FROM changes WHERE secret = 1"
            " AND document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        ).fetchall()
    return frozenset(row[0] for row in rows)
