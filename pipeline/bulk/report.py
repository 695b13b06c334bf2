"""The end report of a run: what became of every file, as JSON, Markdown and a terminal summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.bulk.ledger import Entry, Ledger
from pipeline.bulk.reasons import explain
from pipeline.bulk.scan import Refused
from pipeline.bulk.versions import Carried
from pipeline.errors import ExitCode
from pipeline.messages import Language, say
from pipeline.store.files import run_path, write_atomic

EXTRA_COUNTS = (
    "ignored",
    "duplicate_paths",
    "new_versions",
    "earlier_quarantine",
)
"""Counts that are told only when there are any."""


_QUARANTINED = "w.status = 'quarantine' AND +w.document IN (SELECT document FROM scope)"
"""The plus sign: few are in quarantine, so SQLite starts from their index, not from the scope."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that did not become a record, and why."""

    path: str
    reason: str
    detail: str = ""
    exit: str = ""
    attempts: int = 0
    sha256: str = ""
    earlier: bool = False
    """Whether an earlier run found it; this one left it in quarantine."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. Times are UTC; `searchable` is None when there is no search index."""

    run: str
    command: str
    status: str
    started_at: str
    seconds: float
    counts: dict[str, int]
    documents_per_second: float
    pages_per_second: float
    stored: int
    searchable: int | None
    problems: tuple[Problem, ...]
    links: tuple[tuple[str, str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    """Paths of files that are no documents by their names; they were not opened."""
    carried: tuple[Carried, ...] = ()
    """Corrections that went to new versions of their documents."""
    problem: str = ""

    @property
    def is_consistent(self) -> bool:
        """Whether all that is stored can be found."""
        return self.searchable is None or self.searchable == self.stored

    @property
    def exit_code(self) -> ExitCode:
        """0 all are records; 3 some are not; 130 interrupted; 1 the run itself failed."""
        if self.status == "interrupted":
            return ExitCode.INTERRUPTED
        if self.status == "failed" or self.counts["left"] or not self.is_consistent:
            return ExitCode.FAILURE
        return ExitCode.SOME_FAILED if self.problems else ExitCode.OK


def problems_of(ledger: Ledger, run: str, refused: Sequence[Refused]) -> tuple[Problem, ...]:
    """Everything in the scope of this run that did not become a record."""
    entries = ledger.entries(_QUARANTINED)
    runs = dict(ledger.query(f"SELECT document, run FROM work w WHERE {_QUARANTINED}"))
    paths = [Problem(r.path, r.reason, r.detail) for r in refused]
    paths += [Problem(*lost) for lost in ledger.lost_members()]
    return (*paths, *(problem_of(entry, runs[entry.document] != run) for entry in entries))


def problem_of(entry: Entry, earlier: bool) -> Problem:
    """A quarantined document as a problem."""
    return Problem(
        entry.path, entry.reason, entry.detail, entry.exit, entry.attempts, entry.sha256, earlier
    )


def utc(seconds: float) -> str:
    """A time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def write_report(out: Path, report: Report, language: Language | None = None) -> Path:
    """Write OUT/runs/<run>.json and .md; the path of the Markdown."""
    content = json.dumps(as_json(report, language), ensure_ascii=False, sort_keys=True, indent=1)
    write_atomic(run_path(out, report.run), (content + "\n").encode())
    path = run_path(out, report.run, ".md")
    write_atomic(path, as_markdown(report, language).encode())
    return path


def as_json(report: Report, language: Language | None = None) -> dict[str, Any]:
    """The report as plain values; each problem also as a sentence."""
    content = asdict(report)
    for problem in content["problems"]:
        problem["message"] = sentence(Problem(**problem), language)
    return {**content, "is_consistent": report.is_consistent, "exit_code": int(report.exit_code)}


def sentence(problem: Problem, language: Language | None = None) -> str:
    """What happened to a file and what to do."""
    detail = "; ".join(
        part for part in (problem.detail, problem.exit) if part not in ("", problem.reason)
    )
    return explain(problem.reason, problem.path, detail, language)


def as_markdown(report: Report, language: Language | None = None) -> str:
    """The report for people who were not there."""
    lines = [f"# {say('load.title', language, run=report.run)}", ""]
    lines += [f"- {line}" for line in summary(report, language)]
    if report.problems:
        lines += ["", f"## {say('load.problems', language, count=len(report.problems))}", ""]
        header = ("path", "reason", "attempts", "exit", "message")
        lines += [_row(say(f"load.column-{name}", language) for name in header)]
        lines += [_row("---" for _ in header)]
        lines += [
            _row((p.path, p.reason, str(p.attempts), p.exit, sentence(p, language)))
            for p in report.problems
        ]
    for carried in report.carried:
        title = say("load.carried", language, count=carried.count, lost=len(carried.lost))
        lines += ["", f"## {title}", "", f"`{carried.old}` → `{carried.new}`", ""]
        lines += [f"- {lost}" for lost in carried.lost]
    if report.ignored:
        lines += ["", f"## {say('load.ignored', language, count=len(report.ignored))}", ""]
        lines += [f"- `{path}`" for path in report.ignored]
    if report.links:
        lines += ["", f"## {say('load.links', language, count=len(report.links))}", ""]
        lines += [f"- {kind}: `{a}` = `{b}`" for a, b, kind in report.links]
    return "\n".join(lines) + "\n"


def summary(report: Report, language: Language | None = None) -> list[str]:
    """The run in a few sentences."""
    counts = report.counts
    lines = [
        *count_lines(counts, language=language),
        say(
            "load.speed",
            language,
            seconds=f"{report.seconds:.1f}",
            documents=f"{report.documents_per_second:.1f}",
            pages=f"{report.pages_per_second:.1f}",
        ),
    ]
    if counts["skipped"] and report.status == "done" and not counts["done"] + counts["quarantined"]:
        lines.insert(0, say("load.nothing-to-do", language))
    lines += [
        say(f"load.{name}", language, count=counts[name]) for name in EXTRA_COUNTS if counts[name]
    ]
    lines += [
        say("load.carried", language, count=c.count, lost=len(c.lost)) for c in report.carried
    ]
    lines.append(_search_line(report, language))
    if report.status == "interrupted":
        lines.append(say("load.resume", language, left=counts["left"]))
    elif report.status == "failed":
        lines.append(say("load.stopped", language, left=counts["left"], problem=report.problem))
    return lines


def count_lines(
    counts: Mapping[str, int], key: str = "load.counts", language: Language | None = None
) -> list[str]:
    """Documents by what became of them, and files by what they are; each line adds up."""
    told = Counter(counts)
    told["quarantined"] += told["earlier_quarantine"]
    told["containers"] = told["unpacked"] + told["opened_before"]
    states = {name: told[name] for name in ("done", "skipped", "quarantined", "left")}
    inside = say("load.inside", language, count=told["inside"]) if told["inside"] else ""
    documents = say(key, language, documents=sum(states.values()), inside=inside, **states)
    kinds = {name: told[name] for name in ("containers", "same_files", "ignored", "failed")}
    kinds = {"single": max(0, told["files"] - sum(kinds.values())), **kinds}
    parts = [say(f"load.files-{name}", language, count=n) for name, n in kinds.items() if n]
    files = say("load.files", language, files=told["files"])
    return [documents, ": ".join([files, ", ".join(parts)] if parts else [files]) + "."]


def _search_line(report: Report, language: Language | None) -> str:
    if report.searchable is None:
        return say("load.no-index", language, stored=report.stored)
    key = "load.searchable" if report.is_consistent else "load.not-searchable"
    return say(key, language, stored=report.stored, searchable=report.searchable)


def _row(cells: Any) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
